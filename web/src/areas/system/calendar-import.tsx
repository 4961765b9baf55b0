import { UploadOutlined } from '@ant-design/icons';
import { Button, Form, Input, Upload } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { CalendarImportReceipt, WorkCalendar } from '@/api/schema';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import './calendar.css';

interface Values {
  reason: string;
}

function Receipt({ receipt }: { receipt: CalendarImportReceipt }) {
  const { t } = useTranslation('calendars');
  return (
    <section className="stack-tight" aria-label={t('import_events')} aria-live="polite">
      <p className="strong">{t('import_sum', { days: receipt.day_count, taken: receipt.taken_count, rejected: receipt.rejected_count })}</p>
      <ul className="plain-list calendar-import">
        {receipt.events.map((event) => (
          <li key={event.place}>
            <span>{event.name || t('nameless')}</span> <span className="quiet">{event.rejected ? (event.why ?? event.rejected) : event.days.join(', ')}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Takes the whole-day events of an iCalendar file as days off: first what would happen, then for good. */
export function ImportCalendar({ calendar, open, onClose }: { calendar: WorkCalendar; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('calendars');
  const { done } = useNotice();
  const [file, setFile] = useState<{ name: string; text: string }>();
  const [tried, setTried] = useState<CalendarImportReceipt>();
  const load = api.useMutation('post', '/api/v1/rulebook/calendars/{code}/import', {
    onSuccess: async (receipt) => {
      setTried(receipt.dry_run ? receipt : undefined);
      if (receipt.dry_run) return;
      done(t('import_done', { days: receipt.day_count }));
      setFile(undefined);
      onClose();
      await refresh('/api/v1/rulebook/calendar', '/api/v1/rulebook/clocks');
    },
  });
  const send = (text: string, reason: string, dry_run: boolean) =>
    load.mutate({ params: { path: { code: calendar.code }, header: ifMatch(calendar) }, body: { text, reason, dry_run } });
  const choose = async (chosen: File) => {
    const text = await chosen.text();
    setFile({ name: chosen.name, text });
    send(text, t('import_trial'), true);
  };
  return (
    <FormDrawer<Values>
      title={t('import')}
      hint={t('import_hint')}
      open={open}
      onClose={onClose}
      act={t('import_act')}
      busy={load.isPending}
      error={load.error}
      onFinish={({ reason }) => file && send(file.text, reason.trim(), false)}
    >
      <Form.Item label={t('import_file')}>
        <Upload
          accept=".ics,text/calendar"
          showUploadList={false}
          beforeUpload={(chosen) => {
            void choose(chosen);
            return false;
          }}
        >
          <Button icon={<UploadOutlined />}>{file?.name ?? t('import_choose')}</Button>
        </Upload>
      </Form.Item>
      {tried && <Receipt receipt={tried} />}
      <Form.Item name="reason" label={t('reason')} extra={t('reason_hint')} rules={[{ required: true, whitespace: true, min: 5, message: t('reason_needed') }]}>
        <Input.TextArea rows={3} maxLength={500} />
      </Form.Item>
    </FormDrawer>
  );
}
