import type { ReactNode } from 'react';
import type { RouteObject } from 'react-router';

/** A page that the navigation names; its words are `frame:page.<id>` where it brings no label of its own. */
export interface AreaPage {
  id: string;
  path: string;
  label?: string;
  /** One of very many: shown while somebody is there, found by the search, listed on a page of its own. */
  hidden?: boolean;
  /** The permission to read it; none where everybody may. */
  needs?: string;
}

/** Something that the "create" menu makes; its words are `frame:create.<id>`. */
export interface Creation {
  id: string;
  to: string;
  needs: string;
}

/** Something that only the search makes, because there are too many of its kind for a menu. */
export interface FoundCreation {
  id: string;
  to: string;
  label: string;
}

/** One hit of the search. */
export interface Hit {
  id: string;
  title: string;
  note?: string | undefined;
  to: string;
}

/** A noun that the search looks through; its words are `frame:search.<id>`. */
export interface SearchSource {
  id: string;
  needs: string;
  find: (q: string, signal: AbortSignal) => Promise<Hit[]>;
}

/** A part of the daily work (板块): pages, what can be made there, what can be found there. */
export interface Area {
  id: string;
  icon: ReactNode;
  /** Whoever holds one of these works here; everybody else finds the area under "more". Empty: everybody. */
  worksIn: string[];
  pages: AreaPage[];
  routes: RouteObject[];
  creations?: Creation[];
  /** What the search makes beside them. */
  found?: FoundCreation[];
  searches?: SearchSource[];
}
