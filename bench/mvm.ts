/** Cell reads per second of the crossbar back ends on one layer: 197 tokens, 384 x 1536, 8 input bits, 128 rows, 8-bit ADC. */
import { spawnSync } from 'node:child_process';
import { streamKey, uniformStream } from '../src/base/random.ts';
import type { MvmBackend } from '../src/numerics/mvm/backend.ts';
import { gpuBackend } from '../src/numerics/mvm/gpu/backend.ts';
import { wasmBackend } from '../src/numerics/mvm/node/wasm-backend.ts';
import { program } from '../src/numerics/mvm/program.ts';
import { referenceBackend } from '../src/numerics/mvm/reference.ts';
import type { MvmSpec } from '../src/numerics/mvm/spec.ts';
import type { NoiseModel } from '../src/tech/noise-model.ts';
import { printTable } from './harness.ts';

const TOKENS = 197;
const SPEC: MvmSpec = {
  rows: 384,
  cols: 1536,
  arrayRows: 128,
  cellBits: 2,
  weightBits: 8,
  inputBits: 8,
  signedInput: false,
  encoding: 'offset',
  adc: { bits: 8, levelsPerLsb: 'full-scale' },
  strip: 16,
};

const VARIATION: NoiseModel = { write: { kind: 'multiplicative', sigma: 0.2 } };
/** About one ADC step. */
const COLUMN: NoiseModel = {
  ...VARIATION,
  thermal: { capacitance_F: 1e-15, fullScale_V: 0.5, temperature_K: 300 },
};
const CELLS: NoiseModel = { ...COLUMN, read: { kind: 'multiplicative', sigma: 0.1, when: 'read' } };

/** One measured case; the machine may be shared, so both the least wall time and the least CPU time count. */
export interface MvmRate {
  readonly backend: string;
  readonly noise: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly cellMacs: number;
}

interface Case {
  readonly backend: string;
  readonly open: () => Promise<MvmBackend>;
  readonly noise: string;
  readonly model: NoiseModel;
  readonly strip?: 1 | 16;
  /** Part of the layer, for back ends that are slow. */
  readonly tokens?: number;
  readonly times: number;
}

const wasm = (threads: number) => (): Promise<MvmBackend> => wasmBackend({ threads });
const reference = async (): Promise<MvmBackend> => referenceBackend();
const ONE = 'wasm, 1 thread';
const TWO = 'wasm, 2 threads';
const WEBASM = 'gpu.js webasm';
const COLUMN_NOISE = 'per column';
const CELL_NOISE = 'per cell and read';

/** Runs of a turn: threads that have slept wake up slowly. */
const IN_A_ROW = 4;

/** Cases of a group take turns, so that what slows the machine down slows all of them down. */
const GROUPS: readonly (readonly Case[])[] = [
  [
    { backend: ONE, open: wasm(1), noise: 'none', model: VARIATION, times: 8 },
    { backend: ONE, open: wasm(1), noise: COLUMN_NOISE, model: COLUMN, times: 8 },
    { backend: ONE, open: wasm(1), noise: CELL_NOISE, model: CELLS, times: 8 },
    { backend: TWO, open: wasm(2), noise: COLUMN_NOISE, model: COLUMN, times: 8 },
    { backend: TWO, open: wasm(2), noise: CELL_NOISE, model: CELLS, times: 8 },
  ],
  [{ backend: ONE, open: wasm(1), noise: 'per column, strip 1', model: COLUMN, strip: 1, times: 3 }],
  [
    {
      backend: WEBASM,
      open: () => gpuBackend({ mode: 'webasm' }),
      noise: COLUMN_NOISE,
      model: COLUMN,
      tokens: 64,
      times: 3,
    },
    {
      backend: 'gpu.js cpu',
      open: () => gpuBackend({ mode: 'cpu' }),
      noise: COLUMN_NOISE,
      model: COLUMN,
      tokens: 16,
      times: 1,
    },
    { backend: 'reference', open: reference, noise: COLUMN_NOISE, model: COLUMN, tokens: 4, times: 1 },
  ],
];

/** Times every case; compiling and laying out memory are not counted, the first run is thrown away. */
export async function benchMvm(groups: readonly (readonly Case[])[] = GROUPS): Promise<MvmRate[]> {
  const rates: MvmRate[] = [];
  for (const group of groups) {
    const ready = await Promise.all(group.map(prepareCase));
    const rounds = Math.max(...group.map(({ times }) => times));
    for (let round = 0; round <= rounds; round++)
      for (const one of ready)
        for (let i = 0; i < one.inARow && round <= one.times; i++) await one.run(round);
    for (const one of ready) rates.push(await one.finish());
  }
  return rates;
}

