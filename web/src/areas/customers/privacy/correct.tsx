import { Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { masks } from '@/api/masked';
import type { CorrectRequest, Profile, SubjectRequest } from '@/api/schema';
import { ProblemNote } from '@/parts/states';
import { REQUESTS } from './calls';
import { ActDrawer, ReasonField } from './reason';
import { useCode } from './words';

const FIELDS = ['name', 'given_name', 'email', 'mobile', 'city', 'district', 'address'] as const;
type Field = (typeof FIELDS)[number];
type Values = Record<Field, string | null | undefined> & { reason: string };

/** Only what differs is sent: what the form does not show stays as it is. */
function changedOf(profile: Profile, values: Values): CorrectRequest['fields'] {
  const text = (value: string | null | undefined) => value?.trim() || null;
  const changed = FIELDS.filter((field) => !masks(profile, field) && text(values[field]) !== text((profile as Partial<Record<Field, string | null>>)[field]));
  return Object.fromEntries(changed.map((field) => [field, text(values[field])])) as CorrectRequest['fields'];
}

function CorrectForm({ row, profile, onClose }: { row: SubjectRequest; profile: Profile; onClose: () => void }) {
  const { t } = useTranslation('privacy');
  const name = useCode('field');
  const shown = FIELDS.filter((field) => !masks(profile, field));
  const hidden = FIELDS.filter((field) => masks(profile, field));
  const initial = Object.fromEntries(shown.map((field) => [field, (profile as Partial<Record<Field, string | null>>)[field]]));
  return (
    <ActDrawer
      path={`${REQUESTS}/{id}/correct`}
      row={row}
      open
      onClose={onClose}
      title={t('correct')}
      hint={t('correct_hint')}
      button={t('correct_act')}
      done={t('correct_done')}
      initial={initial as Partial<Values>}
      bodyOf={(values: Values) => ({ fields: changedOf(profile, values), reason: values.reason.trim() })}
    >
      {shown.map((field) => (
        <Form.Item key={field} name={field} label={name(field)}>
          <Input maxLength={200} />
        </Form.Item>
      ))}
      {hidden.length > 0 && <p className="quiet small">{t('correct_hidden', { fields: hidden.map(name).join(t('common:list.and')) })}</p>}
      <ReasonField />
    </ActDrawer>
  );
}

/** Puts right what somebody said is wrong. */
export function Correct({ row, onClose }: { row: SubjectRequest; onClose: () => void }) {
  const id = row.profile_id ?? '';
  const profile = api.useQuery('get', '/api/v1/customers/profiles/{id}', { params: { path: { id } } }, { enabled: id !== '' });
  if (profile.isPending) return null;
  if (profile.isError) return <ProblemNote error={profile.error} />;
  return <CorrectForm row={row} profile={profile.data} onClose={onClose} />;
}
