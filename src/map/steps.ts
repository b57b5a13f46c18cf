/** A graph becomes steps: one per thing that a unit of the chip does. */
import { counts } from '../arch/accounting.ts';
import type { ArchConfig } from '../arch/config.ts';
import type { Step, VectorWork } from '../hw/program.ts';
import { outputShape } from '../workload/check.ts';
import type { Graph } from '../workload/graph.ts';
import type { DynamicOp, Op, VectorOp } from '../workload/op.ts';
import { areaOf } from '../workload/size.ts';
import type { FunctionCost } from '../workload/vector-function.ts';
import { functionOf } from '../workload/vector-functions.ts';
import { inTiles } from './attention-tiles.ts';
import { type CacheUse, isCacheOp } from './cache-split.ts';
import { cacheDrafts } from './cache-steps.ts';
import { countedOps } from './counted-ops.ts';
import { macPieces } from './grouped-unit.ts';
import { layerId, type Placement } from './place.ts';
import { byData, type Draft, inSequence } from './schedule.ts';

/** Steps of one image in the order of issue; of a decoder with its caches those of all sequences, which do the same side by side. */
export function buildSteps(graph: Graph, placement: Placement, arch: ArchConfig, cache?: CacheUse): Step[] {
  const counted = countedOps(graph, arch);
  const batch = cache?.batch ?? 1;
  const drafts: Draft[] = [];
  const { inputs, outputs } = arch.precision;
  const dram = counts(arch.accounting, 'dram');
  if (dram) drafts.push(dramStep('fetch', batch * imageBits(graph, inputs)));
  // An expert that no row chooses has its arrays, and nothing to do.
  for (const op of counted) {
    const own =
      cache !== undefined && isCacheOp(op)
        ? cacheDrafts(op, cache, arch)
        : draftsOf(ofSequences(op, batch), placement, arch);
    drafts.push(...own.filter(({ jobs }) => jobs > 0));
  }
  if (dram) drafts.push(dramStep('store', batch * resultBits(graph, outputs)));
  const { schedule } = arch;
  return schedule.encoder === 'sequential'
    ? inTiles(inSequence(drafts, schedule.writes), graph, schedule)
    : byData(drafts, graph);
}

/** The rows of several sequences. */
function ofSequences<T extends Op>(op: T, batch: number): T {
  if (batch === 1 || !('rows' in op)) return op;
  return { ...op, rows: op.rows * batch, ...('outRows' in op && { outRows: op.outRows * batch }) };
}

function draftsOf(op: Op, placement: Placement, arch: ArchConfig): Draft[] {
  const { inputs, outputs } = arch.precision;
  const at = { stage: op.stage, encoder: op.encoder };
  const deps = op.deps.map(d => ({ id: d.op, mode: d.mode }));
  switch (op.kind) {
    case 'static':
    case 'grouped': {
      const groups = op.kind === 'static' ? 1 : op.groups;
      const job = {
        ...at,
        id: op.id,
        jobs: op.rows,
        inputBits: groups * op.in * inputs,
        outputBits: groups * op.out * outputs,
        deps,
      };
      const layer = layerId(op);
      if (placement.layers.has(layer)) return [{ ...job, kind: 'read', layer }];
      if (op.kind === 'static') throw new Error(`${op.id} is not placed`);
      return [{ ...job, kind: 'vector', vector: { fn: 'mac', rowLength: macPieces(op, arch), rows: 1 } }];
    }
    case 'dynamic':
      return dynamicDrafts(op, placement, arch);
    case 'tokens':
    case 'layout':
      return [];
    case 'vector': {
      const { cost } = functionOf(op);
      const columns = byColumns(op, cost);
      const jobs = columns ? op.rowLength : op.window === undefined ? op.rows : op.outRows;
      const vector =
        op.macs === undefined
          ? vectorWork(op, cost)
          : {
              fn: 'mac' as const,
              rowLength: macPieces({ in: Math.ceil(op.macs / op.rows), out: 1, groups: 1 }, arch),
              rows: 1,
            };
      const job = {
        jobs,
        inputBits: (firstOperand(op, vector) + otherOperands(op, jobs)) * inputs,
        outputBits: (columns ? op.rows : (op.outLength ?? op.rowLength)) * op.batch * inputs,
        vector,
        ...(columns && { columns }),
      };
      return [{ ...at, id: op.id, kind: cost.unit, ...job, deps }];
    }
  }
}

