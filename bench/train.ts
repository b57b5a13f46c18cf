/** Speed of training: the matrix kernels against plain JavaScript, and whole steps of a 9-encoder ViT (d 64, 26 tokens, batch 64) on one and more threads. */
import { availableParallelism } from 'node:os';
import type { CrossbarDevice } from '../src/numerics/execute/crossbar-device.ts';
import { wasmBackend } from '../src/numerics/mvm/wasm/backend.ts';
import { startVector } from '../src/train/network/parameter-vector.ts';
import { startThreads } from '../src/train/node/threads.ts';
import { type Engine, startEngine } from '../src/train/step/engine.ts';
import type { Job } from '../src/train/step/work.ts';
import { calibrateCrossbars } from '../src/train/variation/calibrate.ts';
import { putCells, putKeys } from '../src/train/variation/draw.ts';
import { compileKernels, type Kernels } from '../src/train/wasm/kernels.ts';
import { type WasmMemory, wasmEngine } from '../src/wasm/engine.ts';
import { instantiate } from '../src/wasm/module.ts';
import { macTotals } from '../src/workload/count.ts';
import { buildGraph } from '../src/workload/graph.ts';
import { modelSchema } from '../src/workload/model.ts';
import { reusePlan } from '../src/workload/reuse.ts';
import { median, printTable } from './harness.ts';

const BATCH = 64;
const STEPS = 30;
const WARM_UP = 8;

const model = modelSchema.parse({
  name: 'glyph-vit',
  source: 'benchmark',
  family: 'vit',
  encoders: 9,
  dim: 64,
  heads: 4,
  mlpRatio: 4,
  imageSize: 20,
  patchSize: 4,
  inChannels: 1,
  classes: 10,
});

/** Best and median milliseconds of calls. */
function timed(calls: number, call: () => void): { best: number; middle: number } {
  const samples = Array.from({ length: calls }, () => {
    const begin = performance.now();
    call();
    return performance.now() - begin;
  });
  return { best: Math.min(...samples), middle: median(samples) };
}

/** Products of the sizes that the network has, m x k by k x n. */
function kernelRows(): string[][] {
  const memory: WasmMemory = new (wasmEngine()!.Memory)({ initial: 64, maximum: 64, shared: false });
  const kernels = instantiate<Kernels>(compileKernels(false), memory);
  const [a, b, c, zeros, tile] = [65536, 1048576, 2097152, 64, 1024];
  new Float32Array(memory.buffer).fill(0.5, a / 4, c / 4);
  return [
    [208, 64, 64],
    [208, 64, 256],
    [208, 256, 64],
    [26, 16, 26],
  ].map(([m, k, n]) => {
    const repeat = Math.ceil(2e7 / (m * k * n));
    const rate = (call: () => void): number => {
      for (let i = 0; i < 5; i++) call();
      const { best } = timed(20, () => {
        for (let i = 0; i < repeat; i++) call();
      });
      return (2 * repeat * m * k * n) / best / 1e6;
    };
    const forward = rate(() => {
      kernels.pack(b, n * 4, k, n, c);
      kernels.gemm(a, k * 4, 4, c, c + 524288, n * 4, m, n, k, zeros, 0, 0, tile);
    });
    const byInput = rate(() => {
      kernels.packTransposed(b, n * 4, n, k, c);
      kernels.gemm(a, n * 4, 4, c, c + 524288, k * 4, m, k, n, zeros, 0, 0, tile);
    });
    const byWeight = rate(() => {
      kernels.pack(b, n * 4, m, n, c);
      kernels.gemmColumns(a, 4, k * 4, c, c + 524288, n * 4, k, n, m, zeros, 0, 1, tile);
    });
    const [x, w, y] = [m * k, k * n, m * n].map(size => new Float32Array(size).fill(0.5));
    const plain = rate(() => plainProduct(x, w, y, m, k, n));
    const rates = [forward, byInput, byWeight, plain].map(r => r.toFixed(1));
    return [`${m} x ${k} x ${n}`, ...rates, (forward / plain).toFixed(1)];
  });
}

