/** What `trex run` prints for a person: the figures of one run in a dozen lines. */

import { formatQuantity, MJ_MS_MM2, significant } from '../base/units.ts';
import type { AccuracyResult } from './accuracy-result.ts';
import { spreadText } from './accuracy-table.ts';
import { pipelineRows } from './pipeline-text.ts';
import type { BreakdownRow, Result } from './result.ts';
import { table, WIDTH } from './table.ts';

const DIGITS = 4;
const SHARES = 3;
/** Named first among what is left out: most of what `trex-full` counts beside `trex` is theirs. */
const LARGEST_OMISSIONS: readonly string[] = ['interconnect', 'buffers', 'inputBitPlanes', 'leakage'];
/** The unit of the field's tables over J s m2. */
const SPANS: readonly [number, string][] = [
  [365.25 * 86400, 'years'],
  [86400, 'days'],
  [3600, 'hours'],
  [60, 'minutes'],
  [1, 'seconds'],
];

/** In `width` columns, without a line end; where the files are is the caller's to add. */
export function runSummary(result: Result, width = WIDTH): string {
  const { utilization, writes, weightLoad, input } = result;
  const component = shares(result.breakdown.component, row => row.energy_J, result.energy_J);
  const stage = shares(result.breakdown.stage, row => row.time_s ?? 0, result.latency_s);
  const rows = [
    ['latency', `${formatQuantity(result.latency_s, 's')}, ${number(result.throughput_Hz)} ${input}s/s`],
    ...(result.pipeline === undefined ? [] : pipelineRows(result.pipeline, result)),
    ...textRows(result),
    [
      'energy',
      `${formatQuantity(result.energy_J, 'J')} per ${input}, ${formatQuantity(result.power_W, 'W')}`,
    ],
    [
      'area',
      `${formatQuantity(result.area_m2, 'm2')}; ${result.tiles} tiles, ${result.crossbars} crossbars in use`,
    ],
    [
      'EDAP',
      `${number(result.edap_Jsm2 * MJ_MS_MM2)} mJ ms mm2; EDP ${formatQuantity(result.edp_Js, 'J s')}`,
    ],
    [
      'performance',
      `${number(result.tops)} TOPS, ${number(result.topsPerWatt)} TOPS/W, ${number(result.topsPerMm2)} TOPS/mm2`,
    ],
    ['operations', operations(result)],
    ...(result.omitted.length === 0 ? [] : [['not counted', notCounted(result)]]),
    [
      'utilisation',
      `cells ${percent(utilization.cells)}, crossbars ${percent(utilization.crossbars)}, ADC ${percent(utilization.adc)}`,
    ],
    ...(result.grouped === null ? [] : [['grouped layers', groupedText(result.grouped)]]),
    ['writes', `${plain(writes.perCellPerImage)} per cell and ${input}; lifetime ${lifetime(result)}`],
    [
      'weight load',
      `${formatQuantity(weightLoad.energy_J, 'J')}, ${formatQuantity(weightLoad.time_s, 's')}: once, not in the energy above`,
    ],
    ...(result.driftCompensation === undefined ? [] : [['drift', driftText(result.driftCompensation)]]),
    ...(result.turns === undefined ? [] : [['in turns', turnsText(result, result.turns)]]),
    ...(result.spill === undefined ? [] : [['spilled', spillText(result, result.spill)]]),
    ['most energy', component],
    ['most time', stage],
    ...(result.accuracy === undefined ? [] : [['accuracy', accuracyText(result.accuracy)]]),
  ];
  return `${table([[title(result)]], { width })}\n${table(rows, { align: ['left', 'left'], width })}`;
}

/** Of a decoder that writes a text. */
function textRows(result: Result): string[][] {
  const { generation, timeToFirstToken_s = 0, timePerOutputToken_s = 0, tokensPerSecond = 0 } = result;
  if (generation === undefined) return [];
  const { kvCache, tokens } = generation;
  const [first, last] = [tokens[0], tokens[tokens.length - 1]];
  const at = ({ time_s, position }: typeof first): string =>
    `${formatQuantity(time_s, 's')} at position ${position}`;
  const growth = tokens.length === 1 ? '' : ` (${at(first)}, ${at(last)})`;
  const places = [
    ...(kvCache.crossbars > 0 ? [`${kvCache.crossbars} positions on ${kvCache.arrays} crossbars`] : []),
    ...(kvCache.buffers > 0 ? [`${kvCache.buffers} in the global buffer`] : []),
    ...(kvCache.dram > 0 ? [`${kvCache.dram} in DRAM`] : []),
  ];
  return [
    ['first token', formatQuantity(timeToFirstToken_s, 's')],
    ['per token', `${formatQuantity(timePerOutputToken_s, 's')}${growth}`],
    ['', `${number(tokensPerSecond)} tokens/s; ${formatQuantity(result.energyPerToken_J ?? 0, 'J')} each`],
    ['keys, values', `${formatQuantity(result.kvCache_bytes ?? 0, 'B')}: ${places.join(', ')}`],
  ];
}

/** Of a checkpoint on this chip, with the exact networks beside it. */
function accuracyText({ points: [point], float32, int8, data }: AccuracyResult): string {
  const share = (value: number): string => `${(100 * value).toFixed(2)} %`;
  const chips = `${point.draws.length} ${point.draws.length === 1 ? 'chip' : 'chips'}`;
  return `top-1 ${spreadText(point.top1, 'top1')} (float32 ${share(float32.top1)}, int8 ${share(int8.top1)}); ${data.images} inputs of ${data.name}, ${chips}`;
}

