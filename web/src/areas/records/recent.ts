const KEY = 'brandwright.records';
/** Record types of one area that stand in the navigation; the rest is on the area's page of all of them. */
export const SHOWN_MAX = 6;
const KEPT_MAX = 24;

/** The record types that somebody opened on this device, latest first. */
export function recentTypes(): string[] {
  return localStorage.getItem(KEY)?.split(',').filter(Boolean) ?? [];
}

/** Notes that a type was opened. */
export function noteType(type: string): void {
  localStorage.setItem(KEY, [type, ...recentTypes().filter((one) => one !== type)].slice(0, KEPT_MAX).join());
}

/** Which of many types stand in the navigation: those opened lately, filled up with the first ones. */
export function chosenTypes(types: string[], recent: string[]): Set<string> {
  const lately = recent.filter((one) => types.includes(one));
  return new Set([...lately, ...types.filter((one) => !lately.includes(one))].slice(0, SHOWN_MAX));
}
