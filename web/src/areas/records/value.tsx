import { PaperClipOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '@/format/use-format';
import { Person } from '@/parts/avatar';
import { Label, StatePill } from '@/parts/pill';
import { DateTime, Masked, Money, Nothing } from '@/parts/values';
import { useSession } from '@/session/session';
import { fileAddress } from './api';
import { isEmpty, momentOf, toneOf, valueOf } from './fields';
import { Rich } from './rich';
import type { Field, Row, StoredFile } from './types';
import './records.css';

const MINUTE_MS = 60_000;
const RATING_STEPS = 5;

/** One of the things that can be chosen, with its colour where it has one. */
function Chosen({ field, id }: { field: Field; id: string }) {
  const option = field.options?.find((one) => one.id === id);
  const tone = toneOf(option);
  if (!tone) return <span>{option?.title ?? id}</span>;
  return <StatePill tone={tone}>{option?.title ?? id}</StatePill>;
}

function Rating({ field, value }: { field: Field; value: number }) {
  const { t } = useTranslation('records');
  const said = field.options?.find((one) => one.id === String(value))?.title;
  return (
    <span className="rating-value" title={said}>
      <span aria-hidden="true" className="rating-dots">
        {Array.from({ length: RATING_STEPS }, (_, i) => (
          <i key={i} className={i < value ? 'on' : undefined} />
        ))}
      </span>
      <span>{said ?? t('rating_of', { value, of: RATING_STEPS })}</span>
    </span>
  );
}

function Files({ files, at }: { files: StoredFile[]; at: { type: string; id: string } | undefined }) {
  const format = useFormat();
  return (
    <ul className="record-files">
      {files.map((file) => (
        <li key={file.id}>
          <PaperClipOutlined aria-hidden="true" className="quiet" />{' '}
          {at ? (
            <a className="underlined" href={fileAddress(at.type, at.id, file)} download={file.name}>
              {file.name}
            </a>
          ) : (
            file.name
          )}{' '}
          <span className="quiet small nowrap">{format.bytes(file.size)}</span>
        </li>
      ))}
    </ul>
  );
}

/** A value as its field's kind is read. */
export function useShow(): (field: Field, value: unknown, row?: Row) => ReactNode {
  const { t } = useTranslation('records');
  const format = useFormat();
  const { session } = useSession();
  const nameOf = (row: Row | undefined, value: unknown) => row?.names?.[String(value)] ?? t('unnamed');
  const figure = (field: Field, value: unknown): ReactNode => {
    if (field.options?.length) return <Chosen field={field} id={String(value)} />;
    if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
    if (field.value_kind === 'time') return <DateTime at={momentOf(value)} />;
    if (field.value_kind === 'duration') return format.duration(Number(value) * MINUTE_MS);
    return typeof value === 'number' ? format.number(value, field.decimals || 2) : String(value);
  };
  return (field, value, row) => {
    if (isEmpty(value)) return <Nothing />;
    switch (field.kind) {
      case 'rich_text':
        return <Rich text={String(value)} />;
      case 'number':
        return format.number(Number(value), field.decimals ?? 0);
      case 'money':
        return <Money value={session ? { amount_minor: Number(value), currency: session.currency } : null} />;
      case 'percent':
        return format.percent(Number(value) / 100, field.decimals || 1);
      case 'boolean':
        return t(value === true ? 'yes' : 'no');
      case 'date':
        return <DateTime at={momentOf(value)} />;
      case 'time':
        return <DateTime at={momentOf(value)} time />;
      case 'duration':
        return format.duration(Number(value) * MINUTE_MS);
      case 'choice':
        return <Chosen field={field} id={String(value)} />;
      case 'choices':
        return (
          <span className="row">
            {(value as string[]).map((id) => (
              <Label key={id} tone={toneOf(field.options?.find((one) => one.id === id)) ?? 'quiet'}>
                {field.options?.find((one) => one.id === id)?.title ?? id}
              </Label>
            ))}
          </span>
        );
      case 'person':
        return <Person name={nameOf(row, value)} />;
      case 'department':
      case 'brand':
        return nameOf(row, value);
      case 'reference':
        return field.record ? <Link to={`/records/${field.record}/${String(value)}`}>{nameOf(row, value)}</Link> : nameOf(row, value);
      case 'rating':
        return <Rating field={field} value={Number(value)} />;
      case 'table':
        return t('rows', { count: Array.isArray(value) ? value.length : Number(value) });
      case 'file':
        return Array.isArray(value) ? <Files files={value as StoredFile[]} at={row ? { type: row.type_id, id: row.id } : undefined} /> : t('files', { count: Number(value) });
      case 'computed':
      case 'rollup':
        return figure(field, value);
      default:
        return <span className="anywhere">{String(value)}</span>;
    }
  };
}

/** A field of a record: its value, or that the reader may not see it. */
export function FieldValue({ row, field }: { row: Row; field: Field }) {
  const show = useShow();
  if (row.masked?.includes(field.key)) return <Masked />;
  return show(field, valueOf(row, field.key), row);
}

/** Where a record stands (状态). */
export function RecordState({ row }: { row: Row }) {
  if (!row.state) return null;
  return <StatePill tone={row.ended ? 'quiet' : 'info'}>{row.state_title ?? row.state}</StatePill>;
}
