/** Small random image networks of every kind of op, and what they compute in plain float64 loops. */
import { uniformStream } from '../../src/base/random.ts';
import { GraphBuilder } from '../../src/workload/builder.ts';
import type { ConvWindow } from '../../src/workload/conv-window.ts';
import type { Graph } from '../../src/workload/graph.ts';
import type { ModelWeights } from '../../src/workload/import/model-weights.ts';
import type { DynamicOp, GroupedOp, LayoutOp, Op, TokensOp, VectorOp } from '../../src/workload/op.ts';
import { noReuse } from '../../src/workload/reuse.ts';
import { areaOf, type Size, square } from '../../src/workload/size.ts';
import { tinyVit } from '../numerics/execute/tiny.ts';

/** One array per row. */
type Rows = number[][];

export const IMAGE = 8;

const windowOf = (input: Size, channels: number, kernel: number, stride: number): ConvWindow => {
  const padding = Math.floor(kernel / 2);
  const side = (size: number): number => Math.floor((size + 2 * padding - kernel) / stride) + 1;
  return {
    kernel: square(kernel),
    stride: square(stride),
    padding: square(padding),
    inChannels: channels,
    input,
    output: { height: side(input.height), width: side(input.width) },
  };
};

/**
 * Some ten ops between a dense stem and a classifier; every kind comes up in a few seeds. `trainable`: without batch norms and
 * functions with kinks, which finite differences stumble over.
 */
export function randomGraph(seed: number, trainable = false): Graph {
  const next = uniformStream(seed, 'graph');
  const any = (count: number): number => Math.floor(next() * count);
  const b = new GraphBuilder();
  let count = 0;
  const place = () => ({ id: `n${count++}`, stage: 'conv', encoder: null }) as const;
  let size: Size = square(IMAGE);
  let channels = 4;
  let x = b.conv(place(), null, windowOf(size, 3, 3, 1), channels, true);
  const rows = (): number => areaOf(size);
  const vector = (fn: Parameters<typeof b.vector>[1], inputs: string[], options: object = {}): string =>
    b.vector(place(), fn, inputs, { rows: rows(), rowLength: channels, ...options });
  const steps: (() => void)[] = [
    () => {
      const conv = windowOf(size, channels, 3, 1 + any(2));
      x = b.grouped(place(), x, { rows: areaOf(conv.output), groups: channels, in: 9, out: 1, conv });
      size = conv.output;
    },
    () => {
      const [groups, out] = [2, 1 + any(3)];
      const conv = windowOf(size, channels, 3, 1);
      const shape = { rows: rows(), groups, in: (channels / groups) * 9, out, conv, bias: any(2) === 0 };
      x = b.grouped(place(), x, shape);
      channels = groups * out;
    },
    () => {
      const order = any(2) === 0 ? 'tiled' : 'runs';
      const shape = {
        rows: rows(),
        groups: channels,
        in: 1,
        out: 2,
        copies: { filters: channels / 2, order } as const,
      };
      x = b.grouped(place(), x, shape);
      channels *= 2;
    },
    () => {
      const window = windowOf(size, channels, 3, 2);
      x = vector(trainable || any(2) === 0 ? 'avgpool' : 'maxpool', [x], { window });
      size = window.output;
    },
    () => {
      // Chunks of channels swap, pixels are shifted and turned.
      const { height, width } = size;
      x = b.layout(place(), [x], {
        parts: [{ rows: rows(), columns: channels }],
        join: 'rows',
        dims: [height, width, 2, channels / 2],
        shifts: [1, -1, 1, 0],
        axes: [1, 0, 2, 3],
        rows: rows(),
        columns: channels,
      });
      size = { height: width, width: height };
    },
    () => {
      // Side by side with itself, of which all but the first quarter is taken.
      const part = { rows: rows(), columns: channels };
      x = b.layout(
        place(),
        [x, x],
        {
          parts: [part, part],
          join: 'columns',
          dims: [rows(), 2, channels],
          take: { dim: 1, start: 1, size: 1 },
          axes: [0, 2, 1],
          rows: rows(),
          columns: channels,
        },
        true,
      );
    },
    () => {
      if (trainable) x = vector('multiply', [x], { parameters: channels, second: 'row' });
      else x = vector('batchnorm', [x], { parameters: 2 * channels });
    },
    () => {
      x = vector((['swish', 'elu1', 'hardswish', 'relu'] as const)[any(trainable ? 2 : 4)], [x]);
    },
    () => {
      x = vector('l2norm', [x], { rowLength: channels / 2, batch: 2, eps: 1e-6 });
    },
    () => {
      x = vector('standardise', [x], { eps: 1e-3 });
    },
    () => {
      const mean = vector(any(2) === 0 ? 'mean' : 'sum', [x]);
      x = vector('multiply', [x, mean], { second: 'row' });
    },
    () => {
      const positive = vector('elu1', [x]);
      x = vector('divide', [x, positive], { eps: 0.5 });
    },
    () => {
      x = vector('columnsoftmax', [x], { scale: 0.5 });
      x = vector('rownorm', [x], { eps: 1e-6 });
    },
    () => {
      const out = 2 * (1 + any(3));
      x = b.linear(place(), x, { rows: rows(), in: channels, out });
      channels = out;
    },
  ];
  for (let i = 0; i < 10; i++) {
    if (channels % 2 === 1 || channels > 16) {
      x = b.linear(place(), x, { rows: rows(), in: channels, out: 4 });
      channels = 4;
    }
    steps[any(steps.length)]();
  }
  x = vector('mean', [x]);
  b.linear({ id: 'head', stage: 'head', encoder: null }, x, { rows: 1, in: channels, out: 5 });
  return { model: tinyVit({ imageSize: IMAGE }), ops: b.ops, reuse: noReuse, idleParameters: 0 };
}

