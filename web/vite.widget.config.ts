/** The page as one module for notebooks and other pages: library, worker, weights and styles are inside. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { alias } from './vite.config.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const WHOLE = { output: { codeSplitting: false } };

export default defineConfig({
  root: at('.'),
  resolve: { alias },
  worker: { format: 'es', rolldownOptions: WHOLE },
  build: {
    target: 'es2023',
    outDir: 'dist',
    emptyOutDir: false,
    assetsInlineLimit: Number.POSITIVE_INFINITY,
    chunkSizeWarningLimit: 8000,
    lib: { entry: at('src/widget.tsx'), formats: ['es'], fileName: () => 'widget.js' },
    rolldownOptions: WHOLE,
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
