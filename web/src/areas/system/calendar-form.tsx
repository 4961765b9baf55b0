import { DeleteOutlined } from '@ant-design/icons';
import { Button, Checkbox, Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { LocalText, WorkCalendar } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { useLocal } from '@/i18n/use-local';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { fromForm, readHours, type SpecForm, toForm, WEEKDAYS } from './calendar-words';
import './calendar.css';

interface ChangeForm extends SpecForm {
  effective_from?: string;
  reason: string;
}

interface NewForm extends SpecForm {
  code: string;
  names: LocalText;
  reason: string;
}

const OFFICE = '09:00-12:00, 13:00-18:00';

function useHoursRule(needed: boolean) {
  const { t } = useTranslation('calendars');
  return {
    validator: (_: unknown, text: string | undefined) => {
      const hours = readHours(text ?? '');
      return hours && (!needed || hours.length > 0) ? Promise.resolve() : Promise.reject(new Error(t('hours_format')));
    },
  };
}

function Zone() {
  const { t } = useTranslation('calendars');
  const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')].map((value) => ({ value, label: value }));
  return (
    <Form.Item name="time_zone" label={t('time_zone')} rules={[{ required: true, message: t('time_zone_needed') }]}>
      <Select options={zones} showSearch />
    </Form.Item>
  );
}

function Week() {
  const { t } = useTranslation('calendars');
  const rule = useHoursRule(false);
  return (
    <fieldset className="calendar-week">
      <legend>{t('week')}</legend>
      <p className="quiet small">{t('hours_hint')}</p>
      {WEEKDAYS.map((day) => (
        <Form.Item key={day} name={['week', day]} label={t(`weekday.${day}`)} rules={[rule]}>
          <Input placeholder={t('closed')} maxLength={200} />
        </Form.Item>
      ))}
    </fieldset>
  );
}

function ExceptionFields({ place, remove }: { place: number; remove: () => void }) {
  const { t } = useTranslation('calendars');
  const rule = useHoursRule(true);
  const kind = Form.useWatch(['exceptions', place, 'kind']) as string | undefined;
  return (
    <div className="calendar-exception">
      <Form.Item name={[place, 'date']} label={t('date')} rules={[{ required: true, message: t('date_needed') }]}>
        <Input type="date" />
      </Form.Item>
      <Form.Item name={[place, 'kind']} label={t('rule')}>
        <Select options={['closed', 'make_up', 'hours'].map((value) => ({ value, label: t(`rule_kind.${value}`) }))} />
      </Form.Item>
      {kind === 'hours' && (
        <Form.Item name={[place, 'hours']} label={t('hours')} rules={[rule]}>
          <Input maxLength={200} />
        </Form.Item>
      )}
      {kind === 'make_up' && (
        <Form.Item name={[place, 'weekday']} label={t('as_weekday')} rules={[{ required: true, message: t('weekday_needed') }]}>
          <Select options={WEEKDAYS.map((value) => ({ value, label: t(`weekday.${value}`) }))} />
        </Form.Item>
      )}
      <Form.Item name={[place, 'name']} label={t('name')}>
        <Input maxLength={100} />
      </Form.Item>
      <Button icon={<DeleteOutlined />} onClick={remove}>
        {t('remove_exception')}
      </Button>
    </div>
  );
}

function SpecFields() {
  const { t } = useTranslation('calendars');
  return (
    <>
      <Zone />
      <Week />
      <Form.Item name="china" valuePropName="checked" extra={t('china_hint')}>
        <Checkbox>{t('holidays_cn')}</Checkbox>
      </Form.Item>
      <fieldset className="calendar-week">
        <legend>{t('exceptions')}</legend>
        <Form.List name="exceptions">
          {(rows, { add, remove }) => (
            <div className="stack">
              {rows.map((row) => (
                <ExceptionFields key={row.key} place={row.name} remove={() => remove(row.name)} />
              ))}
              <Button onClick={() => add({ kind: 'closed' })}>{t('add_exception')}</Button>
            </div>
          )}
        </Form.List>
      </fieldset>
    </>
  );
}

function Reason() {
  const { t } = useTranslation('calendars');
  return (
    <Form.Item name="reason" label={t('reason')} extra={t('reason_hint')} rules={[{ required: true, whitespace: true, min: 5, message: t('reason_needed') }]}>
      <Input.TextArea rows={3} maxLength={500} />
    </Form.Item>
  );
}

/** Gives a calendar a new version. */
export function ChangeCalendar({ calendar, open, onClose }: { calendar: WorkCalendar; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('calendars');
  const { done } = useNotice();
  const local = useLocal();
  const change = api.useMutation('put', '/api/v1/rulebook/calendars/{code}', {
    onSuccess: async (row) => {
      done(t('changed', { name: local(row.names), version: row.version }));
      onClose();
      await refresh('/api/v1/rulebook/calendar', '/api/v1/rulebook/clocks');
    },
  });
  return (
    <FormDrawer<ChangeForm>
      title={t('change')}
      hint={t('change_hint')}
      open={open}
      onClose={onClose}
      act={t('change')}
      busy={change.isPending}
      error={change.error}
      initial={toForm(calendar.definition)}
      onFinish={({ effective_from, reason, ...form }) =>
        change.mutate({
          params: { path: { code: calendar.code }, header: ifMatch(calendar) },
          body: { definition: fromForm(form), reason: reason.trim(), ...(effective_from ? { effective_from } : {}) },
        })
      }
    >
      <SpecFields />
      <Form.Item name="effective_from" label={t('effective_from')} extra={t('effective_hint')}>
        <Input type="date" />
      </Form.Item>
      <Reason />
    </FormDrawer>
  );
}

/** Makes a calendar. */
export function NewCalendarDrawer({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation('calendars');
  const { done } = useNotice();
  const { timeZone } = useFormat();
  const navigate = useNavigate();
  const make = api.useMutation('post', '/api/v1/rulebook/calendars', {
    onSuccess: async (row) => {
      done(t('made'));
      await refresh('/api/v1/rulebook/calendars');
      void navigate(`/system/calendars/${row.code}`);
    },
  });
  const week = Object.fromEntries(WEEKDAYS.map((day, place) => [day, place < 5 ? OFFICE : ''])) as SpecForm['week'];
  return (
    <FormDrawer<NewForm>
      title={t('new')}
      open={open}
      onClose={onClose}
      act={t('make')}
      busy={make.isPending}
      error={make.error}
      initial={{ time_zone: timeZone, china: true, week, exceptions: [] }}
      onFinish={({ code, names, reason, ...form }) => make.mutate({ body: { code: code.trim(), names, reason: reason.trim(), definition: fromForm(form) } })}
    >
      <Form.Item name="code" label={t('code')} extra={t('code_hint')} rules={[{ required: true, pattern: /^[a-z][a-z0-9_-]{0,49}$/, message: t('code_hint') }]}>
        <Input autoComplete="off" maxLength={50} />
      </Form.Item>
      {(['zh-Hans', 'zh-Hant', 'en'] as const).map((language) => (
        <Form.Item key={language} name={['names', language]} label={t(`name_in.${language}`)} rules={[{ required: true, whitespace: true, message: t('name_needed') }]}>
          <Input autoComplete="off" maxLength={100} lang={language} />
        </Form.Item>
      ))}
      <SpecFields />
      <Reason />
    </FormDrawer>
  );
}
