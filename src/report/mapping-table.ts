/** A search over mappings for people: what was tried, what is best, and why. */
import { formatQuantity, significant } from '../base/units.ts';
import { type MappingResult, type MappingTrial, mappingValue } from './mapping-result.ts';
import { table } from './table.ts';
import { wrap } from './text-width.ts';

/** Rows of the table, of the best. */
const MOST_ROWS = 20;

/** In `width` columns, without a line end. */
export function mappingText(result: MappingResult, width: number): string {
  const { arch, model, objective, trials, best, exhaustive, refused, area_m2, notes } = result;
  const value = (trial: MappingTrial): number => mappingValue(objective, trial);
  const order = trials.map((trial, index) => ({ trial, index }));
  order.sort((a, b) => value(a.trial) - value(b.trial) || a.index - b.index);
  const shown = order.slice(0, MOST_ROWS);
  if (!shown.some(({ index }) => index === 0)) shown.push(order.find(({ index }) => index === 0)!);
  const [first, found] = [trials[0], trials[best]];
  const rows = shown.map(({ trial, index }) => [
    String(index),
    words(trial),
    formatQuantity(trial.latency_s, 's', 4),
    significant(trial.throughput_Hz, 4),
    formatQuantity(trial.energy_J, 'J', 4),
    formatQuantity(trial.area_m2, 'm2', 4),
    gain(value(first), value(trial)),
  ]);
  const within = area_m2 === null ? 'any area' : `at most ${formatQuantity(area_m2, 'm2', 4)}`;
  const how = exhaustive ? 'all of them' : 'from one to the next';
  const lines = [
    `${model} on ${arch}: mappings for ${objective}, ${within}; ${trials.length} run (${how}), ${refused} do not fit`,
    '',
    table([['', 'mapping', 'latency', 'images/s', 'energy', 'area', 'gain'], ...rows], {
      align: ['right', 'left', 'right', 'right', 'right', 'right', 'right'],
      width,
      keys: 2,
    }),
    '',
    ...(best === 0
      ? ['nothing is better than the chip as it is', `slowest  ${first.slowest}`]
      : [
          `best     ${found.set.join(' ')}`,
          `gain     ${gain(value(first), value(found))} of ${objective}`,
          `slowest  before: ${first.slowest}`,
          `         now: ${found.slowest}`,
        ]),
    ...notes.map(note => `note     ${note}`),
  ];
  return lines.flatMap(line => (line.includes('\n') ? [line] : wrap(line, width, 9))).join('\n');
}

const words = ({ set }: MappingTrial): string =>
  set.length === 0 ? 'as it is' : set.map(word => word.replace(/^(mapping|schedule)\./, '')).join(' ');

/** "1.52x", of values of which less is better. */
const gain = (before: number, now: number): string => `${significant(before / now, 3)}x`;
