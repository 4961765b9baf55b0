import { type DragEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNotice } from '@/parts/notice';
import { recordNow, useAll, useChange } from './api';
import { BoardCard } from './board-card';
import { useFields, valueOf } from './fields';
import type { ViewProps } from './list';
import { columnsFor, moveTo } from './moves';
import { Shape } from './shape';
import type { RecordSchema, Row } from './types';
import { useSteps } from './use-steps';

const STATE = 'state';
/** The column of cards in which nothing is chosen. */
const NONE = '';

/** Puts a card into another column: the step that leads there, or another choice. */
function useMove(schema: RecordSchema, by: string) {
  const { t } = useTranslation('records');
  const { done, failed } = useNotice();
  const steps = useSteps(schema);
  const [moving, setMoving] = useState<Row>();
  const change = useChange(schema.id);
  const step = async (row: Row, to: string, title: string) => {
    const now = await recordNow(schema.id, row.id);
    const move = moveTo(now.actions, to);
    if (move.kind === 'none') throw new Error(t('no_way', { title: row.title, state: title }));
    if (move.kind === 'refused') throw new Error(move.action.reason ?? t('not_now'));
    steps.begin(now, move.action);
  };
  const move = (row: Row, to: string, title: string) => {
    if (String(valueOf(row, by) ?? NONE) === to) return;
    if (by === STATE) step(row, to, title).catch(failed);
    else {
      change.mutate(
        { id: row.id, values: { [by]: to === NONE ? null : to }, version: row.version },
        { onSuccess: () => done(t('moved', { title: row.title, to: title })), onError: failed },
      );
    }
  };
  return { move, begin: steps.begin, busy: steps.busy || change.isPending, drawer: steps.drawer, moving, setMoving };
}

/** Records as cards in columns; cards are moved with the mouse or from their menu. */
export function Board(props: ViewProps) {
  const { t } = useTranslation('records');
  const { schema, view, query } = props;
  const by = view?.group_by ?? STATE;
  const fields = useFields(schema);
  const found = useAll(schema.id, query);
  const { move, begin, drawer, moving, setMoving } = useMove(schema, by);
  const [over, setOver] = useState<string>();
  const rows = found.data?.items ?? [];
  const field = fields.find((one) => one.key === by);
  const known = (field?.options ?? []).map((option) => option.id);
  const placed = (row: Row) => String(valueOf(row, by) ?? NONE);
  const columns = columnsFor(known, rows.map(placed));
  const title = (id: string) => field?.options?.find((option) => option.id === id)?.title ?? rows.map((row) => row.names?.[id]).find(Boolean) ?? (id === NONE ? t('no_choice') : id);
  const movable = schema.can_write && (by === STATE || (field !== undefined && !field.read_only && field.kind !== 'computed'));
  const onDrop = (event: DragEvent, column: string) => {
    event.preventDefault();
    setOver(undefined);
    if (moving) move(moving, column, title(column));
    setMoving(undefined);
  };
  return (
    <>
      <Shape {...props} asked={found} count={found.data?.items.length} more={found.data?.more ?? false} bare>
        {/* Reached by the keyboard, so that columns out of sight can be scrolled to. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <div className="board-columns" role="region" aria-label={view?.title} tabIndex={0}>
          {columns.map((column) => {
            const cards = rows.filter((row) => placed(row) === column);
            return (
              <section
                key={column}
                className={`board-column${over === column ? ' over' : ''}`}
                aria-label={title(column)}
                onDragOver={(event) => {
                  if (!moving) return;
                  event.preventDefault();
                  setOver(column);
                }}
                onDragLeave={() => setOver(undefined)}
                onDrop={(event) => onDrop(event, column)}
              >
                <h2 className="board-head">
                  {title(column)} <span className="quiet">{cards.length}</span>
                </h2>
                <ul className="board-cards">
                  {cards.map((row) => (
                    <BoardCard
                      key={row.id}
                      schema={schema}
                      view={view}
                      row={row}
                      by={by}
                      targets={movable && by !== STATE ? columns.filter((one) => one !== column).map((id) => ({ id, title: title(id) })) : []}
                      movable={movable}
                      onDrag={setMoving}
                      onStep={begin}
                      onMove={(to) => move(row, to, title(to))}
                    />
                  ))}
                </ul>
              </section>
            );
          })}
        </div>
      </Shape>
      {drawer}
    </>
  );
}
