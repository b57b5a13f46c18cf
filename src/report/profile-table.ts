/** A run over a profile, for people and as CSV: how latency and energy are spread, and what they are where inputs queue. */
import { largest } from '../base/extremes.ts';
import { formatQuantity, significant } from '../base/units.ts';
import { csv } from './csv.ts';
import type { Percentiles } from './percentiles.ts';
import type { Distribution, ProfileResult, ProfileRow } from './profile-result.ts';
import { table, WIDTH } from './table.ts';

const DIGITS = 4;
/** Of the longest bar of a histogram. */
const BAR = 30;

/** In `width` columns, without a line end. */
export function profileText(result: ProfileResult, width = WIDTH): string {
  const { model, arch, tech, reuse, images, input, rows, area_m2, tiles, chip, arrival } = result;
  const reused = reuse.count === 0 ? 'no reuse' : `reuse ${reuse.pattern}`;
  const work = workText(chip);
  const head = ['', 'mean', 'p50', 'p95', 'p99', 'min', 'max'];
  const all = (name: string, unit: string, d: Distribution): string[] => [
    name,
    ...[d.mean, d.p50, d.p95, d.p99, d.min, d.max].map(value => formatQuantity(value, unit, DIGITS)),
  ];
  return [
    table(
      [
        [`${model} over ${images} ${input}s of ${rows.length} kinds of work, on ${arch}, ${tech}, ${reused}`],
        [
          `one chip for all, that of the largest row${work === '' ? '' : ` (${work})`}: ${formatQuantity(area_m2, 'm2')}, ${tiles} tiles`,
        ],
      ],
      { width },
    ),
    '',
    table([head, all('latency', 's', result.latency_s), all('energy', 'J', result.energy_J)], { width }),
    '',
    histogramText(input, result.latency_s, width),
    '',
    `back to back  ${significant(result.throughput_Hz, DIGITS)} ${input}s/s`,
    ...(arrival === null ? [] : [queueText(arrival, input, width)]),
  ].join('\n');
}

const histogramText = (input: string, { histogram }: Distribution, width: number): string => {
  const most = largest(histogram.map(({ count }) => count));
  return table(
    [
      ['latency from', 'to', `${input}s`, ''],
      ...histogram.map(({ from, to, count }) => [
        formatQuantity(from, 's', DIGITS),
        formatQuantity(to, 's', DIGITS),
        String(count),
        '#'.repeat(Math.ceil((count / most) * BAR)),
      ]),
    ],
    { width, align: ['right', 'right', 'right', 'left'] },
  );
};

function queueText(arrival: NonNullable<ProfileResult['arrival']>, input: string, width: number): string {
  const { rate_Hz, utilization, images, waiting_s, response_s, expectedWaiting_s, idleEnergy_J } = arrival;
  const row = (name: string, { mean, p50, p95, p99 }: Percentiles): string[] => [
    name,
    ...[mean, p50, p95, p99].map(value => formatQuantity(value, 's', DIGITS)),
  ];
  const busy = significant(utilization * 100, DIGITS);
  const line = (text: string): string => table([[text]], { width });
  return [
    '',
    line(
      `Poisson arrivals at ${significant(rate_Hz, DIGITS)} ${input}s/s: the chip is at work ${busy} % of the time (${images} ${input}s simulated)`,
    ),
    table(
      [['', 'mean', 'p50', 'p95', 'p99'], row('waiting', waiting_s), row('waiting + latency', response_s)],
      {
        width,
      },
    ),
    line(
      `mean waiting by Pollaczek and Khinchine ${formatQuantity(expectedWaiting_s, 's', DIGITS)}; between ${input}s the chip draws ${formatQuantity(idleEnergy_J, 'J', DIGITS)} per ${input} on top`,
    ),
  ].join('\n');
}

/** "encoder 3: 137 patches, encoder 6: 96; no attention in 1, 3". */
function workText({ patches, skip }: ProfileResult['chip']): string {
  const left = Object.entries(patches).map(([encoder, count]) => `encoder ${encoder}: ${count}`);
  return [
    ...(left.length === 0 ? [] : [`patches at ${left.join(', ')}`]),
    ...(skip.length === 0 ? [] : [`no attention in ${skip.join(', ')}`]),
  ].join('; ');
}

/** A row for each kind of work, SI units; the columns of a profile first. */
export function profileCsv({ rows }: Pick<ProfileResult, 'rows'>): string {
  const places = Object.keys(rows[0].patches);
  const cells = ({ patches, skip, again = [], count, latency_s, energy_J }: ProfileRow) => [
    ...places.map(at => patches[at]),
    [skip, ...again].map(pass => pass.join(' ')).join('/'),
    count,
    latency_s,
    energy_J,
  ];
  const head = [...places.map(at => `patches.${at}`), 'skip', 'count', 'latency_s', 'energy_J'];
  return csv([head, ...rows.map(cells)]);
}
