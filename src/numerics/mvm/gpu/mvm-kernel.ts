/** The crossbar arithmetic as text for gpu.js: one thread per column, token and slice. */
import { SQUARE_SHIFT } from '../../noise/column-noise.ts';
import type { ProgrammedMatrix } from '../programmed-matrix.ts';
import { stripsOf } from '../read-keys.ts';
import type { GpuArray, GpuKernelText } from './gpu-js.ts';
import { floorShift, hashText, literal, scaledText } from './text.ts';

/**
 * mvm(x, keys, first): x [token][block * arrayRows + row][plane] as 0 and 1, keys [block][slice][7], first the number of
 * the first token in its group. Result [slice][token][col].
 */
export function mvmKernel(matrix: ProgrammedMatrix, tokens: number): GpuKernelText {
  const { plan, noise } = matrix;
  const { slices, blocks, spec } = plan;
  const { cols, arrayRows, inputBits } = spec;
  const planes = Array.from({ length: inputBits }, (_, plane) => plane);
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
    ${each(b => `let v${b} = offset; ${noise.kind === 'cells' ? `let n${b} = ${literal(noise.floor)};` : `let n${b} = 0.0;`}`)}
    for (let row = 0; row < ${arrayRows}; row++) {
      const g = this.constants.g[array][row][this.thread.x];
      ${noise.kind === 'cells' ? 'const h = this.constants.squares[array][row][this.thread.x];' : ''}
      const at = (block * ${arrayRows} + row) * ${inputBits};
      ${each(b => `const x${b} = x[this.thread.y][at + ${b}]; v${b} = v${b} + g * x${b};${countText(matrix, b)}`)}
    }
    ${each(b => conversionText(matrix, b))}
  }
  return sum;
}`;
  return {
    source,
    output: [cols, tokens, slices],
    constants: constantArrays(matrix),
    loopIterations: Math.max(1000, arrayRows + 1, blocks + 1),
  };
}

/** What the noise needs to know about the active rows. */
function countText({ noise }: ProgrammedMatrix, plane: number): string {
  if (noise.kind === 'cells') return ` n${plane} = n${plane} + h * x${plane};`;
  return noise.kind === 'active' ? ` n${plane} = n${plane} + x${plane};` : '';
}

/** Noise, ADC and shift-and-add of one plane. */
function conversionText(matrix: ProgrammedMatrix, plane: number): string {
  const { plan, noise, inl } = matrix;
  const v = `v${plane}`;
  const lines: string[] = [];
  if (noise.kind !== 'none') {
    const strips = stripsOf(plan);
    lines.push(
      `counter = ((first + this.thread.y) * ${literal(plan.spec.inputBits)} + ${literal(plane)}) * ${literal(strips)} + strip;`,
      hashText('counter', 'keys', 'array * 7'),
      'z = this.constants.table[left + place] + this.constants.table[right + place];',
      ...deviationText(matrix, `n${plane}`),
      noise.kind === 'constant'
        ? `${v} = ${v} + z;`
        : `${v} = ${v} + ${scaledText('deviation', 'z', noise.shift)};`,
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

/** The standard deviation of a conversion; a device's square root may be off by one unit, which is put right. */
function deviationText({ noise }: ProgrammedMatrix, n: string): string[] {
  if (noise.kind === 'active') return [`deviation = this.constants.mantissas[${n}];`];
  if (noise.kind !== 'cells') return [];
  return [
    `${n} = ${n} * ${literal(2 ** SQUARE_SHIFT)};`,
    `deviation = Math.floor(Math.sqrt(${n}));`,
    `if (deviation * deviation > ${n}) { deviation = deviation - 1.0; }`,
    `if ((deviation + 1.0) * (deviation + 1.0) <= ${n}) { deviation = deviation + 1.0; }`,
  ];
}

function constantArrays({ plan, g, offsets, noise }: ProgrammedMatrix): Record<string, GpuArray> {
  const { arrayRows, cols } = plan.spec;
  const arrays = plan.blocks * plan.slices;
  const floats = (values: ArrayLike<number>, ...size: number[]): GpuArray => ({
    values: Float32Array.from(values),
    size,
  });
  return {
    g: floats(g, cols, arrayRows, arrays),
    offsets: floats(offsets, cols, arrays),
    ...(noise.kind !== 'none' && { table: floats(noise.table, noise.table.length) }),
    ...(noise.kind === 'active' && { mantissas: floats(noise.mantissas, noise.mantissas.length) }),
    ...(noise.kind === 'cells' && { squares: floats(noise.squares, cols, arrayRows, arrays) }),
  };
}
