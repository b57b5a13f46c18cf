/** Ops of a graph that the chip's accounting counts. */
import { omits } from '../arch/accounting.ts';
import type { ArchConfig } from '../arch/config.ts';
import type { Graph } from '../workload/graph.ts';
import type { Op } from '../workload/op.ts';

/** In the order of the graph; changes of the token count and of the order of values are addresses, and no work. */
export const countedOps = (
  { ops }: Pick<Graph, 'ops'>,
  { accounting }: Pick<ArchConfig, 'accounting'>,
): Op[] => ops.filter(op => op.kind !== 'tokens' && op.kind !== 'layout' && !omits(accounting, op));
