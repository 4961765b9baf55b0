import { useNavigate } from 'react-router';
import { client } from '@/api/client';
import { queries } from '@/api/query';
import { useNotice } from '@/parts/notice';

/** Ends the session here and forgets everything that was read in it. */
export function useSignOut(): () => void {
  const navigate = useNavigate();
  const { failed } = useNotice();
  return () => {
    client
      .DELETE('/api/v1/identity/session')
      .then(() => {
        void navigate('/login');
        queries.clear();
      })
      .catch(failed);
  };
}
