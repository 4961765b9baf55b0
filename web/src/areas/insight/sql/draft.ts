// What was written and not saved: kept in the tab, so that a look at another page does not lose it.

const keyOf = (user: string, query: string | undefined) => `brandwright.sql.${user}.${query ?? 'new'}`;

export function readDraft(user: string, query: string | undefined): string | undefined {
  return sessionStorage.getItem(keyOf(user, query)) ?? undefined;
}

/** Keeps a draft; nothing where there is nothing to keep. */
export function keepDraft(user: string, query: string | undefined, sql: string | undefined): void {
  if (sql === undefined) sessionStorage.removeItem(keyOf(user, query));
  else sessionStorage.setItem(keyOf(user, query), sql);
}