/** The stationary operand is written, then the rows of the other are read. */
function dynamicDrafts(op: DynamicOp, placement: Placement, { precision }: ArchConfig): Draft[] {
  const { inputs, outputs } = precision;
  const at = { stage: op.stage, encoder: op.encoder };
  const layer = layerId(op);
  if (!placement.layers.has(layer)) throw new Error(`${op.id} is not placed`);
  const write: Draft = {
    ...at,
    id: `${op.id}.write`,
    stage: 'write',
    kind: 'write',
    jobs: 1,
    inputBits: op.k * op.n * op.batch * inputs,
    outputBits: 0,
    layer,
    deps: [{ id: op.stationary, mode: 'all' }],
  };
  const read: Draft = {
    ...at,
    id: op.id,
    kind: 'read',
    jobs: op.m,
    inputBits: op.k * op.batch * Math.min(inputs, op.streamedBits ?? inputs),
    outputBits: op.n * op.batch * outputs,
    layer,
    deps: [
      { id: op.streamed, mode: op.streamedTransposed ? 'all' : 'row' },
      { id: write.id, mode: 'all' },
    ],
  };
  return [write, read];
}

/** Elements that one job fetches of its first operand: what it works on, but for results that are longer than what they are made of. */
const firstOperand = ({ outLength, rowLength, batch }: VectorOp, work: VectorWork): number =>
  outLength === undefined ? work.rowLength * work.rows : rowLength * batch;

/** Elements that one job fetches beside its first operand; a row for all rows is fetched once, in shares. */
function otherOperands({ deps, second, batch, rowLength, routes }: VectorOp, jobs: number): number {
  if (deps.length < 2) return 0;
  if (routes !== undefined) return Math.ceil(routes.experts / routes.top);
  if (second === 'segment') return batch;
  return second === 'row' ? Math.ceil((rowLength * batch) / jobs) : (deps.length - 1) * rowLength * batch;
}

/** A softmax over columns: its units take a column of each head where others take a row. */
const byColumns = ({ reduce }: VectorOp, cost: FunctionCost): boolean =>
  cost.unit === 'softmax' && reduce === 'column';

/** What one job of an op asks of the unit that its function names: a row, a column of each head, or all of a window; what comes in or what comes out, whichever is more. */
export function vectorWork(op: VectorOp, cost: FunctionCost): VectorWork {
  const { rowLength, outLength, batch: rows, window } = op;
  if (byColumns(op, cost)) return { fn: 'softmax', rowLength: op.rows, rows };
  if (op.entries !== undefined)
    return { fn: 'softmax', rowLength: Math.ceil(op.entries / (op.rows * rows)), rows };
  return {
    fn: cost.unit === 'softmax' ? 'softmax' : cost.entry,
    rowLength: Math.max(rowLength, outLength ?? 0) * (window === undefined ? 1 : areaOf(window.kernel)),
    rows,
  };
}

const dramStep = (kind: 'fetch' | 'store', bits: number): Draft => ({
  id: kind,
  stage: 'dram',
  encoder: null,
  kind,
  jobs: 1,
  inputBits: kind === 'store' ? bits : 0,
  outputBits: kind === 'fetch' ? bits : 0,
  deps: [],
});

/** The network's result: class scores, features, or a sequence. */
function resultBits({ ops }: Graph, outputs: number): number {
  const { rows, columns } = outputShape(ops[ops.length - 1]);
  return rows * columns * outputs;
}

/** The network's input as it comes from memory: pixels, or token numbers of 16 bits. */
function imageBits(graph: Graph, inputs: number): number {
  const { model } = graph;
  if (!('imageSize' in model)) return model.tokens * 16;
  return areaOf(model.image) * model.inChannels * inputs;
}
