/** Networks of grouped layers, pools and layouts in float, integers and on crossbars, against plain float64 loops. */
import test from 'ava';
import fc from 'fast-check';
import { crossbarDevice } from '../../../src/accuracy/device.ts';
import { crossbarGrid } from '../../../src/map/grid.ts';
import { SeenOperands } from '../../../src/numerics/execute/adc-windows.ts';
import { calibrate } from '../../../src/numerics/execute/calibrate.ts';
import { type CrossbarDevice, diagonalRanges } from '../../../src/numerics/execute/crossbar-device.ts';
import type { Matrix } from '../../../src/numerics/execute/matrix.ts';
import { type NetworkOptions, prepare } from '../../../src/numerics/execute/prepare.ts';
import { randomWeights } from '../../../src/numerics/execute/random-weights.ts';
import { wasmBackend } from '../../../src/numerics/mvm/node/wasm-backend.ts';
import { referenceBackend } from '../../../src/numerics/mvm/reference.ts';
import { minMax } from '../../../src/numerics/quantize/min-max.ts';
import { inputQuantizer } from '../../../src/numerics/quantize/quantisation.ts';
import { GraphBuilder } from '../../../src/workload/builder.ts';
import { graphProblems } from '../../../src/workload/check.ts';
import type { GroupedOp, Op } from '../../../src/workload/op.ts';
import { square } from '../../../src/workload/size.ts';
import { chip } from '../../helpers/chips.ts';
import { plainFilter, plainOp, plainRun, plainWindows, randomGraph } from '../../workload/random-graph.ts';
import { relativeError, toRows } from './oracle.ts';
import { anyImage } from './tiny.ts';

const ideal: CrossbarDevice = {
  arrayRows: 32,
  arrayCols: 16,
  cellBits: 2,
  encoding: 'differential',
  adc: { bits: 7, levelsPerLsb: 'lossless' },
  noise: {},
};

const anySeed = fc.integer({ min: 1, max: 100_000 });

async function setting(seed: number) {
  const graph = randomGraph(seed);
  const weights = randomWeights(graph, seed);
  const image = anyImage(graph.model as never, seed);
  const seen = new SeenOperands();
  const calibration = await calibrate(prepare(graph, weights), [{ image }], minMax, {}, (op, operands) =>
    seen.keep(op, operands),
  );
  const quantisation = { calibration };
  const ran = async (options: NetworkOptions) => {
    const ops = new Map<string, { op: Op; operands: readonly Matrix[]; output: Matrix }>();
    const network = prepare(graph, weights, { quantisation, ...options });
    const onOp = (op: Op, operands: readonly Matrix[], output: Matrix): void =>
      void ops.set(op.id, { op, operands, output });
    const { logits } = await network.run({ image }, { onOp });
    network.dispose();
    return { ops, logits };
  };
  const analog = (device: CrossbarDevice, backend = referenceBackend()) =>
    ran({ compute: 'analog', analog: { backend, seed: 'chip', static: device } });
  return { graph, weights, image, seen, quantisation, ran, analog };
}

test('random graphs keep the laws, and bring up every kind of op', t => {
  const kinds = new Set<string>();
  for (let seed = 1; seed <= 30; seed++) {
    const { ops } = randomGraph(seed);
    t.deepEqual(graphProblems(ops), []);
    for (const op of ops) kinds.add(op.kind === 'vector' ? op.fn : op.kind);
  }
  for (const kind of ['grouped', 'layout', 'avgpool', 'maxpool', 'divide', 'columnsoftmax'])
    t.true(kinds.has(kind), kind);
});

