/** What `trex noc` prints for a person: a line per figure, or one per pair of nodes. */
import type { NocBatch, NocOpenLoop, NocResult } from '../hw/noc/run.ts';
import { table } from './table.ts';

type Figure = NocOpenLoop[keyof NocOpenLoop] | NocBatch[keyof NocBatch];

/** Without a line end. */
export function nocTable(result: NocResult): string {
  if (Array.isArray(result)) {
    const pairs = result.map(({ src, dst, hops, latency_cycles }) => [src, dst, hops, latency_cycles]);
    return columns([['src', 'dst', 'hops', 'latency_cycles'], ...pairs.map(pair => pair.map(String))]);
  }
  const figures = columns(Object.entries(result).map(([key, value]) => [key, show(value)]));
  if (!('verdict' in result) || result.verdict === 'steady') return figures;
  return result.verdict === 'saturated'
    ? `${figures}\nunstable: the mesh accepts less than it is offered; the latencies are those so far`
    : `${figures}\nrising: latency grew over the measurement, so that its mean depends on --warmup and --measure`;
}

const show = (value: Figure): string =>
  typeof value === 'number' ? String(Number(value.toPrecision(6))) : value === null ? '-' : String(value);

/** All to the left, so that figures of different kinds stand below each other. */
const columns = (rows: readonly (readonly string[])[]): string =>
  table(rows, { align: rows[0].map(() => 'left'), width: Number.POSITIVE_INFINITY });
