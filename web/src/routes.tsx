import { createBrowserRouter, Outlet, type RouteObject } from 'react-router';
import { areas } from './areas';
import { Fault } from './frame/fault';
import { Frame } from './frame/frame';
import { moved } from './moved';
import { Skeleton } from './parts/skeleton';

/** Pages that stand before the door: nobody is signed in there. */
const outside: RouteObject[] = [
  { path: '/login', lazy: async () => ({ Component: (await import('./areas/login/login')).Login }) },
  { path: '/reset', lazy: async () => ({ Component: (await import('./areas/login/reset')).Reset }) },
  { path: '/reset-password', lazy: async () => ({ Component: (await import('./areas/login/new-password')).NewPassword }) },
  { path: '/activate', lazy: async () => ({ Component: (await import('./areas/login/new-password')).Activation }) },
  { path: '/not-me', lazy: async () => ({ Component: (await import('./areas/login/not-me')).NotMe }) },
  { path: '/approve', lazy: async () => ({ Component: (await import('./areas/login/approve')).Approve }) },
  { path: '/first-admin', lazy: async () => ({ Component: (await import('./areas/login/first-admin')).FirstAdmin }) },
];

const inside: RouteObject[] = [
  ...areas.flatMap((area) => area.routes),
  ...moved,
  { path: '/notifications', lazy: async () => ({ Component: (await import('./areas/account/notifications')).Notifications }) },
  { path: '/account', lazy: async () => ({ Component: (await import('./areas/account/account')).Account }) },
];

function Waiting() {
  return <Skeleton shape="record" />;
}

/** Every page with its address; each is fetched when it is first opened. */
export const router = createBrowserRouter([
  {
    Component: Outlet,
    ErrorBoundary: Fault,
    HydrateFallback: Waiting,
    children: [
      ...outside,
      {
        Component: Frame,
        children: [
          {
            ErrorBoundary: Fault,
            children: [
              ...inside,
              {
                path: '*',
                loader: () => {
                  throw new Response(null, { status: 404 });
                },
                Component: Outlet,
              },
            ],
          },
        ],
      },
    ],
  },
]);
