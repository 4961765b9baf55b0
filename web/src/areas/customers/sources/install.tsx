import { KeyOutlined } from '@ant-design/icons';
import { Button, Popconfirm } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Copy } from '@/parts/copy';
import { useNotice } from '@/parts/notice';
import { useMay } from '@/session/session';
import { SOURCE_MANAGE, useRenewKey, useShowKey } from './calls';
import type { Source, WriteKey } from './contract';
import { type Address, curlSnippet, sdkSnippets, tagSnippet, UNKNOWN, withoutStroke } from './snippets';

/** The setting that says under which address the product is reached from outside. */
const SETTING = 'http.public_url';

interface SnippetProps {
  title: string;
  code: string;
  /** It can be used as it stands. */
  whole: boolean;
}

/** A piece of code to take away; one with gaps cannot be copied. */
function Snippet({ title, code, whole }: SnippetProps) {
  return (
    <figure className="snippet">
      <figcaption className="row">
        <span className="strong data">{title}</span>
        {whole && <Copy text={code} />}
      </figcaption>
      <pre>
        <code>{code}</code>
      </pre>
    </figure>
  );
}

/** The key itself, once somebody asked for it. */
function KeyCard({ source, shown, onShown }: { source: Source; shown: WriteKey | undefined; onShown: (key: WriteKey) => void }) {
  const { t } = useTranslation('sources');
  const { done, failed } = useNotice();
  const show = useShowKey(source.id);
  const renew = useRenewKey(source);
  const take = (words?: string) => ({
    onSuccess: (key: WriteKey) => {
      onShown(key);
      if (words) done(words);
    },
    onError: failed,
  });
  return (
    <section className="card stack-tight" aria-labelledby="write-key">
      <h2 id="write-key">{t('write_key')}</h2>
      <p className="quiet small">{t(source.kind === 'website' ? 'write_key_public' : 'write_key_secret')}</p>
      <div className="row">
        {shown ? (
          <>
            <code className="anywhere">{shown.write_key}</code>
            <Copy text={shown.write_key} />
          </>
        ) : (
          <Button type="primary" icon={<KeyOutlined />} loading={show.isPending} onClick={() => show.mutate(undefined, take())}>
            {t('show_key')}
          </Button>
        )}
        <Popconfirm title={t('renew')} description={t('renew_sure')} okText={t('renew')} cancelText={t('common:cancel')} onConfirm={() => renew.mutate(undefined, take(t('renewed')))}>
          <Button loading={renew.isPending}>{t('renew')}</Button>
        </Popconfirm>
      </div>
    </section>
  );
}

/** How to send: the tag for a site, a call by hand, and the SDKs that work as they are. */
export function Install({ source }: { source: Source }) {
  const { t } = useTranslation('sources');
  const may = useMay()(SOURCE_MANAGE);
  const [shown, setShown] = useState<WriteKey>();
  const unset = shown && !shown.endpoint;
  const address: Address = { endpoint: shown?.endpoint ? withoutStroke(shown.endpoint) : UNKNOWN.endpoint, writeKey: shown?.write_key ?? UNKNOWN.writeKey };
  const whole = Boolean(shown?.endpoint);
  const site = source.kind === 'website';
  return (
    <div className="stack">
      {may ? <KeyCard source={source} shown={shown} onShown={setShown} /> : <p className="source-note">{t('key_not_allowed')}</p>}
      {unset && (
        <p className="source-note" role="status">
          {t('no_endpoint')} <code>{SETTING}</code>
        </p>
      )}
      <section className="card stack" aria-labelledby="install-first">
        <div className="stack-tight">
          <h2 id="install-first">{t(site ? 'install_site' : 'install_program')}</h2>
          <p className="quiet small">{t(site ? 'install_site_hint' : 'install_program_hint')}</p>
          {may && !shown && <p className="quiet small">{t('gaps')}</p>}
        </div>
        {site ? <Snippet title={t('tag')} code={tagSnippet(address)} whole={whole} /> : <Snippet title={t('by_hand')} code={curlSnippet(address, source.kind)} whole={whole} />}
        <p>
          {t('then')} <Link to="?tab=events" className="underlined">
            {t('then_events')}
          </Link>
        </p>
      </section>
      <section className="card stack" aria-labelledby="install-sdks">
        <div className="stack-tight">
          <h2 id="install-sdks">{t('sdks')}</h2>
          <p className="quiet small">{t('sdks_hint')}</p>
        </div>
        {sdkSnippets(address).map(({ name, code }) => (
          <Snippet key={name} title={name} code={code} whole={whole} />
        ))}
      </section>
    </div>
  );
}
