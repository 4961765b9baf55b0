import { ExperimentOutlined } from '@ant-design/icons';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Act } from '@/parts/act';
import { StatePill } from '@/parts/pill';
import { ProblemNote } from '@/parts/states';
import { placeOf } from '../sources/json';
import { FaultWords } from '../sources/words';
import { useTry } from './calls';
import { exampleEvent } from './definition';
import type { PlannedEvent, TriedEvent } from '@/api/schema';
import { BreachWords } from './words';
import '../sources/sources.css';

/** What the plan says about the event; each fault leads to its field. */
function Answer({ tried, onField }: { tried: TriedEvent; onField: (field: string) => void }) {
  const { t } = useTranslation('plan');
  if (tried.fault) {
    return (
      <p className="bad">
        {t('try_fault')} <FaultWords of={{ fault: tried.fault, field: tried.field ?? null }} />
      </p>
    );
  }
  if (tried.violations.length === 0) {
    return (
      <div>
        <StatePill tone="good">{t('try_fits')}</StatePill>
      </div>
    );
  }
  return (
    <>
      <div>
        <StatePill tone="bad">{t('try_breaks', { count: tried.violations.length })}</StatePill>
      </div>
      <ul className="plain-list">
        {tried.violations.map((one) => (
          <li key={`${one.field}/${one.reason}`}>
            <button type="button" className="plain-button underlined" onClick={() => onField(one.field)}>
              <BreachWords of={one} />
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Tries the saved definition with an event, as a program would send it. */
export function Try({ event, changed }: { event: PlannedEvent; changed: boolean }) {
  const { t } = useTranslation('plan');
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => exampleEvent(event.kind, event.name, event.properties));
  const attempt = useTry(event.id);
  const show = (name: string) => {
    const place = placeOf(text, name);
    field.current?.focus();
    if (place) field.current?.setSelectionRange(...place);
  };
  const write = (next: string) => {
    setText(next);
    attempt.reset();
  };
  return (
    <section className="card stack-tight" aria-labelledby="plan-try">
      <h2 id="plan-try">{t('try')}</h2>
      <p id="plan-try-hint" className="quiet small">
        {t(changed ? 'try_saved' : 'try_hint')}
      </p>
      <textarea ref={field} className="body-editor" rows={10} spellCheck={false} autoCapitalize="off" aria-label={t('try_body')} aria-describedby="plan-try-hint" value={text} onChange={(typed) => write(typed.target.value)} />
      <div className="row">
        <Act icon={<ExperimentOutlined />} loading={attempt.isPending} why={text.trim() ? undefined : t('try_empty')} onClick={() => attempt.mutate(text)}>
          {t('try_act')}
        </Act>
      </div>
      <div className="stack-tight" aria-live="polite">
        {attempt.data && <Answer tried={attempt.data} onField={show} />}
        <ProblemNote error={attempt.error} />
      </div>
    </section>
  );
}
