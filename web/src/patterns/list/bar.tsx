import { SettingOutlined } from '@ant-design/icons';
import { Button, Checkbox, Input, Popover } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Column, View } from './types';
import './list.css';

/** Waits for a pause in the typing before the server is asked. */
const TYPING_PAUSE_MS = 250;

/** Looks through a list while somebody types. */
export function Search({ words, value, onSearch }: { words: string; value: string; onSearch: (q: string) => void }) {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    setKnown(value);
    setText(value);
  }
  useEffect(() => {
    if (text === value) return undefined;
    const timer = window.setTimeout(() => onSearch(text), TYPING_PAUSE_MS);
    return () => window.clearTimeout(timer);
  }, [text, value, onSearch]);
  return <Input type="search" className="list-search" aria-label={words} placeholder={words} allowClear value={text} onChange={(event) => setText(event.target.value)} />;
}

/** Chooses the columns. */
export function ColumnMenu<T>({ columns, isShown, toggle }: { columns: Column<T>[]; isShown: (c: Column<T>) => boolean; toggle: (c: Column<T>) => void }) {
  const { t } = useTranslation();
  const content = (
    <div className="filter-panel filter-choices">
      {columns
        .filter((column) => !column.title)
        .map((column) => (
          <Checkbox key={column.id} checked={isShown(column)} onChange={() => toggle(column)}>
            {column.label}
          </Checkbox>
        ))}
    </div>
  );
  return (
    <Popover trigger="click" placement="bottomRight" content={content}>
      <Button type="text" icon={<SettingOutlined />} aria-label={t('list.columns')} className="list-columns" />
    </Popover>
  );
}

interface ViewTabsProps {
  views: View[];
  current: string | undefined;
  onChoose: (view: View | undefined) => void;
}

/** The saved views of a list as tabs; the first shows everything. */
export function ViewTabs({ views, current, onChoose }: ViewTabsProps) {
  const { t } = useTranslation();
  const tabs: (View | undefined)[] = [undefined, ...views];
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const on = bar.current?.querySelector<HTMLElement>('.on');
    if (on && bar.current) bar.current.scrollLeft = on.offsetLeft - bar.current.offsetLeft - 40;
  }, [current]);
  return (
    <div ref={bar} className="view-tabs" role="group" aria-label={t('list.views')}>
      {tabs.map((view) => (
        <button
          type="button"
          key={view?.id ?? ''}
          className={`plain-button${current === view?.id ? ' on' : ''}`}
          aria-pressed={current === view?.id}
          onClick={() => onChoose(view)}
        >
          {view?.label ?? t('list.all')}
        </button>
      ))}
    </div>
  );
}

interface FootProps {
  count: number;
  more: boolean;
  loading: boolean;
  onMore: () => void;
}

/** How many rows are shown, and the way to more. */
export function Foot({ count, more, loading, onMore }: FootProps) {
  const { t } = useTranslation();
  return (
    <div className="list-foot">
      <span role="status">{t(more ? 'list.shown_more' : 'list.shown_all', { count })}</span>
      {more && (
        <Button loading={loading} onClick={onMore}>
          {t('list.load_more')}
        </Button>
      )}
    </div>
  );
}
