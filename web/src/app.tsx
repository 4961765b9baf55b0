import { QueryClientProvider } from '@tanstack/react-query';
import { App as AntApp, ConfigProvider } from 'antd';
import en from 'antd/locale/en_US';
import hans from 'antd/locale/zh_CN';
import hant from 'antd/locale/zh_TW';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import 'dayjs/locale/zh-tw';
import { type ReactNode, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { RouterProvider } from 'react-router';
import { queries } from './api/query';
import type { Language } from './format/language';
import { FormatProvider } from './format/use-format';
import { router } from './routes';
import { SessionProvider, useSession } from './session/session';
import { themeFor } from './theme/antd';
import { ModeProvider, useMode } from './theme/mode';

const LOCALES = { 'zh-Hans': hans, 'zh-Hant': hant, en };
const DAYS = { 'zh-Hans': 'zh-cn', 'zh-Hant': 'zh-tw', en: 'en' };

/** Menus and panels open in here: outside a landmark a screen reader would not come upon them. */
const POPUPS = 'popups';
const popups = () => document.getElementById(POPUPS) ?? document.body;

/** Ant Design in the reader's language and theme. */
function Look({ children }: { children: ReactNode }) {
  const { t, i18n } = useTranslation();
  const { mode } = useMode();
  const language = i18n.language as Language;
  const theme = useMemo(() => themeFor(mode), [mode]);
  useEffect(() => void dayjs.locale(DAYS[language]), [language]);
  return (
    <ConfigProvider theme={theme} locale={LOCALES[language]} button={{ autoInsertSpace: false }} getPopupContainer={popups}>
      <AntApp>
        {children}
        <section id={POPUPS} aria-label={t('popups')} />
      </AntApp>
    </ConfigProvider>
  );
}

function Signed() {
  const { session } = useSession();
  return (
    <ModeProvider>
      <Look>
        <FormatProvider timeZone={session?.time_zone}>
          <RouterProvider router={router} />
        </FormatProvider>
      </Look>
    </ModeProvider>
  );
}

/** The product in a browser. */
export function App() {
  return (
    <QueryClientProvider client={queries}>
      <SessionProvider>
        <Signed />
      </SessionProvider>
    </QueryClientProvider>
  );
}
