import type { ThemeConfig } from 'antd';
import { theme as antd } from 'antd';
import { mix } from './contrast';
import { type Mode, type Palette, paletteFor } from './palette';

/** Who asked their device for less movement gets menus and panels that stand at once. */
const still = window.matchMedia('(prefers-reduced-motion: reduce)');

type MapToken = ReturnType<typeof antd.defaultAlgorithm>;

/** The colours that fill buttons and mark states, exactly as the palette has them. */
function solid(p: Palette) {
  return {
    colorPrimary: p.link,
    colorPrimaryHover: mix(p.link, p.ink, 0.18),
    colorPrimaryActive: mix(p.link, p.ink, 0.32),
    colorPrimaryBorder: p.link,
    colorPrimaryText: p.link,
    colorInfo: p.link,
    colorLink: p.link,
    colorSuccess: p.good,
    colorWarning: p.warn,
    colorError: p.bad,
    colorErrorHover: mix(p.bad, p.ink, 0.18),
    colorErrorActive: mix(p.bad, p.ink, 0.32),
    colorErrorText: p.bad,
    colorErrorBorderHover: p.bad,
  };
}

/** Ant Design's settings for a theme. */
export function themeFor(mode: Mode, accent?: string): ThemeConfig {
  const p = paletteFor(mode, accent);
  return {
    zeroRuntime: true,
    hashed: false,
    cssVar: { key: 'css-var-root' },
    // The dark algorithm dims its colours; ours are already chosen for their ground.
    algorithm: [mode === 'dark' ? antd.darkAlgorithm : antd.defaultAlgorithm, (_, map) => ({ ...(map as MapToken), ...solid(p) })],
    token: {
      fontFamily: 'var(--bw-font)',
      fontFamilyCode: 'var(--bw-font-code)',
      fontSize: 14,
      fontSizeSM: 13,
      controlHeight: 32,
      controlHeightSM: 28,
      borderRadius: 8,
      borderRadiusSM: 6,
      borderRadiusLG: 10,
      wireframe: false,
      motion: !still.matches,
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.18s',
      colorPrimary: p.link,
      colorInfo: p.link,
      colorLink: p.link,
      colorLinkHover: mix(p.link, p.ink, 0.25),
      colorLinkActive: mix(p.link, p.ink, 0.4),
      colorPrimaryBg: p.linkSoft,
      colorSuccess: p.good,
      colorSuccessBg: p.goodSoft,
      colorSuccessText: p.good,
      colorWarning: p.warn,
      colorWarningBg: p.warnSoft,
      colorWarningText: p.warn,
      colorError: p.bad,
      colorErrorBg: p.badSoft,
      colorText: p.ink,
      colorTextHeading: p.ink,
      colorTextSecondary: p.quiet,
      colorTextTertiary: p.quiet,
      colorTextDescription: p.quiet,
      colorTextPlaceholder: p.quiet,
      colorTextDisabled: mix(p.quiet, p.card, 0.15),
      colorTextLightSolid: p.onAccent,
      colorIcon: p.quiet,
      colorIconHover: p.ink,
      colorBgLayout: p.page,
      colorBgContainer: p.card,
      colorBgElevated: p.raised,
      colorBgContainerDisabled: p.sunken,
      colorBgSpotlight: mode === 'dark' ? '#e8ebf1' : '#2a3344',
      colorFillAlter: p.sunken,
      colorFillTertiary: p.sunken,
      colorBorder: p.lineStrong,
      colorBorderSecondary: p.line,
      colorSplit: p.line,
      controlItemBgHover: p.sunken,
      controlItemBgActive: p.linkSoft,
      controlItemBgActiveHover: p.linkSoft,
      controlOutline: mix(p.card, p.link, 0.25),
    },
    components: {
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', fontWeight: 450 },
      Tabs: { horizontalItemPadding: '8px 0', horizontalItemGutter: 20, horizontalMargin: '0 0 16px 0' },
      Form: { itemMarginBottom: 16, verticalLabelPadding: '0 0 4px', labelColor: p.quiet },
      Drawer: { paddingLG: 16 },
      Segmented: { trackBg: p.sunken, itemSelectedBg: p.card, itemColor: p.quiet, itemSelectedColor: p.ink },
    },
  };
}
