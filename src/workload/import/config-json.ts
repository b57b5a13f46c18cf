/** Reads a Hugging Face config.json into a model: what all types share here (defaults included), the rest in model-types/. */
import { nearest } from '../../base/errors.ts';
import { type ModelConfig, modelSchema } from '../model.ts';
import { ConfigReader } from './config-reader.ts';
import { type HeadOfTensors, headOfTensors } from './heads.ts';
import type { ModelType, StackFields } from './model-type.ts';
import { MODEL_TYPES } from './model-types/all.ts';
import { NO_EFFECT } from './no-effect.ts';
import { invalidFile, type Tensors } from './tensor.ts';

/** `hidden_act`: gelu is the error function; the tanh formulas differ only in rounding. */
const ACTIVATIONS: Readonly<Record<string, string>> = {
  gelu: 'gelu',
  gelu_python: 'gelu',
  gelu_new: 'gelu-tanh',
  gelu_fast: 'gelu-tanh',
  gelu_accurate: 'gelu-tanh',
  gelu_pytorch_tanh: 'gelu-tanh',
  gelu_python_tanh: 'gelu-tanh',
  quick_gelu: 'quick-gelu',
  relu: 'relu',
  silu: 'silu',
  swish: 'silu',
};

/** Fields as most types call them, with transformers' defaults. */
const STACK = {
  dim: ['hidden_size', 768],
  encoders: ['num_hidden_layers', 12],
  heads: ['num_attention_heads', 12],
  activation: ['hidden_act', 'gelu'],
  normEps: ['layer_norm_eps', 1e-12],
} as const satisfies StackFields;

const types: readonly ModelType[] = MODEL_TYPES;
const typeNames = types.map(({ name }) => name);

/** What a config.json does not tell. */
export interface ConfigOptions {
  /** Name of the model; default: the last part of `_name_or_path`, or the model type. */
  readonly name?: string;
  /** Stands in front of every message. */
  readonly file?: string;
  /** Sequence length of a text network; default 128, or the longest if that is less. */
  readonly tokens?: number;
  /** Attention heads, where the file leaves them out. */
  readonly heads?: number | undefined;
  /** The checkpoint: its tensors show the head. Absent: the class that `architectures` names does. */
  readonly tensors?: Tensors;
  /** The same before any were left out on purpose. */
  readonly allTensors?: Tensors;
}

/**
 * The model of a config.json, given as its text or parsed.
 * @throws TrexError (invalid file) for anything that would change the result and cannot be run, and for fields that are
 * not known to change nothing.
 */
export function modelFromConfigJson(json: unknown, options: ConfigOptions = {}): ModelConfig {
  const file = options.file ?? 'config.json';
  const top = new ConfigReader(typeof json === 'string' ? parse(json, file) : json, file);
  const type = typeOf(top);
  const reader = type.inside === undefined ? top : top.inside(type.inside);
  for (const one of new Set([top, reader])) refuseVariants(one);
  const { head, classes } = headOf(top, type, options);
  const stack = encoderFields(reader, type.stack, options.heads);
  const model = type.fields(reader, { head, classes, tokens: options.tokens });
  const path = top.string('_name_or_path', type.name);
  refuseRest(top, type);
  if (reader !== top) refuseRest(reader, type);
  const result = modelSchema.safeParse({
    ...stack,
    ...model,
    name: options.name ?? modelName(path, type.name),
    source: `Hugging Face ${file}, model type ${type.name}`,
  });
  if (result.success) return result.data;
  const { path: where, message } = result.error.issues[0];
  throw invalidFile(`${file}: does not make a model: ${where.join('.')}: ${message}`);
}

function typeOf(reader: ConfigReader): ModelType {
  const named = reader.string('model_type', '');
  const type = types.find(({ name }) => name === named);
  if (type !== undefined) return type;
  const near = nearest(named, typeNames);
  throw reader.error(
    'model_type',
    `'${named}' is not supported; known: ${typeNames.join(', ')}${near === undefined ? '' : `; did you mean ${near}?`}`,
  );
}

