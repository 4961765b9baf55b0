import { useSearchParams } from 'react-router';

/** A form that the address opens, so that "create" can lead to it. */
export function useOpenForm(): [boolean, (open: boolean) => void] {
  const [params, setParams] = useSearchParams();
  const set = (open: boolean) =>
    setParams((before) => {
      const after = new URLSearchParams(before);
      if (open) after.set('new', '1');
      else after.delete('new');
      return after;
    });
  return [params.has('new'), set];
}
