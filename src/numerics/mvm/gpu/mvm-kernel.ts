/** The crossbar arithmetic as text for gpu.js: one thread per column, token and slice. */
import { type NoiseKind, type NoiseOf, SQUARE_SHIFT } from '../../noise/column-noise.ts';
import type { ProgrammedMatrix } from '../programmed-matrix.ts';
import { stripsOf } from '../read-keys.ts';
import type { GpuArray, GpuKernelText } from './gpu-js.ts';
import { floorShift, hashText, literal, scaledText } from './text.ts';

/** The noise of a conversion as text; `v` and `n` are the plane's sum and what the noise counts along the rows. */
interface NoiseText<K extends NoiseKind> {
  /** What `n` starts from. */
  start(noise: NoiseOf<K>): number;
  /** What a row adds to `n` by its input `x`; of levels of several bits the square where `levels`. */
  readonly row: (n: string, x: string, levels: boolean) => string;
  /** What the rows of a column have in common for all planes. */
  readonly cell: string;
  /** Adds the noise z to `v`; absent: nothing is drawn. */
  readonly add?: (noise: NoiseOf<K>, v: string, n: string) => string;
  arrays(noise: NoiseOf<K>, cells: (values: ArrayLike<number>) => GpuArray): Record<string, GpuArray>;
}

const list = (values: ArrayLike<number>): GpuArray => ({
  values: Float32Array.from(values),
  size: [values.length],
});

const NOISE: { readonly [K in NoiseKind]: NoiseText<K> } = {
  none: { start: () => 0, row: () => '', cell: '', arrays: () => ({}) },
  constant: {
    start: () => 0,
    row: () => '',
    cell: '',
    add: (_, v) => `${v} = ${v} + z;`,
    arrays: ({ table }) => ({ table: list(table) }),
  },
  active: {
    start: () => 0,
    row: (n, x, levels) => ` ${n} = ${n} + ${levels ? `${x} * ${x}` : x};`,
    cell: '',
    add: (
      { shift, coarse },
      v,
      n,
    ) => `deviation = this.constants.mantissas[${coarse === 0 ? n : floorShift(n, coarse)}];
${v} = ${v} + ${scaledText('deviation', 'z', shift)};`,
    arrays: ({ table, mantissas }) => ({ table: list(table), mantissas: list(mantissas) }),
  },
  cells: {
    start: ({ floor }) => floor,
    row: (n, x) => ` ${n} = ${n} + h * ${x};`,
    cell: 'const h = this.constants.squares[array][row][this.thread.x];',
    // A device's square root may be off by one unit, which is put right.
    add: ({ shift }, v, n) => `${n} = ${n} * ${literal(2 ** SQUARE_SHIFT)};
deviation = Math.floor(Math.sqrt(${n}));
if (deviation * deviation > ${n}) { deviation = deviation - 1.0; }
if ((deviation + 1.0) * (deviation + 1.0) <= ${n}) { deviation = deviation + 1.0; }
${v} = ${v} + ${scaledText('deviation', 'z', shift)};`,
    arrays: ({ table, squares }, cells) => ({ table: list(table), squares: cells(squares) }),
  },
};

/** The text of one kind, with its noise. */
interface NoiseParts {
  readonly start: number;
  readonly cell: string;
  readonly row: NoiseText<NoiseKind>['row'];
  readonly add: ((v: string, n: string) => string) | undefined;
  readonly arrays: Record<string, GpuArray>;
}

function noiseParts<K extends NoiseKind>(
  noise: NoiseOf<K> & { readonly kind: K },
  cells: (values: ArrayLike<number>) => GpuArray,
): NoiseParts {
  const { start, cell, row, add, arrays }: NoiseText<K> = NOISE[noise.kind];
  return {
    start: start(noise),
    cell,
    row,
    add: add && ((v, n) => add(noise, v, n)),
    arrays: arrays(noise, cells),
  };
}

/**
 * mvm(x, keys, first): x [token][block * arrayRows + row][plane], keys [block][slice][7], first the number of
 * the first token in its group. Result [slice][token][col].
 */
export function mvmKernel(matrix: ProgrammedMatrix, tokens: number): GpuKernelText {
  const { plan, g, offsets, noise } = matrix;
  const { slices, blocks, spec } = plan;
  const { cols, arrayRows } = spec;
  const levels = plan.maxDigit > 1;
  const cells = (values: ArrayLike<number>): GpuArray => ({
    values: Float32Array.from(values),
    size: [cols, arrayRows, blocks * slices],
  });
  const parts = noiseParts(noise, cells);
  const planes = [...plan.planes.keys()];
  const each = (text: (plane: number) => string): string => planes.map(text).join('\n');
  const source = `function mvm(x, keys, first) {
  let sum = 0.0;
  let left = 0.0;
  let right = 0.0;
  let counter = 0.0;
  let z = 0.0;
  let deviation = 0.0;
  let u = 0.0;
  const strip = Math.floor((this.thread.x + 0.5) * ${literal(1 / spec.strip)});
  const place = this.thread.x - strip * ${literal(spec.strip)};
  for (let block = 0; block < ${blocks}; block++) {
    const array = block * ${slices} + this.thread.z;
    const offset = this.constants.offsets[array][this.thread.x];
    ${each(b => `let v${b} = offset; let n${b} = ${literal(parts.start)};`)}
    for (let row = 0; row < ${arrayRows}; row++) {
      const g = this.constants.g[array][row][this.thread.x];
      ${parts.cell}
      const at = (block * ${arrayRows} + row) * ${planes.length};
      ${each(b => `const x${b} = x[this.thread.y][at + ${b}]; v${b} = v${b} + g * x${b};${parts.row(`n${b}`, `x${b}`, levels)}`)}
    }
    ${each(b => conversionText(matrix, parts, b))}
  }
  return sum;
}`;
  const constants = {
    g: cells(g),
    offsets: { values: Float32Array.from(offsets), size: [cols, blocks * slices] },
    ...parts.arrays,
  };
  return {
    source,
    output: [cols, tokens, slices],
    constants,
    loopIterations: Math.max(1000, arrayRows + 1, blocks + 1),
  };
}

/** Noise, ADC and shift-and-add of one plane. */
function conversionText({ plan, inl }: ProgrammedMatrix, { add }: NoiseParts, plane: number): string {
  const v = `v${plane}`;
  const lines: string[] = [];
  if (add !== undefined) {
    const strips = stripsOf(plan);
    lines.push(
      `counter = ((first + this.thread.y) * ${literal(plan.planes.length)} + ${literal(plane)}) * ${literal(strips)} + strip;`,
      hashText('counter', 'keys', 'array * 7'),
      'z = this.constants.table[left + place] + this.constants.table[right + place];',
      add(v, `n${plane}`),
    );
  }
  if (inl !== undefined) {
    lines.push(
      `u = Math.min(Math.max(${floorShift(v, inl.coarse)}, 0.0), 255.0);`,
      `${v} = ${v} + ${floorShift(`u * (255.0 - u) * ${literal(inl.factor)}`, inl.shift)};`,
    );
  }
  lines.push(
    `u = Math.min(Math.max(${floorShift(v, plan.fracBits)}, 0.0), ${literal(plan.maxCode)});`,
    `sum = sum + u * ${literal(plan.planeWeights[plane])};`,
  );
  return lines.join('\n');
}
