import { EyeInvisibleOutlined } from '@ant-design/icons';
import { Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import type { DateParts, Money as Amount } from '@/format/format';
import { useFormat } from '@/format/use-format';

/** Nothing there, said so that a screen reader does not fall silent. */
export function Nothing() {
  const { t } = useTranslation();
  return (
    <span className="quiet">
      <span aria-hidden="true">–</span>
      <span className="hidden-text">{t('nothing')}</span>
    </span>
  );
}

/** An amount; compact ones show the exact figure on hover and focus. */
export function Money({ value, compact }: { value: Amount | null | undefined; compact?: boolean }) {
  const format = useFormat();
  if (!value) return <Nothing />;
  const exact = format.money(value);
  const shown = compact ? format.moneyCompact(value) : exact;
  return shown === exact ? <span>{exact}</span> : <span title={exact}>{shown}</span>;
}

interface DateTimeProps extends DateParts {
  at: string | null | undefined;
  /** Says how long ago instead; the exact time is on hover. */
  relative?: boolean;
}

/** A moment, in the company's zone. */
export function DateTime({ at, relative, ...parts }: DateTimeProps) {
  const format = useFormat();
  if (!at) return <Nothing />;
  const shown = relative ? format.relative(at) : format.date(at, parts);
  return (
    <time dateTime={at} title={format.date(at, { time: true, weekday: true })} className="nowrap">
      {shown}
    </time>
  );
}

/** A value that this reader may not see. */
export function Masked() {
  const { t } = useTranslation();
  return (
    <Tooltip title={t('masked_why')}>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the reason must be reachable by keyboard */}
      <span className="quiet small" tabIndex={0}>
        <EyeInvisibleOutlined aria-hidden="true" /> {t('masked')}
      </span>
    </Tooltip>
  );
}
