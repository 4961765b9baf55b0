import { defineConfig, mergeConfig } from 'vite';
import base from '../vite.config';

export default mergeConfig(base, defineConfig({ build: { outDir: 'dev/gallery', rolldownOptions: { input: 'dev/gallery.html' } } }));
