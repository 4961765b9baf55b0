import type { ReactNode } from 'react';
import { Fragment, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import './head.css';

export interface Crumb {
  label: string;
  to?: string;
}

interface PageHeadProps {
  title: string;
  crumbs?: Crumb[];
  /** A state beside the title. */
  state?: ReactNode;
  /** One line below: what stands here, in words. */
  sub?: ReactNode;
  actions?: ReactNode;
}

/** The head of every page; it names the browser's tab as well. */
export function PageHead({ title, crumbs, state, sub, actions }: PageHeadProps) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t('product')}`;
  }, [title, t]);
  return (
    <header className="page-head">
      {crumbs && (
        <nav aria-label={t('breadcrumb')} className="crumbs">
          {crumbs.map((crumb, i) => (
            <Fragment key={crumb.label}>
              {i > 0 && <span aria-hidden="true">/</span>}
              {crumb.to ? <Link to={crumb.to}>{crumb.label}</Link> : <span>{crumb.label}</span>}
            </Fragment>
          ))}
        </nav>
      )}
      <div className="page-head-line">
        <h1 className="anywhere">{title}</h1>
        {state}
        {actions && <div className="row page-head-actions">{actions}</div>}
      </div>
      {sub && <div className="quiet">{sub}</div>}
    </header>
  );
}
