import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useAll, useTypes } from '@/areas/records/api';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { dutyOf, type Part, postsOf } from './raci';

/** The record type in which duties stand. */
const DUTY = 'duty';
const PARTS: Part[] = ['responsible', 'accountable', 'support', 'consulted', 'informed'];

/** Who does what, who answers for it, who is asked and who is told (职责矩阵): duties by posts. */
export function Responsibilities() {
  const { t } = useTranslation('people');
  const types = useTypes();
  const known = types.data?.items.some((type) => type.id === DUTY) ?? false;
  const found = useAll(DUTY, { filter: '!ended', sort: 'number' }, known);
  if (!known) return null;
  if (found.isPending) return <Skeleton rows={6} />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  const duties = found.data.items.map(dutyOf);
  const posts = postsOf(duties);
  return (
    <section className="card stack-tight" aria-labelledby="raci">
      <div className="row">
        <h2 id="raci" className="grow">
          {t('raci')}
        </h2>
        <Link to={`/records/${DUTY}`}>{t('raci_list')}</Link>
      </div>
      <p className="small quiet">{PARTS.map((part) => `${t(`raci_letter.${part}`)} ${t(`raci_part.${part}`)}`).join(' · ')}</p>
      {duties.length === 0 ? (
        <p className="quiet">{t('raci_empty')}</p>
      ) : (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a wide table is scrolled by keyboard too
        <div className="raci" tabIndex={0} role="region" aria-label={t('raci_table')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('raci_duty')}</th>
                {posts.map((post) => (
                  <th key={post} scope="col">
                    {post}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {duties.map(({ row, parts }) => (
                <tr key={row.id}>
                  <th scope="row">
                    <Link to={`/records/${DUTY}/${row.id}`}>{row.title}</Link>
                  </th>
                  {posts.map((post) => (
                    <td key={post}>
                      {PARTS.filter((part) => parts.get(post)?.has(part)).map((part) => (
                        <abbr key={part} title={t(`raci_part.${part}`)} className={`raci-${part}`}>
                          {t(`raci_letter.${part}`)}
                        </abbr>
                      ))}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
