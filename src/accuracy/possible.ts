/** Refuses crossbars that cannot be before anything runs: a sum that overflows, an ADC without a level, a sigma out of range. */

import { streamKey } from '../base/random.ts';
import { type CrossbarDevice, mvmSpec } from '../numerics/execute/crossbar-device.ts';
import { program } from '../numerics/mvm/program.ts';
import { planMvm } from '../numerics/mvm/spec.ts';
import type { Graph } from '../workload/graph.ts';
import type { CrossbarDevices } from './device.ts';

export interface Widths {
  readonly weightBits: number;
  readonly inputBits: number;
}

/** @throws TrexError with the reason. */
export function refuseImpossible(
  graph: Graph,
  { static: known, dynamic, layers = {} }: CrossbarDevices,
  widths: Widths,
): void {
  for (const op of graph.ops) {
    if (op.kind === 'static') planMvm(specOf(layers[op.id] ?? known, op.in, op.out, widths));
    if (op.kind === 'dynamic') planMvm(specOf(layers[op.id] ?? dynamic, op.k, op.n, widths));
  }
  for (const device of [known, dynamic, ...Object.values(layers)]) programTiny(device, widths);
}

/** Programming one cell runs the checks of every noise term. */
export function programTiny(device: CrossbarDevice, widths: Widths): void {
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
