import { useTranslation } from 'react-i18next';
import type { User, UserState } from '@/api/draft';
import { Label, StatePill, type Tone } from '@/parts/pill';
import { DateTime } from '@/parts/values';
import type { Fact } from '@/patterns/record/record';

const TONES: Record<UserState, Tone> = { active: 'good', invited: 'info', disabled: 'quiet', left: 'quiet' };

/** The state of an account, with what the half-yearly review would look at. */
export function UserStatePill({ user }: { user: Pick<User, 'state' | 'idle'> }) {
  const { t } = useTranslation('system');
  return (
    <span className="row pill-row">
      <StatePill tone={TONES[user.state]}>{t(`user_state.${user.state}`)}</StatePill>
      {user.idle && user.state === 'active' && <Label tone="warn">{t('idle')}</Label>}
    </span>
  );
}

/** What is known about an account, for its page and for the panel beside the list. */
export function useUserFacts(): (user: User) => Fact[] {
  const { t } = useTranslation('system');
  return (user) => {
    const masked = (field: string) => user.masked?.includes(field) ?? false;
    return [
      { id: 'email', label: t('email'), value: user.email, masked: masked('email') },
      { id: 'department', label: t('department'), value: user.department_name },
      { id: 'position', label: t('position'), value: user.position_name },
      {
        id: 'roles',
        label: t('roles'),
        value: (
          <span className="row">
            {user.roles.map((role) => (
              <Label key={role.id}>{role.name}</Label>
            ))}
          </span>
        ),
      },
      { id: 'totp', label: t('totp'), value: <StatePill tone={user.totp_enabled ? 'good' : 'warn'}>{t(user.totp_enabled ? 'totp_on' : 'totp_off')}</StatePill> },
      { id: 'last_seen', label: t('last_seen'), value: <DateTime at={user.last_seen_at} relative /> },
      { id: 'created', label: t('created'), value: <DateTime at={user.created_at} /> },
      { id: 'leaves', label: t('leaves_on'), value: user.leaves_on && <DateTime at={user.leaves_on} /> },
    ];
  };
}
