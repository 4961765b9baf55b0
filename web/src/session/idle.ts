/** True where so much time without a sign of life has passed that the screen is to be locked. */
export function isIdle(seen: number, now: number, minutes: number): boolean {
  return now - seen >= minutes * 60_000;
}
