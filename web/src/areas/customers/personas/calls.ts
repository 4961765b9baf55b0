import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, client, ifMatch, told } from '@/api/client';
import { refresh } from '@/api/query';
import type { NewPersonaSet, PersonaGroup, PersonaSet } from '@/api/schema';
import { useMay } from '@/session/session';

export const PERSONAS = '/api/v1/customers/personas';
/** May make, name and archive personas. */
export const PERSONA_EDIT = 'customers.segment.edit';
const PERSONA_READ = 'customers.segment.read';

/** While groups are being found the set is asked for as often as this. */
const WAITING_MS = 2_000;

const of = (id: string) => ({ path: { id } });
const again = () => refresh(PERSONAS, '/api/v1/customers/profiles/{id}/scores');

/** A set with its groups; asked for again and again until they were found after `since`. */
export function usePersonaSet(id: string, since: string | null | undefined) {
  return api.useQuery('get', `${PERSONAS}/{id}`, { params: of(id) }, {
    refetchInterval: ({ state: { data } }) => (data && (data.state === 'waiting' || (since !== undefined && (data.computed_at ?? null) === since)) ? WAITING_MS : false),
  });
}

/** Makes a way of grouping people. */
export function useMakeSet() {
  return useMutation({ mutationFn: (body: NewPersonaSet) => told(client.POST(PERSONAS, { body })), onSuccess: again });
}

/** Calls a group something. */
export function useNamePersona(set: PersonaSet) {
  return useMutation({
    mutationFn: ({ persona_id, name }: { persona_id: string; name: string | null }) => told(client.PUT(`${PERSONAS}/{id}/names/{persona_id}`, { params: { path: { id: set.id, persona_id }, header: ifMatch(set) }, body: { name } })),
    onSuccess: again,
  });
}

/** Has the groups found anew. */
export function useRecomputeSet(id: string) {
  return useMutation({ mutationFn: () => told(client.POST(`${PERSONAS}/{id}/recompute`, { params: of(id) })), onSuccess: again });
}

/** Puts a set away. */
export function useArchiveSet(set: PersonaSet) {
  return useMutation({ mutationFn: () => told(client.POST(`${PERSONAS}/{id}/archive`, { params: { ...of(set.id), header: ifMatch(set) } })), onSuccess: again });
}

/** How a persona is called: by its name, or by its number where it has none. */
export function usePersonaName(): (persona: Pick<PersonaGroup, 'name' | 'number'>) => string {
  const { t } = useTranslation('personas');
  return ({ name, number }) => name ?? t('persona_n', { number });
}

/** The personas of all sets, for lists to choose from. */
export function usePersonaChoices() {
  const allowed = useMay()(PERSONA_READ);
  const name = usePersonaName();
  const { data } = api.useQuery('get', PERSONAS, { params: { query: { page_size: 100 } } }, { enabled: allowed, staleTime: 60_000 });
  return (data?.items ?? []).flatMap(({ name: called, personas = [] }) => (personas.length ? [{ label: called, options: personas.map((persona) => ({ value: persona.id, label: `${called} · ${name(persona)}` })) }] : []));
}
