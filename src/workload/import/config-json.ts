/** Reads a Hugging Face config.json into a model: what all types share here (defaults included), the rest in model-types/. */
import { nearest } from '../../base/errors.ts';
import { type ModelConfig, modelSchema } from '../model.ts';
import { ConfigReader } from './config-reader.ts';
import type { ModelType, OutputHead } from './model-type.ts';
import { MODEL_TYPES } from './model-types/all.ts';
import { invalidFile } from './tensor.ts';

/** `hidden_act`: gelu is the error function; the tanh formulas differ only in rounding. */
const ACTIVATIONS: Readonly<Record<string, string>> = {
  gelu: 'gelu',
  gelu_python: 'gelu',
  gelu_new: 'gelu-tanh',
  gelu_fast: 'gelu-tanh',
  gelu_accurate: 'gelu-tanh',
  gelu_pytorch_tanh: 'gelu-tanh',
  gelu_python_tanh: 'gelu-tanh',
  relu: 'relu',
};

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
}

/**
 * The model of a config.json, given as its text or parsed.
 * @throws TrexError (invalid file) for anything that would change the result and cannot be run.
 */
export function modelFromConfigJson(json: unknown, options: ConfigOptions = {}): ModelConfig {
  const file = options.file ?? 'config.json';
  const reader = new ConfigReader(typeof json === 'string' ? parse(json, file) : json, file);
  const named = reader.string('model_type', '');
  const type = types.find(({ name }) => name === named);
  if (type === undefined) {
    const near = nearest(named, typeNames);
    throw reader.error(
      'model_type',
      `'${named}' is not supported; known: ${typeNames.join(', ')}${near === undefined ? '' : `; did you mean ${near}?`}`,
    );
  }
  refuseVariants(reader);
  const model = type.fields(reader, headOf(reader, type), options.tokens);
  const path = reader.string('_name_or_path', type.name);
  const result = modelSchema.safeParse({
    ...encoderFields(reader),
    ...model,
    name: options.name ?? modelName(path, type.name),
    source: `Hugging Face ${file}, model type ${type.name}`,
  });
  if (result.success) return result.data;
  const { path: where, message } = result.error.issues[0];
  throw invalidFile(`${file}: does not make a model: ${where.join('.')}: ${message}`);
}

function encoderFields(reader: ConfigReader) {
  const dim = reader.count('hidden_size', 768);
  const act = reader.string('hidden_act', 'gelu');
  if (!Object.hasOwn(ACTIVATIONS, act))
    throw reader.error(
      'hidden_act',
      `'${act}' is not supported; known: ${Object.keys(ACTIVATIONS).join(', ')}`,
    );
  return {
    dim,
    encoders: reader.count('num_hidden_layers', 12),
    heads: reader.count('num_attention_heads', 12),
    mlpRatio: reader.count('intermediate_size', 3072) / dim,
    activation: ACTIVATIONS[act],
    normEps: reader.positive('layer_norm_eps', 1e-12),
  };
}

/** What stands at the output, by the class that saved the checkpoint. */
function headOf(reader: ConfigReader, { architectures, unnamed }: ModelType): OutputHead {
  const architecture = reader.firstOf('architectures');
  if (architecture === undefined) return unnamed;
  if (Object.hasOwn(architectures, architecture)) return architectures[architecture];
  throw reader.error(
    'architectures',
    `'${architecture}' is not supported; known: ${Object.keys(architectures).join(', ')}`,
  );
}

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
