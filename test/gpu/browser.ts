/**
 * Checks modes of gpu.js in headless Chromium: `node dist/test/gpu/browser.js webgl2 webgpu`, webgl2 unless others are
 * named. SwiftShader stands in for a GPU. The browser is the program in CHROMIUM, or `chromium`.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PAGE = `/${relative(ROOT, fileURLToPath(new URL('page.js', import.meta.url)))}`;
/** Of one mode, browser start included. */
const LIMIT_ms = 90_000;

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-breakpad',
  '--disable-component-update',
  '--disable-dev-shm-usage',
  '--disable-extensions',
  '--disable-sync',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
];

/** Where a browser finds the packages: modules as they are, scripts that set a global through a module of a line. */
const IMPORTS = {
  'fast-check': '/node_modules/fast-check/lib/fast-check.js',
  'pure-rand/': '/node_modules/pure-rand/lib/esm/',
  'gpu.js': 'data:text/javascript,export const { GPU, Input, WebGPUContext } = globalThis.GPU;',
  zod: '/node_modules/zod/index.js',
  seedrandom: 'data:text/javascript,export default { alea: globalThis.alea };',
};

const page = (mode: string): string => `<!doctype html>
<script type="importmap">${JSON.stringify({ imports: IMPORTS })}</script>
<script src="/node_modules/gpu.js/dist/gpu-browser.min.js"></script>
<script src="/node_modules/seedrandom/lib/alea.js"></script>
<script type="module">
  const post = (path, body) => fetch(path, { method: 'POST', body });
  const fail = error => post('/line', 'FAILED  ' + error).then(() => post('/done', '1'));
  import('${PAGE}').then(({ runPage }) => runPage('${mode}', post)).catch(fail);
</script>`;

/** Resolves to true where all checks of a mode agree. */
async function checkInBrowser(mode: string): Promise<boolean> {
  const profile = mkdtempSync(join(tmpdir(), 'trex-chromium-'));
  let finish: (failed: number) => void = () => {};
  const done = new Promise<number>(resolve => {
    finish = resolve;
  });
  const server = createServer((request, response) => {
    if (request.method === 'POST') receive(request, response, finish);
    else serve(mode, request.url ?? '/', response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const browser = spawn(
    process.env.CHROMIUM ?? 'chromium',
    [...FLAGS, `--user-data-dir=${profile}`, `http://127.0.0.1:${port}/`],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  // Every process of the browser holds this pipe: it closes when the last one has left the profile.
  const closed = new Promise(resolve => browser.once('close', resolve));
  browser.stderr.resume();
  const stop = (reason: string): void => {
    console.log(`FAILED  ${mode}: ${reason}`);
    finish(1);
  };
  browser.on('error', error => stop(String(error)));
  const exited = (code: number | null): void => stop(`the browser ended with ${code}`);
  browser.on('exit', exited);
  const timer = setTimeout(() => stop(`no result within ${LIMIT_ms / 1000} s`), LIMIT_ms);
  const failed = await done;
  clearTimeout(timer);
  browser.off('exit', exited);
  browser.kill();
  await closed;
  server.closeAllConnections();
  server.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  return failed === 0;
}

async function receive(request: IncomingMessage, response: ServerResponse, finish: (failed: number) => void) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  response.end();
  if (request.url === '/done') finish(Number(text));
  else console.log(text);
}

function serve(mode: string, url: string, response: ServerResponse): void {
  const { pathname } = new URL(url, 'http://127.0.0.1');
  if (pathname === '/') {
    response.setHeader('content-type', 'text/html').end(page(mode));
    return;
  }
  try {
    // Names without an ending are modules of pure-rand.
    const file = extname(pathname) === '' ? `${pathname}.js` : pathname;
    const text = readFileSync(join(ROOT, file));
    response.setHeader('content-type', 'text/javascript').end(text);
  } catch {
    response.writeHead(404).end();
  }
}

const modes = process.argv.slice(2);
for (const mode of modes.length > 0 ? modes : ['webgl2']) {
  if (!(await checkInBrowser(mode))) process.exitCode = 1;
}
