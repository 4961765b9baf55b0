import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined } from '@ant-design/icons';
import { Button, Checkbox, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Act } from '@/parts/act';
import { PROPERTY_KINDS } from './contract';
import { type DraftProperty, mayList } from './definition';

/** The bounds that the server keeps. */
const NAME_MAX = 100;
const DESCRIPTION_MAX = 500;
const CHOICES_MAX = 200;
const SEPARATORS = [',', '，', '、', ';', '；'];

interface RowProps {
  property: DraftProperty;
  place: number;
  last: boolean;
  /** What a refusal says about a part of this row. */
  faultOf: (part: string) => string | undefined;
  onChange: (property: DraftProperty) => void;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
}

/** Moves a row, or takes it away. */
function Buttons({ property, place, last, onMove, onRemove }: Omit<RowProps, 'faultOf' | 'onChange'>) {
  const { t } = useTranslation('plan');
  const name = property.name || t('property_n', { number: place + 1 });
  return (
    <td className="buttons">
      <span className="row nowrap">
        <Act id={`property-${property.key}-up`} type="text" size="small" icon={<ArrowUpOutlined />} aria-label={t('move_up', { name })} why={place === 0 ? t('is_first') : undefined} onClick={() => onMove(-1)} />
        <Act id={`property-${property.key}-down`} type="text" size="small" icon={<ArrowDownOutlined />} aria-label={t('move_down', { name })} why={last ? t('is_last') : undefined} onClick={() => onMove(1)} />
        <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t('remove', { name })} onClick={onRemove} />
      </span>
    </td>
  );
}

function Fault({ id, text }: { id: string; text: string | undefined }) {
  if (!text) return null;
  return (
    <p id={id} className="small bad" role="alert">
      {text}
    </p>
  );
}

/** One property of a definition: what it is called, what it holds, and whether it has to be there. */
export function PropertyRow(props: RowProps) {
  const { t } = useTranslation('plan');
  const { property, place, faultOf, onChange } = props;
  const { name, kind, choices, required, personal, description } = property;
  const id = (part: string) => `property-${place}-${part}`;
  const set = (change: Partial<DraftProperty>) => onChange({ ...property, ...change });
  const label = (part: string) => `${t('property_n', { number: place + 1 })} · ${t(part)}`;
  const blamed = (part: string) => (faultOf(part) ? { status: 'error' as const, 'aria-invalid': true, 'aria-describedby': id(`${part}-fault`) } : {});
  return (
    <tr>
      <td data-label={t('property_name')}>
        <div className="stack-tight">
          <Input id={id('name')} aria-label={label('property_name')} value={name} maxLength={NAME_MAX} placeholder={t('property_name')} {...blamed('name')} onChange={(event) => set({ name: event.target.value })} />
          <Fault id={id('name-fault')} text={faultOf('name')} />
          <Input id={id('description')} aria-label={label('description')} value={description} maxLength={DESCRIPTION_MAX} placeholder={t('property_description_hint')} {...blamed('description')} onChange={(event) => set({ description: event.target.value })} />
          <Fault id={id('description-fault')} text={faultOf('description')} />
        </div>
      </td>
      <td data-label={t('property_kind_is')}>
        <div className="stack-tight">
          <Select id={id('kind')} aria-label={label('property_kind_is')} value={kind} options={PROPERTY_KINDS.map((value) => ({ value, label: t(`property_kind.${value}`) }))} onChange={(next) => set({ kind: next })} />
          {mayList(kind) && (
            <Select id={id('choices')} mode="tags" open={false} suffixIcon={null} tokenSeparators={SEPARATORS} maxCount={CHOICES_MAX} aria-label={label('choices')} value={choices} placeholder={t('choices_hint')} {...blamed('choices')} onChange={(next: string[]) => set({ choices: next })} />
          )}
          <Fault id={id('choices-fault')} text={faultOf('choices')} />
        </div>
      </td>
      <td data-label={t('property_is')}>
        <div className="stack-tight plan-flags">
          <Checkbox aria-label={label('required')} checked={required} onChange={(event) => set({ required: event.target.checked })}>
            {t('required')}
          </Checkbox>
          <Checkbox aria-label={label('personal')} checked={personal} onChange={(event) => set({ personal: event.target.checked })}>
            {t('personal')}
          </Checkbox>
        </div>
      </td>
      <Buttons {...props} />
    </tr>
  );
}
