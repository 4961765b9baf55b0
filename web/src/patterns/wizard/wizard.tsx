import { CheckOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Act } from '@/parts/act';
import { ProblemNote } from '@/parts/states';
import './wizard.css';

export interface WizardStep {
  id: string;
  /** Named by its outcome: "the file is read", not "step 1". */
  label: string;
  content: ReactNode;
  /** What the button says that leads on. */
  next?: string;
  /** Why it cannot go on yet. */
  why?: string | undefined;
  /** Done before going on; a failure stays on this step. */
  onNext?: () => Promise<unknown>;
  /** Nothing can be taken back from here on, as in a receipt. */
  final?: boolean;
}

/** The wizard pattern: named steps, a check before the act, a receipt after it. The step stands in the address. */
export function Wizard({ steps, footer }: { steps: WizardStep[]; footer?: ReactNode }) {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const at = Math.max(
    0,
    steps.findIndex((step) => step.id === params.get('step')),
  );
  const step = steps[at];
  const go = (to: number) => {
    const target = steps[to];
    if (!target) return;
    setError(undefined);
    setParams((before) => {
      const after = new URLSearchParams(before);
      after.set('step', target.id);
      return after;
    });
  };
  const next = () => {
    // A step with nothing to do first goes on at once, without a button that says it is working.
    if (!step?.onNext) return go(at + 1);
    setBusy(true);
    setError(undefined);
    step
      .onNext()
      .then(() => go(at + 1))
      .catch(setError)
      .finally(() => setBusy(false));
  };
  if (!step) return null;
  return (
    <div className="wizard">
      <ol className="wizard-steps">
        {steps.map((s, i) => (
          <li key={s.id} className={i < at ? 'past' : i === at ? 'now' : undefined} aria-current={i === at ? 'step' : undefined}>
            <span className="wizard-dot" aria-hidden="true">
              {i < at ? <CheckOutlined /> : i + 1}
            </span>
            {i < at && !step.final ? (
              <button type="button" className="plain-button" onClick={() => go(i)}>
                {s.label}
              </button>
            ) : (
              s.label
            )}
          </li>
        ))}
      </ol>
      <section className="card stack" aria-label={step.label}>
        {step.content}
        <ProblemNote error={error} />
        <div className="row">
          {at > 0 && !step.final && <Button onClick={() => go(at - 1)}>{t('back')}</Button>}
          {at < steps.length - 1 && (
            <Act type="primary" loading={busy} why={step.why} onClick={next}>
              {step.next ?? t('next')}
            </Act>
          )}
          {footer}
        </div>
      </section>
    </div>
  );
}
