/** A family of networks: its model file's schema and how its op graph is built. One source file per family. */
import type * as z from 'zod';
import type { GraphBuilder } from './builder.ts';
import type { ReusePlan } from './reuse.ts';

export interface Family<Schema extends z.ZodType = z.ZodType> {
  readonly name: string;
  /** Checks a model file and gives the configuration: defaults filled in, `hidden` and `tokens` derived. */
  readonly schema: Schema;
  /** Adds every op of the network, in topological order. */
  build(b: GraphBuilder, model: z.output<Schema>, reuse: ReusePlan): void;
}
