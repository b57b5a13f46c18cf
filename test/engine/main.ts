/**
 * Studies over several machines, with a Redis of our own: `node dist/test/engine/main.js`. Three workers, of which one is killed
 * in the middle of a point, and a Redis that is killed and comes back with what its disk has: every point stands once in the
 * result, in the bytes of the local run. Then what a user sees where there is no Redis, and of Ctrl-C.
 */
import { equal, match, ok } from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { STUDIES, WORKERS } from '../../src/explore/studies/node/redis/names.ts';
import { redisServer } from './redis-server.ts';
import { difference, rowsOf } from './same-rows.ts';
import { type TrexProcess, trexProcess } from './trex-process.ts';

/** Event runs, some of them of a tenth of a second, and points that cannot be. */
const STUDY = `
name: engine
metrics: [run]
iso: { arch: trex, tech.scaling: circuit-laws }
vary:
  - model: [glyph-vit, deit-s]
    pe.crossbars: [6, 8, 12, 16]
    tech.adc.bits: [5, 6, 99]
`;
const WORKERS_AT_WORK = 3;
const STEP_MS = 10;
const WORKERS_LEAVE_MS = 4000;

const began = performance.now();
const log = (line: string): void =>
  console.log(`${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s  ${line}`);

const dir = mkdtempSync(join(tmpdir(), 'trex-engine-'));
mkdirSync(join(dir, 'redis'));
writeFileSync(join(dir, 'study.yaml'), STUDY);
const server = await redisServer(join(dir, 'redis'));
const env = { ...server.env, TREX_ENGINE: server.url };
const processes: TrexProcess[] = [];
const trex = (args: readonly string[], more: Readonly<Record<string, string>> = env): TrexProcess => {
  const started = trexProcess(args, dir, more);
  processes.push(started);
  return started;
};
const worker = (): TrexProcess => trex(['worker', '--jobs', '1', '--idle', '120']);
const client = new Redis(server.url, {
  tls: { ca: readFileSync(server.env.NODE_EXTRA_CA_CERTS) },
  replyMapping: 'legacy',
  maxRetriesPerRequest: null,
});
client.on('error', () => {});
/** Jobs at work, of the only study. */
const atWork = async (): Promise<number> => {
  const [queue] = await client.smembers(STUDIES);
  return queue === undefined ? 0 : await client.llen(`trex:${queue}:active`);
};
const rows = (): number => rowsOf(join(dir, 'engine')).ids.length;
const until = async (holds: () => Promise<boolean> | boolean): Promise<void> => {
  while (!(await holds())) await sleep(STEP_MS);
};

try {
  const local = trex(['sweep', 'study.yaml', '--out', 'local', '--quiet'], {});
  equal(await local.ended, 1, local.text());
  const expected = rowsOf(join(dir, 'local'));
  log(`local: ${expected.ids.length} points`);

  const workers = Array.from({ length: WORKERS_AT_WORK }, worker);
  const sweep = trex(['sweep', 'study.yaml', '--out', 'engine']);
  await until(async () => rows() > 0 && (await atWork()) === WORKERS_AT_WORK);
  workers[0].child.kill('SIGKILL');
  log(`a worker killed at its point, ${rows()} rows`);
  await until(async () => rows() > 4 && (await atWork()) > 1);
  log(`Redis killed, ${rows()} rows`);
  await server.restart();
  log(`Redis back, ${rows()} rows`);
  equal(await sweep.ended, 1, sweep.text());
  const { lost, doubled, isSame } = difference(expected, rowsOf(join(dir, 'engine')));
  log(`engine: ${lost} lost, ${doubled} doubled, ${isSame ? 'same bytes' : 'OTHER BYTES'}`);
  ok(lost === 0 && doubled === 0 && isSame);
  match(sweep.text(), /is gone: waiting for it[\s\S]*is back/);
  // Workers notice within a second that the study is gone.
  await sleep(WORKERS_LEAVE_MS);
  deepEqualKeys(await client.keys('*'));

  const stopped = trex(['sweep', 'study.yaml', '--out', 'stopped']);
  await until(() => rowsOf(join(dir, 'stopped')).ids.length > 0);
  stopped.child.kill('SIGINT');
  const from = performance.now();
  equal(await stopped.ended, 130, stopped.text());
  log(
    `Ctrl-C: 130 after ${Math.round(performance.now() - from)} ms: ${stopped.text().trim().split('\n').at(-1)}`,
  );
  match(stopped.text(), /finished points are kept: the same command goes on from stopped/);
  const [queue] = await client.smembers(STUDIES);
  equal(await client.llen(`trex:${queue}:wait`), 0);
  equal(await trex(['sweep', 'study.yaml', '--out', 'stopped']).ended, 1);
  ok(difference(expected, rowsOf(join(dir, 'stopped'))).isSame);
  log('it went on to the same bytes');

  for (const { child, ended } of workers.slice(1)) {
    child.kill('SIGINT');
    equal(await ended, 130);
  }
  await client.quit();
  await server.stop();
  const alone = trex(['sweep', 'study.yaml', '--out', 'alone']);
  equal(await alone.ended, 4);
  match(alone.text(), /^cannot use Redis at rediss:\/\/:\*\*\*@localhost:\d+: .*ECONNREFUSED.*\n$/);
  log(`no Redis: ${alone.text().trim()}`);
  for (const { text } of processes) ok(!text().includes(server.password), 'a password was printed');
} finally {
  client.disconnect();
  for (const { child } of processes) child.kill('SIGKILL');
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
}

/** Of a study that is done nothing stays: workers say that they are there. */
function deepEqualKeys(keys: readonly string[]): void {
  const left = keys.filter(key => key !== WORKERS && !key.startsWith('trex:worker:'));
  equal(left.join(' '), '');
}
