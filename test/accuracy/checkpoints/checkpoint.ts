/** Checkpoints from a seed under the names of timm and transformers, and plain float64 layers that read them by these names: nothing here knows how the importer works. */
import { infer } from '../../../src/accuracy/infer.ts';
import { gaussianStream } from '../../../src/base/random.ts';
import { nodeFiles } from '../../../src/run/node/files.ts';
import { writeNpy } from '../../../src/workload/import/npy-writer.ts';
import { writeSafetensors } from '../../../src/workload/import/safetensors-writer.ts';
import { memoryFiles } from '../../data/memory-files.ts';
import {
  attention,
  gelu,
  geluTanh,
  map,
  matmul,
  type Rows,
  transpose,
} from '../../numerics/execute/oracle.ts';

/** Names with shapes. */
export type Shapes = readonly (readonly [name: string, ...shape: number[]])[];

interface Values {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Weight and bias of a layer. */
export const layer = (name: string, ...shape: number[]): Shapes => [
  [`${name}.weight`, ...shape],
  [`${name}.bias`, shape[0]],
];

export const activations: Readonly<Record<string, (v: number) => number>> = {
  gelu,
  geluTanh,
  relu: v => Math.max(0, v),
  quickGelu: v => v / (1 + Math.exp(-1.702 * v)),
  silu: v => v / (1 + Math.exp(-v)),
};

/** Tensors by name; a layer's values are found by its module's. */
export class Checkpoint {
  readonly tensors: Map<string, Values>;

  constructor(seed: number, shapes: Shapes) {
    this.tensors = new Map(
      shapes.map(([name, ...shape]) => {
        const next = gaussianStream(seed, 'tensor', name);
        const size = shape.reduce((a, b) => a * b, 1);
        const isGain = shape.length === 1 && name.endsWith('.weight');
        const sigma = shape.length < 2 || shape[0] === 1 ? 0.3 : 1 / Math.sqrt(size / shape[0]);
        const data = Float32Array.from({ length: size }, () => (isGain ? 1 : 0) + sigma * next());
        return [name, { shape, data }] as const;
      }),
    );
  }

  /** The same tensors under other names; undefined leaves one out. */
  renamed(name: (old: string) => string | undefined): Checkpoint {
    const copy = new Checkpoint(0, []);
    for (const [old, values] of this.tensors) {
      const own = name(old);
      if (own !== undefined) copy.tensors.set(own, values);
    }
    return copy;
  }

  has(name: string): boolean {
    return this.tensors.has(name);
  }

  /** The values of a tensor in rows of its last dimension. */
  rows(name: string): Rows {
    const { shape, data } = this.tensors.get(name)!;
    const width = shape[shape.length - 1];
    return Array.from({ length: data.length / width }, (_, i) => [...data.slice(i * width, (i + 1) * width)]);
  }

  vector(name: string): number[] {
    return [...this.tensors.get(name)!.data];
  }

  /** x W^T + b, with rows `from` to `to` of W. */
  linear(x: Rows, name: string, from = 0, to = Number.POSITIVE_INFINITY): Rows {
    return this.product(x, `${name}.weight`, `${name}.bias`, from, to);
  }

  product(x: Rows, weight: string, bias: string, from = 0, to = Number.POSITIVE_INFINITY): Rows {
    const y = matmul(x, transpose(this.rows(weight).slice(from, to)));
    if (!this.has(bias)) return y;
    const b = this.vector(bias).slice(from, to);
    return y.map(row => row.map((v, j) => v + b[j]));
  }

  norm(x: Rows, name: string, eps: number): Rows {
    const [gain, shift] = [this.vector(`${name}.weight`), this.vector(`${name}.bias`)];
    return x.map(row => {
      const mean = row.reduce((s, v) => s + v, 0) / row.length;
      const variance = row.reduce((s, v) => s + (v - mean) ** 2, 0) / row.length;
      return row.map((v, j) => ((v - mean) / Math.sqrt(variance + eps)) * gain[j] + shift[j]);
    });
  }

