import { Form, Input, Segmented, Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSources } from '../sources/calls';
import { PLANNED_STATES } from './contract';
import type { Draft } from './definition';
import type { Faults } from './faults';
import { Properties } from './properties';

/** The bounds that the server keeps. */
const DESCRIPTION_MAX = 500;
const SOURCES_MAX = 200;

interface FormProps {
  draft: Draft;
  faults: Faults;
  onDraft: (draft: Draft) => void;
  /** What stands before the description: kind and name, of an event that is new. */
  head?: ReactNode;
}

/** A field of the form with its label, its hint, and what a refusal says about it. */
export function FormField({ id, label, hint, fault, children }: { id: string; label: string; hint?: string | undefined; fault?: string | undefined; children: ReactNode }) {
  return (
    <Form.Item htmlFor={id} label={label} {...(hint ? { extra: hint } : {})} {...(fault ? { validateStatus: 'error' as const, help: <span id={`${id}-fault`}>{fault}</span> } : {})}>
      {children}
    </Form.Item>
  );
}

/** What an element at fault says of itself. */
export function blamed(id: string, fault: string | undefined) {
  return fault ? { 'aria-invalid': true, 'aria-describedby': `${id}-fault` } : {};
}

/** What an event has to look like, to be written. */
export function DefinitionFields({ draft, faults, onDraft, head }: FormProps) {
  const { t } = useTranslation('plan');
  const sources = useSources();
  const set = (change: Partial<Draft>) => onDraft({ ...draft, ...change });
  return (
    <>
      {head}
      <FormField id="plan-description" label={t('description')} hint={t('description_hint')} fault={faults.get('description')}>
        <Input.TextArea id="plan-description" rows={2} maxLength={DESCRIPTION_MAX} value={draft.description} {...blamed('plan-description', faults.get('description'))} onChange={(event) => set({ description: event.target.value })} />
      </FormField>
      <Properties properties={draft.properties} faults={faults} onChange={(properties) => set({ properties })} />
      <div className="plan-rest">
        <FormField id="plan-extra" label={t('extra_is')} hint={t(`extra_hint.${draft.extra}`)}>
          <Select id="plan-extra" value={draft.extra} options={(['allow', 'quarantine'] as const).map((value) => ({ value, label: t(`extra.${value}`) }))} onChange={(extra) => set({ extra })} />
        </FormField>
        <FormField id="plan-sources" label={t('sources')} hint={t('sources_hint')} fault={faults.get('sources')}>
          <Select
            id="plan-sources"
            mode="multiple"
            maxCount={SOURCES_MAX}
            value={draft.sources}
            placeholder={t('every_source')}
            showSearch={{ optionFilterProp: 'label' }}
            options={(sources.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(next: string[]) => set({ sources: next })}
            {...blamed('plan-sources', faults.get('sources'))}
          />
        </FormField>
      </div>
      <Form.Item label={t('state_is')} extra={t(`state_hint.${draft.state}`)}>
        <Segmented aria-label={t('state_is')} value={draft.state} options={PLANNED_STATES.map((value) => ({ value, label: t(`state.${value}`) }))} onChange={(state) => set({ state })} />
      </Form.Item>
    </>
  );
}
