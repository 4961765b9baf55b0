import { useTranslation } from 'react-i18next';
import type { Grant, User, UserState } from '@/api/schema';
import { masks } from '@/api/masked';
import { useLocal } from '@/i18n/use-local';
import { Label, StatePill, type Tone } from '@/parts/pill';
import { DateTime } from '@/parts/values';
import type { Fact } from '@/patterns/record/record';

const TONES: Record<UserState, Tone> = { active: 'good', invited: 'info', locked: 'bad', disabled: 'quiet', left: 'quiet' };

/** The state of an account, with what the half-yearly review would look at. */
export function UserStatePill({ user }: { user: User }) {
  const { t } = useTranslation('system');
  return (
    <span className="row pill-row">
      <StatePill tone={TONES[user.state]}>{t(`user_state.${user.state}`)}</StatePill>
      {user.idle_flagged_at && user.state === 'active' && <Label tone="warn">{t('idle')}</Label>}
    </span>
  );
}

/** The roles that somebody holds; how far each reaches stands on the account's page. */
export function RoleLabels({ grants = [] }: { grants: Grant[] | undefined }) {
  const local = useLocal();
  const roles = new Map(grants.map((grant) => [grant.role_id, local(grant.role_names) ?? grant.role_code]));
  return (
    <span className="row">
      {[...roles].map(([id, name]) => (
        <Label key={id}>{name}</Label>
      ))}
    </span>
  );
}

/** What is known about an account, for its page and for the panel beside the list. */
export function useUserFacts(): (user: User) => Fact[] {
  const { t } = useTranslation('system');
  const local = useLocal();
  return (user) => {
    const facts: Fact[] = [
      { id: 'email', label: t('email'), value: user.email, masked: masks(user, 'email') },
      { id: 'department', label: t('department'), value: local(user.department_names) },
      { id: 'position', label: t('position'), value: local(user.position_names) },
      { id: 'manager', label: t('manager'), value: user.manager_name },
      { id: 'roles', label: t('role'), value: <RoleLabels grants={user.grants} /> },
      { id: 'totp', label: t('totp'), value: <StatePill tone={user.totp_enabled ? 'good' : 'warn'}>{t(user.totp_enabled ? 'totp_on' : 'totp_off')}</StatePill> },
      { id: 'last_seen', label: t('last_seen'), value: <DateTime at={user.last_seen_at} relative /> },
      { id: 'reviewed', label: t('reviewed'), value: <DateTime at={user.last_review_at} /> },
      { id: 'created', label: t('created'), value: <DateTime at={user.created_at} /> },
    ];
    if (user.kind === 'guest') facts.unshift({ id: 'kind', label: t('user_kind_is'), value: `${t('user_kind.guest')} · ${user.organisation ?? ''}` });
    if (user.leave_at) facts.push({ id: 'leaves', label: t(user.kind === 'guest' ? 'access_ends' : 'leaves_on'), value: <DateTime at={user.leave_at} time /> });
    if (user.disabled_at) {
      facts.push({ id: 'closed', label: t('closed_on'), value: <DateTime at={user.disabled_at} time /> });
      facts.push({ id: 'why', label: t('reason'), value: user.disabled_reason });
    }
    return facts;
  };
}
