import { CheckOutlined, CloseOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { masks } from '@/api/masked';
import type { SubjectRequest } from '@/api/schema';
import { AuditTrail } from '@/areas/system/audit-trail';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { type Fact, Record } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { RequestActs } from './acts';
import { useRequest } from './calls';
import { courseOf, STAGES, stageOf } from './course';
import { Result } from './result';
import { CustomerLink, RequestClock, RequestPill } from './words';
import './privacy.css';

/** How far a request is. */
function Progress({ row }: { row: SubjectRequest }) {
  const { t } = useTranslation('privacy');
  const { past, refused } = stageOf(row);
  const stages = refused ? (['received', 'refused'] as const) : STAGES;
  return (
    <ol className="privacy-progress" aria-label={t('progress')}>
      {stages.map((stage, i) => {
        const is = stage === 'refused' ? 'refused' : i < past ? 'past' : i === past ? 'now' : 'ahead';
        return (
          <li key={stage} className={is} aria-current={is === 'now' ? 'step' : undefined}>
            <span className="privacy-dot" aria-hidden="true">
              {is === 'past' ? <CheckOutlined /> : is === 'refused' ? <CloseOutlined /> : i + 1}
            </span>
            {t(`stage.${stage}`)}
          </li>
        );
      })}
    </ol>
  );
}

function useFacts(row: SubjectRequest): { asked: Fact[]; decided: Fact[] } {
  const { t } = useTranslation('privacy');
  const said = (text: string | null | undefined) => (text ? <span className="data anywhere">{text}</span> : undefined);
  return {
    asked: [
      { id: 'kind', label: t('kind_is'), value: t(`kind.${row.kind}`) },
      { id: 'customer', label: t('customer'), value: <CustomerLink id={row.profile_id} /> },
      { id: 'contact', label: t('contact'), value: said(row.contact), masked: masks(row, 'contact') },
      { id: 'regime', label: t('regime_is'), value: t(`regime.${row.regime}`) },
      { id: 'channel', label: t('channel_is'), value: t(`channel.${row.channel}`) },
      { id: 'received', label: t('received_at'), value: <DateTime at={row.received_at} time /> },
      { id: 'due', label: t('due_at'), value: <DateTime at={row.due_at} time /> },
      { id: 'note', label: t('note'), value: said(row.note), masked: masks(row, 'note') },
    ],
    decided: [
      ...(row.verified_at
        ? [
            { id: 'verified', label: t('verified_at'), value: <DateTime at={row.verified_at} time /> },
            { id: 'verifier', label: t('verified_by'), value: said(row.verified_by_name) },
            { id: 'means', label: t('means_is'), value: row.verified_means && t(`means.${row.verified_means}`) },
            { id: 'detail', label: t('detail'), value: said(row.verified_detail), masked: masks(row, 'verified_detail') },
          ]
        : []),
      ...(row.extended_because ? [{ id: 'extended', label: t('extended'), value: said(row.extended_because) }] : []),
      ...(row.decided_at
        ? [
            { id: 'decided', label: t('decided_at'), value: <DateTime at={row.decided_at} time /> },
            { id: 'decider', label: t('decided_by'), value: said(row.decided_by_name) },
          ]
        : []),
      ...(row.reason ? [{ id: 'reason', label: t('reason'), value: said(row.reason) }] : []),
    ],
  };
}

/** What happened to a request, and who did it. */
function Course({ row }: { row: SubjectRequest }) {
  const { t } = useTranslation('privacy');
  const may = useMay()('system.audit.read');
  return (
    <div className="stack">
      <ol className="card plain-list">
        {courseOf(row).map((one) => (
          <li key={one.what} className="stack-tight">
            <div className="row">
              <span className="strong">{t(`happened.${one.what}`)}</span>
              <span className="quiet small">
                {one.by && <>{one.by} · </>}
                {one.at && <DateTime at={one.at} time />}
              </span>
            </div>
            {one.because && <p className="small data anywhere">{one.because}</p>}
          </li>
        ))}
      </ol>
      {may && (
        <section className="card stack-tight">
          <h2>{t('log')}</h2>
          <AuditTrail nounId={row.id} />
        </section>
      )}
    </div>
  );
}

function Shown({ row }: { row: SubjectRequest }) {
  const { t } = useTranslation('privacy');
  const { asked, decided } = useFacts(row);
  const running = row.state === 'open' || row.state === 'verified';
  return (
    <Record
      title={`${row.number} · ${t(`kind.${row.kind}`)}`}
      crumbs={[{ label: t('title'), to: '/customers/privacy' }, { label: row.number }]}
      state={<RequestPill state={row.state} />}
      sub={running ? <RequestClock row={row} /> : undefined}
      actions={<RequestActs row={row} />}
      notes={
        <>
          <p className="quiet">{t(`kind_means.${row.kind}`)}</p>
          <Progress row={row} />
        </>
      }
      facts={asked}
      under={decided}
      tabs={[
        { id: 'result', label: t('result'), content: <Result row={row} /> },
        { id: 'timeline', label: t('timeline'), content: <Course row={row} /> },
      ]}
    />
  );
}

/** One request (主体请求): what is asked, who asks, what was decided, and the proof. */
export function RequestPage() {
  const { id = '' } = useParams();
  const request = useRequest(id);
  if (request.isPending) return <Skeleton shape="record" />;
  if (request.isError) return <ErrorState error={request.error} retry={() => void request.refetch()} />;
  return <Shown row={request.data} />;
}
