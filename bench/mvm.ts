/** Cell reads per second of the crossbar back ends on one layer: 197 tokens, 384 x 1536, 8 input bits, 128 rows, 8-bit ADC. */
import { spawnSync } from 'node:child_process';
import type { MvmBackend } from '../src/numerics/mvm/backend.ts';
import { gpuBackend } from '../src/numerics/mvm/gpu/backend.ts';
import { program } from '../src/numerics/mvm/program.ts';
import { referenceBackend } from '../src/numerics/mvm/reference.ts';
import type { MvmSpec } from '../src/numerics/mvm/spec.ts';
import { wasmBackend } from '../src/numerics/mvm/wasm/backend.ts';
import type { NoiseModel } from '../src/numerics/noise/model.ts';
import { streamKey, uniformStream } from '../src/random.ts';
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

const CASES: readonly Case[] = [
  { backend: 'wasm, 1 thread', open: wasm(1), noise: 'none', model: VARIATION, times: 20 },
  { backend: 'wasm, 1 thread', open: wasm(1), noise: 'per column', model: COLUMN, times: 20 },
  {
    backend: 'wasm, 1 thread',
    open: wasm(1),
    noise: 'per column, strip 1',
    model: COLUMN,
    strip: 1,
    times: 5,
  },
  { backend: 'wasm, 1 thread', open: wasm(1), noise: 'per cell and read', model: CELLS, times: 20 },
  { backend: 'wasm, 2 threads', open: wasm(2), noise: 'per column', model: COLUMN, times: 20 },
  { backend: 'wasm, 2 threads', open: wasm(2), noise: 'per cell and read', model: CELLS, times: 20 },
  {
    backend: 'gpu.js webasm',
    open: () => gpuBackend({ mode: 'webasm' }),
    noise: 'per column',
    model: COLUMN,
    tokens: 64,
    times: 2,
  },
  {
    backend: 'gpu.js cpu',
    open: () => gpuBackend({ mode: 'cpu' }),
    noise: 'per column',
    model: COLUMN,
    tokens: 16,
    times: 1,
  },
  { backend: 'reference', open: reference, noise: 'per column', model: COLUMN, tokens: 4, times: 1 },
];

/** Times every case; compiling and laying out memory are not counted, the first run is thrown away. */
export async function benchMvm(cases: readonly Case[] = CASES): Promise<MvmRate[]> {
  const rates: MvmRate[] = [];
  for (const { backend: name, open, noise, model, strip, tokens = TOKENS, times } of cases) {
    const random = uniformStream(1, 'bench');
    const spec = { ...SPEC, strip: strip ?? SPEC.strip };
    const weights = Int32Array.from(
      { length: spec.rows * spec.cols },
      () => Math.floor(random() * 256) - 128,
    );
    const x = Uint8Array.from({ length: tokens * spec.rows }, () => Math.floor(random() * 256));
    const matrix = program(weights, spec, model, streamKey(1, 'program'));
    const backend = await open();
    const handle = await backend.load(matrix);
    const out = new Int32Array(matrix.plan.slices * tokens * spec.cols);
    const stats = { conversions: 0, cellMacs: 0 };
    let [seconds, cpuSeconds] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let i = 0; i <= times; i++) {
      const [begin, cpu] = [performance.now(), process.cpuUsage()];
      stats.cellMacs = 0;
      await backend.run(handle, x, tokens, streamKey(1, 'read', i), out, stats);
      const used = process.cpuUsage(cpu);
      if (i === 0) continue;
      seconds = Math.min(seconds, (performance.now() - begin) / 1e3);
      cpuSeconds = Math.min(cpuSeconds, (used.user + used.system) / 1e6);
    }
    handle.dispose();
    await backend.dispose();
    rates.push({ backend: name, noise, seconds, cpuSeconds, cellMacs: stats.cellMacs });
  }
  return rates;
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
  const numpy = python(NUMPY);
  rows.push([
    'NumPy, 1 thread',
    'per column',
    '',
    numpy === undefined ? 'not measured' : giga(cellMacs, numpy),
  ]);
  const torch = python(TORCH);
  rows.push([
    'PyTorch, 1 thread',
    'per column',
    '',
    torch === undefined ? 'not measured' : giga(cellMacs, torch),
  ]);
  printTable(['G cell reads per second', 'noise', 'wall', 'CPU'], rows);
}
