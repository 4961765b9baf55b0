import { Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { FormDrawer } from '@/parts/form-drawer';
import { Conflict } from '@/parts/states';
import type { Definition } from './contract';
import { same } from './definition';
import { PropertyList } from './properties';
import { SourcesOf } from './words';

/** The bound that the server keeps. */
const REASON_MAX = 300;

interface ReasonProps {
  open: boolean;
  busy: boolean;
  error: unknown;
  live: boolean;
  onClose: () => void;
  onSave: (reason: string) => void;
}

/** Asks why a definition is changed; whoever sends the event wants to know. */
export function Reason({ open, busy, error, live, onClose, onSave }: ReasonProps) {
  const { t } = useTranslation('plan');
  return (
    <FormDrawer<{ reason: string }> title={t('save')} hint={t(live ? 'save_live' : 'save_hint')} open={open} onClose={onClose} onFinish={({ reason }) => onSave(reason.trim())} act={t('save')} busy={busy} error={error}>
      <Form.Item name="reason" label={t('reason')} rules={[{ required: true, whitespace: true, message: t('reason_needed') }]}>
        <Input.TextArea rows={3} maxLength={REASON_MAX} />
      </Form.Item>
    </FormDrawer>
  );
}

/** Somebody else changed the definition meanwhile: both stand side by side. */
export function Clash({ mine, theirs, onMine, onTheirs }: { mine: Definition; theirs: Definition; onMine: () => void; onTheirs: () => void }) {
  const { t } = useTranslation('plan');
  const fields = [
    { key: 'description', name: t('description'), say: (one: Definition) => one.description },
    { key: 'properties', name: t('properties'), say: (one: Definition) => <PropertyList properties={one.properties} /> },
    { key: 'extra', name: t('extra_is'), say: (one: Definition) => t(`extra.${one.extra}`) },
    { key: 'sources', name: t('sources'), say: (one: Definition) => <SourcesOf ids={one.sources} /> },
    { key: 'state', name: t('state_is'), say: (one: Definition) => t(`state.${one.state}`) },
  ] as const;
  return (
    <Conflict
      fields={fields.map(({ key, name, say }) => ({ name, mine: say(mine), theirs: say(theirs), differs: !same({ ...mine, [key]: theirs[key] }, mine) }))}
      onMine={onMine}
      onTheirs={onTheirs}
    />
  );
}
