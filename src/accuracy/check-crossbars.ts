/** Refuses crossbars and numbers that cannot be before anything runs: a sum that overflows, an ADC without a level, a sigma out of range. */
import { streamKey } from '../base/random.ts';
import { wholeNumber } from '../base/whole-number.ts';
import { type CrossbarDevice, diagonalRanges, mvmSpec } from '../numerics/execute/crossbar-device.ts';
import type { MvmBackend } from '../numerics/mvm/backend.ts';
import { program } from '../numerics/mvm/program.ts';
import { planMvm } from '../numerics/mvm/spec.ts';
import type { Graph } from '../workload/graph.ts';
import type { CrossbarDevices } from './device.ts';

export interface Widths {
  readonly weightBits: number;
  readonly inputBits: number;
}

/** @throws TrexError with the reason. */
export function checkCrossbars(
  graph: Graph,
  { static: known, dynamic, layers = {} }: CrossbarDevices,
  widths: Widths,
): void {
  for (const op of graph.ops) {
    if (op.kind === 'static') planMvm(specOf(layers[op.id] ?? known, op.in, op.out, widths));
    if (op.kind === 'grouped') {
      const device = layers[op.id] ?? known;
      const [{ groups }] = diagonalRanges(op, device, widths.weightBits);
      planMvm(specOf(device, groups * op.in, groups * op.out, widths));
    }
    if (op.kind === 'dynamic') planMvm(specOf(layers[op.id] ?? dynamic, op.k, op.n, widths));
  }
  for (const device of [known, dynamic, ...Object.values(layers)]) checkCrossbar(device, widths);
}

/** Programming one cell runs the checks of every noise term. */
export function checkCrossbar(device: CrossbarDevice, widths: Widths): void {
  program([0], specOf(device, 1, 1, widths), device.noise, streamKey(0, 'check'));
}

function specOf(device: CrossbarDevice, rows: number, cols: number, { weightBits, inputBits }: Widths) {
  const input = {
    bits: inputBits,
    signed: true,
    scale: 1,
    low: -(2 ** (inputBits - 1)),
    high: 2 ** (inputBits - 1) - 1,
  };
  return mvmSpec(device, rows, cols, weightBits, input);
}

/** @throws TrexError (usage) for widths that operands cannot have. */
export function checkBits({ weightBits, inputBits }: Widths): void {
  wholeNumber('weight-bits', weightBits, 2, 8);
  wholeNumber('input-bits', inputBits, 2, 8);
}

/** What a result says of the back end that it was computed on: nothing that it does not depend on. */
export const backendRecord = ({ name, info: { mode, device } }: MvmBackend) => ({ name, mode, device });