/** What each op gives, in float64 but for the weights. */
export function plainRun(graph: Graph, weights: ModelWeights, image: Float32Array): Map<string, Rows> {
  const given = new Map<string, Rows>();
  const area = IMAGE * IMAGE;
  const pixels = Array.from({ length: area }, (_, p) => [0, 1, 2].map(c => image[c * area + p]));
  for (const op of graph.ops) {
    const operands = op.deps.length === 0 ? [pixels] : op.deps.map(dep => given.get(dep.op)!);
    given.set(op.id, plainOp(op, weights, operands));
  }
  return given;
}

/** One op in plain loops. */
export function plainOp(op: Op, weights: ModelWeights, operands: readonly Rows[]): Rows {
  switch (op.kind) {
    case 'static':
      return plainGrouped({ ...op, kind: 'grouped', groups: 1 }, weights, operands[0]);
    case 'grouped':
      return plainGrouped(op, weights, operands[0]);
    case 'layout':
      return plainLayout(op, operands);
    case 'dynamic':
      return plainDynamic(op, operands);
    case 'vector':
      return plainVector(op, weights, operands);
    case 'tokens':
      return plainTokens(op, operands);
  }
}

/** A slice of rows, or those that the first row attends to most. */
function plainTokens(op: TokensOp, [x, scores]: readonly Rows[]): Rows {
  if (op.change === 'slice') return x.slice(op.start, op.start + op.to);
  const { heads, to, firstAbsent } = op;
  if (op.change !== 'keep' || heads === undefined) throw new Error(`no plain ${op.change}`);
  const rows = x.length + (firstAbsent ? 1 : 0);
  const looked = Array.from({ length: rows }, (_, row) =>
    total(Array.from({ length: heads }, (__, head) => scores[0][head * rows + row])),
  );
  const others = Array.from({ length: rows - 1 }, (_, i) => i + 1).sort((a, b) => looked[b] - looked[a]);
  const best = others.slice(0, firstAbsent ? to : to - 1).sort((a, b) => a - b);
  return firstAbsent ? best.map(row => x[row - 1]) : [x[0], ...best.map(row => x[row])];
}

/** Value of window `row` at channel c and tap (dy, dx); undefined outside the image. */
function tap(x: Rows, w: ConvWindow, row: number, at: readonly [number, number, number]): number | undefined {
  const [c, dy, dx] = at;
  const py = Math.floor(row / w.output.width) * w.stride.height - w.padding.height + dy;
  const px = (row % w.output.width) * w.stride.width - w.padding.width + dx;
  if (py < 0 || px < 0 || py >= w.input.height || px >= w.input.width) return undefined;
  return x[py * w.input.width + px][c];
}

