import { CheckSquareOutlined, CrownOutlined, InteractionOutlined, MailOutlined, ScissorOutlined, SendOutlined, ShoppingOutlined, StopOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entry } from '@/api/schema';
import { Label } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime, Money, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';

const KINDS = ['order', 'event', 'redemption', 'consent', 'suppression', 'tier', 'send', 'delivery'] as const;

const ICONS: { [kind: string]: ReactNode } = {
  order: <ShoppingOutlined />,
  event: <InteractionOutlined />,
  redemption: <ScissorOutlined />,
  consent: <CheckSquareOutlined />,
  suppression: <StopOutlined />,
  tier: <CrownOutlined />,
  send: <SendOutlined />,
  delivery: <MailOutlined />,
};

/** One word of an entry; codes that have a text are said by it. */
function useWord(): (entry: Entry) => string {
  const { t, i18n } = useTranslation('customers');
  return ({ kind, what }) => (i18n.exists(`customers:what.${kind}.${what}`) ? t(`what.${kind}.${what}`) : what);
}

/** Details name channels and purposes by code. */
function useDetail(): (entry: Entry) => string | undefined {
  const { t, i18n } = useTranslation('customers');
  const say = (code: string) => ['customers:channel_name', 'customers:purpose_name', 'customers:suppression_reason', 'common:source'].map((group) => `${group}.${code}`).find((key) => i18n.exists(key));
  return ({ kind, detail }) =>
    // Where it happened is an address, and none of our codes.
    (kind as string) === 'event'
      ? (detail ?? undefined)
      : detail
          ?.split(/[\s/·,]+/)
          .map((word) => {
            const key = say(word);
            return key ? t(key) : word;
          })
          .join(' · ');
}

/** Everything between one person and the company, latest first. */
export function Timeline({ id }: { id: string }) {
  const { t } = useTranslation('customers');
  const word = useWord();
  const detail = useDetail();
  const spec: ListSpec<'/api/v1/customers/profiles/{id}/timeline'> = {
    id: 'timeline',
    path: '/api/v1/customers/profiles/{id}/timeline',
    pathParams: { id },
    rowKey: (row) => row.kind + row.id,
    rowName: word,
    filters: [{ id: 'kind', label: t('kind'), kind: 'choice', options: KINDS.map((value) => ({ value, label: t(`entry.${value}`) })) }],
    columns: [
      { id: 'at', label: t('when'), cell: (row) => <DateTime at={row.at} time /> },
      {
        id: 'kind',
        label: t('kind'),
        cell: (row) => (
          <Label>
            <span aria-hidden="true">{ICONS[row.kind]}</span> {t(`entry.${row.kind}`)}
          </Label>
        ),
      },
      { id: 'what', label: t('what_happened'), title: true, cell: (row) => <span className="data anywhere">{word(row)}</span> },
      { id: 'detail', label: t('detail'), cell: (row) => <span className="anywhere">{detail(row) ?? <Nothing />}</span> },
      { id: 'amount', label: t('amount'), figure: true, cell: (row) => (typeof row.amount_minor === 'number' && row.currency ? <Money value={{ amount_minor: row.amount_minor, currency: row.currency }} /> : <Nothing />) },
    ],
    empty: <EmptyState title={t('no_timeline')} />,
  };
  return <List spec={spec} label={t('timeline')} />;
}
