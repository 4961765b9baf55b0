import { useMutation } from '@tanstack/react-query';
import { Form, Input, InputNumber, Segmented, Select, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, client, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { NewWatch, Watch } from '@/api/schema';
import { useSchema } from '@/areas/records/api';
import { FieldInput } from '@/areas/records/input';
import type { Field } from '@/areas/records/types';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { useSession } from '@/session/session';
import { KINDS, WATCHES } from './watch-words';

/** Kinds of fields whose value can be said beforehand, without knowing what will be found. */
const PRESET = ['choice', 'rating', 'boolean', 'brand'];

/** What a selector looks like; the same in every language. */
const SELECTOR = '.price';

type Values = Omit<NewWatch, 'opens_values'> & { opens_values?: { [key: string]: unknown } | undefined };

/** What the type that is opened lets one say beforehand. */
function Preset({ type }: { type: string }) {
  const { t } = useTranslation('watches');
  const schema = useSchema(type);
  const fields = ((schema.data?.fields ?? []) as Field[]).filter((field) => PRESET.includes(field.kind) && field.read_only !== true);
  if (fields.length === 0) return null;
  return (
    <fieldset className="stack-tight">
      <legend className="small quiet">{t('preset')}</legend>
      {fields.map((field) => (
        <Form.Item key={field.key} name={['opens_values', field.key]} label={field.title}>
          <FieldInput field={field} type={type} />
        </Form.Item>
      ))}
    </fieldset>
  );
}

function Where() {
  const { t } = useTranslation('watches');
  const kind = Form.useWatch<string | undefined>('kind');
  return (
    <>
      <Form.Item name="kind" label={t('kind')}>
        <Segmented block options={KINDS.map((value) => ({ value, label: t(`kinds.${value}`) }))} />
      </Form.Item>
      <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true, message: t('name_needed') }]}>
        <Input maxLength={80} />
      </Form.Item>
      <Form.Item name="url" label={t('url')} rules={[{ required: true, pattern: /^https?:\/\/\S+$/, message: t('url_needed') }]}>
        <Input inputMode="url" maxLength={1000} />
      </Form.Item>
      {kind !== 'feed' && (
        <Form.Item name="selector" label={t('selector')} extra={t('selector_hint')}>
          <Input maxLength={300} placeholder={SELECTOR} />
        </Form.Item>
      )}
      <Form.Item name="keywords" label={t('keywords')} extra={t('keywords_hint')}>
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', '，', '、', ';', '；']} maxCount={50} />
      </Form.Item>
      <Form.Item name="keyword_match" label={t('match')}>
        <Segmented options={(['any', 'all'] as const).map((value) => ({ value, label: t(`matches.${value}`) }))} />
      </Form.Item>
      <Form.Item name="interval_minutes" label={t('interval')} extra={t('interval_hint')}>
        <InputNumber min={5} max={10_080} precision={0} style={{ width: '100%' }} suffix={t('minutes')} />
      </Form.Item>
    </>
  );
}

function Fields({ watch }: { watch?: Watch | undefined }) {
  const { t } = useTranslation('watches');
  const [kind, opens] = [Form.useWatch<string | undefined>('kind'), Form.useWatch<string | undefined>('opens')];
  const targets = api.useQuery('get', '/api/v1/rulebook/watch-targets');
  return (
    <>
      <Where />
      <Form.Item name="opens" label={t('opens')} extra={t('opens_hint')} rules={[{ required: kind === 'feed', message: t('opens_needed') }]}>
        <Select allowClear loading={targets.isPending} placeholder={t('opens_nothing')} options={(targets.data?.items ?? []).map((type) => ({ value: type.id, label: type.title }))} />
      </Form.Item>
      {opens && <Preset key={opens} type={opens} />}
      {opens && (
        <Form.Item name="from_start" label={t('from_start')} valuePropName="checked" extra={t('from_start_hint')}>
          <Switch />
        </Form.Item>
      )}
      <Form.Item name="owner_id" label={t('owner')} rules={[{ required: true, message: t('owner_needed') }]}>
        <FieldInput field={{ key: 'owner_id', title: t('owner'), kind: 'person' }} type="" names={watch?.names} />
      </Form.Item>
      <Form.Item name="competitor_id" label={t('competitor')}>
        <FieldInput field={{ key: 'competitor_id', title: t('competitor'), kind: 'reference', record: 'competitor' }} type="" names={watch?.names} />
      </Form.Item>
    </>
  );
}

/** What the server keeps of the form: fields left empty are none. */
function body(values: Values, active: boolean): NewWatch {
  const said = Object.entries(values.opens_values ?? {}).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return {
    ...values,
    keywords: values.keywords ?? [],
    selector: values.kind === 'feed' ? null : values.selector?.trim() || null,
    interval_minutes: values.interval_minutes ?? null,
    opens: values.opens ?? null,
    opens_values: Object.fromEntries(said) as NewWatch['opens_values'],
    competitor_id: values.competitor_id ?? null,
    active,
  };
}

/** Makes a watch. */
export function NewWatchForm({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation('watches');
  const { done } = useNotice();
  const { session } = useSession();
  const make = api.useMutation('post', WATCHES, {
    onSuccess: async () => {
      done(t('made'));
      onClose();
      await refresh(WATCHES);
    },
  });
  return (
    <FormDrawer<Values>
      title={t('new')}
      open={open}
      onClose={onClose}
      onFinish={(values) => make.mutate({ body: body(values, true) })}
      act={t('new')}
      busy={make.isPending}
      error={make.error}
      hint={t('hint')}
      initial={{ kind: 'page', keyword_match: 'any', keywords: [], from_start: false, owner_id: session?.user.id ?? null }}
    >
      <Fields />
    </FormDrawer>
  );
}

/** Changes a watch. */
export function EditWatch({ watch, onClose }: { watch: Watch; onClose: () => void }) {
  const { t } = useTranslation('watches');
  const { done } = useNotice();
  const edit = useMutation({
    mutationFn: async (values: Values) => client.PUT(`${WATCHES}/{id}`, { params: { path: { id: watch.id }, header: ifMatch(watch) }, body: body(values, watch.active) }),
    onSuccess: async () => {
      done(t('kept'));
      onClose();
      await refresh(WATCHES);
    },
  });
  const { name, kind, url, selector, keywords, keyword_match, interval_minutes, opens, opens_values, from_start, owner_id, competitor_id } = watch;
  return (
    <FormDrawer<Values>
      title={watch.name}
      open
      onClose={onClose}
      onFinish={(values) => edit.mutate(values)}
      act={t('keep')}
      busy={edit.isPending}
      error={edit.error}
      hint={t('edit_hint')}
      initial={{ name, kind, url, selector: selector ?? null, keywords, keyword_match, interval_minutes: interval_minutes ?? null, opens: opens ?? null, opens_values: opens_values as { [key: string]: unknown }, from_start, owner_id, competitor_id: competitor_id ?? null }}
    >
      <Fields watch={watch} />
    </FormDrawer>
  );
}

/** What the server takes to switch a watch on or off. */
export function turned(watch: Watch, active: boolean): NewWatch {
  const { name, kind, url, selector, keywords, keyword_match, interval_minutes, opens, opens_values, from_start, owner_id, competitor_id } = watch;
  return { name, kind, url, selector: selector ?? null, keywords, keyword_match, interval_minutes: interval_minutes ?? null, opens: opens ?? null, opens_values, from_start, owner_id, competitor_id: competitor_id ?? null, active };
}
