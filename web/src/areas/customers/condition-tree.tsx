import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Dropdown, Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/format/use-format';
import { ConditionLeaf } from './condition-leaf';
import { childPath, fresh, KINDS, type Kind } from './condition';
import type { Condition } from './contract';
import './condition.css';

interface TreeProps {
  value: Condition;
  path: string;
  onChange: (value: Condition) => void;
  onRemove?: (() => void) | undefined;
  /** How many people meet each part by itself, by its path. */
  counts: Map<string, number>;
}

/** How many people a part is true of. */
function Count({ count }: { count: number | undefined }) {
  const { t } = useTranslation('segments');
  const format = useFormat();
  return <span className="condition-count small quiet nowrap">{count === undefined ? '' : t('people', { count, shown: format.number(count) })}</span>;
}

function Group({ value, path, onChange, onRemove, counts }: TreeProps & { value: Extract<Condition, { type: 'all' | 'any' }> }) {
  const { t } = useTranslation('segments');
  const put = (place: number, child: Condition | undefined) => {
    const of = value.of.flatMap((one, i) => (i === place ? (child ? [child] : []) : [one]));
    onChange({ ...value, of });
  };
  const add = (kind: Kind) => onChange({ ...value, of: [...value.of, fresh(kind)] });
  return (
    <fieldset className={`condition-group condition-${value.type}`}>
      <legend className="hidden-text">{t(value.type)}</legend>
      <div className="row">
        <Segmented
          size="small"
          aria-label={t('joined')}
          value={value.type}
          onChange={(type) => onChange({ ...value, type })}
          options={(['all', 'any'] as const).map((type) => ({ value: type, label: t(type) }))}
        />
        <span className="grow" />
        <Count count={counts.get(path)} />
        {onRemove && <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t('remove')} onClick={onRemove} />}
      </div>
      <ol className="condition-parts">
        {value.of.map((child, place) => (
          // A part has no name of its own; its place is its name.
          <li key={place}>
            <ConditionTree
              value={child}
              path={childPath(path, place)}
              counts={counts}
              onChange={(next) => put(place, next)}
              onRemove={value.of.length > 1 ? () => put(place, undefined) : undefined}
            />
          </li>
        ))}
      </ol>
      <Dropdown trigger={['click']} menu={{ items: KINDS.map((kind) => ({ key: kind, label: t(`kind.${kind}`) })), onClick: ({ key }) => add(key as Kind) }}>
        <Button size="small" type="dashed" icon={<PlusOutlined />}>
          {t('add')}
        </Button>
      </Dropdown>
    </fieldset>
  );
}

/** A condition as a tree that can be changed in place; each part says how many people meet it. */
export function ConditionTree(props: TreeProps) {
  const { value, path, onChange, onRemove, counts } = props;
  const { t } = useTranslation('segments');
  if (value.type === 'all' || value.type === 'any') return <Group {...props} value={value} />;
  const negated = value.type === 'not';
  const inner = negated ? value.of : value;
  const wrap = (next: Condition) => onChange(negated ? { type: 'not', of: next } : next);
  const nested = inner.type === 'all' || inner.type === 'any' || inner.type === 'not';
  return (
    <div className="condition-leaf">
      <Segmented
        size="small"
        aria-label={t('holds')}
        value={negated ? 'not' : 'is'}
        onChange={(next) => {
          if (negated !== (next === 'not')) onChange(negated ? inner : { type: 'not', of: value });
        }}
        options={[
          { value: 'is', label: t('is') },
          { value: 'not', label: t('is_not') },
        ]}
      />
      <div className="grow">
        {nested ? <ConditionTree value={inner} path={childPath(path)} counts={counts} onChange={wrap} /> : <ConditionLeaf value={inner} onChange={wrap} />}
      </div>
      <Count count={counts.get(path)} />
      {onRemove && <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t('remove')} onClick={onRemove} />}
    </div>
  );
}
