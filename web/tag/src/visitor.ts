import { randomId } from './safe';
import { forget, read, readCookie, write, writeCookie } from './storage';

/** Mark in the cookie: the page got this consent although the browser asks not to be followed. */
const DESPITE_SIGNAL = '.1';
const USER = 'user';

/** Says whether the browser asks not to be followed. */
function signalled(): boolean {
  const asked = navigator as { globalPrivacyControl?: boolean; doNotTrack?: string | null };
  return asked.globalPrivacyControl === true || asked.doNotTrack === '1';
}

/** Who visits the page, as far as they allow it to be known. */
export class Visitor {
  consent = false;
  /** Without consent it is in memory only and changes with every page view. */
  anonymousId = randomId();
  userId: string | undefined;

  constructor(private cookieDays: number) {}

  /** Begins with the consent that the page declares or an earlier page was given, unless the browser objects. */
  start(granted: boolean): void {
    const saved = readCookie();
    const despite = !!saved && saved.slice(-DESPITE_SIGNAL.length) === DESPITE_SIGNAL;
    if (signalled() && !despite) {
      if (saved) forget();
    } else if (granted || saved) this.grant();
  }

  grant(): void {
    const saved = readCookie();
    const known = saved && /^[\da-f]{32}/.test(saved) ? saved.slice(0, 32) : undefined;
    const mark = signalled() ? DESPITE_SIGNAL : '';
    // Where cookies are refused, an id that was agreed to lives on in memory.
    this.anonymousId = known || (this.consent ? this.anonymousId : randomId());
    this.consent = true;
    this.userId = read('localStorage', USER);
    // An id that is there keeps its end: coming back does not prolong what was once agreed to.
    if (saved !== this.anonymousId + mark) writeCookie(this.anonymousId + mark, this.cookieDays);
  }

  withdraw(): void {
    if (this.consent) this.anonymousId = randomId();
    this.consent = false;
    this.userId = undefined;
    forget();
  }

  /** Another page view of somebody who gave no consent is somebody else's as far as we know. */
  turnPage(): void {
    if (!this.consent) this.anonymousId = randomId();
  }

  /** Another user on the same device gets an id of their own, or the two would become one person. */
  signIn(userId: string): void {
    if (this.userId && this.userId !== userId) this.renew();
    this.userId = userId;
    write('localStorage', USER, userId);
  }

  signOut(): void {
    this.userId = undefined;
    this.renew();
    if (this.consent) write('localStorage', USER, undefined);
  }

  private renew(): void {
    this.anonymousId = randomId();
    if (this.consent) writeCookie(this.anonymousId + (signalled() ? DESPITE_SIGNAL : ''), this.cookieDays);
  }
}
