/**
 * Ctrl-C: every command that can take long ends with 130 and one line that says what is kept, and leaves no half of a file.
 * Until then a second run on its folder does nothing.
 */
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { EXIT } from '../../src/base/errors.ts';
import { randomWeights } from '../../src/numerics/execute/random-weights.ts';
import { loadModel } from '../../src/run/node/load.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import { writeNpy } from '../../src/workload/import/npy-writer.ts';
import { writeSafetensors } from '../../src/workload/import/safetensors-writer.ts';
import { weightTensors } from '../../src/workload/import/save-weights.ts';
import { trexIn } from './trex.ts';

const MAIN = fileURLToPath(new URL('../../node/trex.js', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'trex-interrupt-'));
test.after.always(() => rmSync(dir, { recursive: true, force: true }));
const trex = trexIn(dir);

const graph = buildGraph(loadModel('glyph-vit').model);
const weights = writeSafetensors(weightTensors(graph, randomWeights(graph, 'interrupt')));
writeFileSync(join(dir, 'w.safetensors'), weights);
writeFileSync(join(dir, 'x.npy'), writeNpy(new Float32Array(2000 * 400), [2000, 1, 20, 20]));
trex('data', 'glyphs', '--images', '1200', '--test', '1200', '--out', 'glyphs', '--quiet');
writeFileSync(join(dir, 'slow.mjs'), 'process.stdin.resume(); setInterval(() => {}, 1000);\n');

const network = ['--model', 'w.safetensors', '--model-name', 'glyph-vit'];
const crossbars = ['--images', '1000', '--draws', '50'];
const training = ['--model', 'glyph-vit', '--arch', 'trex', '--target-area', '1m2', '--out'];

interface Case {
  readonly args: readonly string[];
  /** What the line says behind "interrupted". */
  readonly says: RegExp;
  /** What is in its folder when it has work to lose; else the signal comes after `wait_ms`. */
  readonly until?: string;
  readonly wait_ms?: number;
}

const NOTHING = /; nothing was written$/;
const CASES: Readonly<Record<string, Case>> = {
  run: {
    args: ['run', 'trex-full', '--model', 'deit-b', '--no-fold', '--images', '50', '--out', 'run'],
    says: NOTHING,
  },
  trace: {
    args: [
      'run',
      'trex-full',
      '--model',
      'deit-b',
      '--no-fold',
      '--images',
      '50',
      '--trace',
      '--out',
      'trace',
    ],
    says: NOTHING,
  },
  compare: { args: ['compare', 'fefet-32nm', 'sram-32nm', '--trials', '900'], says: NOTHING },
  'compare at equal error': {
    args: ['compare', 'fefet-32nm', 'sram-32nm', '--iso', 'snr=20dB', '--trials', '900'],
    says: NOTHING,
  },
  xbar: {
    args: ['xbar', '--rows', '512,1024', '--adc', '4..8', '--trials', '200', '--threads', '1'],
    says: /; with --out DIR the same command goes on$/,
  },
  'xbar with a folder': {
    args: [
      'xbar',
      '--rows',
      '32..1024',
      '--adc',
      '4..8',
      '--trials',
      '200',
      '--threads',
      '1',
      '--out',
      'xbar',
    ],
    says: /; the same command goes on from xbar$/,
    until: 'rows.ndjson',
  },
  mvm: {
    args: ['mvm', '--rows', '1024', '--cols', '1024', '--trials', '500', '--threads', '1'],
    says: NOTHING,
  },
  noc: { args: ['noc', '--mesh', '8x8', '--rate', '0.2', '--measure', '9000000'], says: NOTHING },
  infer: {
    args: [
      'infer',
      ...network,
      '--input',
      'x.npy',
      '--out',
      'y.npy',
      '--precision',
      'analog',
      '--threads',
      '1',
    ],
    says: NOTHING,
  },
  accuracy: { args: ['accuracy', ...network, '--data', 'glyphs', ...crossbars], says: NOTHING },
  'accuracy with a folder': {
    args: ['accuracy', ...network, '--data', 'glyphs', ...crossbars, '--out', 'accuracy'],
    says: /; the same command goes on from accuracy$/,
    until: 'progress.ndjson',
  },
  optimize: {
    args: ['optimize', '--data', 'glyphs', '--base-epochs', '500', ...training, 'optimize'],
    says: /; the same command goes on from optimize$/,
    until: 'checkpoint.bin',
  },
  'optimize with a program': {
    args: ['optimize', '--evaluator', `"${process.execPath}" slow.mjs`, ...training, 'program'],
    says: /; the same command goes on from program$/,
    until: 'progress.ndjson',
  },
  search: {
    args: [
      ...['search', '--model', 'glyph-vit', '--weights', 'w.safetensors', '--data', 'glyphs'],
      ...['--partial-epochs', '90', '--out', 'search'],
    ],
    says: /; the same command goes on from search$/,
    until: 'progress.ndjson',
  },
  data: {
    args: ['data', 'glyphs', '--images', '900000', '--out', 'data'],
    says: NOTHING,
  },
  grammar: {
    args: ['data', 'grammar', '--sentences', '40000', '--out', 'grammar'],
    says: NOTHING,
    wait_ms: 100,
  },
  validate: { args: ['validate', '--write', 'page.md'], says: NOTHING },
};