/** Row by row, the inner loop along the rows of B and C. */
function plainProduct(
  a: Float32Array,
  b: Float32Array,
  c: Float32Array,
  m: number,
  k: number,
  n: number,
): void {
  c.fill(0);
  for (let i = 0; i < m; i++)
    for (let p = 0; p < k; p++) {
      const value = a[i * k + p];
      for (let j = 0; j < n; j++) c[i * n + j] += value * b[p * n + j];
    }
}

/** Milliseconds of a step, and of processor time over all threads, which other programs disturb less. */
async function stepTime(
  engine: Engine,
  noisy: boolean,
): Promise<{ best: number; middle: number; processor: number }> {
  const loss = { labelSmoothing: 0.1, softLabels: 0, features: 0 };
  const jobs: Job[] = [
    { kind: 'pack', noisy, high: 127 },
    { kind: 'train', samples: BATCH, noisy, taught: false, loss },
    { kind: 'reduce' },
    {
      kind: 'update',
      clip: 1,
      beta1: 0.9,
      beta2: 0.999,
      eps: 1e-8,
      step: 1e-3,
      rootCorrection: 1,
      decay: 1,
    },
  ];
  const samples: number[] = [];
  let used = process.cpuUsage();
  for (let step = 0; step < STEPS + WARM_UP; step++) {
    if (step === WARM_UP) used = process.cpuUsage();
    const begin = performance.now();
    if (noisy) putKeys(engine, 1, 'noise', step);
    for (const job of jobs) await engine.run(job);
    if (step >= WARM_UP) samples.push(performance.now() - begin);
  }
  const { user, system } = process.cpuUsage(used);
  return { best: Math.min(...samples), middle: median(samples), processor: (user + system) / 1e3 / STEPS };
}

const device: CrossbarDevice = {
  arrayRows: 64,
  cellBits: 2,
  encoding: 'offset',
  adc: { bits: 6, levelsPerLsb: 'full-scale' },
  noise: {
    onOff: { ratio: 100, reference: 'column' },
    read: { kind: 'multiplicative', sigma: 0.1, when: 'device' },
    write: { kind: 'clipformer', gamma: 1, sigma: 0.2 },
  },
};

console.log('Products, G float operations a second, packing included');
printTable(['m x k x n', 'y = x W', 'dx', 'dW', 'plain JS', 'ratio'], kernelRows());

const steps: string[][] = [];
for (const reused of [[], [1, 3, 5, 7]])
  for (const variation of [false, true])
    for (const threads of new Set([1, availableParallelism()])) {
      const graph = buildGraph(model, { reuse: reusePlan(reused, 9) });
      const engine = await startEngine({ graph, batch: BATCH, threads, variation }, startThreads);
      engine.vector.set(startVector(engine.layout.parameters, 1));
      const inputs = engine.view(engine.layout.inputs, BATCH * 400);
      for (let i = 0; i < inputs.length; i++) inputs[i] = Math.sin(i * i);
      let calibration = '-';
      if (variation) {
        const backend = await wasmBackend({ threads: 1 });
        putCells(engine, { static: device, backend });
        const begin = performance.now();
        await calibrateCrossbars(engine, { static: device, backend }, 32, 1);
        calibration = (performance.now() - begin).toFixed(0);
        await backend.dispose();
      }
      const { best, middle, processor } = await stepTime(engine, variation);
      // Forward, and twice as much backward.
      const work = 6 * macTotals(graph.ops).total * BATCH;
      steps.push([
        `${reused.length} reuse, ${variation ? 'crossbars' : 'float32'}, threads ${threads}`,
        ...[
          (work / 1e9).toFixed(2),
          best.toFixed(0),
          middle.toFixed(0),
          processor.toFixed(0),
          (work / best / 1e6).toFixed(1),
          calibration,
        ],
      ]);
      await engine.close();
    }
console.log(`\nSteps of batch ${BATCH}`);
printTable(['network', 'GFLOP', 'best ms', 'median ms', 'processor ms', 'GFLOP/s', 'calibration ms'], steps);
