import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, DatePicker, Input, InputNumber, Select } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { useAsked } from '@/areas/records/api';
import type { Page } from '@/areas/records/types';
import { useMay } from '@/session/session';
import { boundKind, type BoundKind, boundOf, DAYS_USUAL, moved, STEPS_MAX, STEPS_MIN, windowKind, type WindowKind, WINDOWS } from './condition-did';
import { Sentence } from './condition-sentence';
import { type Condition, EVENT_CALLS, EVENT_COLUMNS, EVENT_OPERATORS, type EventCondition, type EventFilter, type EventSpan, type LeafOf } from './contract';
import { PLANNED } from './plan/calls';
import type { PlannedEvent } from '@/api/schema';
import { useSources } from './sources/calls';
import { standsAlone } from './written/plain';

const DAYS_MAX = 3_650;
const HOURS_MAX = 87_600;
const HOURS_OF_DAY = 24;
const NAME_MAX = 200;
const WHERE_MAX = 10;
const SOURCE_READ = 'customers.source.read';
const BOUNDS: BoundKind[] = ['at_least', 'at_most', 'between', 'never'];

/** The names of planned events, for a list to choose from; others can be typed. */
function useEventNames() {
  const allowed = useMay()(SOURCE_READ);
  const { data } = useAsked<Page<PlannedEvent>>(PLANNED, { params: { query: { page_size: 100 } } }, { enabled: allowed, staleTime: 60_000 });
  return [...new Set(data?.items.flatMap(({ name, state }) => (name && state !== 'retired' ? [name] : [])))].map((name) => ({ value: name, label: name }));
}

/** What a column is held against: a number for the one column of numbers, a text for all others. */
function TestValue({ test, onChange }: { test: EventCondition; onChange: (test: EventCondition) => void }) {
  const { t } = useTranslation('segments');
  if (standsAlone(test.op)) return null;
  if (test.column === 'value') {
    return <InputNumber size="small" className="condition-wide-number" aria-label={t('value')} value={typeof test.value === 'number' ? test.value : null} onChange={(value) => onChange({ ...test, value })} />;
  }
  return <Input size="small" className="condition-text" aria-label={t('value')} placeholder={t('value')} maxLength={NAME_MAX} value={test.value ?? ''} onChange={(event) => onChange({ ...test, value: event.target.value })} />;
}

/** One condition on a property of an event. */
function Test({ test, onChange, onRemove }: { test: EventCondition; onChange: (test: EventCondition) => void; onRemove: () => void }) {
  const { t } = useTranslation('segments');
  const operators = EVENT_OPERATORS.filter((op) => test.column !== 'value' || op !== 'contains');
  const column = (next: EventCondition['column']) => {
    // Numbers and texts are no values of each other's columns.
    const { value: _, ...rest } = test;
    onChange((next === 'value') === (test.column === 'value') ? { ...test, column: next } : { ...rest, column: next, op: test.op === 'contains' ? 'eq' : test.op });
  };
  return (
    <Sentence>
      {t('where')}
      <Select size="small" aria-label={t('column')} value={test.column} options={EVENT_COLUMNS.map((one) => ({ value: one, label: t(`conditions:column.${one}`) }))} onChange={column} popupMatchSelectWidth={false} />
      <Select size="small" aria-label={t('operator')} value={test.op} options={operators.map((op) => ({ value: op, label: t(`op.${op}`) }))} onChange={(op) => onChange({ ...test, op })} popupMatchSelectWidth={false} />
      <TestValue test={test} onChange={onChange} />
      <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t('remove_where')} onClick={onRemove} />
    </Sentence>
  );
}

function SourceField({ value, onChange }: { value: string[]; onChange: (ids: string[]) => void }) {
  const { t } = useTranslation('segments');
  const sources = useSources(useMay()(SOURCE_READ));
  return <Select size="small" mode="multiple" className="condition-many" aria-label={t('event_sources')} value={value} options={(sources.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))} onChange={onChange} />;
}

