/**
 * A text without what its mask leaves out. A masked token changes nothing of the others, whose positions stay those of the
 * whole row, as transformers counts them: BERT 0, 1, 2 ... whatever the mask, RoBERTa the tokens that are not padding.
 */
import { largest } from '../base/extremes.ts';
import { badFile } from '../data/bad-file.ts';
import type { TextInput } from '../numerics/execute/input.ts';
import { positionsOf } from '../workload/functions/embed.ts';
import type { ModelConfig } from '../workload/model.ts';

type TextModel = Extract<ModelConfig, { vocabulary: number }>;

/** One row: tokens, which of them count (1, else 0; absent: all), segments. */
export interface TextRow {
  readonly name: string;
  readonly words: Int32Array;
  readonly mask?: Uint8Array | undefined;
  readonly types?: Int32Array | undefined;
}

/**
 * The tokens that count, with their positions where these are not 0, 1, 2 ...
 * @throws TrexError (invalid file): no token, one that the network does not have, a position beyond its table, or the
 * token left out that its head reads.
 */
export function textInput({ name, words, mask, types }: TextRow, model: TextModel): TextInput {
  const kept = Int32Array.from(words.keys()).filter(i => mask === undefined || mask[i] !== 0);
  if (kept.length === 0) throw badFile(name, 'its mask leaves no token');
  if (kept[0] !== 0 && readsFirst(model))
    throw badFile(
      name,
      `its mask leaves out the first token, by which ${model.name} classifies (padding on the left: transformers would read the padding): pad on the right`,
    );
  if (model.family === 'decoder' && kept.some((i, place) => i !== place))
    throw badFile(name, 'its mask leaves out a token before others: a decoder is padded on the right');
  const places = positionsOf(words, model.padding);
  const most = largest(kept.map(i => places[i])) + (model.padding === undefined ? 1 : -model.padding);
  if (most > model.maxTokens)
    throw badFile(name, `${most} tokens; ${model.name} has positions for ${model.maxTokens}`);
  const pick = (row: Int32Array): Int32Array => kept.map(i => row[i]);
  const text = pick(words);
  const bad = text.findIndex(id => id < 0 || id >= model.vocabulary);
  if (bad >= 0)
    throw badFile(name, `token ${text[bad]}; ${model.name} has a vocabulary of ${model.vocabulary}`);
  const positions = pick(places);
  const isPlain = positions.join() === positionsOf(text, model.padding).join();
  return {
    words: text,
    ...(types !== undefined && { types: pick(types) }),
    ...(!isPlain && { positions }),
  };
}

/** A pooler looks at the first token of the row. */
const readsFirst = (model: TextModel): boolean => 'pooler' in model && model.pooler === 'run';
