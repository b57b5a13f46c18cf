/** What the noise of a step is drawn from: the deviations of all cells, and the keys of the random numbers. */

import { uniformStream } from '../../base/random.ts';
import type { CrossbarDevice } from '../../numerics/execute/crossbar-device.ts';
import { CODE_ZERO, CODES, keysPerOp } from '../network/layout.ts';
import type { Engine } from '../step/engine.ts';
import { KEY_BYTES } from '../wasm/noise.ts';
import { cellDeviations } from './cell-deviation.ts';
import { deviceOf, highOf, type Variation, weightBitsOf } from './options.ts';

/** Values of a 12-bit round key. */
const KEY_VALUES = 4096;

/** Writes the deviations of the cells, once for a run. @throws TrexError (usage) for noise that training does not model. */
export function putCells({ layout, floats }: Engine, variation: Variation): void {
  const high = highOf(variation);
  const known = new Map<CrossbarDevice, Float64Array>();
  for (const [index, op] of layout.matmuls.entries()) {
    const device = deviceOf(op, variation);
    let deviations = known.get(device);
    if (deviations === undefined)
      known.set(device, (deviations = cellDeviations(device, weightBitsOf(variation))));
    floats.set(deviations, layout.sigmas / 4 + index * CODES + CODE_ZERO - high);
  }
}

/** New random numbers for the coming pass: every op has its own keys, for its weights and for each part of the batch. */
export function putKeys(
  { layout, ints }: Engine,
  seed: string | number,
  purpose: string,
  pass: number,
): void {
  const next = uniformStream(seed, `train/${purpose}`, pass);
  const from = layout.keys / 4;
  const count = (layout.matmuls.length * keysPerOp(layout.parts) * KEY_BYTES) / 4;
  for (let i = 0; i < count; i++) ints[from + i] = Math.floor(next() * KEY_VALUES);
}
