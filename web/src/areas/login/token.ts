import { useLocation } from 'react-router';

/** The secret of a link: it stands behind `#`, which no server logs. */
export function useLinkToken(): string {
  return useLocation().hash.slice(1);
}
