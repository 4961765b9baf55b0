import { DownloadOutlined } from '@ant-design/icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { INSIGHT_EDIT } from '@/areas/customers/insights/calls';
import { Act } from '@/parts/act';
import { useNotice } from '@/parts/notice';
import { useMay, useSession } from '@/session/session';
import { EXPORT_RUN, QUERY_MANAGE, useKeep } from './calls';
import type { QueryChart } from './contract';
import { type Details, DetailsForm } from './details-form';
import { ExportForm } from './export-form';
import type { Asked } from './running';
import type { useSaving } from './saving';
import type { Writing } from './writing';

interface ActsProps {
  writing: Writing;
  saving: ReturnType<typeof useSaving>;
  /** The chart as it stands. */
  chart: QueryChart;
  /** What was asked last; a file holds the same. */
  asked: Asked | undefined;
}

type Form = 'keep' | 'details' | 'export' | undefined;

/** What can be done with a question: keep it, change it, copy it, take its answer along. */
export function Acts({ writing, saving, chart, asked }: ActsProps) {
  const { t } = useTranslation('sql');
  const { done } = useNotice();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const may = useMay();
  const { session } = useSession();
  const [form, setForm] = useState<Form>();
  const keep = useKeep();
  const { base, sql, parameters, changed, forget } = writing;
  const own = base?.owner_id === session?.user.id;
  const refused = !may(QUERY_MANAGE) ? t('may_not_save') : sql.trim() === '' ? t('nothing_to_save') : undefined;
  const body = (details: Details) => ({ ...details, sql: sql.trim(), chart, parameters });
  const close = () => {
    setForm(undefined);
    keep.reset();
    saving.reset();
  };
  const make = (details: Details) =>
    keep.mutate(body(details), {
      onSuccess: (made) => {
        forget();
        done(t('kept'));
        const next = new URLSearchParams(params);
        next.set('query', made.id);
        // What is opened anew shows the answer that was there.
        if (asked) next.set('run', '1');
        else next.delete('run');
        void navigate(`/insight/sql?${next}`);
      },
    });
  return (
    <>
      <Act icon={<DownloadOutlined />} why={!may(EXPORT_RUN) ? t('may_not_export') : asked ? undefined : t('run_first')} onClick={() => setForm('export')}>
        {t('export')}
      </Act>
      {base && own && (
        <>
          <Act why={refused} onClick={() => setForm('details')}>
            {t('details')}
          </Act>
          <Act why={refused} onClick={() => setForm('keep')}>
            {t('copy')}
          </Act>
          <Act type="primary" loading={saving.busy} why={refused ?? (changed ? undefined : t('unchanged'))} onClick={() => saving.save(body(base), base)}>
            {t('save_changes')}
          </Act>
        </>
      )}
      {!(base && own) && (
        <Act why={refused} onClick={() => setForm('keep')}>
          {t(base ? 'copy' : 'keep')}
        </Act>
      )}
      {base && may(INSIGHT_EDIT) && <Link to={`/customers/insights?new=1&of_query=${base.id}`}>{t('insights:of_this')}</Link>}
      {base && <Link to="/insight/sql">{t('new')}</Link>}
      <DetailsForm
        title={t(base ? 'copy' : 'keep')}
        act={t('keep')}
        open={form === 'keep'}
        busy={keep.isPending}
        error={keep.error}
        initial={base ? { name: t('copy_of', { name: base.name }), description: base.description } : {}}
        onClose={close}
        onFinish={make}
      />
      {base && own && (
        <DetailsForm
          title={t('details')}
          act={t('common:save')}
          open={form === 'details'}
          busy={saving.busy}
          error={saving.error}
          initial={base}
          onClose={close}
          // Only what stands in the form: the question itself is saved by its own button.
          onFinish={(details) => saving.save({ ...details, sql: base.sql, chart: base.chart, parameters: base.parameters }, base, close)}
        />
      )}
      {asked && <ExportForm open={form === 'export'} onClose={close} name={base?.name ?? t('result')} {...asked} />}
    </>
  );
}
