import { useTranslation } from 'react-i18next';
import type { SubjectRequest } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { StatePill } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { Facts } from '@/patterns/record/record';
import { resultOf, type CorrectionResult, type ErasureResult, type ErasureVerification, type FileResult, type FlagResult } from './contract';
import { counts, type Part, partsOf, placeName, saysOf } from './proof';
import { ErasurePill, useCode } from './words';

/** Letters of a digest that tell files apart. */
const DIGEST = 16;

/** Counts in pairs: a name, then how many. */
function Counts({ title, rows, name }: { title: string; rows: [string, number][]; name: (code: string) => string }) {
  const format = useFormat();
  return (
    <section className="card stack-tight">
      <h2>{title}</h2>
      <dl className="privacy-counts">
        {rows.map(([code, count]) => (
          <div key={code}>
            <dt className="anywhere">{name(code)}</dt>
            <dd>{format.number(count)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function FileShown({ result }: { result: FileResult }) {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  const part = useCode('part');
  return (
    <div className="stack">
      <section className="card stack-tight">
        <div className="row">
          <h2 className="grow">{t('file')}</h2>
          {result.erased ? <StatePill tone="quiet">{t('file_erased')}</StatePill> : <StatePill tone="good">{t('file_ready')}</StatePill>}
        </div>
        <Facts
          facts={[
            { id: 'bytes', label: t('file_bytes'), value: format.bytes(result.bytes) },
            { id: 'sha', label: t('file_digest'), value: <code title={result.sha256}>{result.sha256.slice(0, DIGEST)}</code> },
          ]}
        />
        <p className="quiet small">{t('file_hint')}</p>
        {result.missing.length > 0 && <p className="privacy-note privacy-warn">{t('file_missing', { parts: result.missing.map(part).join(t('common:list.and')) })}</p>}
      </section>
      <Counts title={t('file_rows')} rows={counts(result.rows)} name={part} />
    </div>
  );
}

function CorrectionShown({ result }: { result: CorrectionResult }) {
  const { t } = useTranslation('privacy');
  const field = useCode('field');
  return (
    <section className="card stack-tight">
      <h2>{t('corrected')}</h2>
      <ul className="privacy-points">
        {result.changed.map((name) => (
          <li key={name}>{field(name)}</li>
        ))}
      </ul>
      <p className="quiet small">{t('corrected_hint')}</p>
    </section>
  );
}

function FlagShown({ result }: { result: FlagResult }) {
  const { t } = useTranslation('privacy');
  return (
    <section className="card stack-tight">
      <div className="row">
        <h2>{t(`flag.${result.flag}`)}</h2>
        <span className="quiet small">
          {t('since')} <DateTime at={result.since} time />
        </span>
      </div>
      <p>{t(`flag_means.${result.flag}`)}</p>
    </section>
  );
}

/** What was searched. */
function Searched({ proof }: { proof: ErasureVerification }) {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  return (
    <dl className="privacy-searched">
      {(['tables', 'rows', 'files', 'events', 'values'] as const).map((what) => (
        <div key={what}>
          <dt>{t(`searched.${what}`)}</dt>
          <dd title={format.number(proof[what])}>{format.compact(proof[what])}</dd>
        </div>
      ))}
    </dl>
  );
}

function PartShown({ part }: { part: Part }) {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  return (
    <li className="stack-tight">
      <div className="row">
        <span className="strong grow">{t(`where.${part.where}`)}</span>
        <StatePill tone={part.hits === 0 ? 'good' : 'bad'}>{t('hits_here', { count: part.hits, shown: format.number(part.hits) })}</StatePill>
      </div>
      {part.places.length > 0 && (
        <ul>
          {part.places.map((one) => (
            <li key={one.place} className="row small">
              <code className="anywhere grow">{placeName(one.place)}</code>
              {one.kept && <span className="quiet">{t('kept_by_nature')}</span>}
              <span>{format.number(one.count)}</span>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

/** The proof (删除证明): what was searched, and what was found where. */
function Proof({ result }: { result: ErasureResult }) {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  const proof = result.verification;
  const says = saysOf(proof);
  if (!proof || says === 'none') {
    return (
      <section className="card stack-tight" aria-live="polite">
        <h2>{t('proof')}</h2>
        <p>{t('proof_running')}</p>
      </section>
    );
  }
  return (
    <section className="card stack" aria-labelledby="privacy-proof">
      <div className="row">
        <h2 id="privacy-proof" className="grow">
          {t('proof')}
        </h2>
        <StatePill tone={says === 'clean' ? 'good' : 'bad'}>{t(says === 'clean' ? 'proof_clean' : 'proof_left', { count: proof.hits, shown: format.number(proof.hits) })}</StatePill>
      </div>
      <p className="small quiet">
        {t('proof_at')} <DateTime at={proof.at} time /> · {t('proof_hint')}
      </p>
      <Searched proof={proof} />
      <ul className="plain-list">
        {partsOf(proof.places).map((part) => (
          <PartShown key={part.where} part={part} />
        ))}
      </ul>
      {result.step === 'hits_left' && <p className="privacy-note privacy-warn">{t('proof_left_hint')}</p>}
      {result.accepted_because && <p className="privacy-note privacy-warn">{t('proof_accepted', { reason: result.accepted_because })}</p>}
    </section>
  );
}

function ErasureShown({ result }: { result: ErasureResult }) {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  const table = useCode('table');
  const what = useCode('kept');
  const why = useCode('why');
  return (
    <div className="stack">
      <section className="card stack-tight">
        <div className="row">
          <h2 className="grow">{t('erased')}</h2>
          <ErasurePill step={result.step} />
        </div>
        <Facts
          facts={[
            { id: 'at', label: t('erased_at'), value: <DateTime at={result.erased_at} time /> },
            { id: 'finished', label: t('finished_at'), value: result.finished_at ? <DateTime at={result.finished_at} time /> : undefined },
            { id: 'nodes', label: t('nodes'), value: format.number(result.nodes) },
            { id: 'events', label: t('lake_events'), value: typeof result.lake_events === 'number' ? format.number(result.lake_events) : undefined },
            { id: 'blocked', label: t('suppressed'), value: format.number(result.addresses_suppressed) },
          ]}
        />
      </section>
      <Proof result={result} />
      <div className="privacy-pair">
        <Counts title={t('rows_gone')} rows={counts(result.rows)} name={table} />
        <section className="card stack-tight">
          <h2>{t('rows_kept')}</h2>
          {result.kept.length === 0 ? (
            <p className="quiet">{t('rows_kept_none')}</p>
          ) : (
            <dl className="privacy-counts">
              {result.kept.map((one) => (
                <div key={one.what}>
                  <dt>
                    {what(one.what)} <span className="quiet small">{why(one.why)}</span>
                  </dt>
                  <dd>{format.number(one.count)}</dd>
                </div>
              ))}
            </dl>
          )}
        </section>
      </div>
    </div>
  );
}

/** What was done for a request, as it was checked (办理结果). */
export function Result({ row }: { row: SubjectRequest }) {
  const { t } = useTranslation('privacy');
  const result = resultOf(row);
  if (row.state === 'refused') {
    return (
      <section className="card stack-tight">
        <h2>{t('refused_because')}</h2>
        <p className="strong">{row.ground ? t(`ground.${row.ground}`) : <Nothing />}</p>
        {row.reason && <p className="data anywhere">{row.reason}</p>}
      </section>
    );
  }
  if (!result) return <EmptyState title={t('no_result')} hint={t(row.state === 'open' ? 'no_result_open' : 'no_result_verified')} />;
  switch (result.kind) {
    case 'file':
      return <FileShown result={result} />;
    case 'correction':
      return <CorrectionShown result={result} />;
    case 'flag':
      return <FlagShown result={result} />;
    case 'erasure':
      return <ErasureShown result={result} />;
  }
}
