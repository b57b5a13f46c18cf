/**
 * Random SIGKILLs over studies on this machine and over Redis: `node dist/test/engine/kills.js [kills] [seed]`, minutes, not part
 * of CI. Whoever is killed (the sweep, one of three workers, Redis) starts again; the study goes on until all kills are spent, in a
 * new folder each time that it ends before. Every folder must hold every point once, in the bytes of a run that nothing disturbed.
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
const [SOONEST_MS, LATEST_MS] = [200, 4000];
/** Of the kills over Redis. */
const VICTIMS = ['worker', 'worker', 'sweep', 'redis'] as const;

const kills = Number(process.argv[2] ?? 50);
const random = uniformStream(Number(process.argv[3] ?? 1), 'kills');
const moment = (): Promise<void> => sleep(SOONEST_MS + random() * (LATEST_MS - SOONEST_MS));

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
  /** Of them: of whoever had worked, not of a process that had just begun. */
  midway: number;
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
  strike: (sweep: TrexProcess, isMidway: boolean) => Promise<boolean>,
): Promise<void> {
  for (;;) {
    const words = ['sweep', 'study.yaml', '--out', folder, '--quiet'];
    const sweep = trex(env.TREX_ENGINE === undefined ? [...words, '--jobs', '2'] : words, env);
    const before = rowsOf(join(dir, folder)).ids.length;
    let wasKilled = false;
    let isEnd = false;
    const ended = sweep.ended.then(how => {
      isEnd = true;
      return how;
    });
    while (!isEnd && !wasKilled) {
      await Promise.race([ended, moment()]);
      if (!isEnd) wasKilled = await strike(sweep, rowsOf(join(dir, folder)).ids.length > before);
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
      `${where}: ${tally.kills} kills, ${tally.midway} of them after the sweep had written rows, ${folders} folders, ${lost} lost, ${doubled} doubled, ${other} of other bytes`,
    );
    failed ||= lost + doubled + other > 0;
  };

  const local: Tally = { kills: 0, midway: 0, folders: 0, lost: 0, doubled: 0, other: 0 };
  const half = Math.floor(kills / 2);
  while (local.kills < half) {
    const folder = `local${local.folders}`;
    await study(folder, {}, async (sweep, isMidway) => {
      if (local.kills >= half) return false;
      local.kills++;
      if (isMidway) local.midway++;
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
  const remote: Tally = { kills: 0, midway: 0, folders: 0, lost: 0, doubled: 0, other: 0 };
  const struck = new Map<string, number>();
  try {
    while (remote.kills < kills - half) {
      const folder = `redis${remote.folders}`;
      await study(folder, env, async (sweep, isMidway) => {
        if (remote.kills >= kills - half) return false;
        remote.kills++;
        if (isMidway) remote.midway++;
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
