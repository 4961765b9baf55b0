import type { RouteObject } from 'react-router';
import type { AreaPage } from '@/frame/area';

/** Imports belong to the area of the people whose data they bring. */
export const importPages: AreaPage[] = [{ id: 'imports', path: '/imports', needs: 'tabular.import.read' }];

export const importRoutes: RouteObject[] = [
  { path: '/imports', lazy: async () => ({ Component: (await import('./imports')).Imports }) },
  { path: '/imports/new', lazy: async () => ({ Component: (await import('./upload')).NewImport }) },
  { path: '/imports/:id', lazy: async () => ({ Component: (await import('./import')).ImportPage }) },
];
