import type { TraceNode } from '@/api/schema';

/** The columns of the map, from what is done to what it is for. */
export const LEVELS = ['content', 'campaign', 'plan', 'strategy', 'goal'] as const;

/** One line of the picture: what serves, and what it serves. */
export interface Edge {
  from: string;
  to: string;
}

/** Every link upward between nodes that are shown. */
export function edgesOf(nodes: Pick<TraceNode, 'id' | 'up'>[]): Edge[] {
  const shown = new Set(nodes.map((node) => node.id));
  return nodes.flatMap((node) => node.up.filter((above) => shown.has(above)).map((above) => ({ from: node.id, to: above })));
}

function walk(start: string, next: Map<string, string[]>): Set<string> {
  const seen = new Set([start]);
  const open = [start];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const one of next.get(at) ?? []) {
      if (!seen.has(one)) {
        seen.add(one);
        open.push(one);
      }
    }
  }
  return seen;
}

/** Everything that a node serves, and everything that serves it: the chain in both directions. */
export function chainOf(nodes: Pick<TraceNode, 'id' | 'up'>[], id: string): Set<string> {
  const up = new Map<string, string[]>();
  const down = new Map<string, string[]>();
  for (const { from, to } of edgesOf(nodes)) {
    up.set(from, [...(up.get(from) ?? []), to]);
    down.set(to, [...(down.get(to) ?? []), from]);
  }
  return new Set([...walk(id, up), ...walk(id, down)]);
}
