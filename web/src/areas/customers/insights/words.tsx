import { CheckOutlined, ClockCircleFilled, EditFilled, SendOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerInsight, InsightKind, InsightState } from '@/api/schema';
import { useDepartmentChoices } from '@/areas/people/choices';
import { Label, StatePill, type Tone } from '@/parts/pill';
import { Nothing } from '@/parts/values';

const STATE: Record<InsightState, { tone: Tone; icon?: ReactNode }> = {
  draft: { tone: 'quiet', icon: <EditFilled /> },
  sent: { tone: 'info', icon: <SendOutlined /> },
  accepted: { tone: 'info', icon: <CheckOutlined /> },
  declined: { tone: 'quiet' },
  adopted: { tone: 'good' },
};

/** Where an insight stands; one whose time is over without an answer says so. */
export function InsightPill({ of: { state, overdue } }: { of: Pick<CustomerInsight, 'state' | 'overdue'> }) {
  const { t } = useTranslation('insights');
  if (overdue) {
    return (
      <StatePill tone="bad" icon={<ClockCircleFilled />}>
        {t('overdue')}
      </StatePill>
    );
  }
  return <StatePill {...STATE[state]}>{t(`state.${state}`)}</StatePill>;
}

/** What an insight is about. */
export function KindLabel({ kind }: { kind: InsightKind }) {
  const { t } = useTranslation('insights');
  return <Label>{t(`kind.${kind}`)}</Label>;
}

/** Names of departments by their ids. */
export function useDepartmentName(): (id: string) => string {
  const choices = useDepartmentChoices();
  return (id) => choices.find(({ value }) => value === id)?.label ?? id.slice(-8);
}

/** A department by its name. */
export function Department({ id }: { id: string | null | undefined }) {
  const name = useDepartmentName();
  return id ? <span className="data">{name(id)}</span> : <Nothing />;
}
