import { SyncOutlined, ThunderboltFilled } from '@ant-design/icons';
import { Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/format/use-format';
import { StatePill } from '@/parts/pill';

/** Whether a segment follows what people do, event by event, or is computed when somebody asks. */
export function LivePill({ until }: { until: string | null | undefined }) {
  const { t } = useTranslation('segments');
  const format = useFormat();
  const why = until ? t('live.on_hint', { at: format.date(until, { time: true }) }) : t('live.off_hint');
  return (
    <Tooltip title={why}>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what it means must be reachable by keyboard */}
      <span tabIndex={0}>
        <StatePill tone={until ? 'good' : 'quiet'} icon={until ? <ThunderboltFilled /> : <SyncOutlined />}>
          {t(until ? 'live.on' : 'live.off')}
        </StatePill>
        <span className="hidden-text">{why}</span>
      </span>
    </Tooltip>
  );
}
