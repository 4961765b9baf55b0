import type { Condition, EventCall, EventColumn, EventFilter, EventOperator, EventSpan, Leaf, LeafOf, ScoreField } from '../contract';
import { childPath } from '../condition';
import { plain, standsAlone } from './plain';
import { Fault, Reader } from './reader';
import type { Words } from './words';

export { Fault } from './reader';

const HOURS_OF_DAY = 24;
const TAB = '  ';
const TIERS = { A: 'A', B: 'B', C: 'C', D: 'D' } as const;
const MANY = ['where', 'count', 'value'];
/** Signs that are typed for operators as well. */
const SIGNS = { eq: '＝', ne: '≠', le: '≤', ge: '≥', lt: '＜', gt: '＞' } as const;

/** What was read: a condition with the lines of its parts, or the first fault. */
export type ReadText = { condition: Condition; lines: Map<string, number>; fault?: undefined } | { fault: Fault; condition?: undefined };

interface Node {
  line: number;
  indent: number;
  text: string;
  children: Node[];
}

/** Lines by how far they are set in; what is set in further belongs to the line above. */
function outline(text: string): Node[] {
  const roots: Node[] = [];
  const above: Node[] = [];
  text.split(/\r?\n/).forEach((raw, i) => {
    const spaced = raw.replace(/^[\s\u3000]*/, (space) => space.replace(/\t|\u3000/g, TAB));
    const body = spaced.trimStart();
    if (body === '' || body.startsWith('#')) return;
    const node: Node = { line: i + 1, indent: spaced.length - body.length, text: body, children: [] };
    while (above.length > 0 && (above.at(-1)?.indent ?? 0) >= node.indent) above.pop();
    const siblings = above.at(-1)?.children ?? roots;
    const first = siblings[0];
    if (first && first.indent !== node.indent) throw new Fault(node.line, 'indent');
    siblings.push(node);
    above.push(node);
  });
  return roots;
}

/** Reads conditions that are written in the words of one language. */
class Parser {
  readonly lines = new Map<string, number>();

  constructor(private readonly words: Words) {}

  private bounds(r: Reader, number: () => number): { at_least?: number; at_most?: number } {
    const found: { at_least?: number; at_most?: number } = {};
    r.part();
    r.parts(this.words.key, { at_least: () => void (found.at_least = number()), at_most: () => void (found.at_most = number()) });
    return found;
  }

  private days(r: Reader): number {
    const days = r.whole();
    r.maybe(this.words.unit);
    return days;
  }

  /** How long something may take, in hours. */
  private hours(r: Reader): number {
    const length = r.whole();
    return r.word(this.words.unit) === 'days' ? length * HOURS_OF_DAY : length;
  }

  private window(r: Reader, into: { within_days?: number | null; span?: EventSpan | null }) {
    return {
      last: () => void (into.within_days = this.days(r)),
      since: () => void (into.span = { ...into.span, from: r.time() }),
      before: () => void (into.span = { ...into.span, to: r.time() }),
    };
  }

  private filter(r: Reader, into: EventFilter) {
    return {
      anything: () => undefined,
      event: () => void (into.names = r.items(() => r.string())),
      kind: () => void (into.kinds = r.items(() => r.word(this.words.call) as EventCall)),
      source: () => void (into.source_ids = r.items(() => r.id())),
      where: () => {
        const column = r.word(this.words.column) as EventColumn;
        const op = (r.maybe(SIGNS) ?? r.word(this.words.operator)) as EventOperator;
        const value = standsAlone(op) ? undefined : r.value();
        into.where = [...(into.where ?? []), value === undefined ? { column, op } : { column, op, value }];
      },
    };
  }

  private did(r: Reader): Leaf {
    const leaf: LeafOf<'did'> = { type: 'did', what: {}, measure: 'count' };
    let measured: 'count' | 'value' | undefined;
    const { key } = this.words;
    const measure = (by: 'count' | 'value') => () => {
      if (measured && measured !== by) throw r.fault('mixed');
      leaf.measure = measured = by;
      if (r.unfilled()) return;
      const bound = r.word({ at_least: key.at_least ?? '', at_most: key.at_most ?? '' });
      if (leaf[bound] !== undefined) throw r.fault('twice', { word: key[bound] ?? '' });
      leaf[bound] = by === 'count' ? r.whole() : r.number();
    };
    r.parts(key, { ...this.filter(r, leaf.what), count: measure('count'), value: measure('value'), ...this.window(r, leaf) }, MANY);
    return leaf;
  }

  private inOrder(r: Reader, children: Node[]): Leaf {
    const leaf: LeafOf<'did_in_order'> = { type: 'did_in_order', steps: [], within_hours: 0 };
    const { key, head } = this.words;
    r.parts(key, { within: () => void (leaf.within_hours = this.hours(r)), ...this.window(r, leaf) });
    if (leaf.within_hours === 0) throw r.fault('missing', { word: key.within ?? '' });
    leaf.steps = children.map((child) => {
      const step: EventFilter = {};
      const inside = new Reader(child.text, child.line);
      inside.word({ step: head.step ?? '' });
      inside.colon();
      inside.parts(key, this.filter(inside, step), MANY);
      inside.end();
      if (child.children[0]) throw new Fault(child.children[0].line, 'no_children');
      return step;
    });
    return leaf;
  }

