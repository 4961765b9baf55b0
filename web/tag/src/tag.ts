// The web tag (网站采集代码): tells the collector it was loaded from what visitors do on the page that embeds it.
import { Api, surface } from './api';
import { guard } from './safe';
import { readSettings } from './settings';
import { watchClicks, watchForms, watchPath } from './watch';

type Page = { brandwright?: ArrayLike<unknown>[] | { track: unknown } };

/** Watches what the settings name. */
function watch(api: Api, clicks: boolean, forms: boolean): void {
  const look = watchPath(() => api.page());
  const leave = guard(() => {
    look();
    api.queue.leave();
  });
  addEventListener('pagehide', leave);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && leave());
  addEventListener('pageshow', guard((event: PageTransitionEvent) => {
    // Coming back to a page that the browser had kept is a view of it.
    if (event.persisted) api.page();
  }));
  addEventListener('online', guard(() => api.queue.wake()));
  if (clicks) watchClicks((name, properties) => api.track(name, properties), api.consented);
  if (forms) watchForms((name, properties) => api.track(name, properties));
}

/** Tells the first page view when somebody sees the page, not when the browser builds it ahead. */
function firstView(page: () => void): void {
  if ((document as { prerendering?: boolean }).prerendering) document.addEventListener('prerenderingchange', () => page(), { once: true });
  else page();
}

function start(): void {
  const page = window as Page;
  const before = page.brandwright;
  if (before && 'track' in before) return;
  const settings = readSettings(document.currentScript as HTMLScriptElement | null);
  const api = settings && new Api(settings);
  const calls = surface(api);
  page.brandwright = calls;
  const waiting = Array.isArray(before) ? before : [];
  const isConsent = (call: ArrayLike<unknown>) => call[0] === 'consent';
  // What the page said about consent counts for the first page view as well.
  waiting.filter(isConsent).forEach(calls.push);
  if (api && settings) {
    firstView(calls.page);
    watch(api, settings.clicks, settings.forms);
  }
  waiting.filter((call) => !isConsent(call)).forEach(calls.push);
}

guard(start)();