/** Which events: their names, their kinds, and what their properties are. */
function Events({ value, onChange }: { value: EventFilter; onChange: (value: EventFilter) => void }) {
  const { t } = useTranslation('segments');
  const names = useEventNames();
  const tests = value.where ?? [];
  const put = (place: number, test: EventCondition | undefined) => onChange({ ...value, where: tests.flatMap((one, i) => (i === place ? (test ? [test] : []) : [one])) });
  return (
    <>
      <Select size="small" mode="tags" className="condition-many" aria-label={t('event_names')} placeholder={t('any_event')} value={value.names ?? []} options={names} onChange={(chosen: string[]) => onChange({ ...value, names: chosen })} popupMatchSelectWidth={false} />
      <Select
        size="small"
        mode="multiple"
        className="condition-kinds"
        aria-label={t('event_kinds')}
        placeholder={t('any_kind')}
        value={value.kinds ?? []}
        options={EVENT_CALLS.map((kind) => ({ value: kind, label: t(`conditions:call.${kind}`) }))}
        onChange={(kinds) => onChange({ ...value, kinds })}
        popupMatchSelectWidth={false}
      />
      {value.source_ids && value.source_ids.length > 0 && <SourceField value={value.source_ids} onChange={(source_ids) => onChange({ ...value, source_ids })} />}
      {tests.map((test, place) => (
        // A test has no name of its own; its place is its name.
        <Test key={place} test={test} onChange={(next) => put(place, next)} onRemove={() => put(place, undefined)} />
      ))}
      {tests.length < WHERE_MAX && (
        <Button size="small" type="text" icon={<PlusOutlined />} aria-label={t('add_where_long')} onClick={() => onChange({ ...value, where: [...tests, { column: 'path', op: 'contains', value: '' }] })}>
          {t('add_where')}
        </Button>
      )}
    </>
  );
}

interface Within {
  within_days?: number | null;
  span?: EventSpan | null;
}

/** When: in the last days, between two fixed times, or ever. */
function WindowFields({ value, onChange }: { value: Within; onChange: (value: Within) => void }) {
  const { t } = useTranslation('segments');
  const kind = windowKind(value);
  const choose = (next: WindowKind) => onChange(next === 'days' ? { within_days: DAYS_USUAL } : next === 'span' ? { span: {} } : {});
  const at = (time: string | null | undefined) => (time ? dayjs(time) : null);
  return (
    <>
      <Select size="small" aria-label={t('window')} value={kind} options={WINDOWS.map((one) => ({ value: one, label: t(`windows.${one}`) }))} onChange={choose} popupMatchSelectWidth={false} />
      {kind === 'days' && (
        <>
          <InputNumber size="small" min={1} max={DAYS_MAX} precision={0} aria-label={t('days')} className="condition-number" value={value.within_days ?? null} onChange={(days) => days !== null && onChange({ within_days: days })} />
          {t('days')}
        </>
      )}
      {kind === 'span' && (
        <DatePicker.RangePicker
          size="small"
          aria-label={t('span')}
          showTime={{ format: 'HH:mm' }}
          format="YYYY-MM-DD HH:mm"
          allowEmpty={[true, true]}
          value={[at(value.span?.from), at(value.span?.to)]}
          onChange={(times) => onChange({ span: { ...(times?.[0] ? { from: times[0].toISOString() } : {}), ...(times?.[1] ? { to: times[1].toISOString() } : {}) } })}
        />
      )}
    </>
  );
}

/** How often, or for how much. */
function BoundFields({ value, onChange }: { value: LeafOf<'did'>; onChange: (value: LeafOf<'did'>) => void }) {
  const { t } = useTranslation('segments');
  const kind = boundKind(value);
  const { measure } = value;
  const kinds = BOUNDS.filter((one) => measure === 'count' || one !== 'never');
  const field = (bound: 'at_least' | 'at_most') => (
    <InputNumber
      size="small"
      min={0}
      {...(measure === 'count' ? { precision: 0 } : {})}
      className={measure === 'count' ? 'condition-number' : 'condition-wide-number'}
      aria-label={t(`bounds.${bound}`)}
      value={value[bound] ?? null}
      onChange={(n) => n !== null && onChange({ ...value, [bound]: n })}
    />
  );
  return (
    <>
      <Select size="small" aria-label={t('measure')} value={measure} options={(['count', 'value'] as const).map((one) => ({ value: one, label: t(`measures.${one}`) }))} onChange={(next) => onChange(boundOf({ ...value, measure: next }, kind === 'never' ? 'at_least' : kind))} popupMatchSelectWidth={false} />
      <Select size="small" aria-label={t('bound')} value={kind} options={kinds.map((one) => ({ value: one, label: t(`bounds.${one}`) }))} onChange={(next) => onChange(boundOf(value, next))} popupMatchSelectWidth={false} />
      {kind !== 'never' && kind !== 'at_most' && field('at_least')}
      {kind === 'between' && t('and')}
      {(kind === 'at_most' || kind === 'between') && field('at_most')}
      {kind !== 'never' && measure === 'count' && t('times')}
    </>
  );
}

