import { type ChangeEvent, type KeyboardEvent, type Ref, useImperativeHandle, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { piece } from './names';
import { markOf, type Place } from './place';

/** What Tab puts in. */
const BLANKS = '  ';
/** The bound that the server keeps, in bytes; Chinese takes three for a character. */
const LENGTH_MAX = 20_000;

export interface EditorHandle {
  /** Writes a name where the caret stands. */
  insert: (name: string) => void;
  /** Goes to a place and marks what stands there. */
  go: (place: Place) => void;
  focus: () => void;
}

interface EditorProps {
  ref: Ref<EditorHandle>;
  value: string;
  onChange: (sql: string) => void;
  onRun: () => void;
  /** Where something is wrong. */
  fault?: Place | undefined;
  /** The id of the element that says what is wrong. */
  faultId?: string | undefined;
}

/** Writes as if it were typed, so that it can be undone; where the browser has no such way, it is set. */
function type(field: HTMLTextAreaElement, text: string, set: (sql: string) => void) {
  field.focus();
  if (document.execCommand('insertText', false, text)) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
  set(field.value);
}

/** What is marked lies under the field, with the text that puts it in its place. */
function Mark({ value, fault, left, top }: { value: string; fault: Place; left: number; top: number }) {
  const { start, end } = markOf(value, fault);
  return (
    <div className="sql-under" aria-hidden="true">
      <pre style={{ transform: `translate(${-left}px, ${-top}px)` }}>
        {value.slice(0, start)}
        <mark>{value.slice(start, end) || ' '}</mark>
        {value.slice(end)}
      </pre>
    </div>
  );
}

/** The field that a question is written in: lines are numbered, Tab indents, Ctrl or Cmd and Enter asks. */
export function Editor({ ref, value, onChange, onRun, fault, faultId }: EditorProps) {
  const { t } = useTranslation('sql');
  const field = useRef<HTMLTextAreaElement>(null);
  const [scrolled, setScrolled] = useState({ left: 0, top: 0 });
  // After Escape, Tab leaves the field: nobody who uses the keyboard alone gets caught in it.
  const leaves = useRef(false);
  useImperativeHandle(ref, () => ({
    insert: (name) => {
      const at = field.current;
      if (at) type(at, piece(at.value, at.selectionStart, at.selectionEnd, name), onChange);
    },
    go: (place) => {
      const at = field.current;
      if (!at) return;
      const { start, end } = markOf(at.value, place);
      at.focus();
      at.setSelectionRange(start, end);
    },
    focus: () => field.current?.focus(),
  }));
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') leaves.current = true;
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onRun();
    } else if (event.key === 'Tab' && !event.shiftKey && !leaves.current) {
      event.preventDefault();
      type(event.currentTarget, BLANKS, onChange);
    }
    if (event.key !== 'Escape' && event.key !== 'Tab' && event.key !== 'Shift') leaves.current = false;
  };
  const lines = value.split('\n').length;
  return (
    <div className="sql-editor">
      <div className="sql-lines" aria-hidden="true">
        <div style={{ transform: `translateY(${-scrolled.top}px)` }}>
          {Array.from({ length: lines }, (_, i) => (
            <div key={i} className={fault?.line === i + 1 ? 'at-fault' : undefined}>
              {i + 1}
            </div>
          ))}
        </div>
      </div>
      <div className="sql-field">
        {fault && <Mark value={value} fault={fault} {...scrolled} />}
        <textarea
          ref={field}
          aria-label={t('editor')}
          aria-describedby={[faultId, 'sql-keys'].filter(Boolean).join(' ')}
          aria-invalid={fault ? true : undefined}
          value={value}
          rows={12}
          maxLength={LENGTH_MAX}
          wrap="off"
          spellCheck={false}
          autoComplete="off"
          autoCorrect="off"
          autoCapitalize="off"
          placeholder={t('editor_empty')}
          onChange={(event: ChangeEvent<HTMLTextAreaElement>) => onChange(event.target.value)}
          onKeyDown={onKeyDown}
          onFocus={() => (leaves.current = false)}
          onScroll={({ currentTarget: { scrollLeft: left, scrollTop: top } }) => setScrolled({ left, top })}
        />
      </div>
    </div>
  );
}
