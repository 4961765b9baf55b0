import { Button, Form, Input, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerReport, InsightReportDetail, ReportRecipient } from '@/api/schema';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { DateTime } from '@/parts/values';
import { useMay } from '@/session/session';
import { useDepartmentName } from '../insights/words';
import { Colleague } from '../sources/words';
import { REPORT_ANSWER, useAnswerReport } from './calls';
import { AnswerPill } from './words';

/** The bound that the server keeps. */
const NOTE_MAX = 2_000;

/** Says for a department whether it uses the report. */
function Answer({ report, of, onClose }: { report: InsightReportDetail; of: ReportRecipient; onClose: () => void }) {
  const { t } = useTranslation('insight_reports');
  const { done } = useNotice();
  const name = useDepartmentName();
  const act = useAnswerReport(report.id);
  const [form] = Form.useForm<Omit<AnswerReport, 'department_id'>>();
  const used = Form.useWatch('answer', form) !== 'not_used';
  const send = ({ answer, note }: Omit<AnswerReport, 'department_id'>) =>
    act.mutate(
      { department_id: of.department_id, answer, note: note.trim() },
      {
        onSuccess: () => {
          done(t('answered'));
          onClose();
        },
      },
    );
  return (
    <FormDrawer<Omit<AnswerReport, 'department_id'>> title={t('answer_for', { department: name(of.department_id) })} hint={t('answer_hint')} form={form} open onClose={onClose} onFinish={send} act={t('answer_act')} busy={act.isPending} error={act.error} initial={{ answer: 'used' }}>
      <Form.Item name="answer" label={t('answer_is')}>
        <Radio.Group options={(['used', 'not_used'] as const).map((value) => ({ value, label: t(`answer.${value}`) }))} />
      </Form.Item>
      <Form.Item name="note" label={t(used ? 'what_for' : 'why_not')} rules={[{ required: true, whitespace: true, message: t(used ? 'what_for_needed' : 'why_not_needed') }]}>
        <Input.TextArea rows={4} maxLength={NOTE_MAX} />
      </Form.Item>
    </FormDrawer>
  );
}

/** The departments that a report goes to, and what they said. */
export function Recipients({ report }: { report: InsightReportDetail }) {
  const { t } = useTranslation('insight_reports');
  const may = useMay()(REPORT_ANSWER);
  const name = useDepartmentName();
  const [asked, setAsked] = useState<ReportRecipient>();
  if (report.departments.length === 0) return null;
  return (
    <section id="recipients" className="card stack-tight" aria-labelledby="report-recipients">
      <h2 id="report-recipients">{t('recipients')}</h2>
      <ul className="plain-list">
        {report.departments.map((one) => (
          <li key={one.department_id} className="report-recipient">
            <div className="row">
              <span className="strong data grow">{name(one.department_id)}</span>
              <AnswerPill of={one} />
              {!one.answer && may && (
                <Button size="small" className="report-tool" onClick={() => setAsked(one)}>
                  {t('answer_act')} <span className="hidden-text">{name(one.department_id)}</span>
                </Button>
              )}
            </div>
            {one.note && <p className="data anywhere">{one.note}</p>}
            <p className="small quiet">
              {one.answered_at ? (
                <>
                  <DateTime at={one.answered_at} short time />
                  {one.answered_by && (
                    <>
                      {' · '}
                      <Colleague id={one.answered_by} />
                    </>
                  )}
                </>
              ) : (
                <>
                  {t('answer_by')} <DateTime at={one.due_at} short />
                </>
              )}
            </p>
          </li>
        ))}
      </ul>
      {asked && <Answer report={report} of={asked} onClose={() => setAsked(undefined)} />}
    </section>
  );
}