/** "They did this so often, in this time." */
export function Did({ value, onChange }: { value: LeafOf<'did'>; onChange: (value: Condition) => void }) {
  const { t } = useTranslation('segments');
  const { within_days: _, span: __, ...rest } = value;
  return (
    <Sentence>
      {t('did')}
      <Events value={value.what} onChange={(what) => onChange({ ...value, what })} />
      <BoundFields value={value} onChange={onChange} />
      <WindowFields value={value} onChange={(window) => onChange({ ...rest, ...window })} />
    </Sentence>
  );
}

function Step({ value, place, of, onChange, onMove, onRemove }: { value: EventFilter; place: number; of: number; onChange: (value: EventFilter) => void; onMove: (by: 1 | -1) => void; onRemove: () => void }) {
  const { t } = useTranslation('segments');
  const number = place + 1;
  return (
    <li className="condition-step">
      <span className="condition-step-number" aria-hidden="true">
        {number}
      </span>
      <fieldset className="grow">
        <legend className="hidden-text">{t('step_n', { number })}</legend>
        <Sentence>
          <Events value={value} onChange={onChange} />
        </Sentence>
      </fieldset>
      <span className="nowrap">
        <Button type="text" size="small" icon={<ArrowUpOutlined />} aria-label={t('step_up', { number })} disabled={place === 0} onClick={() => onMove(-1)} />
        <Button type="text" size="small" icon={<ArrowDownOutlined />} aria-label={t('step_down', { number })} disabled={number === of} onClick={() => onMove(1)} />
        {of > STEPS_MIN && <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t('step_remove', { number })} onClick={onRemove} />}
      </span>
    </li>
  );
}

/** From the first step to the last: so many hours or days at most. */
function WithinFields({ hours, onChange }: { hours: number; onChange: (hours: number) => void }) {
  const { t } = useTranslation('segments');
  const unit = hours % HOURS_OF_DAY === 0 ? HOURS_OF_DAY : 1;
  const count = hours / unit;
  return (
    <>
      {t('within')}
      <InputNumber size="small" min={1} max={HOURS_MAX / unit} precision={0} aria-label={t('within')} className="condition-number" value={count} onChange={(n) => n !== null && onChange(n * unit)} />
      <Select
        size="small"
        aria-label={t('unit_is')}
        value={unit}
        options={[
          { value: 1, label: t('unit.hours') },
          { value: HOURS_OF_DAY, label: t('unit.days') },
        ]}
        onChange={(next: number) => onChange(next === HOURS_OF_DAY ? Math.max(1, Math.round(count)) * HOURS_OF_DAY : count === HOURS_OF_DAY ? HOURS_OF_DAY - 1 : count)}
        popupMatchSelectWidth={false}
      />
    </>
  );
}

/** "They did these one after another." */
export function DidInOrder({ value, onChange }: { value: LeafOf<'did_in_order'>; onChange: (value: Condition) => void }) {
  const { t } = useTranslation('segments');
  const { within_days: _, span: __, ...rest } = value;
  const { steps } = value;
  const put = (next: EventFilter[]) => onChange({ ...value, steps: next });
  return (
    <div className="stack-tight">
      <Sentence>{t('did_in_order')}</Sentence>
      <ol className="condition-steps">
        {steps.map((step, place) => (
          // A step has no name of its own; its place is its name.
          <Step
            key={place}
            value={step}
            place={place}
            of={steps.length}
            onChange={(next) => put(steps.map((one, i) => (i === place ? next : one)))}
            onMove={(by) => put(moved(steps, place, by))}
            onRemove={() => put(steps.filter((__, i) => i !== place))}
          />
        ))}
      </ol>
      {steps.length < STEPS_MAX && (
        <div>
          <Button size="small" type="dashed" icon={<PlusOutlined />} onClick={() => put([...steps, {}])}>
            {t('step_add')}
          </Button>
        </div>
      )}
      <Sentence>
        <WithinFields hours={value.within_hours} onChange={(within_hours) => onChange({ ...value, within_hours })} />
        <WindowFields value={value} onChange={(window) => onChange({ ...rest, ...window })} />
      </Sentence>
    </div>
  );
}
