/** Programming as text for gpu.js: one thread per cell; the same fixed-point steps as `programCell`. */
import { TrexError } from '../../../base/errors.ts';
import type { StreamKey } from '../../../base/random.ts';
import { type CellProgram, cellKeys, type FrozenRead } from '../../noise/cell-program.ts';
import { MAX_MANTISSA } from '../../noise/gaussian.ts';
import { Z_TABLE } from '../../noise/normal-table.ts';
import { numberedKey } from '../../noise/numbered-key.ts';
import type { MvmPlan } from '../spec.ts';
import type { GpuArray, GpuKernelText } from './gpu-js.ts';
import { floorShift, hashText, literal, scaledText } from './text.ts';

/** program(levels, writeKeys, stuckKeys, readKeys): conductances [block * slices + slice][row][col] in units. */
export function programKernel(cells: CellProgram, plan: MvmPlan): GpuKernelText {
  if (cells.drift !== undefined || cells.read?.kind === 'lognormal') {
    throw new TrexError(
      'drift and lognormal variation are programmed on the CPU: float32 has no exact exponential',
    );
  }
  const { arrayRows, cols } = plan.spec;
  const steps = [
    cells.write ? writeText(cells.write.scale.shift) : '',
    cells.stuck ? stuckText(cells) : '',
    cells.read ? readText(cells.read) : '',
  ];
  const source = `function program(levels, writeKeys, stuckKeys, readKeys) {
  let left = 0.0;
  let right = 0.0;
  let z = 0.0;
  const level = levels[this.thread.z][this.thread.y][this.thread.x];
  if (level < 0.0) { return 0.0; }
  const counter = this.thread.y * ${literal(cols)} + this.thread.x;
  let g = this.constants.units[level];
  ${steps.join('\n')}
  return g;
}`;
  const list = (values: Int32Array): GpuArray => ({
    values: Float32Array.from(values),
    size: [values.length],
  });
  return {
    source,
    output: [cols, arrayRows, plan.blocks * plan.slices],
    constants: {
      units: list(cells.levelUnits),
      table: list(Z_TABLE),
      ...(cells.write && { mantissas: list(cells.write.mantissas) }),
    },
    loopIterations: 1000,
  };
}

const drawText = (keys: string): string => `${hashText('counter', keys, 'this.thread.z * 7')}
  z = this.constants.table[left] + this.constants.table[right];`;

const writeText = (shift: number): string => `${drawText('writeKeys')}
  g = Math.max(0.0, g + ${scaledText('this.constants.mantissas[level]', 'z', shift)});`;

const stuckText = ({
  stuck,
  levelUnits,
}: CellProgram): string => `${hashText('counter', 'stuckKeys', 'this.thread.z * 7')}
  const u = left * 4096.0 + right;
  if (u < ${literal(stuck!.on)}) { g = ${literal(levelUnits[levelUnits.length - 1])}; }
  if (u < ${literal(stuck!.off)}) { g = ${literal(levelUnits[0])}; }`;

function readText(read: FrozenRead): string {
  if (read.kind === 'lognormal') return '';
  const share = floorShift(`${floorShift('g', read.preShift)} * ${literal(read.factor)}`, read.factorShift);
  return `${drawText('readKeys')}
  const deviation = Math.min(${literal(MAX_MANTISSA)}, ${literal(read.base)} + ${share});
  g = Math.max(0.0, g + ${scaledText('deviation', 'z', read.scale.shift)});`;
}

/** Round keys of one stage for all arrays, [block][slice][7]: those of `arrayCellKeys`. */
export function stageKeys(plan: MvmPlan, key: StreamKey, stage: 'write' | 'stuck' | 'read'): GpuArray {
  const stream = cellKeys(key)[stage];
  const arrays = Array.from({ length: plan.blocks * plan.slices }, (_, array) => numberedKey(stream, array));
  const keys = arrays.flat();
  return { values: Float32Array.from(keys), size: [keys.length] };
}
