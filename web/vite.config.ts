import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  build: {
    target: 'es2022',
    // The content security policy forbids data: scripts and the server caches hashed files for ever.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        // Libraries change less often than our pages: they stay in the browser's cache over an upgrade.
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|react-router|scheduler|@tanstack|i18next|react-i18next)[\\/]/ },
            { name: 'parts', test: /src[\\/](parts|frame|session|format|theme|api)[\\/](?!chart)/, minShareCount: 2 },
            { name: 'echarts', test: /node_modules[\\/](echarts|zrender)[\\/]/ },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': process.env.BRANDWRIGHT_URL ?? 'http://127.0.0.1:8080' } },
  preview: { proxy: { '/api': process.env.BRANDWRIGHT_URL ?? 'http://127.0.0.1:8080' } },
  test: { include: ['src/**/*.test.{ts,tsx}', 'tag/*.test.ts'] },
});
