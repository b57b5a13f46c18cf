/** The page as static files: relative URLs, nothing from elsewhere, a policy that forbids requests to other hosts. */
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Only what stands beside the page is asked for. `wasm-unsafe-eval`: kernels are emitted at run time. Preact sets styles by
 * properties, which no policy forbids; style elements are the page's own.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval' 'unsafe-eval'",
  "worker-src 'self' blob:",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const policy: Plugin = {
  name: 'policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY },
      injectTo: 'head-prepend',
    },
  ],
};

export const alias = {
  'trex-sim/charts': at('../dist/browser/charts.js'),
  'trex-sim': at('../dist/browser/index.js'),
};

export default defineConfig({
  root: at('.'),
  base: './',
  resolve: { alias },
  plugins: [policy],
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    outDir: 'dist',
    emptyOutDir: true,
    chunkSizeWarningLimit: 2000,
    modulePreload: false,
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
