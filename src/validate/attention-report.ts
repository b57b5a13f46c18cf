/** docs/validation.md, attention in tiles: MAS-Attention (arXiv 2411.17720) against the sequence and against FLAT's fused order. */

import { PER_MICRO } from '../base/units.ts';
import { scoreRowsAlive } from '../map/attention-tiles.ts';
import { markdownTable } from '../report/markdown.ts';
import type { LayerRow } from '../report/result.ts';
import { loadArch } from '../run/node/load.ts';

const ORDERS = ['sequential', 'fused', 'two-stream'] as const;

/** Softmax of a tenth of the time: about as long as the two matmuls, so that two streams have most to gain. */
const FAST = ['select', 'exponent', 'divide'].map(phase => `softmax.${phase}.time=0.528 ns`);

const CASES = [
  { name: '`trex`', arch: 'trex', set: [] },
  { name: '`trex`, softmax ten times as fast', arch: 'trex', set: FAST },
  { name: '`trex-full`', arch: 'trex-full', set: [] },
  { name: '`trex-full`, softmax ten times as fast', arch: 'trex-full', set: FAST },
] as const;

const ROWS = [4, 16, 64];

/** DeiT-S. */
const [TOKENS, HEADS] = [197, 6];

/** `layers`: the steps of DeiT-S on a chip with values on top; `log` gets a line for each run. */
export async function attentionReport(
  layers: (arch: string, set: readonly string[]) => Promise<readonly LayerRow[]>,
  log: (what: string) => void,
): Promise<string> {
  const rows: string[][] = [];
  for (const { name, arch, set } of CASES)
    for (const tile of ROWS) {
      log(`attention in tiles of ${tile}: ${name}`);
      const times: number[] = [];
      for (const order of ORDERS) {
        const own = [`schedule.attention=${order}`, `schedule.attentionRows=${tile}`];
        times.push(attentionTime(await layers(arch, [...set, ...own])));
      }
      const [whole, fused, two] = times;
      rows.push([
        name,
        `${tile}`,
        ...times.map(time => (time * PER_MICRO).toFixed(1)),
        `${(whole / two).toFixed(2)} / ${(fused / two).toFixed(2)}`,
        ORDERS.map(order => scoresAlive(order, tile)).join(' / '),
      ]);
    }
  return [
    '## Attention in two streams (MAS-Attention)',
    'QK^T, softmax and SV of an encoder of DeiT-S: one after the other, fused tile by tile (FLAT), or in two streams, where softmax of a',
    'tile runs beside QK^T of the next and SV of the last. Published (arXiv 2411.17720, abstract): up to 2.75 times as fast as FLAT on a',
    'simulated edge accelerator, 1.76 on a real one.',
    '',
    markdownTable(
      [
        'chip',
        'rows of a tile',
        'sequential us',
        'fused us',
        'two streams us',
        'gain over them',
        'KiB of scores, each',
      ],
      rows,
    ),
    '',
    'A sum against the larger of its parts is at most 2: what is published above it is traffic with memory, which these chips do not have, as',
    'scores stay in the global buffer. With softmax ten times as long as the matmuls, as TReX has it, there is little to hide; where both take as',
    'long, two streams give most of the 2. Small tiles fill and drain the datapath more often, large ones leave the first and the last alone.',
    'Tests hold the identities: without softmax the time of the matmuls, without matmuls that of softmax, in sequence the sum.',
  ].join('\n');
}

/** From the first QK^T to the last SV, s. */
function attentionTime(layers: readonly LayerRow[]): number {
  const of = (id: string): LayerRow => layers.find(row => row.step === id)!;
  return of('e0.sv').end_s - of('e0.qk').start_s;
}

function scoresAlive(order: (typeof ORDERS)[number], tile: number): string {
  const { schedule } = loadArch('trex', {
    set: [`schedule.attention=${order}`, `schedule.attentionRows=${tile}`],
  }).arch;
  return ((Math.min(TOKENS, scoreRowsAlive(schedule)) * TOKENS * HEADS) / 1024).toFixed(0);
}
