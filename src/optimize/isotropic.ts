/** Whether a network is what TReX's closed form counts (arXiv 2408.12742, Table II): equal encoders of Q, K, V, QK^T, softmax, SV, Projection and an MLP of two layers, each on crossbars of its own. */
import { sharingEncoders } from '../workload/encoder-kinds.ts';
import { buildGraph } from '../workload/graph.ts';
import { isMatmul } from '../workload/matmul.ts';
import type { ModelConfig } from '../workload/model.ts';
import type { Op, Stage } from '../workload/op.ts';

/** Where matrices may stand before and behind the encoders: the paper's account leaves these out. */
const ENDS: ReadonlySet<Stage> = new Set(['stem', 'embedding', 'pool', 'head', 'predictor']);

/** Why not, found in its graph; undefined if it is. */
export function notIsotropic(model: ModelConfig, { ops } = buildGraph(model)): string | undefined {
  if (model.encoders === 0) return 'it has no encoders';
  const outside = ops.find(op => isMatmul(op) && op.encoder === null && !ENDS.has(op.stage));
  if (outside !== undefined) return `it has ${outside.id} outside its encoders`;
  const expected = encoderParts(model);
  for (let encoder = 0; encoder < model.encoders; encoder++) {
    const own = ops.filter(op => op.encoder === encoder);
    const rows = own.find(op => op.kind === 'static')?.rows;
    if (rows !== model.tokens) return `its encoder ${encoder} has ${rows ?? 0} tokens, not ${model.tokens}`;
    if (own.flatMap(part).sort().join() !== expected)
      return `its encoder ${encoder} is not Q, K, V, QK^T, softmax, SV, Projection and an MLP of two layers`;
  }
  const sharing = sharingEncoders(ops);
  return sharing && `its encoders ${sharing.join(' and ')} share crossbars`;
}

/** The matrix products and the map of such an encoder, sorted. */
function encoderParts({ tokens, dim, heads, hidden }: ModelConfig): string {
  const square = `${tokens} x ${dim} x ${dim}`;
  const head = dim / heads;
  return [
    ...new Array<string>(4).fill(square),
    `${tokens} x ${dim} x ${hidden}`,
    `${tokens} x ${hidden} x ${dim}`,
    `${heads} of ${tokens} x ${head} x ${tokens}`,
    `${heads} of ${tokens} x ${tokens} x ${head}`,
    `${heads} of softmax ${tokens} x ${tokens}`,
  ]
    .sort()
    .join();
}

/** What the closed form counts; norms, activations and sums are left out. */
function part(op: Op): string[] {
  if (op.kind === 'static') return [`${op.rows} x ${op.in} x ${op.out}`];
  if (op.kind === 'dynamic') return [`${op.batch} of ${op.m} x ${op.k} x ${op.n}`];
  if (op.kind === 'vector')
    return op.stage === 'softmax' ? [`${op.batch} of ${op.fn} ${op.rows} x ${op.rowLength}`] : [];
  return op.kind === 'tokens' || op.kind === 'layout' ? [] : [op.kind];
}
