/** One process at a time in a folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { TrexError } from '../../../src/base/errors.ts';
import { lockFolder } from '../../../src/run/node/lock.ts';

const LOCK = new URL('../../../src/run/node/lock.js', import.meta.url).href;
const root = mkdtempSync(join(tmpdir(), 'trex-lock-'));
test.after.always(() => rmSync(root, { recursive: true, force: true }));
const folder = (): string => mkdtempSync(join(root, 'f'));

async function killed(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill('SIGKILL');
  await ended;
}

/** Another process that takes the lock, says so, and computes without a pause. */
async function holder(dir: string) {
  const code = `const { lockFolder } = await import(${JSON.stringify(LOCK)});
await lockFolder(${JSON.stringify(dir)});
process.stdout.write('locked', () => { for (;;); });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  await once(child.stdout!, 'data');
  return { pid: child.pid, kill: () => killed(child, ended) };
}

test('a folder is taken once, and free again when it is given back', async t => {
  const dir = folder();
  const lock = await lockFolder(dir);
  const error = await t.throwsAsync(lockFolder(dir), { instanceOf: TrexError });
  t.regex(
    error.message,
    new RegExp(`^${dir}: process ${process.pid} is at work there since 20.*Z: wait for it`),
  );
  lock.release();
  lock.release();
  t.deepEqual(readdirSync(dir), []);
  (await lockFolder(dir)).release();
});

test('a process that computes without a pause holds it; killed, it does not', async t => {
  const dir = folder();
  const other = await holder(dir);
  await t.throwsAsync(lockFolder(dir), { message: new RegExp(`: process ${other.pid} is at work there`) });
  await other.kill();
  t.deepEqual(readdirSync(dir), ['.trex-lock-1'], 'the killed one left its file');
  const lock = await lockFolder(dir);
  t.deepEqual(readdirSync(dir), ['.trex-lock-2']);
  lock.release();
});

test("a lock with a port that there is not is nobody's", async t => {
  const dir = folder();
  for (const port of [-1, 65_536, 2 ** 32]) {
    writeFileSync(join(dir, '.trex-lock-1'), JSON.stringify({ pid: process.pid, host: hostname(), port }));
    (await lockFolder(dir)).release();
  }
  t.deepEqual(readdirSync(dir), []);
});

test('the number of a process that is another one by now is no lock', async t => {
  const dir = folder();
  // This process lives, but nobody listens on the port.
  const stale = { pid: process.pid, host: hostname(), port: 1 };
  writeFileSync(join(dir, '.trex-lock-7'), JSON.stringify(stale));
  const lock = await lockFolder(dir);
  t.deepEqual(readdirSync(dir), ['.trex-lock-8']);
  lock.release();
});

test('of a lock from another machine nobody can tell: the line says what to remove', async t => {
  const dir = folder();
  writeFileSync(join(dir, '.trex-lock-1'), JSON.stringify({ pid: 1, host: 'elsewhere', port: 1 }));
  await t.throwsAsync(lockFolder(dir), {
    message: /: process 1 on elsewhere is at work there .*; if it has ended, remove .*\.trex-lock-1$/,
  });
});

test('of many who start at once, with locks of dead ones about, exactly one has it', async t => {
  for (let round = 0; round < 5; round++) {
    const dir = folder();
    writeFileSync(join(dir, '.trex-lock-1'), JSON.stringify({ pid: process.pid, host: hostname(), port: 1 }));
    writeFileSync(join(dir, '.trex-lock-2'), '');
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(dir)));
    const taken = tries.filter(one => one.status === 'fulfilled');
    t.is(taken.length, 1);
    for (const one of taken) one.value.release();
    t.deepEqual(readdirSync(dir), []);
  }
});

test('many folders that are open at once have one listener for the end of the process', async t => {
  const first = await lockFolder(folder());
  const listeners = process.listenerCount('exit');
  const others = await Promise.all(Array.from({ length: 12 }, () => lockFolder(folder())));
  t.is(process.listenerCount('exit'), listeners);
  for (const lock of [first, ...others]) lock.release();
});
