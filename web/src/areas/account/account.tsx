import { useTranslation } from 'react-i18next';
import { useLocal } from '@/i18n/use-local';
import { PageHead } from '@/parts/head';
import { Facts } from '@/patterns/record/record';
import { useSession } from '@/session/session';
import { Alerts } from './alerts';
import { Choices } from './choices';
import { Devices } from './devices';
import { CalendarFeed } from './feed';
import { Password } from './password';
import { StandIns } from './stand-ins';
import { Tokens } from './tokens';
import { Totp } from './totp';
import './account.css';

/** My account: who I am here, where I am signed in, and what protects it. */
export function Account() {
  const { t } = useTranslation('account');
  const { session } = useSession();
  const local = useLocal();
  if (!session) return null;
  const { user } = session;
  return (
    <>
      <PageHead title={t('title')} sub={t('sub')} />
      <div className="two-one">
        <div className="stack">
          <section className="card stack" aria-labelledby="me">
            <h2 id="me">{t('me')}</h2>
            <Facts
              facts={[
                { id: 'name', label: t('name'), value: user.name },
                { id: 'email', label: t('email'), value: user.email },
                ...(session.guest
                  ? []
                  : [
                      { id: 'department', label: t('department'), value: local(user.department_name) },
                      { id: 'position', label: t('position'), value: local(user.position_name) },
                    ]),
              ]}
            />
          </section>
          {!session.guest && (
            <>
              <Alerts />
              <StandIns />
              <CalendarFeed />
            </>
          )}
          <Choices />
          {!session.guest && (
            <>
              <Devices />
              <Tokens />
            </>
          )}
        </div>
        <div className="stack">
          <Totp enabled={session.totp_enabled} />
          <Password />
        </div>
      </div>
    </>
  );
}
