import { HistoryOutlined } from '@ant-design/icons';
import { Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { Colleague } from '../sources/words';
import type { Version } from './contract';
import { type Aspect, type Change, differences } from './differences';
import type { WholeProperty } from './definition';
import { PropertyWords } from './properties';
import { SourcesOf, useKindWord } from './words';
import './plan.css';

/** A value as it was and as it is. */
function BeforeAfter({ before, after }: { before: ReactNode; after: ReactNode }) {
  const { t } = useTranslation('plan');
  return (
    <div className="plan-change">
      <div>
        <span className="quiet small">{t('before')}</span> <del>{before || <Nothing />}</del>
      </div>
      <div>
        <span className="quiet small">{t('after')}</span> <ins>{after || <Nothing />}</ins>
      </div>
    </div>
  );
}

/** Says one side of a property in words. */
function useAspect(): (aspect: Aspect, value: WholeProperty[Aspect]) => string {
  const { t } = useTranslation('plan');
  const word = useKindWord();
  return (aspect, value) => {
    if (Array.isArray(value)) return value.join(' · ');
    if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
    return aspect === 'kind' ? word(value) : value;
  };
}

function ChangeShown({ change }: { change: Change }) {
  const { t } = useTranslation('plan');
  const say = useAspect();
  switch (change.what) {
    case 'description':
      return <BeforeAfter before={change.before} after={change.after} />;
    case 'state':
    case 'extra':
      return <BeforeAfter before={t(`${change.what}.${change.before}`)} after={t(`${change.what}.${change.after}`)} />;
    case 'sources':
      return <BeforeAfter before={<SourcesOf ids={change.before} />} after={<SourcesOf ids={change.after} />} />;
    case 'order':
      return <BeforeAfter before={change.before.join(' · ')} after={change.after.join(' · ')} />;
    case 'added':
    case 'removed':
      return <PropertyWords of={change.property} />;
    case 'changed':
      return change.aspects.map(({ aspect, before, after }) => (
        <div key={aspect}>
          <span className="small strong">{t(ASPECT_LABELS[aspect])}</span>
          <BeforeAfter before={say(aspect, before)} after={say(aspect, after)} />
        </div>
      ));
  }
}

const ASPECT_LABELS: Record<Aspect, string> = { kind: 'property_kind_is', required: 'required', choices: 'choices', personal: 'personal', description: 'description' };
const LABELS: Record<Exclude<Change['what'], 'added' | 'removed' | 'changed'>, string> = { description: 'description', state: 'state_is', extra: 'extra_is', sources: 'sources', order: 'order' };

function ChangeName({ change }: { change: Change }) {
  const { t } = useTranslation('plan');
  if (change.what === 'added' || change.what === 'removed' || change.what === 'changed') {
    return (
      <>
        {t(`property_${change.what}`)} <code className="anywhere">{change.what === 'changed' ? change.name : change.property.name}</code>
      </>
    );
  }
  return <>{t(LABELS[change.what])}</>;
}

/** What is different between two versions. */
function Differences({ before, after }: { before: Version; after: Version }) {
  const { t } = useTranslation('plan');
  const changes = differences(before.definition, after.definition);
  if (changes.length === 0) return <p className="quiet">{t('no_difference')}</p>;
  return (
    <ul className="plain-list">
      {changes.map((change, i) => (
        <li key={`${change.what}/${i}`} className="stack-tight">
          <h3>
            <ChangeName change={change} />
          </h3>
          <ChangeShown change={change} />
        </li>
      ))}
    </ul>
  );
}

/** Which two versions the address compares: the last two where it says nothing. */
function useCompared(versions: Version[]) {
  const [params, setParams] = useSearchParams();
  const find = (name: string) => versions.find((one) => String(one.number) === params.get(name));
  const after = find('to') ?? versions[0];
  const before = find('from') ?? versions[versions.findIndex((one) => one === after) + 1] ?? versions.at(-1);
  const set = (name: string, number: number) =>
    setParams(
      (was) => {
        const is = new URLSearchParams(was);
        is.set(name, String(number));
        return is;
      },
      { replace: true, preventScrollReset: true },
    );
  return { before, after, set };
}

/** Every version of a definition, newest first, and what is different between two of them. */
export function Versions({ versions }: { versions: Version[] }) {
  const { t } = useTranslation('plan');
  const { before, after, set } = useCompared(versions);
  if (!before || !after) return <EmptyState icon={<HistoryOutlined />} title={t('versions_none')} hint={t('versions_none_hint')} />;
  const options = versions.map(({ number }) => ({ value: number, label: t('version_is', { number }) }));
  return (
    <div className="two-one">
      <section className="card stack" aria-labelledby="plan-differences">
        <div className="row">
          <h2 id="plan-differences" className="grow">
            {t('differences')}
          </h2>
          <Select aria-label={t('compare_from')} value={before.number} options={options} onChange={(number) => set('from', number)} />
          <span aria-hidden="true">→</span>
          <Select aria-label={t('compare_to')} value={after.number} options={options} onChange={(number) => set('to', number)} />
        </div>
        {versions.length < 2 ? <p className="quiet">{t('one_version')}</p> : <Differences before={before} after={after} />}
      </section>
      <section className="card stack-tight" aria-labelledby="plan-versions">
        <h2 id="plan-versions">{t('versions')}</h2>
        <ol className="plain-list">
          {versions.map((one) => (
            <li key={one.number}>
              <div className="row">
                <span className="strong">{t('version_is', { number: one.number })}</span>
                <span className="quiet small">
                  {one.created_by && (
                    <>
                      <Colleague id={one.created_by} /> ·{' '}
                    </>
                  )}
                  <DateTime at={one.created_at} time short />
                </span>
              </div>
              {one.reason && <div className="data anywhere">{one.reason}</div>}
            </li>
          ))}
        </ol>
      </section>
    </div>
  );
}
