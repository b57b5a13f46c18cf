/** Programming as text for gpu.js: one thread per cell; the same steps as `numerics/noise/cell-step.ts`, or none. */
import { TrexError } from '../../../base/errors.ts';
import type { StreamKey } from '../../../base/random.ts';
import type { CellKind } from '../../../tech/noise-effects.ts';
import { arrayCellKeys, type CellProgram, cellKeys } from '../../noise/cell-program.ts';
import type { CellStep, CellStepKinds, ShareOf } from '../../noise/cell-step.ts';
import { MAX_MANTISSA } from '../../noise/gaussian.ts';
import { Z_TABLE } from '../../noise/normal-table.ts';
import type { MvmPlan } from '../spec.ts';
import type { GpuArray, GpuKernelText } from './gpu-js.ts';
import { floorShift, hashText, literal, scaledText } from './text.ts';

/** `keys`: index of the first of the step's round keys; `name`: of what only this step has. */
interface Place {
  readonly keys: string;
  readonly name: string;
}

interface StepText<K extends CellKind> {
  text(step: CellStepKinds[K], place: Place): string;
  /** Values of the levels, a constant of that name. */
  table?(step: CellStepKinds[K]): Int32Array;
}

/** Why a kind of step has no text. */
type Refused = string;

const TEXTS: { readonly [K in CellKind]: StepText<K> | Refused } = {
  levelSpread: {
    text: ({ scale }, { keys, name }) => `${drawText(keys)}
  g = Math.max(0.0, g + ${scaledText(`this.constants.${name}[level]`, 'z', scale.shift)});`,
    table: ({ mantissas }) => mantissas,
  },
  cellSpread: {
    text: (step, { keys, name }) => `${drawText(keys)}
  const ${name} = Math.min(${literal(MAX_MANTISSA)}, ${literal(step.base)} + ${shareText(step)});
  g = Math.max(0.0, g + ${scaledText(name, 'z', step.scale.shift)});`,
  },
  stuckAt: {
    text: ({ off, on, low, high }, { keys }) => `${uniformText(keys)}
  if (u < ${literal(on)}) { g = ${literal(high)}; }
  if (u < ${literal(off)}) { g = ${literal(low)}; }`,
  },
  partialLoss: {
    text: (step, { keys }) => `${uniformText(keys)}
  if (u < ${literal(step.below)}) { g = g - ${shareText(step)}; }`,
  },
  factor: 'float32 has no exact exponential',
};

/**
 * program(levels, keys): conductances [block * slices + slice][row][col] in units; keys as `stepKeys`.
 * @throws TrexError for a term that has no text here.
 */
export function programKernel(cells: CellProgram, plan: MvmPlan): GpuKernelText {
  const { arrayRows, cols } = plan.spec;
  const constants: Record<string, GpuArray> = { units: list(cells.levelUnits), table: list(Z_TABLE) };
  const arrays = plan.blocks * plan.slices;
  const texts = cells.steps.map((step, i) => {
    const name = `step${i}`;
    const { text, table } = stepText(step, { keys: `(${i * arrays} + this.thread.z) * 7`, name });
    if (table !== undefined) constants[name] = list(table);
    return text;
  });
  const source = `function program(levels, keys) {
  let left = 0.0;
  let right = 0.0;
  let z = 0.0;
  let u = 0.0;
  const level = levels[this.thread.z][this.thread.y][this.thread.x];
  if (level < 0.0) { return 0.0; }
  const counter = this.thread.y * ${literal(cols)} + this.thread.x;
  let g = this.constants.units[level];
  ${texts.join('\n')}
  return g;
}`;
  return { source, output: [cols, arrayRows, arrays], constants, loopIterations: 1000 };
}

function stepText<K extends CellKind>(
  step: CellStep<K>,
  place: Place,
): { text: string; table: Int32Array | undefined } {
  const kind: StepText<K> | Refused = TEXTS[step.kind];
  if (typeof kind === 'string')
    throw new TrexError(`the gpu back end cannot program the noise term ${step.term}: ${kind}`);
  return { text: kind.text(step, place), table: kind.table?.(step) };
}

const list = (values: Int32Array): GpuArray => ({
  values: Float32Array.from(values),
  size: [values.length],
});

const drawText = (keys: string): string => `${hashText('counter', 'keys', keys)}
  z = this.constants.table[left] + this.constants.table[right];`;

const uniformText = (keys: string): string => `${hashText('counter', 'keys', keys)}
  u = left * 4096.0 + right;`;

const shareText = ({ preShift, factor, factorShift }: ShareOf): string =>
  floorShift(`${floorShift('g', preShift)} * ${literal(factor)}`, factorShift);

/** Round keys of all steps and arrays, [step][block][slice][7]: those of `arrayCellKeys`. */
export function stepKeys(plan: MvmPlan, cells: CellProgram, key: StreamKey): GpuArray {
  const streams = cellKeys(cells, key);
  const ofArrays = Array.from({ length: plan.blocks * plan.slices }, (_, a) => arrayCellKeys(streams, a));
  const keys = streams.flatMap((_, step) => ofArrays.flatMap(ofSteps => ofSteps[step]));
  // An empty array is no argument.
  return { values: Float32Array.from(keys.length > 0 ? keys : [0]), size: [Math.max(1, keys.length)] };
}
