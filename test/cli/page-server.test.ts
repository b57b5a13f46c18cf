import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { servePage } from '../../src/cli/io/page-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'trex-page-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

const statusOf = (url: string, path: string, more: object = {}): Promise<number> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const asked = request(Object.assign({ hostname, port, path }, more), answer => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on('error', reject).end();
  });

test('the page is served below its token alone, to its own host, and nothing beside it', async t => {
  mkdirSync(join(folder, 'page'));
  mkdirSync(join(folder, 'arch'));
  writeFileSync(join(folder, 'page/index.html'), '<head></head>');
  writeFileSync(join(folder, 'arch/mine.yaml'), 'use: trex\n');
  const { url, close } = await servePage(join(folder, 'page'), folder, 0);
  const { pathname } = new URL(url);
  t.is(await statusOf(url, pathname), 200);
  t.is(await statusOf(url, '/'), 404);
  t.is(await statusOf(url, `${pathname}../arch/mine.yaml`), 404);
  t.is(await statusOf(url, `${pathname}%2e%2e/arch/mine.yaml`), 404);
  t.is(await statusOf(url, pathname, { headers: { host: 'elsewhere.example' } }), 403);
  t.is(await statusOf(url, pathname, { method: 'POST' }), 405);
  const files = await (await fetch(`${url}trex-files.json`)).json();
  t.deepEqual(files, { 'arch/mine.yaml': 'use: trex\n' });
  close();
});
