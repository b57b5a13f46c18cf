/**
 * What a point of a study costs beside the bare function: processor time of all threads, as a ratio in the same run; and the
 * memory of a sweep over its number of points, with points that cost nothing. `node dist/bench/studies.js [SHARE] [MOST]`: SHARE
 * of 100 000 closed-form points and 1 000 runs of DeiT-S, and MOST points of the stub.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROW_SCHEMA_VERSION, sealedRow } from '../src/explore/studies/job.ts';
import type { Engine } from '../src/explore/studies/node/engine.ts';
import { inlineEngine } from '../src/explore/studies/node/inline-engine.ts';
import { poolEngine } from '../src/explore/studies/node/pool-engine.ts';
import { sweep } from '../src/explore/studies/node/sweep.ts';
import { loadStudy } from '../src/explore/studies/study.ts';
import { xbarRow } from '../src/explore/xbar/evaluate.ts';
import { loadedTech, planLoaded, xbarPoints } from '../src/explore/xbar/plan.ts';
import { XBAR_DEFAULTS } from '../src/explore/xbar/xbar.ts';
import { nodeFiles } from '../src/run/node/files.ts';
import { run } from '../src/run/run.ts';

const THREADS = 2;
const [share = 0.1, most = 1_000_000] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'trex-bench-studies-'));

interface Cost {
  readonly cpu_s: number;
  readonly wall_s: number;
}

async function costOf(work: () => Promise<unknown> | unknown): Promise<Cost> {
  const [cpu, wall] = [process.cpuUsage(), performance.now()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { cpu_s: (user + system) / 1e6, wall_s: (performance.now() - wall) / 1000 };
}

let number = 0;
async function swept(text: string, engine: () => Engine): Promise<number> {
  const path = join(folder, `study${number}.yaml`);
  writeFileSync(path, text);
  const { points } = await sweep(loadStudy(nodeFiles, path), { dir: join(folder, `${number++}`), engine });
  return points;
}

const show = (what: string, points: number, { cpu_s, wall_s }: Cost, bare?: Cost): void => {
  const each = ((1000 * cpu_s) / points).toFixed(3).padStart(9);
  const ratio = bare === undefined ? '' : `  ${(cpu_s / bare.cpu_s).toFixed(2)} of the bare function`;
  console.log(`${what.padEnd(44)} ${each} ms of processor a point, ${wall_s.toFixed(1)} s${ratio}`);
};

async function closedForm(): Promise<void> {
  const temperatures = Math.max(1, Math.round(250 * share));
  const points = 400 * temperatures;
  const values = (from: number, to: number, n: number): number[] =>
    Array.from({ length: n }, (_, i) =>
      Number((from + (i * (to - from)) / Math.max(1, n - 1)).toPrecision(12)),
    );
  const bare = await costOf(() => {
    const tech = loadedTech(nodeFiles, 'fefet-32nm', []);
    let sum = 0;
    for (const rows of [32, 64, 128, 256])
      for (const adc of [4, 5, 6, 7, 8])
        for (const vdd of values(0.7, 1, 20))
          for (const temperature of values(300, 380, temperatures)) {
            const own = { rows: [rows], adcBits: [adc], vdds_V: [vdd], temperatures_K: [temperature] };
            const [point] = xbarPoints(planLoaded([tech], { ...XBAR_DEFAULTS, ...own }));
            sum += xbarRow(point, null).area_m2;
          }
    return sum;
  });
  const text = `metrics: [xbar]
iso: { tech: fefet-32nm }
vary:
  xbar.rows: [32, 64, 128, 256]
  xbar.adc: [4, 5, 6, 7, 8]
  xbar.vdd: { range: { from: 0.7, to: 1.0, points: 20 } }
  xbar.temperature: { range: { from: 300, to: 380, points: ${temperatures} } }
`;
  show(`xbar, ${points} points, bare`, points, bare);
  show('  on one thread', points, await costOf(() => swept(text, inlineEngine)), bare);
  show(`  on ${THREADS} threads`, points, await costOf(() => swept(text, () => poolEngine(THREADS))), bare);
}

async function events(): Promise<void> {
  const points = Math.max(4, Math.round(1000 * share));
  const bare = await costOf(async () => {
    for (let seed = 1; seed <= points; seed++)
      await run({ arch: 'trex', model: 'deit-s', seed }, { files: nodeFiles });
  });
  const text = `metrics: [run]\niso: { arch: trex, model: deit-s }\nvary:\n  reuse: [none]\nrepeat: ${points}\n`;
  show(`run of DeiT-S, ${points} points, bare`, points, bare);
  show(`  on ${THREADS} threads`, points, await costOf(() => swept(text, () => poolEngine(THREADS))), bare);
}

/** Rows without work. */
const stub = (): Engine => ({
  async run(blocks, { onRows }) {
    for await (const { version, jobs } of blocks)
      await onRows(
        jobs.map(({ id, point, seed, inputs }) =>
          sealedRow({
            schemaVersion: ROW_SCHEMA_VERSION,
            id,
            point,
            seed,
            xbar: {},
            provenance: { version, inputs },
          }),
        ),
      );
  },
  close: async () => {},
});

async function memory(): Promise<void> {
  for (let points = 1000; points <= most; points *= 10) {
    const text = `metrics: [xbar]\niso: { tech: fefet-32nm }\nvary:\n  random:\n    points: ${points}\n    xbar.vdd: { range: { from: 0.7, to: 1.0 } }\n`;
    const cost = await costOf(() => swept(text, stub));
    const rss = Math.round(process.resourceUsage().maxRSS / 1024);
    show(`stub, ${points} points: ${rss} MiB at most`, points, cost);
  }
}

try {
  await memory();
  await closedForm();
  await events();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
