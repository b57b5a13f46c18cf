/** Speed and memory of whole runs: in this process and as `trex run`; and how the cost grows with tokens and encoders. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { loadArch, loadModel } from '../src/run/node/load.ts';
import { simulate } from '../src/run/simulate.ts';
import { parseReuse } from '../src/workload/reuse.ts';
import { printTable, timeAsync } from './harness.ts';

const MAIN = fileURLToPath(new URL('../node/trex.js', import.meta.url));

interface Case {
  readonly name: string;
  readonly arch: string;
  readonly model: string;
  readonly fold: boolean;
  /** Images that overlap; absent: one. */
  readonly images?: number;
  readonly times: number;
  readonly goal: string;
}

const CASES: readonly Case[] = [
  { name: 'DeiT-S on trex, folded', arch: 'trex', model: 'deit-s', fold: true, times: 5, goal: '0.3 s' },
  { name: 'DeiT-S on trex, unfolded', arch: 'trex', model: 'deit-s', fold: false, times: 3, goal: '2 s' },
  {
    name: 'DeiT-S on trex-full, mesh',
    arch: 'trex-full',
    model: 'deit-s',
    fold: true,
    times: 2,
    goal: '10 s',
  },
  {
    name: 'ViT-L/16 on trex-full, mesh',
    arch: 'trex-full',
    model: 'vit-l-16',
    fold: true,
    times: 1,
    goal: '60 s',
  },
  {
    name: 'DeiT-T on trex-full, mesh, 8 images overlap',
    arch: 'trex-full',
    model: 'deit-t',
    fold: true,
    images: 8,
    times: 1,
    goal: '30 s',
  },
];

/** One run in this process. */
async function run(
  { arch, model, fold, images = 1 }: Pick<Case, 'arch' | 'model' | 'fold' | 'images'>,
  more: readonly string[] = [],
  tokens?: number,
) {
  const set = [...more, ...overlap(images)];
  const { arch: chip } = loadArch(arch, { set });
  const network = loadModel(model, { set }).model;
  const reuse = parseReuse('none', network.encoders);
  return (await simulate({ arch: chip, model: network, reuse, tokens, fold, images })).result;
}

const overlap = (images: number): string[] => (images === 1 ? [] : ['schedule.images=pipelined']);

/** The same network on the same chip with an ideal network: what all but the flits take. */
const IDEAL = ['noc.kind=ideal', 'noc.broadcast=unicast'];

/** `trex run` as a process of its own, with its peak memory. */
function wholeProcess({ arch, model, fold, images = 1 }: Case): { seconds: number; rss_MB: number } {
  const args = ['run', arch, '--model', model, '--json', '--quiet', ...(fold ? [] : ['--no-fold'])];
  if (images > 1) args.push('--images', String(images), ...overlap(images).flatMap(set => ['--set', set]));
  const script = `process.argv = ['node', 'trex', ...${JSON.stringify(args)}]; await import(${JSON.stringify(MAIN)});
    process.on('exit', () => process.stderr.write('RSS ' + process.resourceUsage().maxRSS));`;
  const begin = performance.now();
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const seconds = (performance.now() - begin) / 1e3;
  if (child.status !== 0) throw new Error(child.stderr);
  return { seconds, rss_MB: Number(/RSS (\d+)/.exec(child.stderr)?.[1]) / 1024 };
}

const rows: string[][] = [];
for (const c of CASES) {
  process.stderr.write(`${c.name}\n`);
  const { events } = await run(c);
  const inside = await timeAsync(() => run(c), c.times);
  const ideal = await timeAsync(() => run(c, IDEAL), c.times);
  const outside = Array.from({ length: c.times }, () => wholeProcess(c)).sort(
    (a, b) => a.seconds - b.seconds,
  );
  const middle = outside[outside.length >> 1];
  rows.push([
    c.name,
    String(events),
    inside.seconds.toFixed(3),
    (inside.seconds / ideal.seconds).toFixed(1),
    (events / inside.seconds / 1e6).toFixed(1),
    middle.seconds.toFixed(3),
    Math.max(...outside.map(o => o.rss_MB)).toFixed(0),
    c.goal,
  ]);
}
printTable(
  ['run', 'events', 'in process s', 'x ideal network', 'M events/s', 'whole process s', 'peak MB', 'goal'],
  rows,
);

console.log('\nCost over tokens and encoders: BERT-base on trex, folded; microseconds per token and encoder');
const TOKENS = [64, 128, 256, 512];
const growth: string[][] = [];
for (const encoders of [6, 12, 24]) {
  const cells = [`${encoders} encoders`];
  for (const tokens of TOKENS) {
    const go = () =>
      run({ arch: 'trex', model: 'bert-base', fold: true }, [`model.encoders=${encoders}`], tokens);
    await go();
    const { seconds } = await timeAsync(go, 5);
    cells.push(((seconds * 1e6) / (tokens * encoders)).toFixed(1));
  }
  growth.push(cells);
}
printTable(['', ...TOKENS.map(t => `${t} tokens`)], growth);
