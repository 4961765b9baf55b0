import { BulbOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { Act } from '@/parts/act';
import { useNotice } from '@/parts/notice';
import { useMay } from '@/session/session';
import { insightAt, INSIGHT_EDIT } from '../insights/calls';
import { useInsightOf } from './calls';

/** Makes an insight of what was found: a draft that is filled in, to be read over and sent. */
export function MakeInsight({ of, id, named, small = false }: { of: 'need' | 'basket'; id: string; named: string; small?: boolean }) {
  const { t } = useTranslation('needs');
  const { done, failed } = useNotice();
  const may = useMay()(INSIGHT_EDIT);
  const navigate = useNavigate();
  const make = useInsightOf(of);
  const go = () =>
    make.mutate(id, {
      onSuccess: (made) => {
        done(t('made'));
        void navigate(insightAt(made.id));
      },
      onError: failed,
    });
  return (
    <Act size={small ? 'small' : 'middle'} icon={<BulbOutlined />} loading={make.isPending} why={may ? undefined : t('may_not_make')} onClick={go}>
      {t('make')} <span className="hidden-text">{named}</span>
    </Act>
  );
}
