// A page that embeds the built tag, with a collector and a clock that the test moves.
import { CookieJar, JSDOM, ResourceLoader, VirtualConsole } from 'jsdom';
import { build, type Rolldown } from 'vite';

export { CookieJar };

export interface Sent {
  messageId: string;
  type: string;
  name?: string;
  event?: string;
  userId?: string;
  previousId?: string;
  anonymousId: string;
  properties?: Record<string, unknown>;
  traits?: Record<string, unknown>;
  originalTimestamp: string;
  context: { consent: boolean; campaign?: Record<string, string>; page: Record<string, string>; locale: string };
}

interface Request {
  url: string;
  body: string;
  batch: Sent[];
  writeKey: string;
  init: RequestInit;
}

type Answer = { status: number; retryAfter?: string } | 'offline';

interface Options {
  url?: string;
  referrer?: string;
  attributes?: string;
  head?: string;
  body?: string;
  jar?: CookieJar;
  stored?: Record<string, string>;
  prepare?: (window: Window & typeof globalThis) => void;
}

let code: Promise<string> | undefined;

/** Returns the tag as `npm run build:tag` writes it. */
export function builtTag(): Promise<string> {
  code ??= build({ configFile: new URL('vite.config.ts', import.meta.url).pathname, logLevel: 'error', build: { write: false } }).then((result) => {
    const chunk = (result as Rolldown.RolldownOutput).output[0];
    return chunk.code;
  });
  return code;
}

/** Lets every promise that can go on do so. */
const settle = () => new Promise<void>((done) => setImmediate(done));

class Clock {
  private now = 0;
  private ids = 0;
  private tasks = new Map<number, { at: number; run: () => void }>();

  set = (run: () => void, ms = 0): number => {
    this.tasks.set(++this.ids, { at: this.now + ms, run });
    return this.ids;
  };

  clear = (id: number) => void this.tasks.delete(id);

  async advance(ms: number): Promise<void> {
    const end = this.now + ms;
    for (;;) {
      await settle();
      const due = [...this.tasks].filter(([, task]) => task.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      this.tasks.delete(due[0]);
      this.now = due[1].at;
      due[1].run();
    }
    this.now = end;
  }
}

class TagLoader extends ResourceLoader {
  constructor(private code: string) {
    super();
  }

  override fetch() {
    return Promise.resolve(Buffer.from(this.code));
  }
}

const ORIGIN = 'https://collect.example';

export class Site {
  readonly clock = new Clock();
  readonly requests: Request[] = [];
  readonly beacons: Request[] = [];
  readonly warnings: unknown[] = [];
  /** Answers of the collector, first come first; 200 when there is none. */
  readonly answers: (Answer | Promise<Answer>)[] = [];
  beaconAccepts = true;
  /** What chance adds to a wait: 0 to 1. */
  chance = 0;
  /** How often the page's storage was read or written. */
  storageCalls = 0;
  /** What the page could not catch. */
  readonly errors: unknown[] = [];
  readonly jar: CookieJar;
  readonly window: Window & typeof globalThis;
  private readonly dom: JSDOM;

  private constructor(code: string, options: Options) {
    this.jar = options.jar ?? new CookieJar();
    const script = `<script async src="${ORIGIN}/tag.js" data-write-key="key-1" ${options.attributes ?? ''}></script>`;
    this.dom = new JSDOM(`<head><title>Shop</title>${options.head ?? ''}${script}</head><body>${options.body ?? ''}</body>`, {
      url: options.url ?? 'https://www.shop.example/start',
      referrer: options.referrer,
      runScripts: 'dangerously',
      resources: new TagLoader(code),
      cookieJar: this.jar,
      // jsdom has no navigation; the tests follow no link.
      virtualConsole: new VirtualConsole().on('warn', (text) => this.warnings.push(text)).on('jsdomError', (fault) => this.errors.push(fault)),
      beforeParse: (window) => this.prepare(window, options),
    });
    this.window = this.dom.window;
  }

  /** Opens a page and waits until its script has run. */
  static async open(options: Options = {}): Promise<Site> {
    const site = new Site(await builtTag(), options);
    await new Promise<void>((done) => site.window.addEventListener('load', () => done()));
    return site;
  }

  private prepare(window: Window & typeof globalThis, options: Options): void {
    for (const [key, value] of Object.entries(options.stored ?? {})) window.localStorage.setItem(key, value);
    for (const name of ['getItem', 'setItem', 'removeItem'] as const) {
      const original = window.Storage.prototype[name] as (...args: string[]) => unknown;
      const count = () => this.storageCalls++;
      Object.defineProperty(window.Storage.prototype, name, {
        value(this: Storage, ...args: string[]) {
          count();
          return original.apply(this, args);
        },
      });
    }
    Object.assign(window, { setTimeout: this.clock.set, clearTimeout: this.clock.clear, fetch: this.collect });
    window.Math.random = () => this.chance;
    Object.assign(window.navigator, {
      sendBeacon: (url: string, body: string) => {
        if (this.beaconAccepts) this.beacons.push(read(url, body, {}));
        return this.beaconAccepts;
      },
    });
    options.prepare?.(window);
  }

  private collect = async (url: string, init: RequestInit): Promise<Pick<globalThis.Response, 'status' | 'headers'>> => {
    this.requests.push(read(url, String(init.body), init));
    const answer = (await this.answers.shift()) ?? { status: 200 };
    if (answer === 'offline') throw new TypeError('Failed to fetch');
    return { status: answer.status, headers: new Headers(answer.retryAfter ? { 'Retry-After': answer.retryAfter } : {}) };
  };

  /** Makes a call of the page. */
  call(name: string, ...args: unknown[]): void {
    (this.window as unknown as { brandwright: Record<string, (...args: unknown[]) => void> }).brandwright[name]?.(...args);
  }

  /** Lets the batch that is being collected leave and returns every event that arrived. */
  async arrived(): Promise<Sent[]> {
    await this.clock.advance(2000);
    return [...this.requests, ...this.beacons].flatMap((request) => request.batch);
  }

  leave(): void {
    this.window.dispatchEvent(new this.window.Event('pagehide'));
  }

  cookie(): string {
    return this.jar.getCookieStringSync(this.window.location.href);
  }

  stored(): Record<string, string> {
    return { ...this.window.localStorage };
  }

  element(selector: string): HTMLElement {
    const found = this.window.document.querySelector<HTMLElement>(selector);
    if (!found) throw new Error(`no ${selector}`);
    return found;
  }
}

function read(url: string, body: string, init: RequestInit): Request {
  const { batch, writeKey } = JSON.parse(body) as { batch: Sent[]; writeKey: string };
  return { url, body, batch, writeKey, init };
}
