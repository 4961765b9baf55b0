import { FileTextOutlined } from '@ant-design/icons';
import { Button, DatePicker, Form } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useFormat } from '@/format/use-format';
import { FormDrawer } from '@/parts/form-drawer';
import { PageHead } from '@/parts/head';
import { useNotice } from '@/parts/notice';
import { useOpenForm } from '@/parts/open-form';
import { EmptyState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { useMay } from '@/session/session';
import { Colleague } from '../sources/words';
import { REPORT_WRITE, reportAt, REPORTS, useWriteReport } from './calls';
import { useMonthName } from './words';

/** Has the report of a month written that the product did not write by itself. */
function Write({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation('insight_reports');
  const { done } = useNotice();
  const navigate = useNavigate();
  const write = useWriteReport();
  const send = ({ month }: { month: Dayjs }) =>
    write.mutate(
      { month: month.format('YYYY-MM') },
      {
        onSuccess: (made) => {
          done(t('written'));
          void navigate(reportAt(made.id));
        },
      },
    );
  return (
    <FormDrawer<{ month: Dayjs }> title={t('write')} hint={t('write_hint')} open={open} onClose={onClose} onFinish={send} act={t('write')} busy={write.isPending} error={write.error} initial={{ month: dayjs().subtract(1, 'month') }}>
      <Form.Item name="month" label={t('month')} rules={[{ required: true, message: t('month_needed') }]}>
        <DatePicker picker="month" maxDate={dayjs().subtract(1, 'month').endOf('month')} style={{ width: '100%' }} />
      </Form.Item>
    </FormDrawer>
  );
}

/** The monthly customer-insight reports (客户洞察月报), newest first. */
export function InsightReports() {
  const { t } = useTranslation('insight_reports');
  const format = useFormat();
  const month = useMonthName();
  const may = useMay()(REPORT_WRITE);
  const [writing, setWriting] = useOpenForm();
  const write = may && <Button onClick={() => setWriting(true)}>{t('write')}</Button>;
  const spec: ListSpec<typeof REPORTS> = {
    id: 'insight_reports',
    path: REPORTS,
    rowKey: (row) => row.id,
    rowName: (row) => t('report_of', { month: month(row.month) }),
    rowLink: (row) => reportAt(row.id),
    columns: [
      { id: 'month', label: t('month'), title: true, cell: (row) => month(row.month) },
      { id: 'written', label: t('written_at'), cell: (row) => <DateTime at={row.written_at} short time /> },
      { id: 'by', label: t('written_by'), cell: (row) => (row.written_by ? <Colleague id={row.written_by} /> : t('by_product')) },
      { id: 'answered', label: t('answers'), figure: true, cell: (row) => t('answered_of', { answered: format.number(row.answered), all: format.number(row.recipients) }) },
    ],
    empty: (
      <EmptyState icon={<FileTextOutlined />} title={t('empty')} hint={t('empty_hint')}>
        {write}
      </EmptyState>
    ),
  };
  return (
    <>
      <PageHead title={t('title')} sub={t('sub')} actions={write} />
      <List spec={spec} label={t('title')} />
      {may && <Write open={writing} onClose={() => setWriting(false)} />}
    </>
  );
}