  /** Factor j on column j, where there is such a tensor. */
  scaled(x: Rows, name: string): Rows {
    if (!this.has(name)) return x;
    const factors = this.vector(name);
    return x.map(row => row.map((v, j) => v * factors[j]));
  }

  /** A convolution whose windows do not overlap, by the definition; [channel][y][x] in, one row a patch. */
  patches(image: Float32Array, [height, width]: Sides, name: string): Rows {
    const { shape, data } = this.tensors.get(`${name}.weight`)!;
    const [out, channels, ph, pw] = shape;
    const bias = this.has(`${name}.bias`) ? this.vector(`${name}.bias`) : new Array(out).fill(0);
    const rows: Rows = [];
    for (let top = 0; top < height; top += ph)
      for (let left = 0; left < width; left += pw)
        rows.push(
          bias.map((start: number, o) => {
            let sum = start;
            for (let c = 0; c < channels; c++)
              for (let y = 0; y < ph; y++)
                for (let x = 0; x < pw; x++)
                  sum +=
                    data[((o * channels + c) * ph + y) * pw + x] *
                    image[(c * height + top + y) * width + left + x];
            return sum;
          }),
        );
    return rows;
  }

  bytes(metadata?: Readonly<Record<string, string>>): Uint8Array {
    return writeSafetensors(this.tensors, metadata);
  }
}

export type Sides = readonly [height: number, width: number];

export const mean = (x: Rows): Rows => [
  x[0].map((_, j) => x.reduce((sum, row) => sum + row[j], 0) / x.length),
];

export const times = (a: Rows, b: Rows): Rows => a.map((row, i) => row.map((v, j) => v * b[i][j]));

export { attention, map };

/** A seeded image [3][height][width]. */
export function image([height, width]: Sides, seed = 1): Float32Array {
  const next = gaussianStream(seed, 'image');
  return Float32Array.from({ length: 3 * height * width }, next);
}

/** What stands beside the weights, and the options of the run. */
export interface Run {
  readonly config?: object;
  readonly options?: object;
  readonly metadata?: Readonly<Record<string, string>>;
  /** More files, by path. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
}

async function run(
  checkpoint: Checkpoint,
  input: Uint8Array,
  { config, options, metadata, files: more }: Run,
) {
  const files: Record<string, Uint8Array | string> = {
    'w/model.safetensors': checkpoint.bytes(metadata),
    'x.npy': input,
    ...more,
  };
  if (config !== undefined) files['w/config.json'] = JSON.stringify(config);
  return await infer(
    { model: 'w/model.safetensors', input: 'x.npy', ...options },
    { files: nodeFiles, disk: memoryFiles(files) },
  );
}

/** What `trex infer` gives for one image. */
export const inferImage = (checkpoint: Checkpoint, x: Float32Array, [height, width]: Sides, how: Run = {}) =>
  run(checkpoint, writeNpy(x, [1, 3, height, width]), how);

/** What `trex infer` gives for one text. */
export const inferText = (checkpoint: Checkpoint, words: readonly number[], how: Run = {}) =>
  run(checkpoint, npyInt32(words), how);

/** A .npy of int32 [1, T] (NumPy's format 1.0). */
export function npyInt32(words: readonly number[]): Uint8Array {
  const header = `{'descr': '<i4', 'fortran_order': False, 'shape': (1, ${words.length}), }`;
  const padded = `${header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11)}\n`;
  const start = Uint8Array.of(
    0x93,
    0x4e,
    0x55,
    0x4d,
    0x50,
    0x59,
    1,
    0,
    padded.length & 255,
    padded.length >> 8,
  );
  const data = new Uint8Array(Int32Array.from(words).buffer);
  return Uint8Array.from([...start, ...new TextEncoder().encode(padded), ...data]);
}
