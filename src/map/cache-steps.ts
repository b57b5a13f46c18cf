/** Products with a cache become steps: lines are written and arrays read, and positions that are elsewhere are fetched and multiplied by the vector unit. */
import type { ArchConfig } from '../arch/config.ts';
import { macs } from '../workload/count.ts';
import { type CacheOp, type CacheUse, cacheLayers, positionsOf, valuesOf } from './cache-split.ts';
import { macPieces } from './grouped-unit.ts';
import type { Draft } from './schedule.ts';

/** Steps of the caches of all sequences: writes and transfers, products, and their sums. Those of one kind run together. */
export function cacheDrafts(op: CacheOp, use: CacheUse, arch: ArchConfig): Draft[] {
  const own = cacheLayers(op, use.batch).map((layer, i) => {
    const id = i === 0 ? op.id : `${op.id}#${i + 1}`;
    return ofSequence(op, { id, layer }, use, arch);
  });
  // By kind, so that sequences keep the units at work side by side.
  const kinds = [...new Set(own.flat().map(({ together }) => together))];
  return kinds.flatMap(kind => own.flatMap(drafts => drafts.filter(({ together }) => together === kind)));
}

interface Sequence {
  readonly id: string;
  readonly layer: string;
}

function ofSequence(op: CacheOp, { id, layer }: Sequence, { split }: CacheUse, arch: ArchConfig): Draft[] {
  const { inputs, outputs } = arch.precision;
  const { cached, batch, transposed } = op;
  const positions = positionsOf(op);
  const values = valuesOf(op);
  const streamed = Math.min(inputs, op.streamedBits ?? inputs);
  const held = Math.min(positions, split.crossbars);
  const fresh = held - Math.min(cached, held);
  const at = { stage: op.stage, encoder: op.encoder };
  const kind = (name: string): string => `${op.id}.${name}`;
  const operands: Draft['deps'] = [
    { id: op.streamed, mode: op.streamedTransposed ? 'all' : 'row' },
    { id: op.stationary, mode: 'all' },
  ];
  const drafts: Draft[] = [];
  const waits = [...operands];
  if (fresh > 0) {
    drafts.push({
      ...at,
      id: `${id}.write`,
      together: kind('write'),
      stage: 'write',
      kind: 'write',
      jobs: 1,
      inputBits: fresh * values * inputs,
      outputBits: 0,
      layer,
      deps: [{ id: op.stationary, mode: 'all' }],
    });
    waits.push({ id: `${id}.write`, mode: 'all' });
  }
  const beyond = beyondOf(op, split.crossbars);
  const rest = beyond.macs > 0 ? offCrossbars(op, id, beyond, { split, arch, operands }) : [];
  drafts.push(...rest.filter(({ kind }) => kind === 'fetch' || kind === 'store'));
  const joins = held > 0 && beyond.macs > 0 && !transposed;
  if (held > 0)
    drafts.push({
      ...at,
      id: joins || beyond.macs > 0 ? `${id}.read` : id,
      op: joins ? undefined : op.id,
      together: kind('product'),
      kind: 'read',
      jobs: op.m,
      inputBits: (transposed ? op.k : held) * batch * streamed,
      outputBits: (transposed ? held : op.n) * batch * outputs,
      layer,
      macs: macs(op) - beyond.macs,
      deps: waits,
    });
  drafts.push(...rest.filter(({ kind }) => kind === 'vector'));
  if (joins)
    drafts.push({
      ...at,
      id,
      op: op.id,
      together: kind('sum'),
      kind: 'vector',
      jobs: op.m,
      inputBits: 2 * values * outputs,
      outputBits: values * inputs,
      vector: { fn: 'add', rowLength: values, rows: 1 },
      macs: 0,
      deps: [`${id}.read`, `${id}.mac`].map(id => ({ id, mode: 'row' })),
    });
  return drafts;
}

/** What a run does with positions that crossbars do not hold. */
interface Beyond {
  /** Queries times the keys that each of them sees there, of one row of each head of keys. */
  readonly pairs: number;
  readonly macs: number;
}

function beyondOf(op: CacheOp, first: number): Beyond {
  const positions = positionsOf(op);
  const group = op.m / (positions - op.cached);
  let pairs = 0;
  for (let end = op.cached + 1; end <= positions; end++) pairs += Math.max(0, end - first);
  return { pairs: pairs * group, macs: pairs * group * valuesOf(op) };
}

interface Elsewhere {
  readonly split: CacheUse['split'];
  readonly arch: ArchConfig;
  readonly operands: Draft['deps'];
}

/** Transfers from and to DRAM, and products on the lanes of the vector unit: a query meets each key or value as it comes out of the global buffer. */
function offCrossbars(
  op: CacheOp,
  id: string,
  beyond: Beyond,
  { split, arch, operands }: Elsewhere,
): Draft[] {
  const { inputs, outputs } = arch.precision;
  const { cached, transposed, m: jobs, batch } = op;
  const values = valuesOf(op);
  const positions = positionsOf(op);
  const at = { stage: op.stage, encoder: op.encoder };
  const onChip = split.crossbars + split.buffers;
  const fetched = Math.max(0, cached - onChip);
  const stored = positions - Math.max(cached, Math.min(positions, onChip));
  const seen = Math.ceil(beyond.pairs / jobs);
  const transfer = { ...at, stage: 'dram', jobs: 1, inputBits: 0, outputBits: 0 };
  const drafts: Draft[] = [];
  const deps = [...operands];
  if (fetched > 0) {
    const fetch = `${id}.fetch`;
    drafts.push({
      ...transfer,
      id: fetch,
      together: `${op.id}.fetch`,
      kind: 'fetch',
      outputBits: fetched * values * inputs,
      deps: [],
    });
    deps.push({ id: fetch, mode: 'all' });
  }
  if (stored > 0)
    drafts.push({
      ...transfer,
      id: `${id}.store`,
      together: `${op.id}.store`,
      kind: 'store',
      inputBits: stored * values * inputs,
      deps: [{ id: op.stationary, mode: 'all' }],
    });
  const query = transposed ? values : seen * batch;
  const pieces = macPieces({ in: Math.ceil(beyond.macs / jobs), out: 1, groups: 1 }, arch, inputs);
  drafts.push({
    ...at,
    id: `${id}.mac`,
    op: transposed || split.crossbars === 0 ? op.id : undefined,
    together: `${op.id}.product`,
    kind: 'vector',
    jobs,
    inputBits: (query + seen * values) * inputs,
    outputBits: (transposed ? seen * batch : values) * outputs,
    vector: { fn: 'mac', rowLength: pieces, rows: 1 },
    macs: beyond.macs,
    deps,
  });
  return drafts;
}
