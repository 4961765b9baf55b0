import {
  BulbOutlined,
  DesktopOutlined,
  GlobalOutlined,
  LockOutlined,
  LogoutOutlined,
  MoonOutlined,
  PlusOutlined,
  SunOutlined,
  SwapOutlined,
  UserOutlined,
} from '@ant-design/icons';
import { Button, Dropdown, type MenuProps } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api } from '@/api/client';
import { LANGUAGES, type Language } from '@/format/language';
import { choose } from '@/i18n';
import { useLocal } from '@/i18n/use-local';
import { Avatar } from '@/parts/avatar';
import { useNotice } from '@/parts/notice';
import { useMay, useSession } from '@/session/session';
import { lockScreen } from '@/session/lock';
import { useSignOut } from '@/session/sign-out';
import { type ModeChoice, useMode } from '@/theme/mode';
import type { Area } from './area';

type Items = NonNullable<MenuProps['items']>;

/** Names of the languages in themselves: a reader lost in a foreign one still finds theirs. */
export const OWN_NAMES: Record<Language, string> = { 'zh-Hans': '简体中文', 'zh-Hant': '繁體中文', en: 'English' }; // own-names

/** Changes the language here and, where somebody is signed in, on the account. */
export function useLanguageChoice(): (language: Language) => void {
  const { session } = useSession();
  const { failed } = useNotice();
  const save = api.useMutation('patch', '/api/v1/identity/me');
  return (language) => {
    choose(language)
      .then(() => (session ? save.mutateAsync({ body: { language } }) : undefined))
      .catch(failed);
  };
}

function useLanguageItems(): Items {
  const change = useLanguageChoice();
  return LANGUAGES.map((language) => ({
    key: language,
    label: <span lang={language}>{OWN_NAMES[language]}</span>,
    onClick: () => change(language),
  }));
}

function useThemeItems(): Items {
  const { t } = useTranslation('frame');
  const { choose: chooseMode } = useMode();
  const icons: Record<ModeChoice, React.ReactNode> = { system: <DesktopOutlined />, light: <SunOutlined />, dark: <MoonOutlined /> };
  return (['system', 'light', 'dark'] as const).map((mode) => ({
    key: mode,
    icon: icons[mode],
    label: t(`theme.${mode}`),
    onClick: () => chooseMode(mode),
  }));
}

/** The language of everything on screen. */
export function LanguageMenu() {
  const { t, i18n } = useTranslation('frame');
  const items = useLanguageItems();
  return (
    <Dropdown menu={{ items, selectable: true, selectedKeys: [i18n.language] }} trigger={['click']}>
      <Button type="text" icon={<GlobalOutlined />}>
        <span className="hidden-text">
          {t('language')}
          {t('common:colon')}
        </span>
        <span className="desk-word">{OWN_NAMES[i18n.language as Language]}</span>
      </Button>
    </Dropdown>
  );
}

/** Light, dark, or as the device is. */
export function ThemeMenu() {
  const { t } = useTranslation('frame');
  const { choice, mode } = useMode();
  const items = useThemeItems();
  return (
    <Dropdown menu={{ items, selectable: true, selectedKeys: [choice] }} trigger={['click']}>
      <Button type="text" icon={mode === 'dark' ? <MoonOutlined /> : <SunOutlined />} aria-label={t('theme.title')} />
    </Dropdown>
  );
}

/** Everything that this person may make. */
export function CreateMenu({ areas }: { areas: Area[] }) {
  const { t } = useTranslation('frame');
  const navigate = useNavigate();
  const may = useMay();
  const creations = areas.flatMap((area) => area.creations ?? []).filter((creation) => may(creation.needs));
  if (creations.length === 0) return null;
  const items: Items = creations.map((creation) => ({
    key: creation.id,
    label: t(`create.${creation.id}`),
    onClick: () => void navigate(creation.to),
  }));
  return (
    <Dropdown menu={{ items }} trigger={['click']}>
      <Button icon={<PlusOutlined />}>
        <span className="desk-word">{t('create.title')}</span>
      </Button>
    </Dropdown>
  );
}

/** Who I am here: account, and on a phone also language and theme; sign out. */
export function MeMenu() {
  const { t } = useTranslation('frame');
  const { session } = useSession();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const local = useLocal();
  const languages = useLanguageItems();
  const themes = useThemeItems();
  if (!session) return null;
  const { user } = session;
  const note = local(user.position_name ?? user.department_name);
  const items: Items = [
    { key: 'account', icon: <UserOutlined />, label: t('me.account'), onClick: () => void navigate('/account') },
    { key: 'language', icon: <GlobalOutlined />, label: t('language'), children: languages },
    { key: 'theme', icon: <BulbOutlined />, label: t('theme.title'), children: themes },
    { type: 'divider' },
    ...(session.sample ? [{ key: 'switch', icon: <SwapOutlined />, label: t('me.switch'), onClick: () => void navigate('/login?switch=1') }] : []),
    { key: 'lock', icon: <LockOutlined />, label: t('me.lock'), onClick: lockScreen },
    { key: 'out', icon: <LogoutOutlined />, label: t('me.sign_out'), onClick: signOut },
  ];
  return (
    <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
      <button type="button" className="plain-button top-me">
        <Avatar name={user.name} />
        <span className="hidden-text">{t('me.title')}</span>
        <span className="top-me-name desk-word">
          <span className="ellipsis">{user.name}</span>
          {note && <small className="ellipsis">{note}</small>}
        </span>
      </button>
    </Dropdown>
  );
}
