import { ApiOutlined } from '@ant-design/icons';
import { Checkbox } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { SegmentHook, SegmentHooks } from '@/api/schema';
import { Act } from '@/parts/act';
import { useNotice } from '@/parts/notice';
import { Label } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState, ProblemNote } from '@/parts/states';
import { useMay } from '@/session/session';
import { SEGMENT_EDIT, useHooks, useSetHooks } from './calls';

const NOTHING = { on_enter: false, on_leave: false };
const told = (hooks: SegmentHook[]) => hooks.filter(({ on_enter, on_leave }) => on_enter || on_leave);
const plain = (hooks: SegmentHook[]) => JSON.stringify(told(hooks).map(({ endpoint_id, on_enter, on_leave }) => [endpoint_id, on_enter, on_leave]).sort());

function Form({ of, archived }: { of: SegmentHooks; archived: boolean }) {
  const { t } = useTranslation('segments');
  const { done } = useNotice();
  const may = useMay()(SEGMENT_EDIT);
  const [edited, setEdited] = useState<SegmentHook[]>();
  const set = useSetHooks(of);
  const hooks = edited ?? of.hooks;
  const standing = (id: string) => hooks.find(({ endpoint_id }) => endpoint_id === id) ?? { endpoint_id: id, ...NOTHING };
  const change = (id: string, part: Partial<SegmentHook>) => setEdited([...hooks.filter(({ endpoint_id }) => endpoint_id !== id), { ...standing(id), ...part }]);
  const changed = plain(hooks) !== plain(of.hooks);
  const save = () =>
    set.mutate(told(hooks), {
      onSuccess: () => {
        setEdited(undefined);
        done(t('hooks.saved'));
      },
    });
  return (
    <section className="card stack" aria-label={t('hooks.title')}>
      <p className="quiet">{t('hooks.hint')}</p>
      <ul className="plain-list">
        {of.endpoints.map(({ id, name, active }) => {
          const { on_enter, on_leave } = standing(id);
          return (
            <li key={id} className="row">
              <span className="strong data anywhere grow">
                {name} {!active && <Label tone="warn">{t('hooks.inactive')}</Label>}
              </span>
              {(['on_enter', 'on_leave'] as const).map((when) => (
                <Checkbox key={when} disabled={!may || archived} checked={when === 'on_enter' ? on_enter : on_leave} onChange={({ target }) => change(id, { [when]: target.checked })}>
                  {t(`hooks.${when}`)} <span className="hidden-text">{name}</span>
                </Checkbox>
              ))}
            </li>
          );
        })}
      </ul>
      <ProblemNote error={set.error} />
      <div className="row">
        <Act type="primary" loading={set.isPending} why={!may ? t('snapshots.may_not') : archived ? t('hooks.archived') : changed ? undefined : t('unchanged')} onClick={save}>
          {t('common:save')}
        </Act>
        <Link to="/system/webhooks">{t('hooks.deliveries')}</Link>
      </div>
    </section>
  );
}

/** Which programs are told who enters and leaves a segment (成员变化推送). */
export function Hooks({ id, archived }: { id: string; archived: boolean }) {
  const { t } = useTranslation('segments');
  const hooks = useHooks(id);
  if (hooks.isPending) return <Skeleton rows={4} />;
  if (hooks.isError && !hooks.data) return <ErrorState error={hooks.error} retry={() => void hooks.refetch()} />;
  if (hooks.data.endpoints.length === 0) {
    return (
      <EmptyState icon={<ApiOutlined />} title={t('hooks.empty')} hint={t('hooks.empty_hint')}>
        <Link to="/system/webhooks">{t('hooks.to_webhooks')}</Link>
      </EmptyState>
    );
  }
  return <Form key={hooks.data.version} of={hooks.data} archived={archived} />;
}
