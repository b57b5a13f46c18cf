/** The breakdown of a run as bars of block characters, for a terminal. */
import { largest } from '../base/extremes.ts';
import { formatQuantity, significant } from '../base/units.ts';
import type { Result } from './result.ts';
import { displayWidth } from './text-width.ts';

/** An eighth of a character to a whole one. */
const BLOCKS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];
const MOST_ROWS = 8;
const WIDEST_BAR = 40;

interface Row {
  readonly name: string;
  readonly value: number;
  readonly text: string;
}

/** Energy by component and time by stage, the largest of each; lines of at most `width` columns, without a line end. */
export function breakdownBars(
  result: Pick<Result, 'breakdown' | 'energy_J' | 'latency_s'>,
  width: number,
): string {
  const { breakdown, energy_J, latency_s } = result;
  const rowsOf = (values: readonly { name: string; value: number }[], total: number, unit: string): Row[] =>
    [...values]
      .filter(({ value }) => value > 0)
      .sort((a, b) => b.value - a.value)
      .slice(0, MOST_ROWS)
      .map(({ name, value }) => ({
        name,
        value,
        text: `${formatQuantity(value, unit, 3)} ${significant((100 * value) / total, 2)} %`,
      }));
  const energy = rowsOf(
    breakdown.component.map(row => ({ name: row.name, value: row.energy_J })),
    energy_J,
    'J',
  );
  const time = rowsOf(
    breakdown.stage.map(row => ({ name: row.name, value: row.time_s ?? 0 })),
    latency_s,
    's',
  );
  const all = [...energy, ...time];
  const names = largest([0, ...all.map(row => displayWidth(row.name))]);
  const texts = largest([0, ...all.map(row => row.text.length)]);
  const room = Math.max(1, Math.min(WIDEST_BAR, width - names - texts - 4));
  const lines = (title: string, rows: readonly Row[]): string[] => {
    const most = largest([0, ...rows.map(row => row.value)]);
    return [
      title,
      ...rows.map(row =>
        `${row.name.padEnd(names)}  ${bar(row.value / most, room).padEnd(room)}  ${row.text}`.slice(0, width),
      ),
    ];
  };
  return [...lines('energy', energy), ...lines('time', time)].join('\n');
}

function bar(share: number, room: number): string {
  const eighths = Math.max(1, Math.round(share * room * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + BLOCKS[eighths % 8];
}
