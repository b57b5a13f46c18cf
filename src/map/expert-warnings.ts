/** What a run of a network with experts, or with weights that are powers of two, takes for granted. */
import type { ArchConfig } from '../arch/config.ts';
import type { Graph } from '../workload/graph.ts';
import type { Op } from '../workload/op.ts';

/** One sentence each; none for a network without them. */
export function expertWarnings(
  { ops }: Pick<Graph, 'ops'>,
  { precision }: Pick<ArchConfig, 'precision'>,
): string[] {
  const assumed = ops.filter(op => op.kind === 'tokens' && op.expert?.index === 0 && op.expert.assumed);
  const powers = ops.filter(op => op.kind === 'static' && op.codec === 'pow2');
  const exact = precision.weights - 2;
  return [
    ...(assumed.length === 0
      ? []
      : [
          `${named(assumed, 'router')}: how many rows go to each expert is assumed: load and loadSource in the model file say it`,
        ]),
    ...(powers.length === 0
      ? []
      : [
          `${named(powers, 'layer')} of powers of two: ordinary weights of ${precision.weights} bits on this chip, which has no unit that shifts; ` +
            `powers more than ${exact} below the largest are rounded`,
        ]),
  ];
}

const named = (ops: readonly Op[], what: string): string =>
  ops.length === 1 ? `${what} ${nameOf(ops[0])}` : `${ops.length} ${what}s (${nameOf(ops[0])}, ...)`;

/** Rows go where the router of a layer says. */
const nameOf = ({ id }: Op): string => id.replace(/\.route0$/, '.router');
