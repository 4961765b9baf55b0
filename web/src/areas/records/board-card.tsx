import { EllipsisOutlined } from '@ant-design/icons';
import { Button, Dropdown, type MenuProps } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRecord } from './api';
import { CardFacts, CardTitle } from './card';
import { StepItem } from './steps';
import type { RecordAction, RecordSchema, RecordView, Row } from './types';

interface BoardCardProps {
  schema: RecordSchema;
  view: RecordView | undefined;
  row: Row;
  /** The field by which the columns are made. */
  by: string;
  /** The other columns, where a card may simply be put into any of them. */
  targets: { id: string; title: string }[];
  movable: boolean;
  onDrag: (row: Row | undefined) => void;
  onStep: (row: Row, action: RecordAction) => void;
  onMove: (to: string) => void;
}

/** Where a card can go: its steps, or the other columns; steps are asked for when the menu opens. */
function useTargets({ schema, row, by, targets, onStep, onMove }: BoardCardProps, open: boolean): NonNullable<MenuProps['items']> {
  const { t } = useTranslation('records');
  const steps = by === 'state';
  const detail = useRecord(schema.id, row.id, open && steps);
  if (!steps) return targets.map(({ id, title }) => ({ key: id, label: t('move_to', { to: title }), onClick: () => onMove(id) }));
  if (!detail.data) return [{ key: 'wait', label: t('common:loading'), disabled: true }];
  if (detail.data.actions.length === 0) return [{ key: 'none', label: t('no_steps'), disabled: true }];
  const now = detail.data;
  return now.actions.map((action) => ({ key: action.action, label: <StepItem action={action} />, onClick: () => action.allowed && onStep(now, action) }));
}

/** A record as a card on a board. */
export function BoardCard(props: BoardCardProps) {
  const { t } = useTranslation('records');
  const { schema, view, row, by, movable, onDrag } = props;
  const [open, setOpen] = useState(false);
  const items = useTargets(props, open);
  return (
    <li className="card board-card" draggable={movable} onDragStart={() => onDrag(row)} onDragEnd={() => onDrag(undefined)}>
      <div className="board-card-head">
        <div className="grow stack-tight board-card-name">
          <CardTitle row={row} />
        </div>
        {movable && (
          <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight" open={open} onOpenChange={setOpen}>
            <Button size="small" type="text" icon={<EllipsisOutlined />} aria-label={t('move_card', { title: row.title })} />
          </Dropdown>
        )}
      </div>
      <CardFacts schema={schema} view={view} row={row} without={by} />
    </li>
  );
}
