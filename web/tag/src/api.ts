import { contextOf, noteCampaign, pageInfo } from './context';
import { Queue } from './queue';
import { guard, randomId } from './safe';
import { type Settings } from './settings';
import { Visitor } from './visitor';

type Fields = Record<string, unknown>;

/** Names of the calls that a page may make, also through the array it has before the tag is there. */
export const CALLS = ['page', 'track', 'identify', 'group', 'alias', 'reset', 'consent', 'ready'] as const;
export type Call = (typeof CALLS)[number];

/** Calls that wait for consent at most. */
const HELD_MAX = 50;

/** The calls of a page, in the shape of Segment's analytics.js. */
export class Api implements Record<Call, (...args: never[]) => void> {
  readonly queue: Queue;
  private visitor: Visitor;
  /** Says who somebody is: kept until they agree to be known. */
  private held: (() => void)[] = [];

  constructor(settings: Settings) {
    this.visitor = new Visitor(settings.cookieDays);
    this.queue = new Queue(settings.url, settings.writeKey, this.consented);
    this.visitor.start(settings.granted);
    if (this.visitor.consent) this.queue.restore();
  }

  consented = (): boolean => this.visitor.consent;

  page(name?: string | Fields | null, properties?: Fields): void {
    this.visitor.turnPage();
    noteCampaign(this.visitor.consent);
    const named = typeof name === 'string';
    this.emit('page', { name: named ? name : undefined, properties: { ...pageInfo(this.visitor.consent), ...(named ? properties : name || properties) } });
  }

  track(event: string, properties?: Fields): void {
    this.emit('track', { event, properties: { ...properties } });
  }

  identify(userId?: string | number | Fields | null, traits?: Fields): void {
    if (userId && typeof userId === 'object') return this.identify(null, userId);
    this.known(() => {
      if (userId) this.visitor.signIn(String(userId));
      this.emit('identify', { traits: { ...traits } });
    });
  }

  group(groupId: string | number, traits?: Fields): void {
    this.known(() => this.emit('group', { groupId: String(groupId), traits: { ...traits } }));
  }

  alias(newId: string | number): void {
    this.known(() => this.emit('alias', { userId: String(newId), previousId: this.visitor.userId || this.visitor.anonymousId }));
  }

  reset(): void {
    this.held = [];
    this.visitor.signOut();
  }

  consent(granted: boolean): void {
    const before = this.visitor.consent;
    if (granted !== true) {
      if (before) this.queue.withdraw();
      this.held = [];
      return this.visitor.withdraw();
    }
    this.visitor.grant();
    if (before) return;
    noteCampaign(true);
    this.queue.restore();
    this.held.splice(0).forEach((call) => call());
  }

  ready(callback: () => void): void {
    callback();
  }

  private known(call: () => void): void {
    if (this.visitor.consent) call();
    else if (this.held.length < HELD_MAX) this.held.push(call);
  }

  private emit(type: string, fields: Fields): void {
    const { anonymousId, userId, consent } = this.visitor;
    const stamp = { messageId: randomId(), type, originalTimestamp: new Date().toISOString(), anonymousId, userId };
    this.queue.add({ ...stamp, ...fields, context: contextOf(consent) });
  }
}

/** What the page gets as `window.brandwright`: the calls, which never throw, and `push` as the array had it. */
export function surface(api: Api | undefined) {
  const calls = {} as Record<Call, (...args: unknown[]) => void>;
  for (const name of CALLS) {
    calls[name] = guard((...args: unknown[]) => {
      if (api) (api[name] as (...args: unknown[]) => void)(...args);
    });
  }
  const push = guard((call: ArrayLike<unknown>) => {
    const [name, ...args] = Array.from(call);
    if (CALLS.indexOf(name as Call) >= 0) calls[name as Call](...args);
  });
  return { ...calls, push };
}
