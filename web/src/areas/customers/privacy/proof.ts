import type { ErasurePlace, ErasureVerification } from './contract';

/** Where a finding lies. */
export type Where = 'database' | 'lake' | 'files';

export const WHERES: Where[] = ['database', 'lake', 'files'];

/** Findings of one part of what is kept. */
export interface Part {
  where: Where;
  /** Findings that must not be. */
  hits: number;
  /** The most first; what stays by nature stands last. */
  places: ErasurePlace[];
}

const FOLDERS = { files: 'blobs/', lake: 'lake/' } as const;
/** Letters by which a file is known. */
const DIGEST = 12;

/** What lies in a folder is named by it, what lies in a table by its column. */
export function whereOf(place: string): Where {
  if (place.startsWith(FOLDERS.files)) return 'files';
  return place.startsWith(FOLDERS.lake) ? 'lake' : 'database';
}

/** The name of a finding without its folder; a file is known by the beginning of its digest. */
export function placeName(place: string): string {
  const where = whereOf(place);
  if (where === 'database') return place;
  const name = place.slice(FOLDERS[where].length);
  return where === 'files' ? name.slice(0, DIGEST) : name;
}

const counted = (places: ErasurePlace[]) => places.filter((one) => !one.kept).reduce((sum, one) => sum + one.count, 0);

/** The findings, part by part; a part without any is there as well, because it was searched. */
export function partsOf(places: ErasurePlace[]): Part[] {
  return WHERES.map((where) => {
    const here = places.filter((one) => whereOf(one.place) === where);
    const order = (one: ErasurePlace) => (one.kept ? 1 : 0);
    return { where, hits: counted(here), places: here.sort((a, b) => order(a) - order(b) || b.count - a.count || a.place.localeCompare(b.place)) };
  });
}

/** What a proof says: nothing is left, something is, or it is not known yet. */
export function saysOf(proof: ErasureVerification | null | undefined): 'none' | 'clean' | 'left' {
  if (!proof?.at) return 'none';
  return proof.hits === 0 ? 'clean' : 'left';
}

/** Counts by name, the most first; what is nothing is left out. */
export function counts(rows: { [name: string]: number } | undefined): [string, number][] {
  return Object.entries(rows ?? {})
    .filter(([, count]) => count > 0)
    .sort(([a, first], [b, second]) => second - first || a.localeCompare(b));
}
