import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { api } from '@/api/client';
import type { PriceList } from '@/api/schema';
import { useBrandChoices } from '@/areas/campaigns/choices';
import { useFormat } from '@/format/use-format';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { Table } from '@/patterns/list/table';
import { useMay } from '@/session/session';
import { RECORDS, useAsked } from './api';
import { CampaignsOf } from './campaigns-of';
import type { Detail, Page, RecordSchema, Row } from './types';
import { RecordState } from './value';

/** A part of a strategy, as its table holds it. */
interface Part {
  part: string;
  content?: string;
  goal?: string;
  who?: string;
}

/** Prices come in millionths, money in hundredths. */
const MILLIONTHS = 10_000;

function PriceLists({ row }: { row: Detail }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const navigate = useNavigate();
  const brands = useBrandChoices();
  const found = api.useQuery('get', '/api/v1/catalog/price-lists', { params: { query: { brand_id: row.brand_id ?? undefined } } });
  if (found.isPending) return <Skeleton shape="table" rows={3} />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  const money = (list: PriceList, price: number) => format.money({ amount_minor: Math.round(price / MILLIONTHS), currency: list.currency });
  const link = (list: PriceList) => `/products?${new URLSearchParams(list.department ? { department: list.department } : {})}`;
  if (found.data.items.length === 0) return <p className="quiet">{t('carried.no_prices')}</p>;
  return (
    <Table<PriceList>
      label={t('carried.prices')}
      rows={found.data.items}
      rowKey={(list) => `${list.brand_id ?? ''}/${list.department ?? ''}/${list.currency}`}
      rowName={(list) => list.department ?? t('carried.other_goods')}
      linkOf={link}
      onOpen={(list) => void navigate(link(list))}
      columns={[
        { id: 'department', label: t('carried.price_list'), title: true, cell: (list) => list.department ?? t('carried.other_goods') },
        { id: 'brand', label: t('common_field.brand_id'), cell: (list) => brands.find((brand) => brand.value === list.brand_id)?.label ?? <Nothing /> },
        { id: 'products', label: t('carried.products'), figure: true, cell: (list) => format.number(list.products) },
        { id: 'range', label: t('carried.range'), figure: true, cell: (list) => `${money(list, list.lowest)} – ${money(list, list.highest)}` },
        { id: 'changed', label: t('carried.changed'), cell: (list) => <DateTime at={list.changed_at} short /> },
      ]}
    />
  );
}

function Channels({ row }: { row: Detail }) {
  const { t } = useTranslation('records');
  const navigate = useNavigate();
  const filter = `strategy == '${row.id}' && state == 'active'`;
  const found = useAsked<Page<Row>>(`${RECORDS}/{type}`, { params: { path: { type: 'channel' }, query: { filter, page_size: 100 } } });
  if (found.isPending) return <Skeleton shape="table" rows={3} />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  if (found.data.items.length === 0) return <p className="quiet">{t('carried.no_channels')}</p>;
  const link = (one: Row) => `/records/channel/${one.id}`;
  return (
    <Table<Row>
      label={t('carried.channels')}
      rows={found.data.items}
      rowKey={(one) => one.id}
      rowName={(one) => one.title}
      linkOf={link}
      onOpen={(one) => void navigate(link(one))}
      columns={[
        { id: 'title', label: t('common_field.title'), title: true, cell: (one) => one.title },
        { id: 'owner', label: t('common_field.owner_id'), cell: (one) => (one.owner_id ? (one.names[one.owner_id] ?? <Nothing />) : <Nothing />) },
        { id: 'state', label: t('common_field.state'), cell: (one) => <RecordState row={one} /> },
      ]}
    />
  );
}

/** What carries out a part, as far as the reader may see it. */
function useCarriers(schema: RecordSchema, row: Detail): (part: string) => ReactNode {
  const may = useMay();
  return (part) => {
    if (part === 'price' && may('catalog.product.read')) return <PriceLists row={row} />;
    if (part === 'channels' && may('records.channel.read')) return <Channels row={row} />;
    if ((part === 'promotion' || part === 'content') && may('campaigns.campaign.read')) return <CampaignsOf schema={schema} row={row} live />;
    return null;
  };
}

/** True where the parts of a record of this type are carried out by things elsewhere. */
export function isCarriedOut(schema: RecordSchema): boolean {
  return schema.id === 'strategy';
}

/** The parts of a strategy, and below each the live price lists, channels and campaigns that carry it out. */
export function CarriedOut({ schema, row }: { schema: RecordSchema; row: Detail }) {
  const { t } = useTranslation('records');
  const carriers = useCarriers(schema, row);
  const parts = (row.values['parts'] ?? []) as Part[];
  const options = schema.fields.find((field) => field.key === 'parts')?.fields?.find((field) => field.key === 'part')?.options ?? [];
  if (parts.length === 0) return <EmptyState title={t('carried.no_parts')} hint={t('carried.no_parts_hint')} />;
  return (
    <div className="stack">
      {parts.map((one, place) => (
        // The same kind of part may stand there twice.
        <section key={`${one.part}-${String(place)}`} className="card stack-tight" aria-label={options.find((option) => option.id === one.part)?.title ?? one.part}>
          <h2>{options.find((option) => option.id === one.part)?.title ?? one.part}</h2>
          {one.content && <p>{one.content}</p>}
          <p className="quiet small">
            {one.goal && `${t('carried.goal')} ${one.goal}`} {one.who && row.names[one.who] && <span>· {row.names[one.who]}</span>}
          </p>
          {carriers(one.part)}
        </section>
      ))}
      <p className="quiet small">
        <Link to={`/rulebook/traceability?at=${row.id}`}>{t('carried.map')}</Link>
      </p>
    </div>
  );
}
