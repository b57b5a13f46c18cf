/** A graph becomes steps: one per thing that a unit of the chip does. */
import { counts } from '../arch/accounting.ts';
import type { ArchConfig } from '../arch/config.ts';
import type { Step, VectorWork } from '../hw/program.ts';
import { outputShape } from '../workload/check.ts';
import type { Graph } from '../workload/graph.ts';
import type { Op, VectorOp } from '../workload/op.ts';
import { areaOf } from '../workload/size.ts';
import type { FunctionCost } from '../workload/vector-function.ts';
import { functionOf } from '../workload/vector-functions.ts';
import { inTiles } from './attention-tiles.ts';
import { countedOps } from './counted-ops.ts';
import { isMatmul, layerId, type Placement } from './place.ts';
import { byData, type Draft, inSequence } from './schedule.ts';

/** Steps of one image in the order of issue. */
export function buildSteps(graph: Graph, placement: Placement, arch: ArchConfig): Step[] {
  const counted = countedOps(graph, arch);
  const drafts: Draft[] = [];
  const { inputs, outputs } = arch.precision;
  const dram = counts(arch.accounting, 'dram');
  if (dram) drafts.push(dramStep('fetch', imageBits(graph, inputs)));
  for (const op of counted) drafts.push(...draftsOf(op, placement, inputs, outputs));
  if (dram) drafts.push(dramStep('store', resultBits(graph, outputs)));
  const { schedule } = arch;
  return schedule.encoder === 'sequential'
    ? inTiles(inSequence(drafts, schedule.writes), graph, schedule)
    : byData(drafts, graph);
}

function draftsOf(op: Op, placement: Placement, inputs: number, outputs: number): Draft[] {
  const at = { stage: op.stage, encoder: op.encoder };
  const deps = op.deps.map(d => ({ id: d.op, mode: d.mode }));
  if (isMatmul(op)) {
    const layer = layerId(op);
    if (!placement.layers.has(layer)) throw new Error(`${op.id} is not placed`);
    if (op.kind === 'static' || op.kind === 'depthwise') {
      const jobs = op.kind === 'static' ? op.rows : op.positions;
      const out = op.kind === 'static' ? op.out : op.channels;
      const into = op.kind === 'static' ? op.in : op.channels * op.taps;
      return [
        {
          ...at,
          id: op.id,
          kind: 'read',
          jobs,
          inputBits: into * inputs,
          outputBits: out * outputs,
          layer,
          deps,
        },
      ];
    }
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
      inputBits: op.k * op.batch * inputs,
      outputBits: op.n * op.batch * outputs,
      layer,
      deps: [
        { id: op.streamed, mode: op.streamedTransposed ? 'all' : 'row' },
        { id: write.id, mode: 'all' },
      ],
    };
    return [write, read];
  }
  if (op.kind === 'tokens') return [];
  const bits = op.rowLength * op.batch * inputs;
  const { cost } = functionOf(op);
  const job = {
    jobs: op.rows,
    inputBits: bits * op.deps.length,
    outputBits: bits,
    vector: vectorWork(op, cost),
  };
  return [{ ...at, id: op.id, kind: cost.unit, ...job, deps }];
}

/** What one job of an op asks of the unit that its function names. */
export const vectorWork = ({ rowLength, batch: rows }: VectorOp, cost: FunctionCost): VectorWork => ({
  fn: cost.unit === 'softmax' ? 'softmax' : cost.entry,
  rowLength,
  rows,
});

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
