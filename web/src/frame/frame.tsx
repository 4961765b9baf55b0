import { MenuFoldOutlined, MenuOutlined, MenuUnfoldOutlined, SearchOutlined } from '@ant-design/icons';
import { Drawer } from 'antd';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, NavLink, Outlet, ScrollRestoration, useLocation, useNavigation } from 'react-router';
import { GuestFrame } from '@/areas/guest/frame';
import { Locked, LockedOr } from '@/areas/login/locked';
import { useAreas } from '@/areas/records/use-areas';
import { ErrorState } from '@/parts/states';
import { Skeleton } from '@/parts/skeleton';
import { useIdleLock, useLocked } from '@/session/lock';
import { useMay, useSession } from '@/session/session';
import type { Area } from './area';
import { useWaiting } from './badges';
import { Banners } from './banners';
import { Bell } from './bell';
import { CreateMenu, LanguageMenu, MeMenu, ThemeMenu } from './menus';
import { AreaTabs, isInside, Navigation, sortAreas } from './navigation';
import { Palette } from './palette';
import { PeriodReminder } from './reminder';
import './frame.css';

const FOLDED = 'brandwright.folded';
/** Areas beside "more" in the bar at the bottom of a phone. */
const BOTTOM_AREAS = 4;

function useFolded(): [boolean, () => void] {
  const [folded, setFolded] = useState(() => localStorage.getItem(FOLDED) === '1');
  const toggle = () => {
    localStorage.setItem(FOLDED, folded ? '0' : '1');
    setFolded(!folded);
  };
  return [folded, toggle];
}

function useOnline(): boolean {
  const watch = (tell: () => void) => {
    window.addEventListener('online', tell);
    window.addEventListener('offline', tell);
    return () => {
      window.removeEventListener('online', tell);
      window.removeEventListener('offline', tell);
    };
  };
  return useSyncExternalStore(watch, () => navigator.onLine);
}

function usePalette(): [boolean, (open: boolean) => void] {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setOpen(true);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return [open, setOpen];
}

function Mark() {
  const { t } = useTranslation();
  // Where the server is gone, so is its picture; the name alone is better than a broken one.
  const [missing, setMissing] = useState(false);
  return (
    <Link to="/" className="mark">
      {!missing && <img src="/icon.svg" alt="" onError={() => setMissing(true)} />}
      <span>{t('product')}</span>
    </Link>
  );
}

function BottomBar({ areas, badges, onMore }: { areas: Area[]; badges: Record<string, string | undefined>; onMore: () => void }) {
  const { t } = useTranslation('frame');
  const { pathname } = useLocation();
  const may = useMay();
  const { mine } = sortAreas(areas, may);
  return (
    <nav className="bottom-bar" aria-label={t('often')}>
      {mine.slice(0, BOTTOM_AREAS).map((area) => {
        const page = area.pages.find((p) => may(p.needs)) ?? area.pages[0];
        if (!page) return null;
        return (
          <NavLink key={area.id} to={page.path} end={page.path === '/'} aria-current={isInside(area, pathname) ? 'page' : undefined}>
            {area.icon}
            <span className="ellipsis">{t(`area.${area.id}`)}</span>
            {badges[area.id] && <span className="nav-badge">{badges[area.id]}</span>}
          </NavLink>
        );
      })}
      <button type="button" className="plain-button" onClick={onMore}>
        <MenuOutlined aria-hidden="true" />
        <span>{t('all')}</span>
      </button>
    </nav>
  );
}

function TopBar({ areas, onSearch }: { areas: Area[]; onSearch: () => void }) {
  const { t } = useTranslation('frame');
  return (
    <header className="top">
      <span className="phone-only">
        <Mark />
      </span>
      <button type="button" className="plain-button top-search" onClick={onSearch} aria-keyshortcuts="Control+K Meta+K">
        <SearchOutlined aria-hidden="true" />
        <span className="desk-word ellipsis">{t('palette.placeholder')}</span>
        <kbd className="desk-only" aria-hidden="true">
          Ctrl K
        </kbd>
      </button>
      <span className="grow desk-only" />
      <CreateMenu areas={areas} />
      <span className="row desk-only" style={{ gap: 0 }}>
        <LanguageMenu />
        <ThemeMenu />
      </span>
      <Bell />
      <MeMenu />
    </header>
  );
}

/** Everything around a page: areas at the left, search and person on top, the page in the middle; guests have less. */
export function Frame() {
  const { session } = useSession();
  return session?.guest ? <GuestFrame /> : <StaffFrame />;
}

function StaffFrame() {
  const { t } = useTranslation('frame');
  const { session, asking, problem, retry } = useSession();
  const { pathname, search } = useLocation();
  const moving = useNavigation().state !== 'idle';
  const online = useOnline();
  const [folded, toggleFolded] = useFolded();
  const [palette, setPalette] = usePalette();
  const [drawer, setDrawer] = useState(false);
  const badges = useWaiting();
  const areas = useAreas(Boolean(session));
  const locked = useLocked();
  useIdleLock(session?.secrecy.idle_lock_minutes);

  if (problem)
    return (
      <main className="alone">
        <Mark />
        <ErrorState error={problem} retry={retry} />
      </main>
    );
  const toLogin = <Navigate to={`/login?next=${encodeURIComponent(pathname + search)}`} replace />;
  // What was on the page is gone from it before the server was told.
  if (locked) return <Locked name={session?.user.name ?? ''} byCode={session?.totp_enabled ?? false} byClick={session?.sample ?? false} />;
  if (!asking && !session) return <LockedOr>{toLogin}</LockedOr>;
  return (
    <div className={`frame${folded ? ' slim' : ''}`}>
      <a href="#content" className="skip">
        {t('skip')}
      </a>
      {moving && <div className="progress" role="progressbar" aria-label={t('opening')} />}
      <aside className="side" aria-label={t('side')}>
        <Mark />
        <Navigation areas={areas} badges={badges} />
        <div className="side-fold">
          <button type="button" className="plain-button" onClick={toggleFolded} aria-expanded={!folded} aria-label={t(folded ? 'unfold' : 'fold')}>
            {folded ? <MenuUnfoldOutlined aria-hidden="true" /> : <MenuFoldOutlined aria-hidden="true" />}
            <span>{t('fold')}</span>
          </button>
        </div>
      </aside>
      <div className="body">
        <TopBar areas={areas} onSearch={() => setPalette(true)} />
        <AreaTabs areas={areas} />
        {!online && (
          <div className="offline" role="status">
            {t('offline')}
          </div>
        )}
        {session && <Banners />}
        <main id="content" className="content" tabIndex={-1}>
          {session ? <Outlet /> : <Skeleton shape="record" />}
        </main>
      </div>
      <BottomBar areas={areas} badges={badges} onMore={() => setDrawer(true)} />
      <Drawer open={drawer} onClose={() => setDrawer(false)} placement="left" size={280} title={t('areas')} className="drawer-nav">
        <Navigation areas={areas} badges={badges} onGo={() => setDrawer(false)} />
      </Drawer>
      {palette && <Palette areas={areas} onClose={() => setPalette(false)} />}
      <PeriodReminder />
      <ScrollRestoration />
    </div>
  );
}
