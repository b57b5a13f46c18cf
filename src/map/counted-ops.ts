/** Ops of a graph that the chip's accounting counts. */
import { type AccountingSwitch, counts } from '../arch/accounting.ts';
import type { ArchConfig } from '../arch/config.ts';
import type { Graph, Op, Stage } from '../workload/op.ts';

/** In the order of the graph; changes of the token count are the mapper's own and are no work. */
export function countedOps(
  { ops }: Pick<Graph, 'ops'>,
  { accounting }: Pick<ArchConfig, 'accounting'>,
): Op[] {
  const omitted = (Object.keys(OPS) as AccountingSwitch[]).filter(name => !counts(accounting, name));
  return ops.filter(op => op.kind !== 'tokens' && !omitted.some(name => OPS[name](op)));
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
  vectorUnit: op => op.kind === 'vector' && op.fn !== 'softmax',
  inputBitPlanes: noOp,
  interconnect: noOp,
  buffers: noOp,
  accumulators: noOp,
  controllers: noOp,
  softmaxArea: noOp,
  leakage: noOp,
  dram: noOp,
};
