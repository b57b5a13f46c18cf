/** Which encoders of a network are alike: the same ops of the same sizes, whatever their weights. */
import type { Graph } from './graph.ts';
import type { Op } from './op.ts';

/** By encoder, the first one that it is like. */
export function encoderKinds({ model, ops }: Pick<Graph, 'model' | 'ops'>): number[] {
  const first = new Map<string, number>();
  return Array.from({ length: model.encoders }, (_, encoder) => {
    const text = JSON.stringify(ops.filter(op => op.encoder === encoder).map(sizesOf));
    const known = first.get(text) ?? encoder;
    first.set(text, known);
    return known;
  });
}

/** The first two encoders that share a matrix's crossbars; undefined where none do. */
export function sharingEncoders(ops: readonly Op[]): readonly [number, number] | undefined {
  const owners = new Map<string, number>();
  for (const op of ops) {
    if (op.encoder === null || !('weightId' in op)) continue;
    const owner = owners.get(op.weightId) ?? op.encoder;
    if (owner !== op.encoder) return [owner, op.encoder];
    owners.set(op.weightId, owner);
  }
  return undefined;
}

/** An op without the names of what it stands between. */
function sizesOf(op: Op): object {
  const names = ['id', 'encoder', 'weightId', 'deps', 'stationary', 'streamed', 'scores'];
  return Object.fromEntries(Object.entries(op).filter(([key]) => !names.includes(key)));
}
