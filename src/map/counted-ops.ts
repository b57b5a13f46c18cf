/** Ops of a graph that the chip's accounting counts. */
import { type AccountingSwitch, counts } from '../arch/accounting.ts';
import type { ArchConfig } from '../arch/config.ts';
import type { Graph } from '../workload/graph.ts';
import type { Op, Stage, VectorOp } from '../workload/op.ts';
import { functionOf } from '../workload/vector-functions.ts';

/** In the order of the graph; changes of the token count are the mapper's own and are no work. */
export function countedOps(
  { ops }: Pick<Graph, 'ops'>,
  { accounting }: Pick<ArchConfig, 'accounting'>,
): Op[] {
  const omitted = (Object.keys(OPS) as AccountingSwitch[]).filter(name => !counts(accounting, name));
  return ops.filter(op => op.kind !== 'tokens' && !omitted.some(name => OPS[name](op)));
}

/** Stages of attention: the paper's account leaves out none of their functions. */
const ATTENTION_STAGES: readonly Stage[] = ['qkv', 'qk', 'softmax', 'sv'];

/** `accounting.vectorUnit: omitted` leaves this op out: its function is among those that the paper omits. */
function isOmitted(op: VectorOp): boolean {
  const { cost } = functionOf(op);
  return cost.unit === 'vector' && cost.omitted && !ATTENTION_STAGES.includes(op.stage);
}

const ofStage =
  (...stages: Stage[]) =>
  (op: Op): boolean =>
    stages.includes(op.stage);
const noOp = (): boolean => false;

/** The ops that each switch of the accounting leaves out when it omits. */
const OPS: Record<AccountingSwitch, (op: Op) => boolean> = {
  embedding: ofStage('stem', 'embedding'),
  head: ofStage('head', 'pool'),
  predictor: ofStage('predictor'),
  transformation: ofStage('transform'),
  vectorUnit: op => op.kind === 'vector' && isOmitted(op),
  inputBitPlanes: noOp,
  interconnect: noOp,
  buffers: noOp,
  accumulators: noOp,
  controllers: noOp,
  softmaxArea: noOp,
  leakage: noOp,
  dram: noOp,
};
