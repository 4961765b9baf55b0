// What befalls the requests of each SDK, drawn from a shuffled deck: the same seed deals the same faults.

// After these the SDK has no answer that it could take for a success: it must send again, or the events are lost.
const FAILING = ["429", "500", "503", "cut_before", "cut_after", "late"];

// late: the request reaches the product only after the SDK's own time limit has passed and it has hung up.
// slow: late, but within the time limit. replay: the product gets the same request twice at once.
export const SDKS = {
  "segment-node": [...FAILING, "replay"],
  "segment-python": [...FAILING, "replay"],
  // axios-retry does not send again what ran into the time limit, so nothing may be late here.
  "rudder-node": ["429", "500", "503", "cut_before", "cut_after", "slow", "replay"],
  "rudder-python": [...FAILING, "replay"],
  "posthog-node": [...FAILING, "replay"],
  // It keeps what failed and sends it with the next flush; its sender flushes until nothing is left.
  "snowplow-node": [...FAILING, "replay"],
  // matomo-tracker never sends again, so every failure would lose events: only what it survives.
  "matomo-node": ["slow", "replay"],
};

// For these the proxy waits until the product is back, as they would not.
export const PATIENT = new Set(["matomo-node"]);

// Every retry budget is larger than this, also with the time that the product is away on top.
const IN_A_ROW_MAX = 2;

/** Returns numbers in [0, 1) that depend on nothing but the seed (mulberry32). */
export function randomOf(seed) {
  let state = [...String(seed)].reduce((hash, char) => Math.imul(hash ^ char.codePointAt(0), 0x01000193), 0x811c9dc5);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function shuffled(cards, random) {
  for (let last = cards.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [cards[last], cards[other]] = [cards[other], cards[last]];
  }
  return cards;
}

/** Deals the faults of one SDK: half of its requests pass, and no event is dealt a failure after two in a row. */
export class Faults {
  #random;
  #kinds;
  #deck = [];
  #inARow = new Map();

  constructor(sdk, seed) {
    this.#kinds = SDKS[sdk];
    this.#random = randomOf(`${seed}/${sdk}`);
  }

  /** Returns what befalls a request with these events, or "pass". */
  next(ids) {
    if (this.#deck.length === 0) {
      this.#deck = shuffled([...this.#kinds, ...this.#kinds.map(() => "pass")], this.#random);
    }
    if (!FAILING.includes(this.#deck.at(-1))) {
      for (const id of ids) this.#inARow.delete(id);
      return this.#deck.pop();
    }
    // A card that could not be played stays on the deck.
    if (ids.some((id) => (this.#inARow.get(id) ?? 0) >= IN_A_ROW_MAX)) return "pass";
    this.failed(ids);
    return this.#deck.pop();
  }

  /** Notes a failure, dealt or not: the waits of the SDKs double with each, so there shall not be many. */
  failed(ids) {
    for (const id of ids) this.#inARow.set(id, (this.#inARow.get(id) ?? 0) + 1);
  }
}
