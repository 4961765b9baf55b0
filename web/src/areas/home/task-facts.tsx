import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import type { ContentView, Task } from '@/api/schema';
import { Preview } from '@/areas/content/preview';
import { RecordTaskFacts, typeOfTask } from '@/areas/records/task';
import { StatePill } from '@/parts/pill';
import { useMay } from '@/session/session';
import '@/areas/content/content.css';

/** The noun of content, as tasks name it. */
const CONTENT = 'brand.content';

function Checked({ item }: { item: ContentView }) {
  const { t } = useTranslation('home');
  const found = item.preflight;
  if (!found) return null;
  const said = [
    found.serious_count > 0 && t('facts.serious', { count: found.serious_count }),
    found.warning_count > 0 && t('facts.warnings', { count: found.warning_count }),
  ].filter(Boolean);
  return <StatePill tone={found.serious_count ? 'bad' : found.warning_count ? 'warn' : 'good'}>{said.length ? said.join(t('common:list.or')) : `${t('facts.checked')} · ${t('facts.clean')}`}</StatePill>;
}

/** What a review is about: subject, pre-flight, and the mail itself one click away. */
function ReviewFacts({ id }: { id: string }) {
  const { t } = useTranslation('home');
  const [shown, setShown] = useState(false);
  const item = api.useQuery('get', '/api/v1/brand/contents/{id}', { params: { path: { id } } });
  const variant = item.data?.current.variants[0];
  if (!item.data || !variant) return null;
  return (
    <div className="stack-tight">
      <p className="quiet anywhere">
        {t('facts.subject')}
        {t('common:colon')}
        <span lang={variant.language}>{variant.subject}</span>
      </p>
      <div className="row">
        <Checked item={item.data} />
        <Button type="link" size="small" aria-expanded={shown} onClick={() => setShown(!shown)}>
          {t(shown ? 'facts.hide' : 'facts.look')}
        </Button>
      </div>
      {shown && <Preview item={item.data} variant={variant} />}
    </div>
  );
}

/** What is needed to decide a task on its card. */
export function TaskFacts({ task }: { task: Task }) {
  const may = useMay()('brand.content.read');
  const type = typeOfTask(task);
  if (type) return <RecordTaskFacts task={task} type={type} />;
  return may && task.subject_noun === CONTENT ? <ReviewFacts id={task.subject_id} /> : null;
}