/** Time for the program to be loaded, where nothing tells that it is at work. */
const LOADED = 'loaded';
const preload = join(dir, 'preload.mjs');
writeFileSync(
  preload,
  `import { writeFileSync } from 'node:fs';
const on = process.once.bind(process);
process.once = (name, call) => {
  if (name === 'SIGTERM') writeFileSync(process.env.MARK, '');
  return on(name, call);
};
`,
);

async function until(path: string): Promise<void> {
  while (!existsSync(path)) await sleep(50);
}

for (const [name, { args, says, until: file, wait_ms = 500 }] of Object.entries(CASES))
  test.serial(name, async t => {
    const mark = join(dir, `${name}.${LOADED}`);
    const tmp = join(dir, `tmp ${name}`);
    mkdirSync(tmp);
    const env = { ...process.env, NO_COLOR: '1', MARK: mark, TMPDIR: tmp };
    const child = spawn(process.execPath, ['--import', preload, MAIN, ...args, '--quiet'], { cwd: dir, env });
    let err = '';
    child.stderr.on('data', bytes => {
      err += bytes;
    });
    child.stdout.resume();
    const ended = new Promise<number | null>(resolve => child.on('close', resolve));
    const gone = ended.then(() => 'gone');
    const out = args.includes('--out') ? join(dir, args[args.indexOf('--out') + 1]) : undefined;
    await Promise.race([gone, until(mark)]);
    await Promise.race([gone, file === undefined ? sleep(wait_ms) : until(join(out!, file))]);
    t.is(child.exitCode, null, `it ended before the signal: ${err}`);
    if (file !== undefined) {
      const second = trex(...args, '--quiet');
      t.is(second.code, EXIT.failed);
      t.regex(second.err, new RegExp(`^\\S+: process ${child.pid} is at work there since .*\n$`));
    }
    child.kill('SIGINT');
    const killed = setTimeout(() => child.kill('SIGKILL'), 60_000);
    const code = await ended;
    clearTimeout(killed);
    t.is(code, EXIT.interrupted, err);
    const lines = err.trim().split('\n');
    t.regex(lines.at(-1)!, /^interrupted/);
    t.regex(lines.at(-1)!, says);
    t.notRegex(err, /^ +at /m);
    t.deepEqual(readdirSync(tmp), [], 'temporary files');
    const left = out !== undefined && existsSync(out) ? readdirSync(out) : [];
    t.deepEqual(
      [...left, ...readdirSync(dir)].filter(one => /\.tmp$|^\.trex-lock/.test(one)),
      [],
    );
    if (file === undefined) t.deepEqual(left, []);
    // What is there is whole.
    else if (file.endsWith('.ndjson')) t.true(readFileSync(join(out!, file), 'utf8').endsWith('\n'));
  });
