import { FolderOpenOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import type { ViewProps } from './list';

/** Nothing there: what the type is for and its first record, or that the conditions are too narrow. */
export function NoRecords({ schema, view, narrowed, onClear }: ViewProps) {
  const { t } = useTranslation('records');
  const navigate = useNavigate();
  if (narrowed) {
    return (
      <EmptyState title={t('common:list.none')} hint={t('common:list.none_hint')}>
        <Button onClick={onClear}>{t('common:list.clear')}</Button>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={<FolderOpenOutlined />} title={view ? t('view_empty', { view: view.title }) : t('empty', { name: schema.plural || schema.title })} {...(schema.summary ? { hint: schema.summary } : {})}>
      {schema.can_write && (
        <Button type={view ? 'default' : 'primary'} onClick={() => void navigate(`/records/${schema.id}/new`)}>
          {t('new_of', { type: schema.title })}
        </Button>
      )}
    </EmptyState>
  );
}

interface Asked {
  isPending: boolean;
  isError: boolean;
  error: unknown;
  isPlaceholderData?: boolean;
  isFetching: boolean;
  refetch: () => unknown;
}

interface ShapeProps extends ViewProps {
  asked: Asked;
  count: number | undefined;
  /** There is more than the view reaches. */
  more?: boolean;
  /** Without the card around it: the view has cards of its own. */
  bare?: boolean;
  children: ReactNode;
}

/** What stands around every view: waiting, failure, nothing there, the view itself, and whether it is whole. */
export function Shape({ asked, count, more, bare, children, ...view }: ShapeProps) {
  const { t } = useTranslation('records');
  const failed = asked.isError && count === undefined;
  const content = asked.isPending ? (
    <div className="list-pad">
      <Skeleton shape="table" rows={8} />
    </div>
  ) : failed ? (
    <ErrorState error={asked.error} retry={() => void asked.refetch()} />
  ) : count === 0 ? (
    <NoRecords {...view} />
  ) : (
    children
  );
  const boxed = !bare || asked.isPending || failed || count === 0;
  return (
    <>
      <div className={`${boxed ? 'card list-card' : ''}${asked.isPlaceholderData ? ' stale' : ''}`} aria-busy={asked.isFetching}>
        {content}
      </div>
      {more && (
        <p className="list-foot" role="status">
          {t('view_cut', { count: count ?? 0 })}
        </p>
      )}
    </>
  );
}
