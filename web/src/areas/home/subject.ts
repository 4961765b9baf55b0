/** The pages of the nouns that a task can be about. */
const PAGES: Record<string, (id: string) => string> = {
  'identity.user': (id) => `/system/users/${id}`,
  'identity.account_request': () => '/people/requests',
  'identity.access_review': (id) => `/system/access-reviews/${id}`,
  'brand.content': (id) => `/content/items/${id}`,
  'campaigns.campaign': (id) => `/campaigns/${id}`,
  'customers.segment': (id) => `/customers/segments/${id}`,
  'rulebook.clause': (id) => `/rulebook/clauses/${id}`,
};

/** Where a noun is shown, if it has a page yet. */
export function subjectPath(type: string, id: string): string | undefined {
  return PAGES[type]?.(id);
}
