import { useTranslation } from 'react-i18next';
import { Link, Navigate, Outlet, ScrollRestoration, useLocation } from 'react-router';
import { Locked } from '@/areas/login/locked';
import { Bell } from '@/frame/bell';
import { LanguageMenu, MeMenu, ThemeMenu } from '@/frame/menus';
import { useLocked } from '@/session/lock';
import { useSession } from '@/session/session';
import { GuestHome } from './home';

/** Pages that guests have beside their home; whatever else they ask for, the server refuses. */
const PAGES = [/^\/records\/[^/]+\/[^/]+$/, /^\/account$/, /^\/notifications$/];

/** Everything around a guest's page: no areas, no search; their records and themselves. */
export function GuestFrame() {
  const { t } = useTranslation('frame');
  const { session } = useSession();
  const { pathname } = useLocation();
  const locked = useLocked();
  if (locked) return <Locked name={session?.user.name ?? ''} byCode={session?.totp_enabled ?? false} byClick={false} />;
  const known = pathname === '/' || PAGES.some((page) => page.test(pathname));
  return (
    <div className="frame guest-frame">
      <a href="#content" className="skip">
        {t('skip')}
      </a>
      <div className="body">
        <header className="top">
          <Link to="/" className="mark">
            <img src="/icon.svg" alt="" />
            <span>{t('common:product')}</span>
          </Link>
          <span className="grow" />
          <span className="row desk-only" style={{ gap: 0 }}>
            <LanguageMenu />
            <ThemeMenu />
          </span>
          <Bell />
          <MeMenu />
        </header>
        <main id="content" className="content" tabIndex={-1}>
          {pathname === '/' ? <GuestHome /> : known ? <Outlet /> : <Navigate to="/" replace />}
        </main>
      </div>
      <ScrollRestoration />
    </div>
  );
}
