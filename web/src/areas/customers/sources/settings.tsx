import { Form } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { useBlame } from '@/areas/records/form-fields';
import type { Values } from '@/areas/records/types';
import { Act } from '@/parts/act';
import { useNotice } from '@/parts/notice';
import { Conflict, ProblemNote } from '@/parts/states';
import { useBrandChoices } from '../words';
import { sourceNow, useChangeSource } from './calls';
import type { NewSource, Source } from './contract';
import { bodyOf, SOURCE_FIELDS, SourceFields, useSourceFields } from './source-form';

/** True where a field says the same in both. */
const agree = (a: NewSource, b: NewSource, key: (typeof SOURCE_FIELDS)[number]) => JSON.stringify(a[key]) === JSON.stringify(b[key]);

/** Says a field of a source in words. */
function useSay(): (values: NewSource, key: (typeof SOURCE_FIELDS)[number]) => string {
  const { t } = useTranslation('sources');
  const brands = useBrandChoices();
  return (values, key) => {
    if (key === 'kind') return t(`kind_name.${values.kind}`);
    if (key === 'active') return t(values.active ? 'on' : 'off');
    if (key === 'brand_id') return brands.find((brand) => brand.value === values.brand_id)?.label ?? '–';
    if (key === 'silent_after_hours') return values.silent_after_hours ? t('hours', { count: values.silent_after_hours }) : t('never_silent');
    if (key === 'plan') return t(`plan:mode.${values.plan ?? 'off'}`);
    if (key === 'expected') return values.expected?.map((data) => t(`plan:data.${data}`)).join(' · ') || '–';
    return values[key];
  };
}

/** Changes a source; where somebody else was faster, both versions stand side by side. */
export function Settings({ source }: { source: Source }) {
  const { t } = useTranslation('sources');
  const { done, failed } = useNotice();
  const say = useSay();
  const fields = useSourceFields();
  const [form] = Form.useForm<Values>();
  // The version that the form began with: the page itself goes on asking how the source stands.
  const [base, setBase] = useState(source);
  const [theirs, setTheirs] = useState<Source>();
  const change = useChangeSource(source.id);
  const rest = useBlame(form, fields, change.error);
  const values = Form.useWatch((all: Values) => all, form);
  const mine = bodyOf({ ...base, ...values });
  const changed = SOURCE_FIELDS.some((key) => !agree(mine, bodyOf(base), key));

  const send = (version: number) =>
    change.mutate(
      { body: mine, version },
      {
        onSuccess: (saved) => {
          done(t('saved'));
          setTheirs(undefined);
          setBase(saved);
        },
        onError: (error) => {
          if (asProblem(error).stale) sourceNow(source.id).then(setTheirs).catch(failed);
        },
      },
    );
  const takeTheirs = () => {
    if (!theirs) return;
    form.setFieldsValue({ ...bodyOf(theirs) });
    setBase(theirs);
    setTheirs(undefined);
  };
  return (
    <div className="stack">
      {theirs && (
        <Conflict
          fields={fields.map(({ key, title }) => ({ name: title, mine: say(mine, key), theirs: say(theirs, key), differs: !agree(mine, bodyOf(theirs), key) }))}
          onMine={() => send(theirs.version)}
          onTheirs={takeTheirs}
        />
      )}
      <section className="card source-settings" aria-label={t('settings')}>
        <Form<Values> form={form} layout="vertical" requiredMark={false} initialValues={bodyOf(base)} onFinish={() => send(base.version)}>
          <SourceFields />
          <div className="stack-tight">
            <ProblemNote error={rest} />
            <div className="row">
              <Act type="primary" htmlType="submit" loading={change.isPending} why={changed ? undefined : t('unchanged')}>
                {t('common:save')}
              </Act>
            </div>
          </div>
        </Form>
      </section>
    </div>
  );
}
