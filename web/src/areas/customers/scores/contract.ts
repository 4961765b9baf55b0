/** The digits by which people are scored, 5 the best. */
export const DIGITS = [1, 2, 3, 4, 5] as const;