test('in float32, every op gives what plain float64 loops give', async t => {
  await fc.assert(
    fc.asyncProperty(anySeed, async seed => {
      const { graph, weights, image, ran } = await setting(seed);
      const { ops } = await ran({});
      const plain = plainRun(graph, weights, image);
      for (const { op, operands, output } of ops.values()) {
        // On the same operands to rounding; from the image on, rounding errors may have grown.
        const own = plainOp(op, weights, operands.map(toRows));
        const largest = Math.max(1e-6, ...own.flat().map(Math.abs));
        const worst = Math.max(
          ...toRows(output).flatMap((row, i) => row.map((v, j) => Math.abs(v - own[i][j]))),
        );
        if (!(worst <= 1e-5 * largest)) return false;
        if (!(relativeError(toRows(output), plain.get(op.id)!) < 0.05)) return false;
      }
      return true;
    }),
    { numRuns: 15 },
  );
  t.pass();
});

test('in integers, a group sums products of its own codes and those of its filter', async t => {
  await fc.assert(
    fc.asyncProperty(anySeed, async seed => {
      const { weights, quantisation, ran } = await setting(seed);
      const { ops } = await ran({ compute: 'int8' });
      for (const { op, operands, output } of ops.values()) {
        if (op.kind !== 'grouped') continue;
        const want = plainInt8(op, weights.linear(op.weightId), toRows(operands[0]), input =>
          inputQuantizer(quantisation, input),
        );
        if (relativeError(toRows(output), want) > 1e-6) return false;
      }
      return true;
    }),
    { numRuns: 10 },
  );
  t.pass();
});

