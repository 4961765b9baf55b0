import { CompassOutlined, DisconnectOutlined, InboxOutlined, LockOutlined, WarningOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { asProblem, type Problem } from '@/api/problem';
import { Copy } from './copy';
import './states.css';

/** The heading of a state. What stands in place of a whole page is its head, and names the browser's tab. */
function Heading({ children }: { children: string }) {
  const { t } = useTranslation();
  const [alone, setAlone] = useState(false);
  const placed = useCallback((heading: HTMLElement | null) => {
    if (heading) setAlone(!document.querySelector('h1:not(.state h1)'));
  }, []);
  useEffect(() => {
    if (alone) document.title = `${children} · ${t('product')}`;
  }, [alone, children, t]);
  return alone ? <h1 ref={placed}>{children}</h1> : <h2 ref={placed}>{children}</h2>;
}

interface EmptyProps {
  /** One sentence: what this is for. */
  title: string;
  hint?: string;
  icon?: ReactNode;
  /** The first action, an example. */
  children?: ReactNode;
}

/** Nothing here yet, and what to do about it. */
export function EmptyState({ title, hint, icon, children }: EmptyProps) {
  return (
    <div className="state">
      <span className="state-icon" aria-hidden="true">
        {icon ?? <InboxOutlined />}
      </span>
      <Heading>{title}</Heading>
      {hint && <p>{hint}</p>}
      {children && <div className="row">{children}</div>}
    </div>
  );
}

/** What a failure says, in the reader's language. */
export function useProblemText(): (problem: Problem) => string {
  const { t, i18n } = useTranslation();
  return (problem) => {
    if (problem.message) return problem.message;
    const key = `errors:${problem.code}`;
    if (i18n.exists(key)) return t(key, problem.args);
    return t(problem.status >= 500 ? 'errors:server' : 'errors:refused', { status: problem.status });
  };
}

interface ErrorProps {
  error: unknown;
  retry?: (() => void) | undefined;
  /** What is still safe, such as "your draft is kept". */
  kept?: string;
}

/** What failed, what was kept, how to try again, and the id to tell whoever helps. */
export function ErrorState({ error, retry, kept }: ErrorProps) {
  const { t } = useTranslation();
  const text = useProblemText();
  const problem = asProblem(error);
  if (problem.status === 403) return <NoPermission problem={problem} />;
  const offline = problem.status === 0;
  if (problem.status === 404) return <Gone problem={problem} />;
  return (
    <div className="state" role="alert">
      <span className={`state-icon ${offline ? 'warn' : 'bad'}`} aria-hidden="true">
        {offline ? <DisconnectOutlined /> : <WarningOutlined />}
      </span>
      <Heading>{t(offline ? 'state.offline' : 'state.failed')}</Heading>
      <p>{text(problem)}</p>
      {kept && <p>{kept}</p>}
      <div className="row">
        {retry && (
          <Button type="primary" onClick={retry}>
            {t('retry')}
          </Button>
        )}
      </div>
      {problem.requestId && (
        <div className="row state-id">
          <span>
            {t('request_id')} <code>{problem.requestId}</code>
          </span>
          <Copy text={problem.requestId} />
        </div>
      )}
    </div>
  );
}

/** The record is not there, or not for this reader: trying again brings nothing back, so the way leads on. */
function Gone({ problem }: { problem: Problem }) {
  const { t } = useTranslation();
  const text = useProblemText();
  return (
    <div className="state" role="alert">
      <span className="state-icon" aria-hidden="true">
        <CompassOutlined />
      </span>
      <Heading>{t('state.gone')}</Heading>
      <p>{text(problem)}</p>
      <div className="row">
        <Link to="/">{t('state.home')}</Link>
      </div>
    </div>
  );
}

/** The door is closed: which right is missing and who can give it. */
export function NoPermission({ problem }: { problem?: Problem }) {
  const { t } = useTranslation();
  const text = useProblemText();
  const code = problem?.args.permission;
  if (problem && linkOf(problem)) return <Acknowledgement problem={problem} />;
  return (
    <div className="state" role="alert">
      <span className="state-icon warn" aria-hidden="true">
        <LockOutlined />
      </span>
      <Heading>{t('state.no_permission')}</Heading>
      {problem && typeof code !== 'string' && <p>{text(problem)}</p>}
      {typeof code === 'string' && (
        <p>
          {t('state.needed')} <code>{code}</code>
        </p>
      )}
      <p>{t('state.who_grants')}</p>
      {typeof code === 'string' && (
        <div className="row">
          <Copy text={t('state.request_text', { permission: code, address: location.href })} label={t('state.copy_request')} />
        </div>
      )}
    </div>
  );
}

/** Where a refusal says what to do first, the page where it is done. */
function linkOf(problem: Problem): string | undefined {
  const { link } = problem.args;
  return problem.code === 'access.acknowledge_first' && typeof link === 'string' ? link : undefined;
}

/** The right is there and takes effect once the rules that go with it are acknowledged. */
function Acknowledgement({ problem }: { problem: Problem }) {
  const { t } = useTranslation();
  const text = useProblemText();
  return (
    <div className="state" role="alert">
      <span className="state-icon warn" aria-hidden="true">
        <LockOutlined />
      </span>
      <Heading>{t('state.no_permission')}</Heading>
      <p>{text(problem)}</p>
      <div className="row">
        <Link to={linkOf(problem) ?? '/'}>{t('state.acknowledge_first')}</Link>
      </div>
    </div>
  );
}

/** A refusal inside a form or card: it stands where the act was tried. */
export function ProblemNote({ error }: { error: unknown }) {
  const text = useProblemText();
  const { t, i18n } = useTranslation();
  if (!error) return null;
  const problem = asProblem(error);
  return (
    <div className="problem-note" role="alert">
      <WarningOutlined aria-hidden="true" />
      <div>
        {text(problem)}
        {linkOf(problem) && (
          <div>
            <Link to={linkOf(problem) ?? '/'}>{t('state.acknowledge_first')}</Link>
          </div>
        )}
        {problem.status >= 500 && problem.requestId && (
          <div className="small quiet">
            {t('request_id')} <code>{problem.requestId}</code>
          </div>
        )}
      </div>
      {problem.fields.length > 0 && (
        <ul>
          {problem.fields.map((field) => (
            <li key={field.field + field.code}>
              {field.field}
              {t('colon')}
              {field.detail ?? (i18n.exists(`errors:${field.code}`) ? t(`errors:${field.code}`, field.args) : field.code)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface ConflictProps {
  /** Field names in words, with the value as it reads now and as I wanted it. */
  fields: { name: string; mine: ReactNode; theirs: ReactNode; differs: boolean }[];
  onMine: () => void;
  onTheirs: () => void;
}

/** Somebody else was faster: both versions side by side, and a choice. */
export function Conflict({ fields, onMine, onTheirs }: ConflictProps) {
  const { t } = useTranslation();
  return (
    <section className="card stack" role="alert" aria-label={t('conflict.title')}>
      <div>
        <h2>{t('conflict.title')}</h2>
        <p className="quiet">{t('conflict.hint')}</p>
      </div>
      <table className="conflict-table">
        <thead>
          <tr>
            <td />
            <th scope="col">{t('conflict.theirs')}</th>
            <th scope="col">{t('conflict.mine')}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <tr key={field.name} className={field.differs ? 'differs' : undefined}>
              <th scope="row">{field.name}</th>
              <td>{field.theirs}</td>
              <td>{field.mine}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="row">
        <Button onClick={onTheirs}>{t('conflict.take_theirs')}</Button>
        <Button type="primary" onClick={onMine}>
          {t('conflict.keep_mine')}
        </Button>
      </div>
    </section>
  );
}
