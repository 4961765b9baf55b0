import { FileSearchOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { Button, DatePicker, Form, Input } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { client } from '@/api/client';
import { refresh } from '@/api/query';
import { FormDrawer } from '@/parts/form-drawer';
import { PageHead } from '@/parts/head';
import { useOpenForm } from '@/parts/open-form';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { useSession } from '@/session/session';
import { LossPill } from './backup-words';

interface Notice {
  what: string;
  cause?: string;
  noticed_at: Dayjs;
  noticed_by: string;
}

function Open({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation('backups');
  const go = useNavigate();
  const { session } = useSession();
  const act = useMutation({
    mutationFn: async ({ noticed_at, cause, ...rest }: Notice) =>
      client.POST('/api/v1/system/losses', { body: { ...rest, cause: cause?.trim() || null, noticed_at: noticed_at.toISOString() } }),
    onSuccess: async ({ data }) => {
      await refresh('/api/v1/system/losses');
      if (data) await go(`/system/losses/${data.id}?step=backup`);
    },
  });
  const needed = [{ required: true, whitespace: true, message: t('loss.needed') }];
  return (
    <FormDrawer<Notice>
      title={t('loss.open')}
      open={open}
      onClose={onClose}
      onFinish={(notice) => act.mutate(notice)}
      act={t('loss.open')}
      busy={act.isPending}
      error={act.error}
      hint={t('loss.open_hint')}
      initial={{ noticed_at: dayjs(), noticed_by: session?.user.name ?? '' }}
    >
      <Form.Item name="what" label={t('loss.what')} rules={[{ required: true, whitespace: true, min: 5, message: t('loss.what_needed') }]}>
        <Input.TextArea rows={4} maxLength={2_000} placeholder={t('loss.what_example')} />
      </Form.Item>
      <Form.Item name="cause" label={t('loss.cause')}>
        <Input.TextArea rows={2} maxLength={1_000} />
      </Form.Item>
      <Form.Item name="noticed_at" label={t('loss.noticed_at')} rules={[{ required: true, message: t('loss.needed') }]}>
        <DatePicker showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" allowClear={false} style={{ width: '100%' }} />
      </Form.Item>
      <Form.Item name="noticed_by" label={t('loss.noticed_by')} rules={needed}>
        <Input maxLength={120} />
      </Form.Item>
    </FormDrawer>
  );
}

/** Losses of data (数据丢失处置): what was lost, what was done about it, who took note. */
export function Losses() {
  const { t } = useTranslation('backups');
  const [open, setOpen] = useOpenForm();
  const spec: ListSpec<'/api/v1/system/losses'> = {
    id: 'losses',
    path: '/api/v1/system/losses',
    rowKey: (loss) => loss.id,
    rowName: (loss) => loss.what,
    rowLink: (loss) => `/system/losses/${loss.id}`,
    columns: [
      { id: 'what', label: t('loss.what'), title: true, cell: (loss) => <span className="anywhere">{loss.what}</span> },
      { id: 'state', label: t('state'), cell: (loss) => <LossPill state={loss.state} /> },
      { id: 'noticed', label: t('loss.noticed_at'), cell: (loss) => <DateTime at={loss.noticed_at} short time /> },
      { id: 'by', label: t('loss.noticed_by'), wide: true, cell: (loss) => loss.noticed_by },
      { id: 'superior', label: t('loss.superior'), wide: true, cell: (loss) => loss.superior_name ?? <Nothing /> },
    ],
    empty: (
      <EmptyState icon={<FileSearchOutlined />} title={t('loss.empty')} hint={t('loss.empty_hint')}>
        <Button onClick={() => setOpen(true)}>{t('loss.open')}</Button>
      </EmptyState>
    ),
  };
  return (
    <>
      <PageHead
        title={t('loss.title')}
        sub={t('loss.sub')}
        crumbs={[{ label: t('title'), to: '/system/backups' }, { label: t('loss.title') }]}
        actions={
          <Button type="primary" danger onClick={() => setOpen(true)}>
            {t('loss.open')}
          </Button>
        }
      />
      <List spec={spec} label={t('loss.title')} />
      <Open open={open} onClose={() => setOpen(false)} />
    </>
  );
}