/** Codes to the nearest, ties to even as the quantiser's; one scale for each column of a filter. */
function plainInt8(
  op: GroupedOp,
  { weight, bias, out: all }: { weight: Float32Array; bias: Float32Array | null; out: number },
  x: number[][],
  quantizer: (id: string) => { scale: number; low: number; high: number },
): number[][] {
  const { scale, low, high } = quantizer(op.id);
  const near = (v: number): number => {
    const floor = Math.floor(v);
    return v - floor > 0.5 || (v - floor === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
  };
  const code = (v: number): number => Math.min(high, Math.max(low, near(v / scale)));
  return plainWindows(op, x).map(row =>
    Array.from({ length: op.groups * op.out }, (_, column) => {
      const group = Math.floor(column / op.out);
      const own = plainFilter(op, group) * op.out + (column % op.out);
      const values = Array.from({ length: op.in }, (_, i) => weight[i * all + own]);
      const step = Math.max(...values.map(Math.abs)) / 127;
      const sum = values.reduce((s, v, i) => s + code(row[group * op.in + i]) * near(v / step), 0);
      return sum * step * scale + (bias === null ? 0 : bias[own]);
    }),
  );
}

test('on ideal crossbars, grouped layers give the integers bit for bit, in every back end', async t => {
  const wasm = await wasmBackend({ threads: 2 });
  t.teardown(() => wasm.dispose());
  const { product: _, ...everyCode } = referenceBackend();
  for (const seed of [3, 4, 5, 6]) {
    const { ran, analog } = await setting(seed);
    const want = (await ran({ compute: 'int8' })).logits;
    t.deepEqual((await analog(ideal)).logits, want);
    t.deepEqual((await analog(ideal, everyCode)).logits, want);
    t.deepEqual((await analog(ideal, wasm)).logits, want);
    // Two rows at a time, and merged slices.
    t.deepEqual((await analog({ ...ideal, arrayRows: 2, lineRows: 32 }, everyCode)).logits, want);
  }
});

test('the reference and WebAssembly agree on noisy grouped layers, bit for bit', async t => {
  const wasm = await wasmBackend({ threads: 2 });
  t.teardown(() => wasm.dispose());
  const read = { kind: 'multiplicative', sigma: 0.1, when: 'read' } as const;
  const noisy = { ...ideal, noise: { read, write: { kind: 'multiplicative', sigma: 0.2 } as const } };
  for (const seed of [7, 8]) {
    const { ran, analog } = await setting(seed);
    const { logits } = await analog(noisy);
    t.deepEqual((await analog(noisy, wasm)).logits, logits);
    t.notDeepEqual((await ran({ compute: 'int8' })).logits, logits);
  }
});

const depthwise = (groups: number, out = 1): GroupedOp => ({
  id: 'dw',
  stage: 'conv',
  encoder: null,
  deps: [],
  kind: 'grouped',
  rows: 4,
  groups,
  in: 9,
  out,
  weightId: 'dw',
  bias: false,
});

test('the arrays of the functional run hold the groups that the mapper puts on them', t => {
  for (const name of [
    'fefet-32nm',
    'sram-32nm',
    'rram-32nm',
    'trex-fefet-32nm',
    'wang-22nm',
    'neurram-130nm',
  ]) {
    const { devices } = chip('trex', { tech: name });
    for (const op of [depthwise(100), depthwise(3), depthwise(37, 5)]) {
      const ranges = diagonalRanges(op, crossbarDevice(devices.static, false), 8);
      const grid = crossbarGrid(op, devices.static, 8);
      const sizes = ranges.map(({ groups }) => [groups * op.in, groups * op.out]);
      const placed = ranges.map((_, head) =>
        head < grid.heads - 1 ? [grid.in, grid.out] : [grid.lastIn, grid.lastOut],
      );
      t.deepEqual(sizes, placed, name);
      t.is(ranges.length, grid.heads);
    }
  }
});

test('the zeros beside the diagonal are cells: where they conduct, larger arrays are noisier', async t => {
  const graph = { ...randomGraph(1), ops: [] as Op[] };
  const b = new GraphBuilder();
  const stem = {
    kernel: square(1),
    stride: square(1),
    padding: square(0),
    inChannels: 3,
    input: square(8),
    output: square(8),
  };
  b.conv({ id: 'stem', stage: 'stem', encoder: null }, null, stem, 16, true);
  b.grouped({ id: 'dw', stage: 'conv', encoder: null }, 'stem', { rows: 64, groups: 16, in: 1, out: 1 });
  const network = { ...graph, ops: b.ops };
  const weights = randomWeights(network, 1);
  const input = { image: anyImage(graph.model as never, 1) };
  const calibration = await calibrate(prepare(network, weights), [input], minMax);
  const worst = async (arrayRows: number): Promise<number> => {
    const noise = { read: { kind: 'additive', sigma: 0.02, when: 'read' } as const };
    const adc = { bits: 10, levelsPerLsb: 'lossless' } as const;
    const device = { ...ideal, arrayRows, adc, noise };
    const analog = { backend: referenceBackend(), seed: 'chip', static: device };
    const noisy = prepare(network, weights, { compute: 'analog', quantisation: { calibration }, analog });
    const { snr } = await noisy.run(input, { snrAgainst: 'int8' });
    return snr.find(({ op }) => op === 'dw')!.snr_dB;
  };
  const [alone, together] = [await worst(1), await worst(16)];
  // Sixteen cells of a column are read instead of one: up to 12 dB.
  t.true(alone - together > 3, `${alone} ${together} dB`);
});

test('converters of grouped layers are set to their sums, and their rows have an activity', async t => {
  const { seen, weights, quantisation, graph } = await setting(3);
  const device: CrossbarDevice = {
    ...ideal,
    adc: { bits: 4, levelsPerLsb: 'full-scale' },
    window: 'layer',
    noise: {
      irDrop: { onResistance_ohm: 6e3, rowWire_ohm: 5, colWire_ohm: 10, arrayCols: 16, idle: 'cut-off' },
    },
  };
  const { windows = {}, activities = {} } = seen.settings(weights, quantisation, { static: device });
  const grouped = graph.ops.filter(op => op.kind === 'grouped');
  t.true(grouped.length > 0);
  for (const { id } of grouped) {
    t.true(id in windows, id);
    t.true(activities[id] > 0 && activities[id] < 1, `${id} ${activities[id]}`);
  }
});
