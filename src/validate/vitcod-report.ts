/** docs/validation.md, a dense and a sparse part side by side: the released cycle counts of ViTCoD (HPCA 2023). */
import { linearCycles, splitAttention, VITCOD } from '../explore/dense-sparse.ts';
import { markdownTable } from '../report/markdown.ts';
import { count } from './networks-report.ts';
import { LOGGED_LINES, VITCOD_DEIT_T } from './vitcod-rows.ts';

/** What its logs print for DeiT-T at 95 %. */
const LOGGED = {
  preload: 9492,
  decoder: 4728,
  compute: 4709,
  total: 9492,
  reloaded: 11_693,
  density: 0.03630901957304232,
  linear: 681_492,
  linearPreload: 23_304,
  ffn: 1_361_664,
} as const satisfies Readonly<Record<string, number>>;

/** The section on the split of dense and sparse entries. */
export function vitcodReport(): string {
  const attention = splitAttention({ ...VITCOD, macs: LOGGED_LINES }, VITCOD_DEIT_T);
  const reloaded = splitAttention({ ...VITCOD, macs: LOGGED_LINES }, { ...VITCOD_DEIT_T, valueLoads: 1.5 });
  const own = splitAttention(VITCOD, VITCOD_DEIT_T);
  const { linear, linearPreload, ffn } = linearCycles(VITCOD, VITCOD_DEIT_T);
  const row = (what: string, logged: number, ours: number): string[] => [
    what,
    count(logged),
    count(ours),
    String(ours - logged),
  ];
  const rows = [
    row('attention: loading', LOGGED.preload, attention.preload),
    row('attention: decoding Q and K', LOGGED.decoder, attention.decoder),
    row('attention: Q K^T and its product with V', LOGGED.compute, attention.sddmm + attention.spmm),
    row('attention, all', LOGGED.total, attention.total),
    row('the same, V of other keys loaded 1.5 times', LOGGED.reloaded, reloaded.total),
    row('projections', LOGGED.linear, linear),
    row('projections: loading and storing', LOGGED.linearPreload, linearPreload),
    row('MLP', LOGGED.ffn, ffn),
  ];
  const all = own.decoder + own.sddmm + own.spmm;
  return [
    '## Dense and sparse entries side by side (ViTCoD)',
    'DeiT-T with the released mask of 95 %, cycles of 12 encoders: the logs of June 2023 in github.com/GATECH-EIC/ViTCoD against the same laws',
    'here, from 24 numbers of the mask (global tokens and other entries of the first head of each encoder). 64 lines, 500 MHz, 76.8 GiB/s.',
    '',
    markdownTable(['part', 'log', 'ours', 'difference'], rows),
    '',
    `Mean density outside the global tokens: log ${LOGGED.density}, ours ${attention.density}. The version of the simulator that wrote the log of attention`,
    'gives a line 64 MACs, its width for its height; projections and MLP, and the paper, have 8. With 8 the same laws give attention',
    `${count(all)} cycles instead of ${count(LOGGED.total)}: computing, not loading, is then what it waits for.`,
  ].join('\n');
}
