import { warn } from './safe';

/** What the script element of the page says. */
export interface Settings {
  url: string;
  writeKey: string;
  granted: boolean;
  clicks: boolean;
  forms: boolean;
  cookieDays: number;
}

/** Browsers cap a cookie's life at 400 days. */
const COOKIE_DAYS_MAX = 400;
const COOKIE_DAYS = 365;

/** Reads the script element; nothing where the tag has no place to send to. */
export function readSettings(script: HTMLScriptElement | null): Settings | undefined {
  // A page opened from a disk is nobody's visit.
  if (!script || !/^https?:$/.test(location.protocol)) return undefined;
  const writeKey = script.getAttribute('data-write-key');
  if (!writeKey) {
    warn('data-write-key is missing');
    return undefined;
  }
  const on = (name: string) => script.hasAttribute(name) && script.getAttribute(name) !== 'false';
  const days = Number(script.getAttribute('data-cookie-days'));
  return {
    url: new URL(script.src).origin + '/v1/batch',
    writeKey,
    granted: script.getAttribute('data-consent') === 'granted',
    clicks: on('data-track-clicks'),
    forms: on('data-track-forms'),
    cookieDays: days > 0 ? Math.min(days, COOKIE_DAYS_MAX) : COOKIE_DAYS,
  };
}
