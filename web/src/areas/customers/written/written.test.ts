import { describe, expect, it } from 'vitest';
import en from '@/i18n/en/conditions.json';
import hans from '@/i18n/zh-Hans/conditions.json';
import hant from '@/i18n/zh-Hant/conditions.json';
import { type Condition, EVENT_CALLS, EVENT_COLUMNS, EVENT_OPERATORS, type EventFilter, type Leaf, SCORE_FIELDS } from '../contract';
import { fromAddress, plain, same } from './plain';
import { lineOf, read } from './read';
import type { Words } from './words';
import { write } from './write';

const LANGUAGES: [string, Words][] = [
  ['en', { ...en, decimals: 2 }],
  ['zh-Hans', { ...hans, decimals: 2 }],
  ['zh-Hant', { ...hant, decimals: 0 }],
];
const [, english] = LANGUAGES[0] as [string, Words];
const [, chinese] = LANGUAGES[1] as [string, Words];
const ROUNDS = 150;
const GROUPS = ['head', 'key', 'text', 'number', 'flag', 'yes_no', 'state', 'channel', 'purpose', 'goods', 'call', 'column', 'operator', 'score', 'unit'] as const;

/** Numbers that look random and are the same every time. */
function chances(seed: number) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const below = (n: number) => Math.floor(next() * n);
  const one = <T>(of: readonly T[]): T => of[below(of.length)] as T;
  const maybe = <T extends object>(value: T): Partial<T> => (next() < 0.5 ? value : {});
  const some = <T>(of: readonly T[], least = 0): T[] => of.filter(() => next() < 0.5).concat(least ? [one(of)] : []);
  return { below, one, maybe, some };
}

type Chances = ReturnType<typeof chances>;

const TEXTS = ['Product Viewed', '杭州', 'say "hi"; then: leave', 'a\nb\t\\', '', '# not a note', '“引号”、；：', '😀', '>= 3', 'at least', '最近'];
const IDS = ['0193a2c4-77aa-7000-8000-000000000001', '0193a2c4-77aa-7000-8000-000000000002'];
const TIMES = ['2026-11-01T00:00:00Z', '2026-11-01T08:00:00.123+08:00'];

function anyFilter({ one, maybe, some, below }: Chances): EventFilter {
  const test = () => {
    const op = one(EVENT_OPERATORS);
    return { column: one(EVENT_COLUMNS), op, ...(op === 'is_null' || op === 'not_null' ? {} : { value: one<string | number>([...TEXTS, 0, -2.5, 1e12, 0.000_000_1]) }) };
  };
  return { ...maybe({ names: some(TEXTS, 1) }), ...maybe({ kinds: some(EVENT_CALLS, 1) }), ...maybe({ source_ids: some(IDS, 1) }), ...maybe({ where: Array.from({ length: 1 + below(3) }, test) }) };
}

function anyLeaf(by: Chances): Leaf {
  const { one, maybe, some, below } = by;
  const window = () => one<object>([{}, { within_days: 1 + below(3650) }, { span: { from: one(TIMES) } }, { span: { to: one(TIMES) } }, { span: { from: one(TIMES), to: one(TIMES) } }]);
  const bounds = (n: number) => ({ ...maybe({ at_least: below(n) }), ...maybe({ at_most: below(n) }) });
  const makers: (() => object)[] = [
    () => ({ type: 'text', field: one(Object.keys(en.text)), one_of: some(TEXTS) }),
    () => ({ type: 'number', field: one(Object.keys(en.number)), ...bounds(6) }),
    () => ({ type: 'flag', field: one(Object.keys(en.flag)), is: one([true, false]) }),
    () => ({ type: 'known_since', within_days: below(3650) }),
    () => ({ type: 'tier', one_of: some(['A', 'B', 'C', 'D']) }),
    () => ({ type: 'consent', state: one(Object.keys(en.state)), channel: one(Object.keys(en.channel)), purpose: one(Object.keys(en.purpose)), ...maybe({ brand_id: one(IDS) }) }),
    () => ({ type: 'ordered', ...maybe({ what: { by: one(Object.keys(en.goods)), value: one(TEXTS) } }), at_least: below(1000), within_days: below(3650), ...maybe({ total_at_least_minor: below(1e9) }) }),
    () => ({ type: 'redeemed', ...maybe({ campaign: one(TEXTS) }), ...maybe({ within_days: below(3650) }) }),
    () => ({ type: 'score', which: one(SCORE_FIELDS), ...bounds(100_001) }),
    () => ({ type: 'persona', persona_id: one([...IDS, '']) }),
    () => ({ type: 'in_segment', segment_id: one([...IDS, '']) }),
    () => ({ type: 'did', what: anyFilter(by), measure: 'count', ...bounds(1000), ...window() }),
    () => ({ type: 'did', what: anyFilter(by), measure: 'value', ...maybe({ at_least: below(1e6) / 8 }), ...maybe({ at_most: below(1e6) / 8 }), ...window() }),
    () => ({ type: 'did_in_order', steps: Array.from({ length: below(10) }, () => anyFilter(by)), within_hours: 1 + below(500), ...window() }),
  ];
  return one(makers)() as Leaf;
}

function anyCondition(by: Chances, depth: number): Condition {
  const kind = depth > 0 ? by.below(4) : 0;
  if (kind === 0) return anyLeaf(by);
  if (kind === 1) return { type: 'not', of: anyCondition(by, depth - 1) };
  return { type: by.one(['all', 'any'] as const), of: Array.from({ length: 1 + by.below(4) }, () => anyCondition(by, depth - 1)) };
}

