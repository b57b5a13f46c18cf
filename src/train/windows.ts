/** Texts as windows of a decoder: their tokens, and the one behind the last. */
import { usageError } from '../base/errors.ts';
import type { TrainData } from './data.ts';

/** Windows of `tokens` tokens, one behind the other. @throws TrexError (usage) for a text that is shorter than one with what follows it */
export function windowData(what: string, text: Int32Array, tokens: number): TrainData {
  const count = Math.floor((text.length - 1) / tokens);
  if (count < 1)
    throw usageError(
      `${what}: ${text.length} tokens; a window of ${tokens} and the token behind it need more`,
    );
  return {
    inputs: text.slice(0, count * tokens),
    labels: Int32Array.from({ length: count }, (_, i) => text[(i + 1) * tokens]),
  };
}
