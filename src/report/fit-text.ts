/** What fits on a chip, for people: layers of one kind in one row, encoders by their numbers. */
import { formatQuantity } from '../base/units.ts';
import { table } from './table.ts';

/** What of a report is shown. */
interface Shown {
  readonly arch: string;
  readonly model: string;
  readonly tilesNeeded: number;
  readonly tiles: number;
  readonly tilesUsed: number;
  readonly batch: number;
  readonly reloads: number;
  readonly dramBits: number;
  readonly spilledBits: number;
  readonly layers: readonly {
    readonly id: string;
    readonly tiles: number;
    readonly bits: number;
    readonly stay: 'stays' | 'reloaded' | 'rewritten';
  }[];
}

/** In `width` columns, without a line end. */
export function fitText(fit: Shown, width: number): string {
  const { arch, model, tilesNeeded, tiles, tilesUsed, batch, reloads, dramBits, spilledBits, layers } = fit;
  const kinds = new Map<string, Shown['layers'][number][]>();
  for (const layer of layers) {
    const key = `${kindOf(layer.id)} ${layer.tiles} ${layer.bits}`;
    kinds.set(key, [...(kinds.get(key) ?? []), layer]);
  }
  const rows = [...kinds.values()].map(alike => [
    kindOf(alike[0].id),
    String(alike[0].tiles),
    formatQuantity(alike[0].bits, 'bit'),
    named(alike.filter(({ stay }) => stay === 'stays')),
    named(alike.filter(({ stay }) => stay === 'reloaded')),
    named(alike.filter(({ stay }) => stay === 'rewritten')),
  ]);
  const whole = tilesNeeded <= tiles;
  const per = batch === 1 ? 'an image' : `a batch of ${batch} images`;
  return [
    `${model} on ${arch}: ${tilesNeeded} tiles needed, ${tiles} on the chip, ${tilesUsed} in use: ${whole ? 'it fits' : 'layers take turns'}`,
    table([['layer', 'tiles', 'weights', 'stays', 'reloaded', 'rewritten'], ...rows], {
      align: ['left', 'right', 'right', 'left', 'left', 'left'],
      width,
    }),
    ...(whole
      ? []
      : [`DRAM  ${formatQuantity(dramBits, 'bit')} of weights per image, ${reloads} reloads for ${per}`]),
    ...(spilledBits > 0
      ? [
          `DRAM  ${formatQuantity(spilledBits, 'bit')} of values per image, which the global buffer does not hold`,
        ]
      : []),
  ].join('\n');
}

const kindOf = (id: string): string => id.replace(/^e\d+\./, 'e*.');

/** Encoders by ranges: "0-2,5". */
function named(layers: readonly { readonly id: string }[]): string {
  const numbers = layers.flatMap(({ id }) => /^e(\d+)\./.exec(id)?.[1] ?? []).map(Number);
  if (numbers.length < layers.length) return layers.length === 0 ? '-' : 'yes';
  const ranges: [number, number][] = [];
  for (const n of numbers) {
    const last = ranges.at(-1);
    if (last?.[1] === n - 1) last[1] = n;
    else ranges.push([n, n]);
  }
  return ranges.length === 0 ? '-' : ranges.map(([a, b]) => (a === b ? String(a) : `${a}-${b}`)).join(',');
}
