import { useTranslation } from 'react-i18next';
import type { PersonaTrait } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { barOf } from './stable';
import { useTraitFigure, useTraitName } from './words';

/** One trait: what it is, how the group and everybody stand, and a bar of how far apart that is. */
function Trait({ trait }: { trait: PersonaTrait }) {
  const { t } = useTranslation('personas');
  const format = useFormat();
  const name = useTraitName();
  const figure = useTraitFigure();
  const { side, length } = barOf(trait);
  return (
    <li className="persona-trait">
      <span className="anywhere">{name(trait)}</span>
      <span className="small quiet">{t('group_overall', { group: figure(trait, trait.group), overall: figure(trait, trait.overall) })}</span>
      <span className="row">
        <span className="persona-bar" aria-hidden="true">
          <i className={side} style={{ width: `${length * 50}%` }} />
        </span>
        <span className="small nowrap persona-lift">{typeof trait.lift === 'number' ? t('lift', { times: format.number(trait.lift, 2) }) : t(`only_here`)}</span>
      </span>
    </li>
  );
}

/** What tells a group from everybody (群体特点), the most telling first. */
export function Traits({ traits }: { traits: PersonaTrait[] }) {
  const { t } = useTranslation('personas');
  if (traits.length === 0) return <p className="small quiet">{t('no_traits')}</p>;
  return (
    <ul className="persona-traits">
      {traits.map((trait) => (
        <Trait key={`${trait.feature}/${trait.value ?? ''}`} trait={trait} />
      ))}
    </ul>
  );
}
