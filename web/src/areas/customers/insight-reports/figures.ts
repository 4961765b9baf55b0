import type { ReportFigure, ReportPart } from '@/api/schema';
import { PARTS } from './contract';

/** Figures of one kind that tell several things apart, such as the tiers. */
export interface Group {
  code: string;
  title: string;
  unit: ReportFigure['unit'];
  figures: ReportFigure[];
}

/** A part of a report: single figures, and groups of them. */
export interface Section {
  part: ReportPart;
  single: ReportFigure[];
  groups: Group[];
  definitions: { title: string; definition: string }[];
}

/** The parts of a report in their order; a part without a figure is left out. */
export function sectionsOf(figures: ReportFigure[]): Section[] {
  return PARTS.flatMap((part) => {
    const own = figures.filter((one) => one.part === part);
    if (own.length === 0) return [];
    const groups = new Map<string, Group>();
    for (const one of own) {
      if (!one.key && !one.name) continue;
      const group = groups.get(one.code) ?? { code: one.code, title: one.title, unit: one.unit, figures: [] };
      group.figures.push(one);
      groups.set(one.code, group);
    }
    const definitions = new Map(own.map(({ title, definition }) => [title, definition]));
    return [{ part, single: own.filter((one) => !groups.has(one.code)), groups: [...groups.values()], definitions: [...definitions].map(([title, definition]) => ({ title, definition })) }];
  });
}

/** By which share of what it was a figure changed; undefined where there is nothing to compare with. */
export function shareOf({ before, change }: Pick<ReportFigure, 'before' | 'change'>): number | undefined {
  return typeof before === 'number' && typeof change === 'number' && before !== 0 ? change / Math.abs(before) : undefined;
}
