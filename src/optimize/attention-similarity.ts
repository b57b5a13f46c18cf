/** How alike the attention outputs of the encoders of a network are: linear CKA over the tokens of some inputs (TReX, arXiv 2408.12742, Fig. 17). */
import type { NetworkSource } from '../accuracy/runner.ts';
import { usageError } from '../base/errors.ts';
import { finishedWith } from '../base/turn.ts';
import type { ModelInput } from '../numerics/execute/input.ts';
import { prepare } from '../numerics/execute/prepare.ts';
import { attentionOutputs } from '../workload/reuse-space.ts';
import { ckaMatrix, type Representation } from './cka.ts';

/**
 * CKA at [i][j] of what the projections of encoders i and j read; inputs may differ in length. 0 where the two have
 * different numbers of tokens, as neither can take over the other's. `pause` may throw.
 */
export async function attentionSimilarity(
  source: NetworkSource,
  inputs: readonly ModelInput[],
  pause: () => Promise<void> = async () => {},
): Promise<number[][]> {
  const taps = attentionOutputs(source.graph()).map((output, i) => {
    if (output === undefined) throw usageError(`encoder ${i} has no attention output to compare`);
    return output.id;
  });
  const rows = taps.map((): Float32Array[] => []);
  const columns = taps.map(() => 0);
  for (const input of inputs) {
    const graph = source.graph('words' in input ? input.words.length : undefined);
    const network = prepare(graph, source.weights(graph));
    const result = await network.run(input, { taps });
    for (const [i, tap] of taps.entries()) {
      const matrix = result.taps.get(tap);
      if (matrix === undefined) throw new RangeError(`encoder ${i} has no attention of its own`);
      rows[i].push(matrix.data);
      columns[i] = matrix.columns;
    }
    network.dispose();
    await pause();
  }
  const all = rows.map((parts, i) => representation(parts, columns[i]));
  const isAlike = (x: Representation, y: Representation): boolean =>
    x.rows === y.rows && x.columns === y.columns;
  return finishedWith(ckaMatrix(all, isAlike), pause);
}

function representation(parts: readonly Float32Array[], columns: number): Representation {
  const data = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return { rows: data.length / columns, columns, data };
}