/** The filter of group g, by its definition in op.ts. */
export function plainFilter({ groups, copies }: GroupedOp, g: number): number {
  if (copies === undefined) return g;
  return copies.order === 'tiled' ? g % copies.filters : Math.floor(g / (groups / copies.filters));
}

/** Windows of a convolution as rows, channel by channel. */
export function plainWindows(op: Pick<GroupedOp, 'conv' | 'rows'>, x: Rows): Rows {
  const { conv } = op;
  if (conv === undefined) return x;
  const { kernel, inChannels } = conv;
  return Array.from({ length: op.rows }, (_, row) => {
    const values: number[] = [];
    for (let c = 0; c < inChannels; c++)
      for (let dy = 0; dy < kernel.height; dy++)
        for (let dx = 0; dx < kernel.width; dx++) values.push(tap(x, conv, row, [c, dy, dx]) ?? 0);
    return values;
  });
}

function plainGrouped(op: GroupedOp, weights: ModelWeights, x: Rows): Rows {
  const { weight, bias, out: all } = weights.linear(op.weightId);
  return plainWindows(op, x).map(values => {
    const y: number[] = [];
    for (let g = 0; g < op.groups; g++)
      for (let o = 0; o < op.out; o++) {
        const column = plainFilter(op, g) * op.out + o;
        let sum = bias === null ? 0 : bias[column];
        for (let i = 0; i < op.in; i++) sum += values[g * op.in + i] * weight[i * all + column];
        y.push(sum);
      }
    return y;
  });
}

function plainLayout(op: LayoutOp, given: readonly Rows[]): Rows {
  const { window } = op;
  const operands =
    window === undefined ? given : [plainWindows({ conv: window, rows: areaOf(window.output) }, given[0])];
  const joined =
    op.join === 'rows'
      ? operands.flat(2)
      : operands[0].flatMap((_, i) => operands.flatMap(operand => operand[i]));
  const { dims, shifts = dims.map(() => 0), take, axes } = op;
  const sizes = dims.map((dim, d) => (take?.dim === d ? take.size : dim));
  const flat: number[] = [];
  const walk = (at: number[]): void => {
    if (at.length < axes.length) {
      for (let i = 0; i < sizes[axes[at.length]]; i++) walk([...at, i]);
      return;
    }
    const from = dims.map((dim, d) => {
      const start = take?.dim === d ? take.start : 0;
      return (at[axes.indexOf(d)] + start + shifts[d] + dim) % dim;
    });
    flat.push(joined[from.reduce((index, value, d) => index * dims[d] + value, 0)]);
  };
  walk([]);
  return Array.from({ length: op.rows }, (_, i) => flat.slice(i * op.columns, (i + 1) * op.columns));
}

function plainDynamic(op: DynamicOp, [a, b]: readonly Rows[]): Rows {
  const { batch, m, k, n, transposed, streamedTransposed } = op;
  return Array.from({ length: m }, (_, i) =>
    Array.from({ length: batch * n }, (_, column) => {
      const [head, j] = [Math.floor(column / n), column % n];
      return total(
        Array.from({ length: k }, (_, p) => {
          const left = streamedTransposed ? a[p][head * m + i] : a[i][head * k + p];
          return left * (transposed ? b[j][head * k + p] : b[p][head * n + j]);
        }),
      );
    }),
  );
}

const total = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0);

