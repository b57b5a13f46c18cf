/** The schedule: a graph becomes steps, one per thing that a unit of the chip does, with what each must wait for. */
import type { ArchConfig } from '../arch/config.ts';
import type { Step, StepDep, VectorWork } from '../hw/program.ts';
import type { Graph } from '../workload/graph.ts';
import type { Op, Stage, VectorOp } from '../workload/op.ts';
import type { FunctionCost } from '../workload/vector-function.ts';
import { functionOf } from '../workload/vector-functions.ts';
import { isMatmul, layerId, type Placement } from './place.ts';

type Draft = Omit<Step, 'index' | 'after'> & { deps: { id: string; mode: 'row' | 'all' }[] };

/** Ops of the graph that the chip's accounting counts. */
export function countedOps(graph: Graph, arch: ArchConfig): Op[] {
  const { accounting } = arch;
  const stageCounted = (op: Op): boolean => {
    if (op.stage === 'stem' || op.stage === 'embedding') return accounting.embedding === 'counted';
    if (op.stage === 'head' || op.stage === 'pool') return accounting.head === 'counted';
    if (op.stage === 'predictor') return accounting.predictor === 'counted';
    if (op.stage === 'transform') return accounting.transformation === 'counted';
    return true;
  };
  return graph.ops.filter(op => {
    if (op.kind === 'tokens' || !stageCounted(op)) return false;
    return op.kind !== 'vector' || accounting.vectorUnit === 'counted' || !isOmitted(op);
  });
}

/** Stages of attention: the paper's account leaves out none of their functions. */
const ATTENTION_STAGES: readonly Stage[] = ['qkv', 'qk', 'softmax', 'sv'];

/** `accounting.vectorUnit: omitted` leaves this op out: its function is among those that the paper omits. */
function isOmitted(op: VectorOp): boolean {
  const { cost } = functionOf(op);
  return cost.unit === 'vector' && cost.omitted && !ATTENTION_STAGES.includes(op.stage);
}

/** Steps of one image in the order of issue. */
export function buildSteps(graph: Graph, placement: Placement, arch: ArchConfig): Step[] {
  const counted = countedOps(graph, arch);
  const drafts: Draft[] = [];
  const { inputs, outputs } = arch.precision;
  if (arch.accounting.dram === 'counted') drafts.push(dramStep('fetch', imageBits(graph, inputs)));
  for (const op of counted) drafts.push(...draftsOf(op, placement, inputs, outputs));
  if (arch.accounting.dram === 'counted') {
    drafts.push(dramStep('store', resultBits(graph, outputs)));
  }
  return arch.schedule.encoder === 'sequential' ? inSequence(drafts, arch) : byData(drafts, graph);
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

/** The network's result: class scores, or a text network's sequence. */
const resultBits = ({ model }: Graph, outputs: number): number =>
  ('imageSize' in model ? model.classes : model.tokens * model.dim) * outputs;

/** The network's input as it comes from memory: pixels, or token numbers of 16 bits. */
function imageBits(graph: Graph, inputs: number): number {
  const { model } = graph;
  if (!('imageSize' in model)) return model.tokens * 16;
  return model.imageSize ** 2 * model.inChannels * inputs;
}

/**
 * One step after another (TReX Fig. 8b): the writes of an encoder come before its first read of a dynamic matmul,
 * and K^T and V are written one after the other or together. Overlapped, K^T is written while V is still being read
 * out of its layer, as ReTransformer writes X^T while X meets W_Q; V is written after that.
 */
function inSequence(drafts: readonly Draft[], arch: ArchConfig): Step[] {
  if (arch.schedule.writes === 'overlapped') return withEarlyWrites(drafts);
  const ordered = writesFirst(drafts);
  const steps: Step[] = [];
  let previous: number[] = [];
  for (let i = 0; i < ordered.length; i++) {
    const together =
      arch.schedule.writes === 'parallel' && ordered[i].kind === 'write' && ordered[i - 1]?.kind === 'write';
    const after = together ? steps[i - 1].after : previous.map(step => ({ step, mode: 'all' as const }));
    previous = together ? [...previous, i] : [i];
    steps.push(finish(ordered[i], i, after));
  }
  return steps;
}

/** The first write of an encoder leaves the sequence: it waits for its operand, and the read that needs it for both. */
function withEarlyWrites(drafts: readonly Draft[]): Step[] {
  const ordered = writesFirst(drafts);
  const numberOf = new Map(ordered.map((d, i) => [d.id, i]));
  const steps: Step[] = [];
  let previous = -1;
  let early = -1;
  for (const [i, draft] of ordered.entries()) {
    const first = draft.kind === 'write' && ordered[i - 1]?.kind !== 'write';
    const operand = first ? numberOf.get(draft.deps[0].id) : undefined;
    const waits = operand === undefined ? [previous] : [operand];
    if (early >= 0 && draft.kind === 'read') waits.push(early);
    const after = waits.filter(step => step >= 0).map(step => ({ step, mode: 'all' as const }));
    steps.push(finish(draft, i, after));
    if (operand !== undefined) early = i;
    else previous = i;
    if (draft.kind === 'read') early = -1;
  }
  return steps;
}

/** Moves each encoder's write steps up to its first one, so that they form the paper's stage 2. */
function writesFirst(drafts: readonly Draft[]): Draft[] {
  const result: Draft[] = [];
  const done = new Set<Draft>();
  for (const draft of drafts) {
    if (done.has(draft)) continue;
    const group =
      draft.kind === 'write'
        ? drafts.filter(d => d.kind === 'write' && d.encoder === draft.encoder)
        : [draft];
    for (const d of group) done.add(d);
    result.push(...group);
  }
  return result;
}

/** Each job as soon as its operands are there. Steps that the accounting leaves out hand on what they wait for. */
function byData(drafts: readonly Draft[], graph: Graph): Step[] {
  const numberOf = new Map(drafts.map((d, i) => [d.id, i]));
  const opOf = new Map(graph.ops.map(op => [op.id, op]));
  const output = graph.ops[graph.ops.length - 1].id;
  const resolve = (id: string, mode: 'row' | 'all'): StepDep[] => {
    const step = numberOf.get(id);
    if (step !== undefined) return [{ step, mode }];
    const op = opOf.get(id);
    if (op === undefined) return [];
    // A change of the token count shifts rows, so job j no longer stands for row j.
    return op.deps.flatMap(d => resolve(d.op, mode === 'all' || op.kind === 'tokens' ? 'all' : d.mode));
  };
  return drafts.map((draft, i) => {
    const wanted =
      draft.kind === 'store' ? resolve(output, 'all') : draft.deps.flatMap(d => resolve(d.id, d.mode));
    // What depends on no step reads the network's input.
    if (wanted.length === 0 && drafts[0].kind === 'fetch' && i > 0) wanted.push({ step: 0, mode: 'all' });
    const after = new Map<number, 'row' | 'all'>();
    for (const { step, mode } of wanted) {
      const whole = mode === 'all' || drafts[step].jobs !== draft.jobs || after.get(step) === 'all';
      after.set(step, whole ? 'all' : 'row');
    }
    return finish(
      draft,
      i,
      [...after].map(([step, mode]) => ({ step, mode })),
    );
  });
}

function finish(draft: Draft, index: number, after: readonly StepDep[]): Step {
  const { deps: _, ...rest } = draft;
  return { index, ...rest, after };
}
