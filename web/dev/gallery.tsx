// Every pattern and part that no page shows yet, to be looked at. Built by dev/gallery.config.ts, never shipped.
import '../src/theme/antd.css';
import '../src/theme/base.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { App as AntApp, ConfigProvider } from 'antd';
import { useMemo } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { queries } from '@/api/query';
import { carryNonce } from '@/csp';
import { FormatProvider } from '@/format/use-format';
import { start } from '@/i18n';
import { Act } from '@/parts/act';
import { Chart } from '@/parts/chart/chart';
import { PageHead } from '@/parts/head';
import { VerdictPill } from '@/parts/pill';
import { Conflict, EmptyState, NoPermission } from '@/parts/states';
import { Problem } from '@/api/problem';
import { Skeleton } from '@/parts/skeleton';
import { Money } from '@/parts/values';
import { Range, Tiles } from '@/patterns/board/board';
import { Editor } from '@/patterns/editor/editor';
import { Wizard } from '@/patterns/wizard/wizard';
import { themeFor } from '@/theme/antd';
import { ModeProvider, useMode } from '@/theme/mode';

const weeks = Array.from({ length: 12 }, (_, i) => `第 ${36 + i} 周`);
const sent = weeks.map((_, i) => 1200 + ((i * 397) % 800));
const opened = sent.map((n, i) => Math.round(n * (0.28 + (i % 4) * 0.03)));

function Gallery() {
  const { mode } = useMode();
  const theme = useMemo(() => themeFor(mode), [mode]);
  return (
    <ConfigProvider theme={theme}>
      <AntApp>
        <FormatProvider timeZone="Asia/Shanghai">
          <main className="stack" style={{ padding: 20 }}>
            <PageHead title="冬日暖锅节" crumbs={[{ label: '营销' }, { label: '活动', to: '/' }]} actions={<><Range options={[7, 30, 90]} fallback={30} /><Act why="还没有通过审核" type="primary">启动</Act></>} />
            <Tiles
              tiles={[
                { id: 'a', label: '归因收入', value: <Money compact value={{ amount_minor: 128_400_000, currency: 'CNY' }} />, to: '/a', note: '目标的 91%', tone: 'good', trend: sent },
                { id: 'b', label: '送达率', value: '98.6%', to: '/b', note: '12.6万 封', trend: opened },
                { id: 'c', label: '退订', value: '0.4%', to: '/c', note: '高于上次', tone: 'bad' },
                { id: 'd', label: '打开率', value: '31.2%', to: '/d' },
              ]}
            />
            <div className="two-one">
              <section className="card">
                <Chart title="发送与打开" summary="近 12 周每周发送与打开" onPick={() => undefined}
                  option={{ legend: {}, xAxis: { type: 'category', data: weeks }, yAxis: { type: 'value' }, series: [{ type: 'bar', name: '发送', data: sent }, { type: 'line', name: '打开', data: opened }] }}
                  table={{ head: ['周', '发送', '打开'], rows: weeks.map((w, i) => [w, sent[i] ?? 0, opened[i] ?? 0]) }} />
              </section>
              <section className="card stack">
                {(['followed', 'broken', 'insufficient', 'attested', 'uncovered'] as const).map((v) => <div key={v}><VerdictPill verdict={v} stale={v === 'broken'} overridden={v === 'attested'} /></div>)}
                <Skeleton rows={3} />
              </section>
            </div>
            <Conflict fields={[{ name: '名称', mine: '暖锅节', theirs: '冬日暖锅节', differs: true }, { name: '品牌', mine: '品匠', theirs: '品匠', differs: false }]} onMine={() => undefined} onTheirs={() => undefined} />
            <div className="two-one">
              <section className="card"><EmptyState title="还没有活动" hint="从人群和内容出发，几步就能建好。" /></section>
              <section className="card"><NoPermission problem={new Problem({ code: 'access.missing_permission', detail: '你没有启动活动的权限', args: { permission: 'campaigns.campaign.launch' } }, 403)} /></section>
            </div>
            <Wizard steps={[{ id: 'file', label: '文件已读入', content: <p>选择文件</p> }, { id: 'map', label: '列已对应', content: <p>对应</p>, why: '还有 2 列没有对应' }, { id: 'receipt', label: '回执', content: <p>读入 100，写入 98，拒绝 2</p>, final: true }]} />
            <Editor head={<h2>编辑</h2>} leftLabel="内容" rightLabel="预览" left={<div className="card">MJML</div>} right={<div className="card">预览</div>} />
          </main>
        </FormatProvider>
      </AntApp>
    </ConfigProvider>
  );
}

carryNonce();
await start();
const root = document.getElementById('root');
if (root) createRoot(root).render(<QueryClientProvider client={queries}><ModeProvider><BrowserRouter><Gallery /></BrowserRouter></ModeProvider></QueryClientProvider>);
