/** Which keys a token sees: its own and those before it, or the last few of them. */
/** Keys `from` to `to` (exclusive). */
interface KeyRange {
  readonly from: number;
  readonly to: number;
}

/** How the rows of a map are tokens that see keys. */
export interface Causal {
  /** Keys before that of the first token: they stand in the cache. */
  readonly cached: number;
  /** Rows of one token, one after another: heads that share their keys. */
  readonly group: number;
  /** A token sees so many keys at most, its own included. Absent: all before it. */
  readonly span?: number | undefined;
}

/** The keys that the token of row `row` sees. */
function keysOf({ cached, group, span }: Causal, row: number): KeyRange {
  const own = cached + Math.floor(row / group);
  return { from: span === undefined ? 0 : Math.max(0, own + 1 - span), to: own + 1 };
}

/** Entries of the maps of `heads` heads that are seen by `tokens` tokens, one row each. */
export function seenEntries(causal: Omit<Causal, 'group'>, tokens: number, heads: number): number {
  let sum = 0;
  for (let token = 0; token < tokens; token++) {
    const { from, to } = keysOf({ ...causal, group: 1 }, token);
    sum += to - from;
  }
  return heads * sum;
}

/** A map of one row for each token and head of its group, a segment of `rowLength` keys for each head of keys. */
interface MapShape {
  readonly id: string;
  readonly rowLength: number;
  readonly batch: number;
  readonly causal?: Causal;
}

/** The seen part of each segment of a map of so many rows, as places in its data. @throws Error for an op that does not say what is seen */
export function segmentsOf({
  id,
  rowLength,
  batch,
  causal,
}: MapShape): (rows: number) => Generator<KeyRange> {
  if (causal === undefined) throw new Error(`${id}: a causal softmax that does not say which keys are seen`);
  return function* (rows) {
    for (let row = 0; row < rows; row++) {
      const { from, to } = keysOf(causal, row);
      for (let segment = 0; segment < batch; segment++) {
        const at = (row * batch + segment) * rowLength;
        yield { from: at + from, to: at + to };
      }
    }
  };
}
