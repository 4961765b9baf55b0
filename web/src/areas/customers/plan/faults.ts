import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem, Problem } from '@/api/problem';

/** What a refusal says, by the field that it belongs to. */
export type Faults = Map<string, string>;

const HERE = /^(name|description|sources|properties|properties\.\d+\.(name|description|choices|kind))$/;

/** A field as the element that shows it is called. */
function elementOf(field: string): string {
  const [, place, part] = /^properties\.(\d+)\.(\w+)$/.exec(field) ?? [];
  return part ? `property-${place}-${part}` : `plan-${field}`;
}

/** Says a refusal beside the fields of a definition; what belongs to none of them is left over. */
export function useFaults(error: unknown): { faults: Faults; rest: unknown } {
  const { t, i18n } = useTranslation();
  const faults = useMemo(() => {
    const { fields } = error ? asProblem(error) : { fields: [] };
    const say = (one: (typeof fields)[number]) => one.detail ?? (i18n.exists(`errors:${one.code}`) ? t(`errors:${one.code}`, one.args) : t('records:field_refused'));
    return new Map(fields.filter((one) => HERE.test(one.field)).map((one) => [one.field, say(one)]));
  }, [error, t, i18n]);
  useEffect(() => {
    const [first] = faults.keys();
    if (first) document.getElementById(elementOf(first))?.focus();
  }, [faults]);
  if (!error) return { faults, rest: undefined };
  const { code, message, args, fields, requestId, status, stale } = asProblem(error);
  if (stale) return { faults, rest: undefined };
  const rest = new Problem({ code, detail: message, args, fields: fields.filter((one) => !HERE.test(one.field)), request_id: requestId }, status);
  return { faults, rest };
}
