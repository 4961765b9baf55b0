import { ArrowRightOutlined, PlusOutlined, SearchOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, type ReactNode, useDeferredValue, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useMay } from '@/session/session';
import type { Area } from './area';
import { matches } from './match';
import './palette.css';

interface Entry {
  id: string;
  icon: ReactNode;
  title: string;
  note?: string | undefined;
  to: string;
}

interface Group {
  title: string;
  entries: Entry[];
}

/** Rows of one noun that the palette shows: the full list is one key away. */
const HITS_PER_NOUN = 5;

function useCommands(areas: Area[], typed: string): Group[] {
  const { t } = useTranslation('frame');
  const may = useMay();
  return useMemo(() => {
    const pages = areas.flatMap((area) =>
      area.pages
        .filter((page) => may(page.needs))
        .map((page) => ({
          id: `page-${page.id}`,
          icon: <ArrowRightOutlined />,
          title: page.label ?? t(`page.${page.id}`),
          note: t(`area.${area.id}`),
          to: page.path,
        })),
    );
    const creations = areas
      .flatMap((area) => area.creations ?? [])
      .filter((creation) => may(creation.needs))
      .map((creation) => ({ id: `create-${creation.id}`, icon: <PlusOutlined />, title: t(`create.${creation.id}`), to: creation.to }));
    const found = areas.flatMap((area) => area.found ?? []).map(({ id, label, to }) => ({ id: `create-${id}`, icon: <PlusOutlined />, title: label, to }));
    const keep = (entry: Entry) => matches(typed, `${entry.title} ${entry.note ?? ''} ${entry.to}`);
    return [
      { title: t('palette.go'), entries: pages.filter(keep) },
      { title: t('palette.create'), entries: [...creations, ...(typed.trim() ? found : [])].filter(keep) },
    ].filter((group) => group.entries.length > 0);
  }, [areas, may, t, typed]);
}

function useHits(areas: Area[], typed: string): { groups: Group[]; searching: boolean } {
  const { t } = useTranslation('frame');
  const may = useMay();
  const sources = areas.flatMap((area) => area.searches ?? []).filter((source) => may(source.needs));
  const found = useQuery({
    queryKey: ['palette', typed],
    enabled: typed.trim().length > 0 && sources.length > 0,
    staleTime: 10_000,
    queryFn: async ({ signal }): Promise<Group[]> => {
      const answers = await Promise.allSettled(sources.map((source) => source.find(typed.trim(), signal)));
      return answers.flatMap((answer, i) => {
        const source = sources[i];
        if (!source || answer.status === 'rejected' || answer.value.length === 0) return [];
        const entries = answer.value.slice(0, HITS_PER_NOUN).map((hit) => ({ ...hit, icon: <SearchOutlined /> }));
        return [{ title: t(`search.${source.id}`), entries }];
      });
    },
  });
  return { groups: found.data ?? [], searching: found.isFetching };
}

/** Search and commands in one place, by keyboard alone. */
export function Palette({ areas, onClose }: { areas: Area[]; onClose: () => void }) {
  const { t } = useTranslation('frame');
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useId();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const typed = useDeferredValue(text);
  const commands = useCommands(areas, typed);
  const { groups: hits, searching } = useHits(areas, typed);
  const groups = [...hits, ...commands];
  const entries = groups.flatMap((group) => group.entries);
  const chosen = entries[Math.min(at, entries.length - 1)];

  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  useEffect(() => {
    if (chosen) document.getElementById(`${list}-${chosen.id}`)?.scrollIntoView({ block: 'nearest' });
  }, [chosen, list]);

  const go = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    void navigate(entry.to);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && entries.length) {
      event.preventDefault();
      setAt((Math.min(at, entries.length - 1) + step + entries.length) % entries.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      go(chosen);
    }
  };

  return (
    // The click is on the backdrop; the keyboard closes with Escape.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events
    <dialog ref={dialog} className="palette" aria-label={t('palette.title')} onClose={onClose} onClick={(event) => event.target === dialog.current && onClose()}>
      <div className="palette-field">
        <SearchOutlined aria-hidden="true" />
        <input
          // eslint-disable-next-line jsx-a11y/no-autofocus -- the dialog was opened to type into it
          autoFocus
          role="combobox"
          aria-label={t('palette.title')}
          aria-expanded="true"
          aria-controls={list}
          aria-activedescendant={chosen ? `${list}-${chosen.id}` : undefined}
          aria-busy={searching}
          placeholder={t('palette.placeholder')}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKey}
        />
        <kbd>Esc</kbd>
      </div>
      <div role="listbox" id={list} aria-label={t('palette.results')} className="palette-list">
        {groups.map((group) => (
          <div role="group" aria-label={group.title} key={group.title}>
            <div className="palette-group" aria-hidden="true">
              {group.title}
            </div>
            {group.entries.map((entry) => (
              // The field above keeps the focus and handles the keys of the whole list.
              // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
              <div
                role="option"
                id={`${list}-${entry.id}`}
                key={entry.id}
                aria-selected={entry === chosen}
                className="palette-entry"
                onClick={() => go(entry)}
                onMouseMove={() => setAt(entries.indexOf(entry))}
              >
                <span aria-hidden="true">{entry.icon}</span>
                <span className="ellipsis">{entry.title}</span>
                {entry.note && <span className="quiet small ellipsis palette-note">{entry.note}</span>}
              </div>
            ))}
          </div>
        ))}
      </div>
      {entries.length === 0 && <p className="palette-none">{searching ? t('palette.searching') : t('palette.none', { text: typed })}</p>}
    </dialog>
  );
}
