import { defineConfig } from 'vite';

const here = (path: string) => new URL(path, import.meta.url).pathname;

// One classic script: other people's pages load it with a plain script element, which tells it where it came from.
export default defineConfig({
  publicDir: false,
  build: {
    target: 'es2018',
    outDir: here('../dist'),
    emptyOutDir: false,
    rolldownOptions: { input: here('src/tag.ts'), output: { format: 'iife', entryFileNames: 'tag.js' } },
    modulePreload: false,
  },
});
