import {
  CheckCircleFilled,
  ClockCircleFilled,
  CloseCircleFilled,
  ExclamationCircleFilled,
  InfoCircleFilled,
  MinusCircleOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import './pill.css';

/** What a state means for the reader; colour never stands alone, an icon and a word go with it. */
export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'quiet';

const ICONS: Record<Tone, ReactNode> = {
  good: <CheckCircleFilled />,
  warn: <ExclamationCircleFilled />,
  bad: <CloseCircleFilled />,
  info: <InfoCircleFilled />,
  quiet: <MinusCircleOutlined />,
};

interface PillProps {
  tone: Tone;
  children: ReactNode;
  icon?: ReactNode;
}

/** A state in a word, with its colour and icon. */
export function StatePill({ tone, children, icon }: PillProps) {
  return (
    <span className={`pill pill-${tone}`}>
      <span className="pill-icon" aria-hidden="true">
        {icon ?? ICONS[tone]}
      </span>
      {children}
    </span>
  );
}

/** A word that only sorts things, without judging them. */
export function Label({ tone = 'quiet', children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`pill pill-${tone}`}>{children}</span>;
}

/** What evidence says about a clause or a control (结论). */
export type Verdict = 'followed' | 'broken' | 'insufficient' | 'attested' | 'uncovered';

const VERDICTS: Record<Verdict, { tone: Tone; icon?: ReactNode }> = {
  followed: { tone: 'good' },
  broken: { tone: 'bad' },
  insufficient: { tone: 'warn', icon: <ClockCircleFilled /> },
  attested: { tone: 'info' },
  uncovered: { tone: 'quiet' },
};

/** A verdict in a word, with the flags that qualify it. */
export function VerdictPill({ verdict, stale, overridden }: { verdict: Verdict; stale?: boolean; overridden?: boolean }) {
  const { t } = useTranslation();
  const { tone, icon } = VERDICTS[verdict];
  return (
    <span className="row pill-row">
      <StatePill tone={tone} icon={icon}>
        {t(`verdict.${verdict}`)}
      </StatePill>
      {stale && <Label tone="warn">{t('verdict.stale')}</Label>}
      {overridden && <Label tone="warn">{t('verdict.overridden')}</Label>}
    </span>
  );
}
