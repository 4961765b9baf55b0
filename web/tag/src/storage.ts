// Callers ask for consent first: nothing here is read or written without it, but to delete.

/** Every key of ours begins so, which is how all of them are found when consent is withdrawn. */
const PREFIX = 'brandwright.';
const COOKIE = 'bw_id';

type Area = 'localStorage' | 'sessionStorage';

/** Runs with the storage, which a browser may refuse with an exception. */
function attempt<T>(area: Area, fn: (storage: Storage) => T): T | undefined {
  try {
    return fn(window[area]);
  } catch {
    return undefined;
  }
}

export function read(area: Area, key: string): string | undefined {
  return attempt(area, (storage) => storage.getItem(PREFIX + key)) || undefined;
}

/** Says whether it was written; an empty value deletes. */
export function write(area: Area, key: string, value: string | undefined): boolean {
  return !!attempt(area, (storage) => {
    if (value) storage.setItem(PREFIX + key, value);
    else storage.removeItem(PREFIX + key);
    return true;
  });
}

/** Returns the keys that begin so. */
export function keys(area: Area, start: string): string[] {
  const all = attempt(area, (storage) => Object.keys(storage)) || [];
  return all.filter((key) => key.indexOf(PREFIX + start) === 0).map((key) => key.slice(PREFIX.length));
}

/** Returns the cookie's value. */
export function readCookie(): string | undefined {
  try {
    const found = /(?:^|; )bw_id=([^;]*)/.exec(document.cookie);
    return found ? found[1] : undefined;
  } catch {
    // A sandboxed frame has no cookies.
    return undefined;
  }
}

/** Domains that may carry the cookie, widest first; the last is this host alone. An address made of numbers has no wider one. */
function domains(): string[] {
  const labels = location.hostname.split('.');
  const numeric = /^[\d.]+$|:/.test(location.hostname);
  const wider = numeric ? [] : labels.map((_, i) => labels.slice(i).join('.')).slice(0, -1).reverse();
  return wider.map((domain) => '; Domain=' + domain).concat('');
}

function setCookie(domain: string, value: string, seconds: number): void {
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = COOKIE + '=' + value + '; Path=/; Max-Age=' + seconds + '; SameSite=Lax' + secure + domain;
}

/** Writes the cookie on the widest domain that the browser accepts: it refuses public suffixes such as `co.uk`. */
export function writeCookie(value: string, days: number): void {
  try {
    for (const domain of domains()) {
      setCookie(domain, value, Math.round(days * 86400));
      if (readCookie() === value) return;
    }
  } catch {
    // A sandboxed frame has no cookies; the id lives in memory then.
  }
}

/** Deletes the cookie and everything stored. */
export function forget(): void {
  try {
    for (const domain of domains()) setCookie(domain, '', 0);
  } catch {
    // Where no cookie can be deleted none could be written.
  }
  for (const area of ['localStorage', 'sessionStorage'] as const) {
    for (const key of keys(area, '')) write(area, key, undefined);
  }
}