describe.each(LANGUAGES)('conditions as text, in %s', (_, words) => {
  it('read back as exactly what was written', () => {
    const by = chances(20_261_129);
    for (let round = 0; round < ROUNDS; round += 1) {
      const condition = anyCondition(by, 3);
      const { text, lines } = write(condition, words, (id) => `名称 "${id}"\n; 1`);
      const back = read(text, words);
      const told = back.fault ? back.fault.message : JSON.stringify([back.condition, [...back.lines]]);
      // Compared as text: nothing may be there in another order either.
      if (told !== JSON.stringify([plain(condition), [...lines]])) expect(back.condition, `${text}\n${told}`).toEqual(plain(condition));
      expect(told.startsWith('[')).toBe(true);
    }
  });

  it('has one code for each word', () => {
    for (const group of GROUPS) {
      const said = Object.values(words[group]).map((word) => word.toLowerCase());
      expect(new Set(said).size, group).toBe(said.length);
      for (const [code, word] of Object.entries(words[group])) expect(Object.keys(words[group]).filter((other) => other !== code), `${group}: ${word}`).not.toContain(word);
    }
  });
});

const STORY: Condition = {
  type: 'all',
  of: [
    { type: 'did', what: { names: ['Product Viewed'] }, measure: 'count', at_least: 1, within_days: 30 },
    { type: 'tier', one_of: ['A', 'B'] },
    { type: 'not', of: { type: 'redeemed' } },
  ],
};

describe('conditions as text', () => {
  it('reads well', () => {
    expect(write(STORY, english).text).toBe('all of\n  did: event "Product Viewed"; times at least 1; last 30 days\n  tier: A, B\n  not\n    redeemed a coupon');
    expect(write(STORY, chinese).text.split('\n')[1]?.trim()).toBe(`${hans.head.did}：${hans.key.event} "Product Viewed"；${hans.key.count} ${hans.key.at_least} 1；${hans.key.last} 30 ${hans.unit.days}`);
  });

  it('takes what people type: codes, other signs, notes, tabs, empty lines', () => {
    const typed = '\n# who looked\nall\n\tdid: event “Product Viewed”；count at least 1;last 30\n\n\t\ttier：a、B # the best';
    expect(read(typed, english).fault?.code).toBe('no_children');
    expect(read(typed.replace('\t\ttier', '\ttier').replace('\n\ttier', '\n\tnot\n\t\tredeemed\n\ttier'), english).condition).toEqual({ type: 'all', of: [STORY.type === 'all' ? STORY.of[0] : STORY, { type: 'not', of: { type: 'redeemed' } }, { type: 'tier', one_of: ['A', 'B'] }] });
    expect(read('score: expected value; at least 12.5', english).condition).toEqual({ type: 'score', which: 'expected_value', at_least: 1250 });
    expect(read('did: where value ≥ 3; times at most 0', english).condition).toEqual({ type: 'did', what: { where: [{ column: 'value', op: 'ge', value: 3 }] }, measure: 'count', at_most: 0 });
    expect(read('did in order: within 2 days\n  step: kind page view\n  step: event "Order"', english).condition).toEqual({ type: 'did_in_order', steps: [{ kinds: ['page'] }, { names: ['Order'] }], within_hours: 48 });
  });

  it.each([
    ['', 1, 'empty'],
    ['all of\n  tier: A\ntier: B', 3, 'one_root'],
    ['all of', 1, 'children_needed'],
    ['all of\n    tier: A\n  tier: B', 3, 'indent'],
    ['not\n  tier: A\n  tier: B', 3, 'one_child'],
    ['tier: A\n  tier: B', 2, 'no_children'],
    ['all of\n  tier: A\n  teir: B', 3, 'unknown_head'],
    ['tier: A, S', 1, 'unknown_word'],
    ['profile: city Hangzhou', 1, 'text_needed'],
    ['did: times at least many', 1, 'number_needed'],
    ['did: times at least 1.5', 1, 'whole_needed'],
    ['score: expected value; at least 1.234', 1, 'decimals'],
    ['persona:', 1, 'id_needed'],
    ['did: times at least 1; from yesterday', 1, 'time_needed'],
    ['tier: A B', 1, 'left_over'],
    ['did: times at least 1; last 3 days; last 4 days', 1, 'twice'],
    ['did: times at least 1; times at least 2', 1, 'twice'],
    ['bought: at least 2', 1, 'missing'],
    ['did: times at least 1; worth at most 2', 1, 'mixed'],
  ])('says what is wrong in %j, and in which line', (text, line, code) => {
    expect(read(text, english).fault).toMatchObject({ line, code });
  });

  it('says where a fault of the server stands', () => {
    const { lines } = write(STORY, english);
    expect(lineOf('definition.of.0.at_least', lines)).toBe(2);
    expect(lineOf('definition.of.2.of.within_days', lines)).toBe(5);
    expect(lineOf('definition', lines)).toBe(1);
  });
});

describe('conditions', () => {
  it('say the same whatever is left out', () => {
    const loose = { type: 'did', span: {}, at_most: null, at_least: 1, what: { names: ['Product Viewed'], kinds: [], where: [] }, within_days: 30 } as unknown as Condition;
    expect(STORY.type === 'all' && STORY.of[0] && same(loose, STORY.of[0])).toBe(true);
  });

  it('travel in addresses', () => {
    expect(fromAddress(JSON.stringify(STORY))).toEqual(STORY);
    for (const broken of [null, '', '{', '[]', '{"type":"nothing"}', '{"type":"all","of":[1]}']) expect(fromAddress(broken)).toBeUndefined();
  });
});
