/** Whole networks on crossbars, with random weights: a noisy image from float weights on, and how its cost grows. */
import { availableParallelism } from 'node:os';
import { gaussianStream } from '../src/base/random.ts';
import { calibrate } from '../src/numerics/execute/calibrate.ts';
import type { CrossbarDevice } from '../src/numerics/execute/crossbar-device.ts';
import type { ImageInput } from '../src/numerics/execute/input.ts';
import { type NetworkOptions, prepare } from '../src/numerics/execute/prepare.ts';
import { randomWeights } from '../src/numerics/execute/random-weights.ts';
import type { MvmBackend } from '../src/numerics/mvm/backend.ts';
import { wasmBackend } from '../src/numerics/mvm/node/wasm-backend.ts';
import { percentile } from '../src/numerics/quantize/percentile.ts';
import { loadModel } from '../src/run/node/load.ts';
import { buildGraph, type Graph } from '../src/workload/graph.ts';
import type { ModelWeights } from '../src/workload/import/model-weights.ts';
import type { ModelConfig } from '../src/workload/model.ts';
import { median, printTable } from './harness.ts';
import { processCosts } from './infer-process.ts';

const REPEATS = 5;
/** Encoders of the networks whose cost is compared. */
const FEW = 2;
const GIGABYTE = 1e9;
/** Runs of whole processes. */
const PROCESS_REPEATS = 3;

/** TReX's FeFET crossbar (arXiv 2408.12742, Table III): 64 rows of 2-bit cells, 6-bit ADC, 10 % read and 20 % write variation. */
const device = (written: boolean, when: 'device' | 'read' = 'device', cellBits = 2): CrossbarDevice => ({
  arrayRows: 64,
  cellBits,
  encoding: 'offset',
  adc: { bits: 6, levelsPerLsb: 'full-scale' },
  noise: {
    onOff: { ratio: 100, reference: 'column' },
    ...(written && { write: { kind: 'clipformer', gamma: 1, sigma: 0.2 } }),
    read: { kind: 'multiplicative', sigma: 0.1, when },
  },
});

interface Setting {
  readonly graph: Graph;
  readonly weights: ModelWeights;
  readonly input: ImageInput;
}

/** A network and an image from a seed; its weights are drawn beforehand. */
function setting(model: ModelConfig): Setting {
  if (!('imageSize' in model)) throw new Error(`${model.name} reads no image`);
  const graph = buildGraph(model);
  const random = randomWeights(graph, 1);
  const linear = new Map(
    graph.ops.flatMap(op =>
      op.kind === 'static' ? [[op.weightId, random.linear(op.weightId)] as const] : [],
    ),
  );
  const weights: ModelWeights = { ...random, linear: id => linear.get(id)! };
  const next = gaussianStream(1, 'image');
  const image = Float32Array.from({ length: model.inChannels * model.imageSize ** 2 }, next);
  return { graph, weights, input: { image } };
}

/** Seconds of one step after the other: float weights and an image become noisy logits. */
async function wholeWay({ graph, weights, input }: Setting, backend: MvmBackend, when: 'device' | 'read') {
  const seconds = stopwatch();
  const float = prepare(graph, weights);
  await float.run(input);
  const floatImage = seconds();
  const calibration = await calibrate(float, [input], percentile());
  const calibrated = seconds();
  const network = prepare(graph, weights, {
    compute: 'analog',
    quantisation: { calibration },
    analog: { backend, seed: 1, static: device(false, when), dynamic: device(true, when) },
  });
  await network.run(input);
  const first = seconds();
  await network.run(input, { image: 1 });
  const second = seconds();
  network.dispose();
  return { floatImage, calibrated, first, second };
}