/** Rounds from 0 to `times`; the first only warms up. */
async function prepareCase({ backend: name, open, noise, model, strip, tokens = TOKENS, times }: Case) {
  const random = uniformStream(1, 'bench');
  const spec = { ...SPEC, strip: strip ?? SPEC.strip };
  const weights = Int32Array.from({ length: spec.rows * spec.cols }, () => Math.floor(random() * 256) - 128);
  const x = Uint8Array.from({ length: tokens * spec.rows }, () => Math.floor(random() * 256));
  const matrix = program(weights, spec, model, streamKey(1, 'program'));
  const backend = await open();
  const handle = await backend.load(matrix);
  const out = new Int32Array(matrix.plan.slices * tokens * spec.cols);
  const stats = { conversions: 0, cellMacs: 0 };
  let [seconds, cpuSeconds] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const run = async (round: number): Promise<void> => {
    const [begin, cpu] = [performance.now(), process.cpuUsage()];
    stats.cellMacs = 0;
    await backend.run({ handle, x, tokens, key: streamKey(1, 'read', round) }, out, stats);
    const used = process.cpuUsage(cpu);
    if (round === 0) return;
    seconds = Math.min(seconds, (performance.now() - begin) / 1e3);
    cpuSeconds = Math.min(cpuSeconds, (used.user + used.system) / 1e6);
  };
  const finish = async (): Promise<MvmRate> => {
    handle.dispose();
    await backend.dispose();
    return { backend: name, noise, seconds, cpuSeconds, cellMacs: stats.cellMacs };
  };
  return { times, inARow: times > IN_A_ROW ? IN_A_ROW : 1, run, finish };
}

/** The same noisy layer in NumPy, bits and slices batched into one product per row block; one thread. */
const NUMPY = `
import os
os.environ['OPENBLAS_NUM_THREADS'] = '1'
import time, numpy as np
rng = np.random.default_rng(1)
g = rng.random((3, 128, 1536 * 4), dtype=np.float32)
x = (rng.random((3, 197 * 8, 128)) < 0.5).astype(np.float32)
best = 1e9
for _ in range(3):
    begin = time.process_time()
    total = np.zeros((197 * 8, 1536 * 4), np.float32)
    for block in range(3):
        y = x[block] @ g[block]
        y += rng.standard_normal(y.shape, dtype=np.float32)
        np.floor(y + 0.5, out=y)
        np.clip(y, 0, 255, out=y)
        total += y
    (total.reshape(197, 8, -1) * (2.0 ** np.arange(8, dtype=np.float32))[None, :, None]).sum(axis=1)
    best = min(best, time.process_time() - begin)
print(best)
`;

/** The same in PyTorch. */
const TORCH = `
import time, torch
torch.set_num_threads(1)
g = torch.rand(3, 128, 1536 * 4)
x = (torch.rand(3, 197 * 8, 128) < 0.5).float()
weights = (2.0 ** torch.arange(8)).reshape(1, 8, 1)
best = 1e9
for _ in range(3):
    begin = time.process_time()
    total = torch.zeros(197 * 8, 1536 * 4)
    for block in range(3):
        y = x[block] @ g[block]
        total += (y + torch.randn_like(y) + 0.5).floor_().clamp_(0, 255)
    (total.reshape(197, 8, -1) * weights).sum(dim=1)
    best = min(best, time.process_time() - begin)
print(best)
`;

/** CPU seconds of a Python script, or undefined where Python or a package is missing. */
function python(script: string): number | undefined {
  const { status, stdout } = spawnSync('python3', ['-c', script], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : undefined;
}

if (import.meta.filename === process.argv[1]) {
  const giga = (macs: number, seconds: number): string => (macs / seconds / 1e9).toFixed(2);
  const rates = await benchMvm();
  const rows = rates.map(({ backend, noise, seconds, cpuSeconds, cellMacs }) => [
    backend,
    noise,
    giga(cellMacs, seconds),
    giga(cellMacs, cpuSeconds),
  ]);
  const cellMacs = TOKENS * SPEC.rows * SPEC.cols * 32;
  const peers = [
    ['NumPy, 1 thread', python(NUMPY)],
    ['PyTorch, 1 thread', python(TORCH)],
  ] as const;
  for (const [name, seconds] of peers)
    rows.push([name, COLUMN_NOISE, '', seconds === undefined ? 'not measured' : giga(cellMacs, seconds)]);
  printTable(['G cell reads per second', 'noise', 'wall', 'CPU'], rows);

  const rateOf = (backend: string, noise: string, by: 'seconds' | 'cpuSeconds' = 'seconds'): number => {
    const one = rates.find(rate => rate.backend === backend && rate.noise === noise)!;
    return one.cellMacs / one[by];
  };
  const column = rateOf(ONE, COLUMN_NOISE);
  const columnCpu = rateOf(ONE, COLUMN_NOISE, 'cpuSeconds');
  const ratios: [string, number | undefined][] = [
    ['2 threads over 1, per column', rateOf(TWO, COLUMN_NOISE) / column],
    ['no noise over noise per column', rateOf(ONE, 'none') / column],
    ['noise per column over noise per cell and read', column / rateOf(ONE, CELL_NOISE)],
    ['wasm over gpu.js webasm, 1 thread', columnCpu / rateOf(WEBASM, COLUMN_NOISE, 'cpuSeconds')],
    ...peers.map(([name, seconds]): [string, number | undefined] => [
      `wasm over ${name}`,
      seconds === undefined ? undefined : columnCpu / (cellMacs / seconds),
    ]),
  ];
  console.log();
  printTable(
    ['ratio of the best runs', ''],
    ratios.map(([name, ratio]) => [name, ratio === undefined ? 'not measured' : ratio.toFixed(2)]),
  );
}