  private ordered(r: Reader): Leaf {
    const leaf: Partial<LeafOf<'ordered'>> = {};
    const by = r.maybe(this.words.goods) as NonNullable<LeafOf<'ordered'>['what']>['by'] | undefined;
    const what = by && { by, value: r.string() };
    if (what) r.part();
    r.parts(this.words.key, {
      at_least: () => void (leaf.at_least = r.whole()),
      last: () => void (leaf.within_days = this.days(r)),
      total: () => void (leaf.total_at_least_minor = r.money(this.words.decimals)),
    });
    const { at_least, within_days } = leaf;
    if (at_least === undefined) throw r.fault('missing', { word: this.words.key.at_least ?? '' });
    if (within_days === undefined) throw r.fault('missing', { word: this.words.key.last ?? '' });
    return { ...leaf, type: 'ordered', at_least, within_days, ...(what ? { what } : {}) };
  }

  private redeemed(r: Reader): Leaf {
    const leaf: LeafOf<'redeemed'> = { type: 'redeemed' };
    r.parts(this.words.key, { campaign: () => void (leaf.campaign = r.string()), last: () => void (leaf.within_days = this.days(r)) });
    return leaf;
  }

  private consent(r: Reader): Leaf {
    const { words } = this;
    const state = r.word(words.state);
    r.part();
    const channel = r.word(words.channel);
    r.part();
    const purpose = r.word(words.purpose);
    const leaf = { type: 'consent', state, channel, purpose } as LeafOf<'consent'>;
    r.part();
    r.parts(words.key, { brand: () => void (leaf.brand_id = r.id()) });
    return leaf;
  }

  private score(r: Reader): Leaf {
    const which = r.word(this.words.score) as ScoreField;
    const number = which === 'expected_value' ? () => r.money(this.words.decimals) : which === 'p_alive' || which === 'churn' ? () => r.percent() : () => r.whole();
    return { type: 'score', which, ...this.bounds(r, number) };
  }

  private leaf(type: Leaf['type'], r: Reader, children: Node[]): Leaf {
    const { words } = this;
    switch (type) {
      case 'text':
        return { type, field: r.word(words.text), one_of: r.items(() => r.string()) } as Leaf;
      case 'number':
        return { type, field: r.word(words.number), ...this.bounds(r, () => r.whole()) } as Leaf;
      case 'flag':
        return { type, field: r.word(words.flag), is: r.word(words.yes_no) === 'yes' } as Leaf;
      case 'known_since':
        return { type, within_days: this.days(r) };
      case 'tier':
        return { type, one_of: r.items(() => r.word(TIERS)) };
      case 'consent':
        return this.consent(r);
      case 'ordered':
        return this.ordered(r);
      case 'redeemed':
        return this.redeemed(r);
      case 'score':
        return this.score(r);
      case 'persona':
        return { type, persona_id: r.id() };
      case 'in_segment':
        return { type, segment_id: r.id() };
      case 'did':
        return this.did(r);
      case 'did_in_order':
        return this.inOrder(r, children);
    }
  }

  condition(node: Node, path = ''): Condition {
    this.lines.set(path, node.line);
    const r = new Reader(node.text, node.line);
    const { step: _, ...heads } = this.words.head;
    const type = r.maybe(heads) as Condition['type'] | undefined;
    if (!type) throw r.fault('unknown_head', { word: r.next() });
    r.colon();
    if (type !== 'all' && type !== 'any' && type !== 'not') {
      const leaf = this.leaf(type, r, node.children);
      r.end();
      const [child] = node.children;
      if (child && type !== 'did_in_order') throw new Fault(child.line, 'no_children');
      return leaf;
    }
    r.end();
    const [first, second] = node.children;
    if (!first) throw r.fault('children_needed', { word: heads[type] ?? type });
    if (type !== 'not') return { type, of: node.children.map((child, place) => this.condition(child, childPath(path, place))) };
    if (second) throw new Fault(second.line, 'one_child', { word: heads.not ?? type });
    return { type, of: this.condition(first, childPath(path)) };
  }
}

/** Reads a condition from what `write` wrote, or somebody typed. */
export function read(text: string, words: Words): ReadText {
  try {
    const [root, second] = outline(text);
    if (!root) throw new Fault(1, 'empty');
    if (second) throw new Fault(second.line, 'one_root', { word: words.head.all ?? '' });
    const parser = new Parser(words);
    return { condition: plain(parser.condition(root)), lines: parser.lines };
  } catch (error) {
    if (error instanceof Fault) return { fault: error };
    throw error;
  }
}

/** The line to which a fault of the server belongs, by the path that it names. */
export function lineOf(field: string, lines: Map<string, number>): number | undefined {
  let path = field.replace(/^definition\.?/, '');
  for (;;) {
    const line = lines.get(path);
    if (line !== undefined) return line;
    if (path === '') return undefined;
    path = path.includes('.') ? path.slice(0, path.lastIndexOf('.')) : '';
  }
}
