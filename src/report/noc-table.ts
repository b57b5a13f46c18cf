/** What `trex noc` prints for a person: a line per figure, or one per pair of nodes. */
import type { NocBatch, NocOpenLoop, NocResult } from '../hw/noc/run.ts';
import { table, WIDTH } from './table.ts';
import { wrap } from './text-width.ts';

type Figure = NocOpenLoop[keyof NocOpenLoop] | NocBatch[keyof NocBatch];

/** In `width` columns, without a line end. */
export function nocTable(result: NocResult, width = WIDTH): string {
  if (Array.isArray(result)) {
    const pairs = result.map(({ src, dst, hops, latency_cycles }) => [src, dst, hops, latency_cycles]);
    return columns([['src', 'dst', 'hops', 'latency_cycles'], ...pairs.map(pair => pair.map(String))], width);
  }
  const figures = columns(
    Object.entries(result).map(([key, value]) => [key, show(value)]),
    width,
  );
  if (!('verdict' in result) || result.verdict === 'steady') return figures;
  const verdict =
    result.verdict === 'saturated'
      ? 'unstable: the mesh accepts less than it is offered; the latencies are those so far'
      : 'rising: latency grew over the measurement, so that its mean depends on --warmup and --measure';
  return [figures, ...wrap(verdict, width)].join('\n');
}

const show = (value: Figure): string =>
  typeof value === 'number' ? String(Number(value.toPrecision(6))) : value === null ? '-' : String(value);

/** All to the left, so that figures of different kinds stand below each other. */
const columns = (rows: readonly (readonly string[])[], width: number): string =>
  table(rows, { align: rows[0].map(() => 'left'), width });
