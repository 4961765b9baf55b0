import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { Button, Form, Input, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, client, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { Intake, NewIntake } from '@/api/schema';
import { useSchema, useTypes } from '@/areas/records/api';
import { FieldInput } from '@/areas/records/input';
import type { Field } from '@/areas/records/types';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { useSession } from '@/session/session';

export const INTAKES = '/api/v1/rulebook/intakes';
/** Kinds of fields that nothing from outside fills. */
const NOT_GIVEN = ['computed', 'rollup', 'file', 'table'];

/** What an intake opens that takes replies to the mails of comments. */
const REPLIES = 'comment';

/** What places in JSON look like; the same in every language. */
const PLACES = { title: '/title', id: '/id' };

interface Pair {
  field?: string;
  from?: string;
}
type Values = Omit<NewIntake, 'mapping' | 'active'> & { pairs: Pair[] };

/** Fields of the type that is opened, each with the place that fills it. */
function Mapping({ type }: { type: string }) {
  const { t } = useTranslation('intakes');
  const schema = useSchema(type);
  const fields = ((schema.data?.fields ?? []) as Field[]).filter((field) => !NOT_GIVEN.includes(field.kind) && field.read_only !== true);
  const options = fields.map((field) => ({ value: field.key, label: field.required ? `${field.title} *` : field.title }));
  return (
    <Form.Item label={t('mapping')} extra={t('mapping_hint')}>
      <Form.List name="pairs" rules={[{ validator: (_, pairs: Pair[]) => (pairs.some((pair) => pair.field && pair.from) ? Promise.resolve() : Promise.reject(new Error(t('mapping_needed')))) }]}>
        {(rows, { add, remove }, { errors }) => (
          <div className="stack-tight">
            {rows.map(({ key, name }) => (
              <div key={key} className="row">
                <Form.Item name={[name, 'field']} noStyle>
                  <Select aria-label={t('field')} placeholder={t('field')} loading={schema.isPending} options={options} style={{ width: '45%' }} showSearch={{ optionFilterProp: 'label' }} />
                </Form.Item>
                <Form.Item name={[name, 'from']} noStyle>
                  <Input aria-label={t('from')} placeholder={PLACES.title} maxLength={300} className="grow" />
                </Form.Item>
                <Button type="text" icon={<DeleteOutlined />} aria-label={t('remove_field')} onClick={() => remove(name)} />
              </div>
            ))}
            <div>
              <Button icon={<PlusOutlined />} onClick={() => add({})}>
                {t('add_field')}
              </Button>
            </div>
            <Form.ErrorList errors={errors} />
          </div>
        )}
      </Form.List>
    </Form.Item>
  );
}

function Fields({ intake }: { intake?: Intake | undefined }) {
  const { t } = useTranslation('intakes');
  const types = useTypes();
  const opens = Form.useWatch<string | undefined>('opens');
  const writable = (types.data?.items ?? []).filter((type) => type.can_write);
  return (
    <>
      <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true, message: t('name_needed') }]}>
        <Input maxLength={80} />
      </Form.Item>
      <Form.Item name="opens" label={t('opens')} rules={[{ required: true, message: t('opens_needed') }]}>
        <Select loading={types.isPending} showSearch={{ optionFilterProp: 'label' }} options={[{ value: REPLIES, label: t('opens_replies') }, ...writable.map((type) => ({ value: type.id, label: type.title }))]} />
      </Form.Item>
      {opens === REPLIES && <p className="quiet">{t('replies_hint')}</p>}
      {opens && opens !== REPLIES && (
        <>
          <Mapping key={opens} type={opens} />
          <Form.Item name="key_path" label={t('key_path')} extra={t('key_path_hint')} rules={[{ pattern: /^\//, message: t('path_needed') }]}>
            <Input maxLength={200} placeholder={PLACES.id} />
          </Form.Item>
        </>
      )}
      <Form.Item name="per_minute" label={t('per_minute')}>
        <InputNumber min={1} max={6_000} precision={0} style={{ width: '100%' }} />
      </Form.Item>
      <Form.Item name="owner_id" label={t('owner')} rules={[{ required: true, message: t('owner_needed') }]}>
        <FieldInput field={{ key: 'owner_id', title: t('owner'), kind: 'person' }} type="" names={intake?.names} />
      </Form.Item>
    </>
  );
}

/** What the server keeps of the form. */
function body({ pairs, ...values }: Values, active: boolean): NewIntake {
  const said = (values.opens === REPLIES ? [] : (pairs ?? [])).filter((pair) => pair.field && pair.from).map((pair) => [pair.field ?? '', pair.from]);
  return { ...values, key_path: values.key_path?.trim() || null, mapping: Object.fromEntries(said) as NewIntake['mapping'], active };
}

/** Opens an intake; its address is shown once. */
export function NewIntakeForm({ open, onClose, onUrl }: { open: boolean; onClose: () => void; onUrl: (url: string) => void }) {
  const { t } = useTranslation('intakes');
  const { session } = useSession();
  const make = api.useMutation('post', INTAKES, {
    onSuccess: async (made) => {
      onClose();
      if (made.url) onUrl(made.url);
      await refresh(INTAKES);
    },
  });
  return (
    <FormDrawer<Values> title={t('new')} open={open} onClose={onClose} onFinish={(values) => make.mutate({ body: body(values, true) })} act={t('new')} busy={make.isPending} error={make.error} hint={t('hint')} initial={{ per_minute: 60, pairs: [{}], owner_id: session?.user.id ?? null }}>
      <Fields />
    </FormDrawer>
  );
}

/** Changes an intake. */
export function EditIntake({ intake, onClose }: { intake: Intake; onClose: () => void }) {
  const { t } = useTranslation('intakes');
  const { done } = useNotice();
  const edit = useMutation({
    mutationFn: async (values: Values) => client.PUT(`${INTAKES}/{id}`, { params: { path: { id: intake.id }, header: ifMatch(intake) }, body: body(values, intake.active) }),
    onSuccess: async () => {
      done(t('kept'));
      onClose();
      await refresh(INTAKES);
    },
  });
  const pairs = Object.entries(intake.mapping).map(([field, from]) => ({ field, from: typeof from === 'string' ? from : JSON.stringify(from) }));
  const { name, opens, key_path, per_minute, owner_id } = intake;
  return (
    <FormDrawer<Values> title={intake.name} open onClose={onClose} onFinish={(values) => edit.mutate(values)} act={t('keep')} busy={edit.isPending} error={edit.error} initial={{ name, opens, pairs, key_path: key_path ?? null, per_minute, owner_id }}>
      <Fields intake={intake} />
    </FormDrawer>
  );
}

/** What the server takes to switch an intake on or off. */
export function turned({ name, opens, mapping, key_path, per_minute, owner_id }: Intake, active: boolean): NewIntake {
  return { name, opens, mapping, key_path: key_path ?? null, per_minute, owner_id, active };
}
