import { Segmented } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import './editor.css';

interface EditorProps {
  /** Title, state, next steps. */
  head: ReactNode;
  /** Versions and how far the present one is saved. */
  versions?: ReactNode;
  /** What is written. */
  left: ReactNode;
  /** What the receiver will see, and what stands in its way. */
  right: ReactNode;
  leftLabel: string;
  rightLabel: string;
}

/** The editor pattern: content left, truth right; a phone shows one of them at a time. */
export function Editor({ head, versions, left, right, leftLabel, rightLabel }: EditorProps) {
  const { t } = useTranslation();
  const [side, setSide] = useState<'left' | 'right'>('left');
  return (
    <div className="editor" data-side={side}>
      {head}
      {versions && <div className="editor-versions">{versions}</div>}
      <Segmented
        block
        className="editor-switch"
        aria-label={t('editor.side')}
        value={side}
        onChange={setSide}
        options={[
          { value: 'left' as const, label: leftLabel },
          { value: 'right' as const, label: rightLabel },
        ]}
      />
      <div className="editor-sides">
        <section className="editor-left" aria-label={leftLabel}>
          {left}
        </section>
        <section className="editor-right" aria-label={rightLabel}>
          {right}
        </section>
      </div>
    </div>
  );
}
