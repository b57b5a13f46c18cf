/** Whether a network is what TReX's closed form counts (arXiv 2408.12742, Table II): equal encoders of Q, K, V, QK^T, SV, Projection and an MLP of two layers, each on crossbars of its own. */
import { buildGraph } from '../workload/graph.ts';
import { isMatmul } from '../workload/matmul.ts';
import type { ModelConfig } from '../workload/model.ts';
import type { Op, Stage } from '../workload/op.ts';

/** Where matrices may stand before and behind the encoders: the paper's account leaves these out. */
const ENDS: ReadonlySet<Stage> = new Set(['stem', 'embedding', 'pool', 'head', 'predictor']);

/** Why not, found in its graph; undefined if it is. */
export function notIsotropic(model: ModelConfig, { ops } = buildGraph(model)): string | undefined {
  const outside = ops.find(op => isMatmul(op) && op.encoder === null && !ENDS.has(op.stage));
  if (outside !== undefined) return `it has ${outside.id} outside its encoders`;
  const expected = encoderMatmuls(model);
  const owners = new Map<string, number>();
  for (let encoder = 0; encoder < model.encoders; encoder++) {
    const own = ops.filter(op => op.encoder === encoder);
    const rows = own.find(op => op.kind === 'static')?.rows;
    if (rows !== model.tokens) return `its encoder ${encoder} has ${rows ?? 0} tokens, not ${model.tokens}`;
    if (own.flatMap(matmul).sort().join() !== expected)
      return `its encoder ${encoder} has other matrices than Q, K, V, QK^T, SV, Projection and an MLP of two layers`;
    for (const op of own) {
      if (!isMatmul(op)) continue;
      const owner = owners.get(op.weightId) ?? encoder;
      if (owner !== encoder) return `its encoders ${owner} and ${encoder} share crossbars`;
      owners.set(op.weightId, owner);
    }
  }
  return undefined;
}

/** The matrix products of such an encoder, sorted. */
function encoderMatmuls({ tokens, dim, heads, hidden }: ModelConfig): string {
  const square = `${tokens} x ${dim} x ${dim}`;
  const head = dim / heads;
  return [
    ...new Array<string>(4).fill(square),
    `${tokens} x ${dim} x ${hidden}`,
    `${tokens} x ${hidden} x ${dim}`,
    `${heads} of ${tokens} x ${head} x ${tokens}`,
    `${heads} of ${tokens} x ${tokens} x ${head}`,
  ]
    .sort()
    .join();
}

function matmul(op: Op): string[] {
  if (op.kind === 'static') return [`${op.rows} x ${op.in} x ${op.out}`];
  if (op.kind === 'dynamic') return [`${op.batch} of ${op.m} x ${op.k} x ${op.n}`];
  return op.kind === 'grouped' ? [`${op.groups} groups of ${op.rows} x ${op.in} x ${op.out}`] : [];
}