/** "2.3 hours": a time for people. */
export function formatSpan(seconds: number): string {
  const span = SPANS.find(([length]) => seconds >= length);
  return span === undefined ? formatQuantity(seconds, 's', 3) : `${number(seconds / span[0], 3)} ${span[1]}`;
}

function title({ model, tokens, arch, tech, reuse, images, input, generation }: Result): string {
  const reused = reuse.count === 0 ? 'no reuse' : `reuse ${reuse.pattern}`;
  const mean = images === 1 ? '' : `, mean of ${images} ${input}s`;
  const texts = generation === undefined || generation.batch === 1 ? '' : `, ${generation.batch} texts`;
  const length =
    generation === undefined
      ? `${tokens} tokens`
      : `${generation.prefill} + ${generation.decode} tokens${texts}`;
  return `${model} (${length}) on ${arch}, ${tech}, ${reused}${mean}`;
}

/** The convention behind TOPS, since the field has several. */
function operations({ opCount, ops, input }: Result): string {
  const run = `${formatQuantity(ops.run, 'op')} per ${input}`;
  if (opCount !== 'trex-paper') return `${run}; 1 MAC = 2 ops`;
  const area =
    ops.area === ops.run ? '' : `; TOPS/mm2 with ${formatQuantity(ops.area, 'op')}, as without reuse`;
  return `${run}; 1 MAC = 1 op, encoders only (trex-paper)${area}`;
}

/** What the accounting leaves out, and how to count it: the figures above are without it. */
function notCounted({ omitted, opCount, breakdown }: Result): string {
  const paper = opCount === 'trex-paper';
  const ordered = [
    ...LARGEST_OMISSIONS.filter(name => omitted.includes(name)),
    ...omitted.filter(name => !LARGEST_OMISSIONS.includes(name)),
  ];
  const named = ordered.slice(0, LARGEST_OMISSIONS.length);
  const more = ordered.length > named.length ? ` and ${ordered.length - named.length} more` : '';
  const words = named.map(name => name.replace(/[A-Z]/g, capital => ` ${capital.toLowerCase()}`)).join(', ');
  const why = paper ? ", as in the paper's accounting" : '';
  const extras = breakdown.stage.some(({ name }) => name === 'extras') ? ' (extras may hold it)' : '';
  const whole = paper ? 'arch/trex-full.yaml or ' : '';
  return `${words}${more}${why}${extras}; count with ${whole}--set accounting.${ordered[0]}=counted`;
}

/** Of a chip smaller than the network. */
function turnsText({ input, omitted }: Result, turns: NonNullable<Result['turns']>): string {
  const { tilesNeeded, tilesShared, layers, reloaded, rewritten, dramBits, energy_J, batch } = turns;
  const free = omitted.includes('dram') ? ', which accounting.dram leaves out' : '';
  const from =
    reloaded.length === 0
      ? 'nothing is reloaded'
      : `${formatQuantity(dramBits, 'bit')} from DRAM${free}, ${formatQuantity(energy_J, 'J')} per ${input}${batch === 1 ? '' : `, in batches of ${batch}`}`;
  return `${reloaded.length + rewritten.length} of ${layers} layers on ${tilesShared} tiles (all would take ${tilesNeeded}): ${from}`;
}

const spillText = ({ input }: Result, { bits, energy_J }: NonNullable<Result['spill']>): string =>
  `${formatQuantity(bits, 'bit')} to and from DRAM, which the global buffer does not hold, ${formatQuantity(energy_J, 'J')} per ${input}`;

/** What makes up for drift, and what that takes. */
const driftText = ({ readings, shareOfTime, energy_J }: NonNullable<Result['driftCompensation']>): string =>
  [
    ...readings.map(
      reading =>
        `${reading.vectors} vectors on ${reading.crossbars} crossbars every ${formatQuantity(reading.interval_s, 's')}: ${formatQuantity(reading.energy_J, 'J')}, ${formatQuantity(reading.time_s, 's')}`,
    ),
    `${percent(shareOfTime)} of the time, ${formatQuantity(energy_J, 'J')} of the energy above`,
  ].join('; ');

/** Where depthwise and grouped layers are multiplied. */
const groupedText = ({ crossbar, vector }: NonNullable<Result['grouped']>): string =>
  [
    ...(crossbar === 0 ? [] : [`${crossbar} on diagonals of crossbars`]),
    ...(vector === 0 ? [] : [`${vector} on the vector unit`]),
  ].join(', ');

function lifetime({ writes: { lifetime: kind, lifetime_s, images }, input }: Result): string {
  if (lifetime_s === null || images === null) return kind;
  return `${formatSpan(lifetime_s)}, ${plain(images)} ${input}s`;
}

/** The largest parts, in % of `total`. */
function shares(rows: readonly BreakdownRow[], of: (row: BreakdownRow) => number, total: number): string {
  const largest = [...rows].sort((a, b) => of(b) - of(a)).slice(0, SHARES);
  return largest.map(row => `${row.name} ${percent(total > 0 ? of(row) / total : 0)}`).join(', ');
}

/** Whole numbers stay whole. */
const plain = (value: number): string =>
  Number.isInteger(value) && value < 1e9 ? String(value) : significant(value, DIGITS);
const number = (value: number, digits = DIGITS): string => significant(value, digits);
const percent = (share: number): string => `${significant(share * 100, 3)} %`;
