/** How alike the attention outputs of the encoders of a network are: linear CKA over the tokens of some inputs (TReX, arXiv 2408.12742, Fig. 17). */
import type { NetworkSource } from '../accuracy/runner.ts';
import { finishedWith } from '../base/turn.ts';
import type { ModelInput } from '../numerics/execute/input.ts';
import { prepare } from '../numerics/execute/prepare.ts';
import { ckaMatrix, type Representation } from './cka.ts';

/** The concatenated heads of an encoder, before its projection: what a reuse encoder would take over. */
const tapOf = (encoder: number): string => `e${encoder}.sv`;

/** CKA of encoder i and j at [i][j]; inputs may differ in length. `pause` may throw. */
export async function attentionSimilarity(
  source: NetworkSource,
  encoders: number,
  inputs: readonly ModelInput[],
  pause: () => Promise<void> = async () => {},
): Promise<number[][]> {
  const taps = Array.from({ length: encoders }, (_, i) => tapOf(i));
  const rows = taps.map((): Float32Array[] => []);
  let columns = 0;
  for (const input of inputs) {
    const graph = source.graph('words' in input ? input.words.length : undefined);
    const network = prepare(graph, source.weights(graph));
    const result = await network.run(input, { taps });
    for (const [i, tap] of taps.entries()) {
      const matrix = result.taps.get(tap);
      if (matrix === undefined) throw new RangeError(`encoder ${i} has no attention of its own`);
      rows[i].push(matrix.data);
      columns = matrix.columns;
    }
    network.dispose();
    await pause();
  }
  const all = rows.map(parts => representation(parts, columns));
  return finishedWith(ckaMatrix(all), pause);
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
