/**
 * Random SIGKILLs over studies on this machine and over Redis: `node dist/test/engine/kills.js [kills] [seed]`, minutes, not part
 * of CI. Whoever is killed (the sweep, one of three workers, Redis) starts again; the study goes on until all kills are spent, in a
 * new folder each time that it ends before. A kill comes a random while after a new row, so that it meets somebody at work. Every folder must hold every point once, in the bytes of a run that nothing disturbed.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { uniformStream } from '../../src/base/random.ts';
import { redisServer } from './redis-server.ts';
import { type Difference, difference, rowsOf } from './same-rows.ts';
import { type TrexProcess, trexProcess } from './trex-process.ts';

/** Event runs and points that cannot be: 75 in blocks of one. */
const STUDY = `
name: kills
metrics: [run]
iso: { arch: trex, model: glyph-vit, tech.scaling: circuit-laws }
vary:
  - pe.crossbars: [6, 8, 10, 12, 16]
    tech.adc.bits: [4, 5, 6, 7, 99]
    images: [1, 40, 80]
`;
const WORKERS = 3;
/** After a row that is new. */
const LATEST_MS = 1500;
const STEP_MS = 20;
/** Of the kills over Redis. */
const VICTIMS = ['worker', 'worker', 'sweep', 'redis'] as const;

const kills = Number(process.argv[2] ?? 50);
const random = uniformStream(Number(process.argv[3] ?? 1), 'kills');

const dir = mkdtempSync(join(tmpdir(), 'trex-kills-'));
mkdirSync(join(dir, 'redis'));
writeFileSync(join(dir, 'study.yaml'), STUDY);
const started = new Set<TrexProcess>();
const trex = (args: readonly string[], env: Readonly<Record<string, string>> = {}): TrexProcess => {
  const process = trexProcess(args, dir, env);
  started.add(process);
  void process.ended.then(() => started.delete(process));
  return process;
};
const log = (line: string): void => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);

interface Tally {
  kills: number;
  folders: number;
  lost: number;
  doubled: number;
  other: number;
}

const count = (tally: Tally, { lost, doubled, isSame }: Difference): void => {
  tally.folders++;
  tally.lost += lost;
  tally.doubled += doubled;
  if (!isSame) tally.other++;
};

/** A study in a folder until it ends; `strike` kills somebody, and says whether that was the sweep. */
async function study(
  folder: string,
  env: Readonly<Record<string, string>>,
  strike: (sweep: TrexProcess) => Promise<boolean>,
): Promise<void> {
  const rows = (): number => rowsOf(join(dir, folder)).ids.length;
  for (;;) {
    const words = ['sweep', 'study.yaml', '--out', folder, '--quiet'];
    const sweep = trex(env.TREX_ENGINE === undefined ? [...words, '--jobs', '2'] : words, env);
    let wasKilled = false;
    let isEnd = false;
    const ended = sweep.ended.then(how => {
      isEnd = true;
      return how;
    });
    while (!isEnd && !wasKilled) {
      const before = rows();
      while (!isEnd && rows() === before) await Promise.race([ended, sleep(STEP_MS)]);
      await Promise.race([ended, sleep(random() * LATEST_MS)]);
      if (!isEnd) wasKilled = await strike(sweep);
    }
    const how = await ended;
    if (how === 1) return;
    if (how !== 'SIGKILL') throw new Error(`the sweep ended with ${how}: ${sweep.text()}`);
  }
}

const killed = async ({ child, ended }: TrexProcess): Promise<void> => {
  child.kill('SIGKILL');
  await ended;
};

let failed = false;
try {
  await trex(['sweep', 'study.yaml', '--out', 'expected', '--quiet']).ended;
  const expected = rowsOf(join(dir, 'expected'));
  log(`${expected.ids.length} points, ${kills} kills`);
  const report = (where: string, tally: Tally): void => {
    const { folders, lost, doubled, other } = tally;
    log(
      `${where}: ${tally.kills} kills, ${folders} folders, ${lost} lost, ${doubled} doubled, ${other} of other bytes`,
    );
    failed ||= lost + doubled + other > 0;
  };

  const local: Tally = { kills: 0, folders: 0, lost: 0, doubled: 0, other: 0 };
  const half = Math.floor(kills / 2);
  while (local.kills < half) {
    const folder = `local${local.folders}`;
    await study(folder, {}, async sweep => {
      if (local.kills >= half) return false;
      local.kills++;
      await killed(sweep);
      return true;
    });
    count(local, difference(expected, rowsOf(join(dir, folder))));
  }
  report('local', local);

  const server = await redisServer(join(dir, 'redis'));
  const env = { ...server.env, TREX_ENGINE: server.url };
  const worker = (): TrexProcess => trex(['worker', '--jobs', '1'], env);
  const workers = Array.from({ length: WORKERS }, worker);
  const remote: Tally = { kills: 0, folders: 0, lost: 0, doubled: 0, other: 0 };
  const struck = new Map<string, number>();
  try {
    while (remote.kills < kills - half) {
      const folder = `redis${remote.folders}`;
      await study(folder, env, async sweep => {
        if (remote.kills >= kills - half) return false;
        remote.kills++;
        const victim = VICTIMS[Math.floor(random() * VICTIMS.length)];
        struck.set(victim, (struck.get(victim) ?? 0) + 1);
        if (victim === 'redis') await server.restart();
        else if (victim === 'sweep') await killed(sweep);
        else {
          const i = Math.floor(random() * workers.length);
          await killed(workers[i]);
          workers[i] = worker();
        }
        return victim === 'sweep';
      });
      count(remote, difference(expected, rowsOf(join(dir, folder))));
    }
  } finally {
    for (const { child } of started) child.kill('SIGKILL');
    await server.stop();
  }
  report(`redis (${[...struck].map(([victim, n]) => `${n} ${victim}`).join(', ')})`, remote);
} finally {
  for (const { child } of started) child.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