/** Median seconds of an image on crossbars that are programmed, one thread; the runs of all settings take turns. */
async function compare(
  cases: readonly { readonly setting: Setting; readonly options: Partial<CompareOptions> }[],
) {
  const backend = await wasmBackend();
  const networks = await Promise.all(
    cases.map(async ({ setting: { graph, weights, input }, options }) => {
      const { inputBits = 8, cellBits = 2 } = options;
      const calibration = await calibrate(prepare(graph, weights), [input], percentile(), { inputBits });
      const analog = {
        backend,
        seed: 1,
        static: device(false, 'device', cellBits),
        dynamic: device(true, 'device', cellBits),
      };
      const all: NetworkOptions = { compute: 'analog', quantisation: { calibration, inputBits }, analog };
      const network = prepare(graph, weights, all);
      await network.run(input);
      return { run: () => network.run(input), samples: [] as number[] };
    }),
  );
  for (let i = 0; i < REPEATS; i++)
    for (const { run, samples } of networks) {
      const seconds = stopwatch();
      await run();
      samples.push(seconds());
    }
  await backend.dispose();
  return networks.map(({ samples }) => median(samples));
}

interface CompareOptions {
  readonly inputBits: number;
  readonly cellBits: number;
}

/** Seconds since the last call. */
function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const seconds = (now - last) / 1e3;
    last = now;
    return seconds;
  };
}

/** Tokens of an image of `size` pixels a side in patches of 16, with the class token. */
const tokensOf = (size: number): number => (size / 16) ** 2 + 1;

async function printGrowth(): Promise<void> {
  const { model } = loadModel('deit-s');
  const few = (fields: object): Setting => setting({ ...model, encoders: FEW, ...fields } as ModelConfig);
  const base = few({});
  const rows = [
    { name: 'encoders', value: FEW, setting: base, options: {} },
    { name: 'encoders', value: 2 * FEW, setting: few({ encoders: 2 * FEW }), options: {} },
    { name: 'encoders', value: 4 * FEW, setting: few({ encoders: 4 * FEW }), options: {} },
    ...[112, 160, 224].map(imageSize => ({
      name: 'tokens',
      value: tokensOf(imageSize),
      setting: few({ imageSize, tokens: tokensOf(imageSize) }),
      options: {},
    })),
    ...[2, 4, 8].map(inputBits => ({
      name: 'input bits',
      value: inputBits,
      setting: base,
      options: { inputBits },
    })),
    ...[4, 2, 1].map(cellBits => ({
      name: 'slices',
      value: 8 / cellBits,
      setting: base,
      options: { cellBits },
    })),
  ];
  const seconds = await compare(rows);
  printTable(
    ['varied', 'value', 'ms', 'ms per unit'],
    rows.map(({ name, value }, i) => [
      name,
      String(value),
      (seconds[i] * 1e3).toFixed(0),
      ((seconds[i] * 1e3) / value).toFixed(2),
    ]),
  );
}

if (import.meta.filename === process.argv[1]) {
  const names = process.argv.slice(2);
  const threads = Math.min(2, availableParallelism());
  const costs = processCosts(names.length > 0 ? names : ['deit-s', 'vit-b-16'], threads, PROCESS_REPEATS);
  printTable(
    [`trex infer, ${threads} threads, one image`, 's', 'peak MB'],
    costs.map(({ name, seconds, peak_MB }) => [name, seconds.toFixed(2), peak_MB.toFixed(0)]),
  );
  console.log('');
  const rows: string[][] = [];
  for (const name of names.length > 0 ? names : ['deit-t', 'deit-s']) {
    const network = setting(loadModel(name).model);
    for (const when of ['device', 'read'] as const) {
      const backend = await wasmBackend({ threads });
      const { floatImage, calibrated, first, second } = await wholeWay(network, backend, when);
      await backend.dispose();
      const total = floatImage + calibrated + first;
      rows.push([
        `${name}, read noise per ${when}`,
        ...[floatImage, calibrated, first, second, total].map(s => s.toFixed(2)),
      ]);
    }
  }
  const memory = (process.resourceUsage().maxRSS * 1024) / GIGABYTE;
  printTable(
    [
      `seconds, ${threads} threads`,
      'float image',
      'calibration',
      'programming and image',
      'next image',
      'in all',
    ],
    rows,
  );
  console.log(`peak memory ${memory.toFixed(2)} GB, weights included\n`);
  await printGrowth();
}
