/** `trex sweep` as a process: what a kill or Ctrl-C leaves is gone on from, and the bytes are those of a sweep without one. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { inlineEngine } from '../../src/explore/studies/node/inline-engine.ts';
import { sweep } from '../../src/explore/studies/node/sweep.ts';
import { loadStudy } from '../../src/explore/studies/study.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { MAIN } from './trex.ts';

const folder = mkdtempSync(join(tmpdir(), 'trex-sweep-cli-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, 'study.yaml');
writeFileSync(
  path,
  'metrics: [run]\niso: { arch: trex, model: glyph-vit }\nvary:\n  pe.adcBanks: [1, 2, 4]\n  tile.pes: [2, 4, 8]\nrepeat: 5\n',
);

/** Until the results have grown by `bytes`, then a signal; gives the exit code and what was said. */
async function stopped(
  dir: string,
  bytes: number,
  signal: NodeJS.Signals,
): Promise<readonly [number | null, string]> {
  const results = join(dir, 'results.ndjson');
  const sizeOf = (): number => (existsSync(results) ? statSync(results).size : 0);
  const begin = sizeOf();
  const child = spawn(process.execPath, [MAIN, 'sweep', path, '--out', dir, '--jobs', '2', '--quiet']);
  let said = '';
  child.stderr.on('data', text => {
    said += text;
  });
  const exit = new Promise<number | null>(resolve => child.once('exit', resolve));
  while (sizeOf() < begin + bytes && child.exitCode === null) await sleep(2);
  child.kill(signal);
  return [await exit, said];
}

test('after two kills and a Ctrl-C every point has one row, in the bytes of a sweep without them', async t => {
  const [study, dir, whole] = [loadStudy(nodeFiles, path), join(folder, 'killed'), join(folder, 'whole')];
  for (const bytes of [1, 3000]) t.is((await stopped(dir, bytes, 'SIGKILL'))[0], null);
  const [code, said] = await stopped(dir, 2000, 'SIGINT');
  t.is(code, 130);
  t.regex(said, /interrupted.*; finished points are kept: the same command goes on from /);
  const { points, evaluated } = await sweep(study, { dir, engine: inlineEngine });
  t.is(points, 45);
  t.true(evaluated < 45);
  await sweep(study, { dir: whole, engine: inlineEngine });
  t.is(
    readFileSync(join(dir, 'results.ndjson'), 'utf8'),
    readFileSync(join(whole, 'results.ndjson'), 'utf8'),
  );
});
