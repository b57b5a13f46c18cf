/** What the config.json files of decoders have in common. */
import { log2 } from '../../base/math.ts';
import type { ConfigReader } from './config-reader.ts';
import type { TypeContext, TypeFields } from './model-type.ts';

/** The words of the next token at each place: what every decoder here ends in. */
export type DecoderHead = 'words';

/** Tokens of a prompt where nobody says more. */
const DEFAULT_TOKENS = 128;

/** The vocabulary, the longest text, and whether the last matrix is the embedding. */
export function decoderFields(
  reader: ConfigReader,
  { tokens }: TypeContext<DecoderHead>,
  of: { readonly vocabulary: number; readonly longest: number; readonly tied: boolean },
): TypeFields {
  const { vocabulary, longest, tied } = of;
  return {
    family: 'decoder',
    vocabulary: reader.count('vocab_size', vocabulary),
    maxTokens: longest,
    tokens: tokens ?? Math.min(DEFAULT_TOKENS, longest),
    tiedWords: reader.boolean('tie_word_embeddings', tied),
  };
}

/** Frequencies that stay as they are for texts no longer than the positions of the network. */
const UNCHANGED: readonly string[] = ['default', 'dynamic'];
const KINDS: readonly string[] = [...UNCHANGED, 'linear', 'llama3', 'yarn'];

/** Which layers see a window of so many tokens. */
export interface Window {
  readonly span: number | undefined;
  readonly windowed: (layer: number) => boolean;
  /** transformers reads `layer_types` of this kind of network; else the field is one that is not known. */
  readonly byLayer: boolean;
}

/**
 * Rotary positions: `rope_theta` and `rope_scaling`, or `rope_parameters` with both (transformers from version 5 on).
 * @throws TrexError (invalid file) for a kind of scaling that is not known here.
 */
export function rotaryFields(reader: ConfigReader, theta: number): Readonly<Record<string, unknown>> {
  const whole = reader.has('rope_parameters');
  const field = whole ? 'rope_parameters' : 'rope_scaling';
  const scaling = reader.inside(field);
  const own = scaling.positive('rope_theta', theta);
  const base = whole && scaling.has('rope_theta') ? own : reader.positive('rope_theta', own);
  const kind = scalingKind(scaling);
  for (const one of [reader, scaling])
    if (one.positive('partial_rotary_factor', 1) !== 1)
      throw one.error('partial_rotary_factor', 'heads that are turned in part are not supported');
  const found = scalingOf(scaling, kind, reader);
  const [odd] = scaling.rest();
  if (odd !== undefined) throw scaling.error(odd, `not known for positions of kind '${kind}'`);
  return found === undefined ? { theta: base } : { theta: base, scaling: found };
}

/** `rope_type`, or `type` of older files. @throws TrexError (invalid file) where they differ, or none is there and something is scaled. */
function scalingKind(scaling: ConfigReader): string {
  const [kind, old] = ['rope_type', 'type'].map(field =>
    scaling.has(field) ? scaling.string(field, '') : undefined,
  );
  if (kind !== undefined && old !== undefined && kind !== old)
    throw scaling.error('type', `'${old}' beside rope_type '${kind}': which of them?`);
  if (kind === undefined && old === undefined && scaling.has('factor'))
    throw scaling.error('rope_type', `is not there; known: ${KINDS.join(', ')}`);
  return kind ?? old ?? 'default';
}

function scalingOf(scaling: ConfigReader, kind: string, reader: ConfigReader): object | undefined {
  if (UNCHANGED.includes(kind)) {
    // A text never is longer than the positions: its frequencies are the plain ones.
    for (const field of ['factor', 'original_max_position_embeddings']) scaling.has(field);
    const longest = reader.optionalCount('max_position_embeddings');
    const original = scaling.optionalCount('original_max_position_embeddings') ?? longest;
    if (kind === 'dynamic' && original !== longest)
      throw scaling.error(
        'original_max_position_embeddings',
        `${original} beside max_position_embeddings ${longest}: frequencies that change with the length of a text are not supported`,
      );
    return undefined;
  }
  const needed = (field: string): number => {
    if (!scaling.has(field)) throw scaling.error(field, `is not there; positions of kind '${kind}' need it`);
    return scaling.positive(field, 1);
  };
  if (kind === 'linear') return { kind, factor: needed('factor') };
  if (kind === 'yarn') return yarn(scaling, needed('factor'), reader);
  if (kind !== 'llama3')
    throw reader.error('rope_scaling', `'${kind}' is not supported; known: ${KINDS.join(', ')}`);
  return {
    kind,
    factor: needed('factor'),
    lowFactor: needed('low_freq_factor'),
    highFactor: needed('high_freq_factor'),
    original: needed('original_max_position_embeddings'),
  };
}

/** huggingface/transformers modeling_rope_utils.py, _compute_yarn_parameters. @throws TrexError (invalid file) where its versions differ */
function yarn(scaling: ConfigReader, factor: number, reader: ConfigReader): object {
  const longest = reader.count('max_position_embeddings', 1);
  const original = scaling.count('original_max_position_embeddings', longest);
  // Since version 4.45 the ratio goes before the factor, where the original length stands there.
  if (scaling.has('original_max_position_embeddings') && longest / original !== factor)
    throw scaling.error(
      'factor',
      `${factor}, but max_position_embeddings ${longest} / original_max_position_embeddings ${original} is ${longest / original}: versions of transformers differ in which they take; make them agree`,
    );
  const scale = (weight: number): number => (factor <= 1 ? 1 : 0.1 * weight * Math.LN2 * log2(factor) + 1);
  const both = scaling.has('mscale') && scaling.has('mscale_all_dim');
  const [own, all] = ['mscale', 'mscale_all_dim'].map(field => scaling.positive(field, 1));
  const gain = scaling.positive('attention_factor', both ? scale(own) / scale(all) : scale(1));
  return {
    kind: 'yarn',
    factor,
    betaFast: scaling.positive('beta_fast', 32),
    betaSlow: scaling.positive('beta_slow', 1),
    truncate: scaling.boolean('truncate', true),
    gain,
    original,
  };
}

/**
 * Attention of the blocks: all alike, or, where `layer_types` says so, some in a window of the last `span` tokens.
 * @throws TrexError (invalid file) for a kind of layer that is not known here.
 */
export function attentionFields(
  reader: ConfigReader,
  attention: Readonly<Record<string, unknown>>,
  { span, windowed, byLayer }: Window,
  layers: number,
): object {
  const kinds = byLayer ? reader.strings('layer_types') : undefined;
  if (kinds !== undefined && kinds.length !== layers)
    throw reader.error('layer_types', `${kinds.length} kinds for ${layers} layers`);
  const odd = kinds?.find(kind => kind !== 'full_attention' && kind !== 'sliding_attention');
  if (odd !== undefined)
    throw reader.error('layer_types', `'${odd}' is not supported; known: full_attention, sliding_attention`);
  const encoders = Array.from({ length: layers }, (_, layer) => layer).filter(layer =>
    kinds === undefined ? span !== undefined && windowed(layer) : kinds[layer] === 'sliding_attention',
  );
  if (encoders.length === 0) return { attention };
  if (span === undefined) throw reader.error('layer_types', 'sliding_attention needs sliding_window');
  const own = { ...attention, span };
  if (encoders.length === layers) return { attention: own };
  return { attention, attentionExceptions: [{ encoders, attention: own }] };
}
