// The part of jsdom that the tests use; the package brings no types.
declare module 'jsdom' {
  export class VirtualConsole {
    on(event: string, listener: (...args: unknown[]) => void): this;
  }
  export class CookieJar {
    getCookieStringSync(url: string): string;
    setCookieSync(cookie: string, url: string): unknown;
  }
  export class ResourceLoader {
    fetch(url: string): Promise<Buffer> | null;
  }
  export class JSDOM {
    constructor(html: string, options: {
      url: string;
      referrer?: string;
      runScripts: 'dangerously';
      resources?: ResourceLoader;
      cookieJar?: CookieJar;
      virtualConsole?: VirtualConsole;
      beforeParse?: (window: Window & typeof globalThis) => void;
    });
    readonly window: Window & typeof globalThis;
    reconfigure(settings: { url: string }): void;
  }
}
