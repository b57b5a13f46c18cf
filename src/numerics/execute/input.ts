/** What a network is run on, and the check that it fits the model. */
import { EXIT, TrexError } from '../../base/errors.ts';
import type { ModelConfig } from '../../workload/model.ts';
import { areaOf } from '../../workload/size.ts';
import { pixelRows } from './im2col.ts';
import type { Matrix } from './matrix.ts';

/** One image, [channels][height][width], already normalised as in training. */
export interface ImageInput {
  readonly image: Float32Array;
}

/** One sequence of exactly the graph's tokens: ids of words, and of segments (absent: all 0), and where they stand (absent: 0, 1, 2 ...). */
export interface TextInput {
  readonly words: Int32Array;
  readonly types?: Int32Array;
  /** Rows of the position table: of a text of which tokens were left out. */
  readonly positions?: Int32Array;
}

/** One input of a network. */
export type ModelInput = ImageInput | TextInput;

/** Pixels x channels of an image. @throws TrexError (invalid file) if the input is not an image of the model's size. */
export function imageRows(model: ModelConfig, input: ModelInput): Matrix {
  if (!('imageSize' in model)) throw new Error(`${model.name} reads no image`);
  if (!('image' in input)) throw invalid(`${model.name} runs on an image, got words`);
  const { inChannels, image } = model;
  const values = inChannels * areaOf(image);
  if (input.image.length !== values)
    throw invalid(
      `${model.name} runs on an image of ${inChannels} x ${image.height} x ${image.width} = ${values} values, got ${input.image.length}`,
    );
  return pixelRows(input.image, inChannels, image);
}

/** The words of a text. @throws TrexError (invalid file) if there are not exactly `tokens` of them. */
export function textWords(model: ModelConfig, input: ModelInput, tokens: number): TextInput {
  if (!('words' in input)) throw invalid(`${model.name} runs on words, got an image`);
  const { words, types, positions } = input;
  if (words.length !== tokens)
    throw invalid(`this graph of ${model.name} runs on ${tokens} tokens, got ${words.length}`);
  if (types !== undefined && types.length !== tokens)
    throw invalid(`${words.length} words, but ${types.length} segment types`);
  if (positions !== undefined && positions.length !== tokens)
    throw invalid(`${words.length} words, but ${positions.length} positions`);
  return input;
}

const invalid = (message: string): TrexError => new TrexError(message, EXIT.invalidFile);
