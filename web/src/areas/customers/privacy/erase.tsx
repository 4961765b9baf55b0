import { Checkbox, Form } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import type { SubjectRequest } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { nameOf } from '../words';
import { REQUESTS, useHoldsOf } from './calls';
import { ActDrawer, ReasonField } from './reason';

const GOES = ['facts', 'identifiers', 'events', 'lists', 'files'] as const;
const STAYS = ['orders', 'consents', 'log', 'block'] as const;

/** What goes and what stays, said before it is done. */
function Consequences({ row }: { row: SubjectRequest }) {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  const id = row.profile_id ?? '';
  const profile = api.useQuery('get', '/api/v1/customers/profiles/{id}', { params: { path: { id } } }, { enabled: id !== '' });
  const holds = useHoldsOf(id, id !== '');
  const orders = (profile.data?.orders ?? []).reduce((sum, one) => sum + one.order_count, 0);
  return (
    <div className="stack-tight privacy-erase">
      {profile.data && <p className="strong">{t('erase_who', { name: nameOf(profile.data) })}</p>}
      {(holds.data?.items ?? []).map((hold) => (
        <p key={hold.id} className="privacy-note privacy-bad" role="alert">
          {t('erase_held', { reason: hold.reason })}
        </p>
      ))}
      <h3>{t('erase_goes')}</h3>
      <ul className="privacy-points">
        {GOES.map((what) => (
          <li key={what}>{t(`goes.${what}`)}</li>
        ))}
      </ul>
      <h3>{t('erase_stays')}</h3>
      <ul className="privacy-points">
        {STAYS.map((what) => (
          <li key={what}>{t(`stays.${what}`, { count: orders, shown: format.number(orders) })}</li>
        ))}
      </ul>
    </div>
  );
}

/** Erases somebody for good, with the reason and after saying what that means. */
export function Erase({ row, open, onClose }: { row: SubjectRequest; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('privacy');
  return (
    <ActDrawer
      path={`${REQUESTS}/{id}/erase`}
      row={row}
      open={open}
      onClose={onClose}
      title={t('erase')}
      hint={t('erase_hint')}
      button={t('erase_act')}
      done={t('erase_begun')}
      danger
      bodyOf={({ reason }) => ({ reason: reason.trim() })}
    >
      <Consequences row={row} />
      <ReasonField />
      <Form.Item name="sure" valuePropName="checked" rules={[{ validator: (_, sure: boolean) => (sure ? Promise.resolve() : Promise.reject(new Error(t('erase_sure_needed')))) }]}>
        <Checkbox>{t('erase_sure')}</Checkbox>
      </Form.Item>
    </ActDrawer>
  );
}