function encoderFields(reader: ConfigReader, own: StackFields, heads: number | undefined) {
  const { dim, encoders, activation, normEps, heads: headField } = { ...STACK, ...own };
  const width = reader.count(...dim);
  const act = reader.string(...activation);
  if (!Object.hasOwn(ACTIVATIONS, act))
    throw reader.error(
      activation[0],
      `'${act}' is not supported; known: ${Object.keys(ACTIVATIONS).join(', ')}`,
    );
  const hidden = own.hidden?.(reader, width) ?? reader.count('intermediate_size', 4 * dim[1]);
  return {
    dim: width,
    encoders: reader.count(...encoders),
    heads: headCount(reader, headField, heads, { width, usual: dim }),
    mlpRatio: hidden / width,
    activation: ACTIVATIONS[act],
    normEps: typeof normEps === 'number' ? normEps : reader.positive(...normEps),
  };
}

/** Heads leave no trace in tensors: transformers' default is that of its default width. */
function headCount(
  reader: ConfigReader,
  [field, absent]: readonly [string, number],
  asked: number | undefined,
  { width, usual: [widthField, usual] }: { width: number; usual: readonly [string, number] },
): number {
  if (reader.has(field)) {
    const told = reader.count(field, absent);
    if (asked !== undefined && asked !== told)
      throw reader.error(field, `${told}, but --heads ${asked} was asked for`);
    return told;
  }
  if (asked !== undefined) return asked;
  if (width === usual) return absent;
  throw reader.error(
    field,
    `is not there; the default of ${absent} belongs to ${widthField} ${usual}, not to ${width}: add it, or give --heads`,
  );
}

/** What stands at the output: by the tensors, or by the class that saved the checkpoint. */
function headOf(
  reader: ConfigReader,
  type: ModelType,
  options: ConfigOptions,
): HeadOfTensors & { readonly head: string } {
  const { architectures, bare } = type;
  const named = reader.firstOf('architectures');
  if (named !== undefined && !Object.hasOwn(architectures, named))
    throw reader.error(
      'architectures',
      `'${named}' is not supported; known: ${Object.keys(architectures).join(', ')}`,
    );
  const told = named === undefined ? undefined : [architectures[named]].flat();
  const { tensors, allTensors = tensors, file = 'checkpoint' } = options;
  if (tensors === undefined) return { head: told?.[0] ?? bare, classes: undefined };
  const shown = headOfTensors(tensors, told, file);
  if (shown === undefined) return { head: told?.[0] ?? bare, classes: undefined };
  // Heads that are left out on purpose are still those that the file has.
  const stored = headOfTensors(allTensors!, told, file) ?? shown;
  if (told !== undefined && !told.includes(stored.head ?? bare))
    throw reader.error(
      'architectures',
      `${named} ends in ${headText(told[0], bare)}, but the tensors are those of ${headText(stored.head ?? bare, bare)}`,
    );
  return { head: shown.head ?? bare, classes: shown.classes };
}

const headText = (head: string, bare: string): string =>
  head === bare ? 'a network without a head' : `a head of kind '${head}'`;

/** Options that make another network, or other files. */
function refuseVariants(reader: ConfigReader): void {
  const position = reader.string('position_embedding_type', 'absolute');
  if (position !== 'absolute')
    throw reader.error('position_embedding_type', `'${position}' is not supported, only 'absolute'`);
  for (const field of ['is_decoder', 'add_cross_attention', 'is_encoder_decoder'])
    if (reader.boolean(field, false)) throw reader.error(field, 'true is not supported: encoders only');
  if (reader.holds('pruned_heads')) throw reader.error('pruned_heads', 'pruned heads are not supported');
  if (reader.holds('quantization_config'))
    throw reader.error('quantization_config', 'quantised checkpoints of this kind are not supported');
}

/** Fields that are neither applied nor known to change nothing. */
function refuseRest(reader: ConfigReader, { noEffect, name }: ModelType): void {
  const known = (field: string): boolean => Object.hasOwn(noEffect, field) || NO_EFFECT.has(field);
  const [first] = reader.rest().filter(field => !known(field));
  if (first === undefined) return;
  const near = nearest(first, [...reader.asked()]);
  throw reader.error(
    first,
    `not known for model type ${name}${near === undefined ? '' : ` (did you mean ${near}?)`}; if it changes nothing of the result, take it out of the file`,
  );
}

/** A legal model name made of a path or repository name. */
function modelName(path: string, type: string): string {
  const last = path.split('/').at(-1) ?? '';
  const name = last.toLowerCase().replace(/[^a-z0-9.-]+/g, '-');
  return /^[a-z0-9]/.test(name) ? name : type;
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidFile(`${file}: not JSON: ${(error as Error).message}`);
  }
}
