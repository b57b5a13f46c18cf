/** docs/validation.md, chips smaller than the network: what the events give beside what a hand derives. */
import { PER_MILLI } from '../base/units.ts';
import { markdownTable } from '../report/markdown.ts';
import type { Result } from '../report/result.ts';

/** The smallest chip on which the layers of DeiT-S take turns, and a batch. */
const SET = ['accounting.dram=counted', 'chip.tiles=13'];
const WIDTH = 384;
const ENCODERS = 12;
/** Of an encoder: Q, K, V, projection, and four times as much twice. */
const MATRICES = 12;
const WEIGHT_BITS = 8;
const DRAM_J_PER_BIT = 8e-12;
/** Four arrays of 64 x 64 cells a weight. */
const ARRAYS = (4 * MATRICES * WIDTH * WIDTH) / 64 ** 2;
const WRITE_J = 118e-12;

/** The section. `run`: DeiT-S on trex with values on top. */
export async function smallChipsReport(
  run: (set: readonly string[]) => Promise<Result>,
  log: (what: string) => void,
): Promise<string> {
  log('a chip of 13 tiles');
  const small = await run(SET);
  const { turns, writes, latency_s } = small;
  const bits = ENCODERS * MATRICES * WIDTH * WIDTH * WEIGHT_BITS;
  const energy_J = bits * DRAM_J_PER_BIT + ENCODERS * ARRAYS * WRITE_J;
  const read_s = (await run(['accounting.dram=counted'])).latency_s;
  const rows = [
    ['weights from DRAM', `${bits / 1e6} Mbit`, `${(turns?.dramBits ?? 0) / 1e6} Mbit`],
    [
      'energy of the reloads',
      `${(energy_J * 1e6).toFixed(2)} uJ`,
      `${((turns?.energy_J ?? 0) * 1e6).toFixed(2)} uJ`,
    ],
    [
      'delay, at least: that of a chip with room, or of the transfers',
      `${(Math.max(read_s, bits / 8 / 25.6e9) * PER_MILLI).toFixed(2)} ms`,
      `${(latency_s * PER_MILLI).toFixed(2)} ms`,
    ],
    ['programmings of K^T and V, at least', '12', String(writes.perCellPerImage)],
  ];
  return [
    '## Chips smaller than the network',
    'DeiT-S on `arch/trex.yaml` with DRAM counted and 13 tiles of the 408 that it needs: all layers take turns. By hand: 12 d^2 weights of 8 bit an encoder, all',
    'of them once an image, 8 pJ a bit; four arrays of 118 pJ for 64 x 64 weights. Nobody prints a chip that reloads transformers with its parameters; COMPASS (arXiv 2501.06780) gives ratios',
    'of convolutional networks alone.',
    '',
    markdownTable(['', 'by hand', 'events'], rows),
  ].join('\n');
}
