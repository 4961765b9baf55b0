import { EllipsisOutlined } from '@ant-design/icons';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink, useLocation } from 'react-router';
import { useMay } from '@/session/session';
import type { Area, AreaPage } from './area';
import './navigation.css';

/** Splits the areas into those that a person works in and the rest. */
export function sortAreas(areas: Area[], may: (permission: string | undefined) => boolean): { mine: Area[]; rest: Area[] } {
  const works = (area: Area) => area.worksIn.length === 0 || area.worksIn.some((permission) => may(permission));
  return { mine: areas.filter(works), rest: areas.filter((area) => !works(area)) };
}

const holds = (page: AreaPage, pathname: string) => (page.path === '/' ? pathname === '/' : pathname === page.path || pathname.startsWith(`${page.path}/`));

/** The pages that the navigation shows: those of very many only where somebody is there. */
const shownPages = (pages: AreaPage[], pathname: string) => pages.filter((page) => !page.hidden || holds(page, pathname));

/** True where the address lies inside the area. */
export function isInside(area: Area, pathname: string): boolean {
  return area.pages.some((page) => holds(page, pathname));
}

interface AreaItemProps {
  area: Area;
  badge?: string | undefined;
  onGo?: (() => void) | undefined;
}

function AreaItem({ area, badge, onGo }: AreaItemProps) {
  const { t } = useTranslation('frame');
  const { pathname } = useLocation();
  const may = useMay();
  const pages = shownPages(area.pages, pathname).filter((page) => may(page.needs));
  const first = pages[0] ?? area.pages[0];
  const active = isInside(area, pathname);
  if (!first) return null;
  return (
    <li className={`nav-area${active ? ' on' : ''}`}>
      <NavLink to={first.path} end={first.path === '/'} onClick={onGo} className="nav-link" aria-current={active && area.pages.length === 1 ? 'page' : undefined}>
        <span className="nav-icon" aria-hidden="true">
          {area.icon}
        </span>
        <span className="nav-word">{t(`area.${area.id}`)}</span>
        {badge && (
          <span className="nav-badge">
            {badge}
            <span className="hidden-text"> {t('waiting')}</span>
          </span>
        )}
      </NavLink>
      {pages.length > 1 && (
        <ul className="nav-pages" aria-label={t(`area.${area.id}`)}>
          {pages.map((page) => (
            <li key={page.id}>
              <NavLink to={page.path} onClick={onGo}>
                {page.label ?? t(`page.${page.id}`)}
              </NavLink>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

/** The pages of the present area, where a phone has no room for the whole navigation. */
export function AreaTabs({ areas }: { areas: Area[] }) {
  const { t } = useTranslation('frame');
  const { pathname } = useLocation();
  const may = useMay();
  const area = areas.find((one) => isInside(one, pathname));
  const pages = shownPages(area?.pages ?? [], pathname).filter((page) => may(page.needs));
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    // The present page stays in sight where its area has more than the screen is wide.
    const present = bar.current?.querySelector<HTMLElement>('[aria-current]');
    if (bar.current && present) bar.current.scrollLeft = present.offsetLeft - (bar.current.clientWidth - present.clientWidth) / 2;
  }, [pathname, pages.length]);
  if (!area || pages.length < 2) return null;
  return (
    <nav ref={bar} className="area-tabs phone-only" aria-label={t(`area.${area.id}`)}>
      {pages.map((page) => (
        <NavLink key={page.id} to={page.path}>
          {page.label ?? t(`page.${page.id}`)}
        </NavLink>
      ))}
    </nav>
  );
}

interface NavigationProps {
  areas: Area[];
  /** Small figures beside an area, by its id. */
  badges: Record<string, string | undefined>;
  onGo?: () => void;
}

/** The areas in words and icons; those outside a person's work stand under "more". */
export function Navigation({ areas, badges, onGo }: NavigationProps) {
  const { t } = useTranslation('frame');
  const { pathname } = useLocation();
  const may = useMay();
  const { mine, rest } = sortAreas(areas, may);
  const [open, setOpen] = useState(false);
  const shown = open || rest.some((area) => isInside(area, pathname));
  return (
    <nav aria-label={t('areas')} className="nav">
      <ul>
        {mine.map((area) => (
          <AreaItem key={area.id} area={area} badge={badges[area.id]} onGo={onGo} />
        ))}
        {rest.length > 0 && (
          <li>
            <button type="button" className="plain-button nav-link nav-more" aria-expanded={shown} onClick={() => setOpen(!shown)}>
              <span className="nav-icon" aria-hidden="true">
                <EllipsisOutlined />
              </span>
              <span className="nav-word">{t('more')}</span>
            </button>
          </li>
        )}
        {shown && rest.map((area) => <AreaItem key={area.id} area={area} onGo={onGo} />)}
      </ul>
    </nav>
  );
}
