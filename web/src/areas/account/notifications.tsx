import { BellOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useReading } from '@/frame/bell';
import { PageHead } from '@/parts/head';
import { Label, StatePill } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';
import { KINDS } from './kinds';

/** My notifications (通知): what I was told, read or not. */
export function Notifications() {
  const { t } = useTranslation('notifications');
  const { read, readAll, busy } = useReading();
  const spec: ListSpec<'/api/v1/rulebook/notifications'> = {
    id: 'notifications',
    path: '/api/v1/rulebook/notifications',
    rowKey: (row) => row.id,
    rowName: (row) => row.title ?? '',
    rowLink: (row) => row.link,
    peek: (row) => (
      <div className="stack">
        <Facts
          facts={[
            { id: 'kind', label: t('kind_label'), value: t(`kind.${row.kind}`) },
            { id: 'at', label: t('at'), value: <DateTime at={row.created_at} time /> },
            { id: 'read', label: t('read_at'), value: row.read_at && <DateTime at={row.read_at} time /> },
          ]}
        />
        <div className="row">
          <Link to={row.link}>{t('open')}</Link>
          {!row.read_at && <Button onClick={() => read(row.id)}>{t('read')}</Button>}
        </div>
      </div>
    ),
    views: [{ id: 'unread', label: t('unread'), params: { unread: 'true' } }],
    filters: [
      { id: 'kind', label: t('kind_label'), kind: 'choice', options: KINDS.map((value) => ({ value, label: t(`kind.${value}`) })) },
      { id: 'unread', label: t('unread'), kind: 'flag' },
    ],
    columns: [
      { id: 'title', label: t('what'), title: true, cell: (row) => row.title },
      { id: 'kind', label: t('kind_label'), cell: (row) => <Label>{t(`kind.${row.kind}`)}</Label> },
      { id: 'at', label: t('at'), cell: (row) => <DateTime at={row.created_at} relative /> },
      { id: 'read', label: t('read_at'), cell: (row) => (row.read_at ? <DateTime at={row.read_at} short time /> : <StatePill tone="info">{t('unread')}</StatePill>) },
    ],
    empty: <EmptyState icon={<BellOutlined />} title={t('none')} hint={t('none_hint')} />,
  };
  return (
    <>
      <PageHead
        title={t('title')}
        sub={t('sub')}
        actions={
          <>
            <Link to="/account#notifications">{t('choose')}</Link>
            <Button loading={busy} onClick={readAll}>
              {t('read_all')}
            </Button>
          </>
        }
      />
      <List spec={spec} label={t('title')} />
    </>
  );
}
