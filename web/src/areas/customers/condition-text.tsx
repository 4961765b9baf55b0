import { CheckCircleFilled } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import type { Condition } from './contract';
import { usePersonaChoices } from './personas/calls';
import { useBrandChoices, useSegmentChoices } from './words';
import { same } from './written/plain';
import { lineOf, read } from './written/read';
import { useWords, type Words } from './written/words';
import { write } from './written/write';

const ROWS_MIN = 8;
const GROUPS = ['head', 'key', 'goods', 'text', 'number', 'flag', 'state', 'channel', 'purpose', 'call', 'column', 'operator', 'score'] as const;

/** Names of what conditions refer to by id, for the notes at the end of lines. */
function useNames(): (id: string) => string | undefined {
  const all = [...useSegmentChoices(), ...useBrandChoices(), ...usePersonaChoices().flatMap(({ options }) => options)];
  return (id) => all.find(({ value }) => value === id)?.label;
}

function Help({ words }: { words: Words }) {
  const { t } = useTranslation('conditions');
  return (
    <details className="condition-words small">
      <summary>{t('words_help')}</summary>
      <dl>
        {GROUPS.map((group) => (
          <div key={group} style={{ display: 'contents' }}>
            <dt className="quiet">{t(`group.${group}`)}</dt>
            <dd>{Object.values(words[group]).join(' · ')}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** What the server refuses of a condition, with the lines in which it stands. */
function Refusals({ error, lines }: { error: unknown; lines: Map<string, number> }) {
  const { t, i18n } = useTranslation('conditions');
  if (!error) return null;
  const found = asProblem(error).fields.flatMap((field) => {
    const line = lineOf(field.field, lines);
    return line === undefined ? [] : [{ line, fault: field.detail ?? (i18n.exists(`errors:${field.code}`) ? t(`errors:${field.code}`, field.args) : field.code) }];
  });
  return found.map(({ line, fault }) => (
    <p key={`${line}/${fault}`} className="bad">
      {t('in_line', { line, fault })}
    </p>
  ));
}

interface ConditionTextProps {
  value: Condition;
  onChange: (value: Condition) => void;
  /** Told whether the text can be read. */
  onReadable: (readable: boolean) => void;
  /** What the server said about the condition. */
  error: unknown;
}

/** A condition as text that reads back as the same condition (文字形式). */
export function ConditionText({ value, onChange, onReadable, error }: ConditionTextProps) {
  const { t } = useTranslation('conditions');
  const id = useId();
  const words = useWords();
  const nameOf = useNames();
  const [text, setText] = useState(() => write(value, words, nameOf).text);
  const [shown, setShown] = useState(value);
  const now = read(text, words);
  const { fault } = now;
  const rewrite = () => {
    setText(write(value, words, nameOf).text);
    onReadable(true);
  };
  // Another version was taken up, or the language changed: the text follows.
  if (shown !== value) {
    setShown(value);
    if (!now.condition || !same(now.condition, value)) setText(write(value, words, nameOf).text);
  }
  const type = (typed: string) => {
    setText(typed);
    const next = read(typed, words);
    onReadable(next.condition !== undefined);
    if (next.condition && !same(next.condition, value)) onChange(next.condition);
  };
  return (
    <div className="condition-written stack-tight">
      <p className="small quiet" id={`${id}-hint`}>
        {t('text_hint')}
      </p>
      <Input.TextArea
        aria-label={t('text_is')}
        aria-describedby={`${id}-hint ${id}-said`}
        aria-invalid={fault !== undefined}
        status={fault ? 'error' : ''}
        spellCheck={false}
        rows={ROWS_MIN}
        value={text}
        onChange={(event) => type(event.target.value)}
      />
      <div id={`${id}-said`} className="stack-tight small" role="status">
        {fault ? (
          <>
            <p className="bad">{t('in_line', { line: fault.line, fault: t(`fault.${fault.code}`, fault.args) })}</p>
            <p className="quiet">
              {t('text_last')}{' '}
              <Button size="small" type="link" onClick={rewrite}>
                {t('text_back')}
              </Button>
            </p>
          </>
        ) : (
          <>
            <p className="quiet">
              <CheckCircleFilled className="good" aria-hidden="true" /> {t('text_kept')}
            </p>
            <Refusals error={error} lines={now.lines} />
          </>
        )}
      </div>
      <Help words={words} />
    </div>
  );
}
