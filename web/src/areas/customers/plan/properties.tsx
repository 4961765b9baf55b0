import { PlusOutlined } from '@ant-design/icons';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Act } from '@/parts/act';
import { Label } from '@/parts/pill';
import { Nothing } from '@/parts/values';
import { added, type DraftProperty, moved, whole } from './definition';
import type { Faults } from './faults';
import { PropertyRow } from './property-row';
import type { PlannedProperty } from '@/api/schema';
import { useKindWord } from './words';
import './plan.css';

/** The server keeps no more. */
const PROPERTIES_MAX = 200;

interface EditorProps {
  properties: DraftProperty[];
  faults: Faults;
  onChange: (properties: DraftProperty[]) => void;
}

/** What has to have the focus once the rows are drawn anew. */
type Next = { key: number; by: 1 | -1 } | { name: number };

/** Where a row went the hand stays on it, so that the next step is one more press of the same key. */
function useFocus(rows: number) {
  const next = useRef<Next | undefined>(undefined);
  useEffect(() => {
    const wanted = next.current;
    next.current = undefined;
    if (!wanted) return;
    const id = 'name' in wanted ? `property-${wanted.name}-name` : `property-${wanted.key}-${wanted.by < 0 ? 'up' : 'down'}`;
    document.getElementById(id)?.focus();
  });
  return { moved: (key: number, by: 1 | -1) => (next.current = { key, by }), added: () => (next.current = { name: rows }) };
}

/** The properties of a definition as a table to be written in. */
export function Properties({ properties, faults, onChange }: EditorProps) {
  const { t } = useTranslation('plan');
  const focus = useFocus(properties.length);
  const move = (place: number, key: number, by: 1 | -1) => {
    focus.moved(key, by);
    onChange(moved(properties, place, by));
  };
  return (
    <section className="stack-tight" aria-labelledby="plan-properties">
      <h2 id="plan-properties">{t('properties')}</h2>
      {faults.get('properties') && (
        <p className="small bad" role="alert">
          {faults.get('properties')}
        </p>
      )}
      {properties.length === 0 ? (
        <p className="quiet small">{t('properties_none')}</p>
      ) : (
        <table className="plan-properties">
          <thead>
            <tr>
              <th scope="col">{t('property_name')}</th>
              <th scope="col">{t('property_kind_is')}</th>
              <th scope="col">{t('property_is')}</th>
              <th scope="col">
                <span className="hidden-text">{t('order')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {properties.map((property, place) => (
              <PropertyRow
                key={property.key}
                property={property}
                place={place}
                last={place === properties.length - 1}
                faultOf={(part) => faults.get(`properties.${place}.${part}`)}
                onChange={(next) => onChange(properties.map((one) => (one.key === next.key ? next : one)))}
                onMove={(by) => move(place, property.key, by)}
                onRemove={() => onChange(properties.filter((one) => one.key !== property.key))}
              />
            ))}
          </tbody>
        </table>
      )}
      <div className="row">
        <Act
          icon={<PlusOutlined />}
          why={properties.length >= PROPERTIES_MAX ? t('properties_full', { count: PROPERTIES_MAX }) : undefined}
          onClick={() => {
            focus.added();
            onChange(added(properties));
          }}
        >
          {t('property_add')}
        </Act>
      </div>
    </section>
  );
}

/** A property in words, in one line. */
export function PropertyWords({ of }: { of: PlannedProperty }) {
  const { t } = useTranslation('plan');
  const word = useKindWord();
  const { kind, required, personal, choices, description } = whole(of);
  return (
    <>
      <span className="plan-words">
        <Label>{word(kind)}</Label>
        {required && <Label tone="info">{t('required')}</Label>}
        {personal && <Label tone="warn">{t('personal')}</Label>}
      </span>
      {choices.length > 0 && (
        <div className="small quiet anywhere">
          {t('choices')}
          {t('common:colon')}
          {choices.join(' · ')}
        </div>
      )}
      {description && <div className="small quiet data anywhere">{description}</div>}
    </>
  );
}

/** Properties with what is planned of each. */
export function PropertyList({ properties }: { properties: PlannedProperty[] }) {
  if (properties.length === 0) return <Nothing />;
  return (
    <dl className="facts">
      {properties.map((one) => (
        <div key={one.name} className="plan-property">
          <dt>
            <code className="anywhere">{one.name}</code>
          </dt>
          <dd>
            <PropertyWords of={one} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** The properties of a definition, to be read. */
export function PropertiesShown({ properties }: { properties: PlannedProperty[] }) {
  const { t } = useTranslation('plan');
  return (
    <section className="stack-tight" aria-labelledby="plan-properties-shown">
      <h2 id="plan-properties-shown">{t('properties')}</h2>
      <PropertyList properties={properties} />
    </section>
  );
}
