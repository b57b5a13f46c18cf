/** The figures of a network on chip under synthetic traffic, for people. */

interface PairRow {
  readonly src: number;
  readonly dst: number;
  readonly hops: number;
  readonly latency_cycles: number;
}

type Value = number | string | boolean | null;

/** A row per pair, or a row per figure. */
export function nocTable(result: readonly PairRow[] | object): string {
  if (isPairs(result)) {
    return table([
      ['src', 'dst', 'hops', 'latency_cycles'],
      ...result.map(({ src, dst, hops, latency_cycles }) => [src, dst, hops, latency_cycles].map(String)),
    ]);
  }
  const rows = Object.entries(result as Record<string, Value>).map(([key, value]) => [key, show(value)]);
  if ('stable' in result && !result.stable) {
    return `${table(rows)}\nunstable: the mesh accepts less than it is offered; the latencies are those so far`;
  }
  return table(rows);
}

const isPairs = (result: readonly PairRow[] | object): result is readonly PairRow[] => Array.isArray(result);

const show = (value: Value): string =>
  typeof value === 'number' ? String(Number(value.toPrecision(6))) : value === null ? '-' : String(value);

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map(row => row[column].length)));
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