function plainVector(op: VectorOp, weights: ModelWeights, [x, given]: readonly Rows[]): Rows {
  const learned = (): Rows => {
    const values = [...weights.rows(op.id)];
    return op.second === 'row'
      ? [values]
      : x.map((row, i) => values.slice(i * row.length, (i + 1) * row.length));
  };
  const other = given ?? (op.parameters > 0 && op.fn !== 'batchnorm' ? learned() : []);
  const { eps = 0, scale = 1, rowLength, batch } = op;
  const each = (f: (v: number) => number): Rows => x.map(row => row.map(f));
  const segments = (f: (part: number[]) => number[]): Rows =>
    x.map(row =>
      Array.from({ length: batch }, (_, s) => f(row.slice(s * rowLength, (s + 1) * rowLength))).flat(),
    );
  const second = (i: number, j: number): number =>
    op.second === 'row'
      ? other[0][j]
      : op.second === 'segment'
        ? other[i][Math.floor(j / rowLength)]
        : other[i][j];
  const both = (f: (a: number, b: number) => number): Rows =>
    x.map((row, i) => row.map((v, j) => f(v, second(i, j))));
  const pool = (f: (taps: (number | undefined)[]) => number): Rows =>
    Array.from({ length: op.outRows }, (_, row) =>
      x[0].map((_, c) => {
        const { kernel } = op.window!;
        const taps = Array.from({ length: areaOf(kernel) }, (_, t) =>
          tap(x, op.window!, row, [c, Math.floor(t / kernel.width), t % kernel.width]),
        );
        return f(taps);
      }),
    );
  switch (op.fn) {
    case 'avgpool':
      return pool(taps => total(taps.map(v => v ?? 0)) / taps.length);
    case 'maxpool':
      return pool(taps => Math.max(...taps.filter(v => v !== undefined)));
    case 'batchnorm': {
      const { gain, shift } = weights.norm(op.id);
      return x.map(row => row.map((v, j) => v * gain[j] + shift[j]));
    }
    case 'hardswish':
      return each(v => (v * Math.min(6, Math.max(0, v + 3))) / 6);
    case 'elu1':
      return each(v => (v > 0 ? v : Math.exp(v) - 1) + 1);
    case 'swish':
      return each(v => v / (1 + Math.exp(-scale * v)));
    case 'relu':
      return each(v => Math.max(0, v));
    case 'binarise':
      return each(v => (v < 0 ? -1 : 1));
    case 'scale':
      return each(v => scale * v + (op.offset ?? 0));
    case 'halfmean': {
      const mean = x[0].map((_, j) => total(x.map(row => row[j])) / x.length);
      return x.map(row => row.map((v, j) => (j % rowLength < rowLength / 2 ? v : mean[j])));
    }
    case 'relativebias': {
      const { window, heads } = op.distances!;
      const [tables, size] = [weights.rows(op.id), areaOf(window)];
      const place = (i: number): [number, number] => [Math.floor(i / window.width), i % window.width];
      return x.map((row, query) =>
        row.map((v, j) => {
          const [[a, c], [b, d]] = [place(query), place(j % rowLength)];
          const table = (Math.floor(j / rowLength) % heads) * size;
          return scale * v + tables[table + Math.abs(a - b) * window.width + Math.abs(c - d)];
        }),
      );
    }
    case 'l2norm':
      return segments(part => {
        const length = Math.max(Math.sqrt(total(part.map(v => v * v))), eps);
        return part.map(v => v / length);
      });
    case 'standardise':
      return segments(part => {
        const mean = total(part) / part.length;
        const deviation = Math.sqrt(total(part.map(v => (v - mean) ** 2)) / part.length);
        return part.map(v => (v - mean) / (deviation + eps));
      });
    case 'rownorm':
      return segments(part => part.map(v => v / (total(part) + eps)));
    case 'renorm':
      return x.map((row, i) => {
        const length = (values: readonly number[]): number => Math.sqrt(total(values.map(v => v * v)));
        return Array.from({ length: batch }, (_, s) => {
          const [own, like] = [row, other[i]].map(r => r.slice(s * rowLength, (s + 1) * rowLength));
          return own.map(v => (length(own) === 0 ? 0 : (v * length(like)) / length(own)));
        }).flat();
      });
    case 'softmax':
      return segments(part => part.map(v => Math.exp(scale * v) / total(part.map(w => Math.exp(scale * w)))));
    case 'columnsoftmax':
      return x.map(row =>
        row.map((v, j) => Math.exp(scale * v) / total(x.map(other => Math.exp(scale * other[j])))),
      );
    case 'sum':
      return [x[0].map((_, j) => total(x.map(row => row[j])))];
    case 'mean':
      return [x[0].map((_, j) => total(x.map(row => row[j])) / x.length)];
    case 'exponential':
      return both((a, b) => Math.exp(a + scale * b));
    case 'squaredlength':
      return segments(part => [total(part.map(v => v * v))]);
    case 'add':
      return both((a, b) => a + scale * b);
    case 'multiply':
      return both((a, b) => a * b);
    case 'divide':
      return both((a, b) => a / (b + eps));
    default:
      throw new Error(`no plain ${op.fn}`);
  }
}
