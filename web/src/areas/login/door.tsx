import type { ReactNode } from 'react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { LanguageMenu, ThemeMenu } from '@/frame/menus';
import './login.css';

interface DoorProps {
  title: string;
  hint?: string;
  wide?: boolean;
  children: ReactNode;
}

/** Around every page before the door: product, language, theme. */
export function Door({ title, hint, wide, children }: DoorProps) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t('product')}`;
  }, [title, t]);
  return (
    <div className="door">
      <header className="door-top">
        <span className="mark">
          <img src="/icon.svg" alt="" />
          <span>{t('product')}</span>
        </span>
        <span className="grow" />
        <LanguageMenu />
        <ThemeMenu />
      </header>
      <main className={`door-main${wide ? ' wide' : ''}`}>
        <div className="door-head">
          <h1>{title}</h1>
          {hint && <p className="quiet">{hint}</p>}
        </div>
        {children}
      </main>
    </div>
  );
}
