/** Generation: a decoder goes on with its prompts, token by token, on a cache of keys and values. */
import { usageError } from '../base/errors.ts';
import { uniformStream } from '../base/random.ts';
import { wholeNumber } from '../base/whole-number.ts';
import { KvCache } from '../numerics/execute/kv-cache.ts';
import type { ModelConfig } from '../workload/model.ts';
import { needsDecoder } from '../workload/needs-decoder.ts';
import { assumedOf } from './assumed.ts';
import { CALIBRATION_INPUTS } from './defaults.ts';
import {
  checkInferOptions,
  INFER_DEFAULTS,
  type InferHooks,
  type InferOptions,
  networkOptions,
} from './infer.ts';
import { openNetwork } from './network-file.ts';
import { nextToken, type Sampling } from './next-token.ts';
import { Runner } from './runner.ts';
import { type DecoderModel, readTokenRows, type TextSource, tokenizerOf } from './token-rows.ts';

/** A decoder, its prompts, and how they go on. */
export interface GenerateOptions extends InferOptions, Sampling {
  /** Tokens that are added to each prompt. */
  readonly generate: number;
}

/** Only the network, its prompts and how many tokens follow have no default. */
export type GenerateRequest = Pick<GenerateOptions, 'model' | 'input' | 'generate'> &
  Partial<GenerateOptions>;

/** What a decoder wrote. */
export interface GenerateResult {
  /** prompts x generated tokens, row-major. */
  readonly tokens: Int32Array;
  readonly shape: readonly [prompts: number, tokens: number];
  /** Each prompt with what follows it, where tokens are bytes or prompts were texts; else null. */
  readonly texts: readonly string[] | null;
  /** In words, of an analog run, else null. */
  readonly assumed: string | null;
  readonly warnings: readonly string[];
}

/**
 * Goes on with prompts.
 * @throws TrexError: bad options (2), a missing file (4), a network that is no decoder, or a prompt that does not fit (2, 3).
 */
export async function generate(request: GenerateRequest, hooks: InferHooks): Promise<GenerateResult> {
  const options: GenerateOptions = { ...INFER_DEFAULTS, temperature: 0, ...request };
  checkInferOptions(options);
  checkSampling(options);
  const network = await openNetwork(options, hooks);
  const model = decoderOf(network.model);
  const { disk } = hooks;
  const { folder } = network;
  const sourceOf = (path: string): TextSource => ({ disk, path, folder });
  const prompts = await readTokenRows(sourceOf(options.input), model);
  // What is drawn last is not looked at any more.
  for (const [i, { length }] of prompts.entries())
    if (length + options.generate - 1 > model.maxTokens)
      throw usageError(
        `${options.input}: prompt ${i} of ${length} tokens and ${options.generate} more: ${model.name} has positions for ${model.maxTokens}`,
      );
  const calibration =
    options.calibrate === undefined ? prompts : await readTokenRows(sourceOf(options.calibrate), model);
  const some = calibration.slice(0, CALIBRATION_INPUTS).map(words => ({ words }));
  const how = await networkOptions(options, network, some, hooks);
  const runner = new Runner(network, how);
  const all: number[][] = [];
  try {
    for (const [text, prompt] of prompts.entries())
      all.push(await goOn(runner, prompt, text, options, hooks));
  } finally {
    runner.dispose();
  }
  const decode = await decoderText(model, sourceOf(options.input));
  return {
    tokens: Int32Array.from(all.flat()),
    shape: [all.length, options.generate],
    texts: decode === undefined ? null : all.map((more, i) => decode([...prompts[i], ...more])),
    assumed: how.analog === undefined ? null : assumedOf(how.analog),
    warnings: network.warnings,
  };
}

/** The tokens that follow one prompt. */
async function goOn(
  runner: Runner,
  prompt: Int32Array,
  text: number,
  { generate: count, seed, ...sampling }: GenerateOptions,
  { pause }: InferHooks,
): Promise<number[]> {
  const random = uniformStream(seed, 'generate', text);
  const cache = new KvCache();
  const tokens: number[] = [];
  let words = prompt;
  let past = 0;
  while (tokens.length < count) {
    await pause?.('infer', tokens.length, count);
    const { logits } = await runner.step({ words }, past, { cache, image: text });
    past += words.length;
    tokens.push(nextToken(logits.data.subarray((logits.rows - 1) * logits.columns), sampling, random));
    words = Int32Array.of(tokens[tokens.length - 1]);
  }
  return tokens;
}

function checkSampling({
  generate,
  temperature,
  topK,
}: Pick<GenerateOptions, 'generate' | keyof Sampling>): void {
  wholeNumber('generate', generate, 1);
  if (!(temperature >= 0 && temperature < Number.POSITIVE_INFINITY))
    throw usageError(`--temperature ${temperature}: expected a number of at least 0`);
  if (topK !== undefined) wholeNumber('top-k', topK, 1);
}

/** @throws TrexError (usage) for another family. */
export function decoderOf(model: ModelConfig): DecoderModel {
  if (model.family !== 'decoder') throw usageError(needsDecoder(model));
  return model;
}

/** Tokens to text: bytes, or by the tokenizer that the prompt was cut with; undefined for token ids. */
async function decoderText(
  model: DecoderModel,
  { disk, path, folder }: TextSource,
): Promise<((tokens: readonly number[]) => string) | undefined> {
  if (model.tokenizer === 'bytes') return textOf;
  if (/\.(npy|json)$/i.test(path)) return undefined;
  const tokenizer = await tokenizerOf(disk, folder, model);
  return tokens => tokenizer!.decode(tokens);
}

const textOf = (bytes: readonly number[]): string => new TextDecoder().decode(Uint8Array.from(bytes));
