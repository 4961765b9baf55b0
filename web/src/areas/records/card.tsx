import { Link } from 'react-router';
import { isEmpty, useFields, valueOf } from './fields';
import type { RecordSchema, RecordView, Row } from './types';
import { FieldValue } from './value';

/** Facts that a card has room for. */
const FACTS_MAX = 4;

interface CardFactsProps {
  schema: RecordSchema;
  view: RecordView | undefined;
  row: Row;
  /** What the column of the card says already. */
  without?: string | null | undefined;
}

/** What a card shows of a record: what the view names, without names of fields where the value speaks for itself. */
export function CardFacts({ schema, view, row, without }: CardFactsProps) {
  const fields = useFields(schema);
  const keys = (view?.columns ?? ['owner_id']).filter((key) => key !== without && key !== schema.named_by && key !== 'title' && key !== 'number' && key !== 'state');
  const shown = keys.flatMap((key) => fields.find((field) => field.key === key) ?? []).filter((field) => !isEmpty(valueOf(row, field.key)));
  if (shown.length === 0) return null;
  return (
    <dl className="card-facts">
      {shown.slice(0, FACTS_MAX).map((field) => (
        <div key={field.key}>
          <dt className={['person', 'choice', 'choices'].includes(field.kind) ? 'hidden-text' : 'quiet'}>{field.title}</dt>
          <dd>
            <FieldValue row={row} field={field} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** The name of a record, which opens it. */
export function CardTitle({ row }: { row: Row }) {
  return (
    <>
      <span className="quiet small">{row.number}</span>
      <Link to={`/records/${row.type_id}/${row.id}`} className="anywhere card-title" draggable={false}>
        {row.title}
      </Link>
    </>
  );
}
