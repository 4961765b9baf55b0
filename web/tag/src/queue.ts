import { guard, randomId, warn } from './safe';
import { keys, read, write } from './storage';

/** An event as it is sent: written at once, so that a page that changes its objects later changes nothing here. */
interface Item {
  text: string;
  bytes: number;
  consent: boolean;
}

const BATCH_EVENTS = 20;
const WAIT_MS = 2000;
/** Browsers allow 64 KiB for what outlives the page. */
const BATCH_BYTES = 60000;
const ENVELOPE_BYTES = 200;
/** Events that wait at most; the oldest go first. */
const WAITING_MAX = 500;
/** Tries in a row; then the tag rests until the next page or until the network is back. */
const TRIES_MAX = 10;
const BACKOFF_MS = 1000;
const BACKOFF_MAX_MS = 300000;
const RETRY_AFTER_MAX_MS = 3600000;
const STORED_MAX_MS = 7 * 86400000;
const STORED = 'queue.';

/** Reads how long a server asks to wait: seconds or a date. */
export function retryAfterMs(header: string | null, now: number): number {
  if (!header) return 0;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return ms > 0 ? Math.min(ms, RETRY_AFTER_MAX_MS) : 0;
}

/** Collects events into batches and gets each to the collector, once as far as its message id can say. */
export class Queue {
  private waiting: Item[] = [];
  private sending: Item[] = [];
  private timer: number | undefined;
  /** A request is under way or is being waited with. */
  private blocked = false;
  private tries = 0;
  /** Tabs share the storage: each keeps its events under a key of its own. */
  private key = STORED + randomId();

  constructor(private url: string, private writeKey: string, private consent: () => boolean) {}

  add(event: { context: { consent: boolean } }): void {
    const text = JSON.stringify(event);
    const bytes = new TextEncoder().encode(text).length + 1;
    if (bytes > this.room()) return warn('an event is too large and was dropped');
    this.waiting.push({ text, bytes, consent: event.context.consent });
    if (this.waiting.length > WAITING_MAX) this.waiting.shift();
    this.keep();
    this.next();
  }

  /** Takes over what earlier pages could not send. A tab that still lives sends it too; the message ids are the same. */
  restore(): void {
    const old: Item[] = [];
    for (const key of keys('localStorage', STORED)) {
      if (key !== this.key) guard(() => {
        const texts: string[] = JSON.parse(read('localStorage', key) || '[]');
        write('localStorage', key, undefined);
        for (const text of texts) {
          const age = Date.now() - Date.parse(JSON.parse(text).originalTimestamp);
          if (age < STORED_MAX_MS) old.push({ text, bytes: new TextEncoder().encode(text).length + 1, consent: true });
        }
      })();
    }
    this.waiting = old.concat(this.waiting).slice(-WAITING_MAX);
    this.keep();
    this.next();
  }

  /** Drops what was told under a consent that is no longer given. */
  withdraw(): void {
    this.waiting = this.waiting.filter((item) => !item.consent);
  }

  /** The page may be going: what waits leaves now. While the collector wants rest, what is stored stays stored. */
  leave(): void {
    const resting = this.blocked && !this.sending.length;
    const stay = resting && this.keep() ? this.waiting.filter((item) => item.consent) : [];
    if (stay.length) this.waiting = this.waiting.filter((item) => !item.consent);
    while (this.waiting.length) {
      const batch = this.take();
      if (navigator.sendBeacon && navigator.sendBeacon(this.url, this.body(batch))) continue;
      this.waiting = batch.concat(this.waiting);
      break;
    }
    this.waiting = stay.concat(this.waiting);
    this.keep();
    this.send();
  }

  /** The network is back. */
  wake(): void {
    if (this.tries < TRIES_MAX) return;
    this.tries = 0;
    this.resume();
  }

  private room(): number {
    return BATCH_BYTES - ENVELOPE_BYTES - this.writeKey.length * 3;
  }

  private next(): void {
    if (this.waiting.length >= BATCH_EVENTS) this.send();
    else if (this.waiting.length && !this.timer && !this.blocked) this.timer = window.setTimeout(guard(() => this.send()), WAIT_MS);
  }

  private take(): Item[] {
    let bytes = 0;
    let count = 0;
    for (const item of this.waiting) {
      bytes += item.bytes;
      if (count === BATCH_EVENTS || bytes > this.room()) break;
      count++;
    }
    return this.waiting.splice(0, count);
  }

  private body(items: Item[]): string {
    const rest = JSON.stringify({ writeKey: this.writeKey, sentAt: new Date().toISOString() });
    return '{"batch":[' + items.map((item) => item.text).join(',') + '],' + rest.slice(1);
  }

  private send(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.blocked || !this.waiting.length) return;
    this.blocked = true;
    this.sending = this.take();
    // A text body is a simple request: the browser asks the collector for no permission first.
    fetch(this.url, { method: 'POST', body: this.body(this.sending), keepalive: true, credentials: 'omit' }).then(
      guard((answer: Response) => this.settle(answer)),
      guard(() => this.retry(0)),
    );
  }

  private settle(answer: Response): void {
    const status = answer.status;
    if (status === 429 || status >= 500) return this.retry(retryAfterMs(answer.headers.get('Retry-After'), Date.now()));
    if (status >= 400) warn('the collector refused events with status ' + status);
    this.sending = [];
    this.tries = 0;
    this.blocked = false;
    this.keep();
    this.next();
  }

  private retry(waitMs: number): void {
    const again = this.sending.filter((item) => !item.consent || this.consent());
    this.waiting = again.concat(this.waiting).slice(-WAITING_MAX);
    this.sending = [];
    this.keep();
    const backoff = Math.min(BACKOFF_MS * Math.pow(2, this.tries), BACKOFF_MAX_MS);
    // Everybody's pages fail at the same moment; they shall not all come back at the same moment.
    if (++this.tries < TRIES_MAX) setTimeout(guard(() => this.resume()), Math.max(waitMs, backoff) * (1 + Math.random() / 4));
  }

  private resume(): void {
    this.blocked = false;
    this.send();
  }

  /** Stores what is not yet with the collector; says whether it could. */
  private keep(): boolean {
    if (!this.consent()) return false;
    const texts = this.sending.concat(this.waiting).filter((item) => item.consent).map((item) => item.text);
    return write('localStorage', this.key, texts.length ? JSON.stringify(texts) : undefined);
  }
}
