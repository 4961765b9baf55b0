import { CloseOutlined, ExpandAltOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

interface PeekProps {
  title: string;
  /** The full page of the row, where it has one. */
  to?: string | undefined;
  onClose: () => void;
  children: ReactNode;
}

/** A row opened beside its list, which stays as it was. */
export function Peek({ title, to, onClose, children }: PeekProps) {
  const { t } = useTranslation('frame');
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    panel.current?.focus({ preventScroll: true });
    return () => {
      // Reading goes on where it was left.
      if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    };
  }, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) onClose();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [onClose]);
  return (
    <aside className="peek" ref={panel} tabIndex={-1} aria-label={title}>
      <div className="peek-bar">
        <h2 className="grow anywhere">{title}</h2>
        {to && (
          <Link to={to} className="row nowrap">
            <ExpandAltOutlined aria-hidden="true" /> {t('peek.open')}
          </Link>
        )}
        <Button type="text" icon={<CloseOutlined />} aria-label={t('peek.close')} onClick={onClose} />
      </div>
      {children}
    </aside>
  );
}
