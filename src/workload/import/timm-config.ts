/** The config.json that timm writes beside its weights (huggingface/pytorch-image-models timm/models/_hub.py): it names an architecture, and what was built otherwise. */
import type { Size } from '../size.ts';
import { invalidFile, shown } from './tensor.ts';
import { architectureOf } from './timm-architectures.ts';
import type { TimmFields } from './timm-fields.ts';

/** What it tells, and sizes that the image may have. */
interface TimmTold {
  readonly fields: TimmFields;
  readonly images: readonly Size[];
}

/** Ways to build one that leave their traces in the tensors, and are seen there. */
const TRACED = [
  ...['patch_size', 'in_chans', 'num_classes', 'embed_dim', 'depth', 'mlp_ratio', 'qkv_bias', 'class_token'],
  ...['reg_tokens', 'no_embed_class', 'pre_norm', 'final_norm', 'fc_norm', 'init_values'],
];

/** Those that change nothing of the results. */
const HARMLESS = [
  ...['weight_init', 'fix_init', 'dynamic_img_size', 'strict_img_size', 'drop_rate', 'proj_drop_rate'],
  ...['attn_drop_rate', 'pos_drop_rate', 'patch_drop_rate', 'drop_path_rate', 'pretrained_cfg'],
];

/** Those that are applied here. */
const APPLIED = ['img_size', 'num_heads', 'global_pool', 'act_layer'];

/** Of the file itself; `pretrained_cfg` is how images were prepared, and where the weights are from. */
const TOP = [
  ...['architecture', 'num_classes', 'num_features', 'global_pool', 'model_args', 'pretrained_cfg'],
  ...['label_names', 'label_descriptions', 'labels', 'license', 'custom_license', 'tags', 'library_name'],
];

/** timm's names of pools. */
const POOLS = { token: 'class', avg: 'mean', map: 'attention', '': 'none' } as const;

/** timm's names of activations (timm/layers/create_act.py). */
const ACTIVATIONS = {
  gelu: 'gelu',
  gelu_tanh: 'gelu-tanh',
  quick_gelu: 'quick-gelu',
  relu: 'relu',
  silu: 'silu',
  swish: 'silu',
} as const;

type Fields = Readonly<Record<string, unknown>>;

/** As far as it is read. */
export interface TimmConfig {
  readonly architecture: string;
  readonly global_pool?: unknown;
  readonly model_args?: unknown;
  readonly pretrained_cfg?: unknown;
}

export const isTimmConfig = (json: object): json is TimmConfig =>
  !('model_type' in json) && typeof (json as Partial<TimmConfig>).architecture === 'string';

/** @throws TrexError (invalid file) for what is not known here, or cannot be run. */
export function timmTold(config: TimmConfig, file: string): TimmTold {
  const { architecture } = config;
  const args = objectAt(config, 'model_args', file);
  const pretrained = objectAt(config, 'pretrained_cfg', file);
  refuseOthers(Object.keys(config), TOP, '', file);
  refuseOthers(Object.keys(args), [...APPLIED, ...TRACED, ...HARMLESS], 'model_args.', file);
  const known = architectureOf(architecture);
  if (known === 'refused')
    throw invalidFile(`${file}: architecture: ${shown(architecture)} is not supported`);
  // What was built stands above what the architecture has, and that above where the weights began.
  const poolName = args.global_pool ?? config.global_pool ?? pretrained.global_pool;
  const pool = word(poolName, POOLS, 'global_pool', file);
  const activation = word(args.act_layer, ACTIVATIONS, 'model_args.act_layer', file);
  const heads = args.num_heads;
  if (heads !== undefined && (typeof heads !== 'number' || !Number.isInteger(heads) || heads < 1))
    throw invalidFile(
      `${file}: model_args.num_heads: expected a whole number of at least 1, got ${text(heads)}`,
    );
  return {
    fields: {
      ...known,
      ...(pool !== undefined && { pool }),
      ...(activation !== undefined && { activation }),
      ...(heads !== undefined && { heads }),
    },
    images: [
      sizeOf(args.img_size, 'model_args.img_size', file),
      sizeOf(inputSize(pretrained.input_size), 'pretrained_cfg.input_size', file),
    ].flatMap(size => size ?? []),
  };
}

function objectAt(config: TimmConfig, field: 'model_args' | 'pretrained_cfg', file: string): Fields {
  const value = config[field] ?? {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Fields;
  throw invalidFile(`${file}: ${field}: expected an object, got ${text(value)}`);
}

function refuseOthers(fields: readonly string[], known: readonly string[], path: string, file: string): void {
  const other = fields.find(field => !known.includes(field));
  if (other !== undefined)
    throw invalidFile(
      `${file}: ${path}${shown(other)}: not known here; known: ${known.join(', ')}; if it changes nothing of the result, take it out of the file`,
    );
}

function word<Words extends Readonly<Record<string, string>>>(
  value: unknown,
  words: Words,
  field: string,
  file: string,
): Words[keyof Words] | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && Object.hasOwn(words, value)) return words[value] as Words[keyof Words];
  throw invalidFile(
    `${file}: ${field}: ${text(value)} is not supported; known: ${Object.keys(words).map(text).join(', ')}`,
  );
}

/** [channels, height, width] without the channels. */
const inputSize = (value: unknown): unknown =>
  Array.isArray(value) && value.length === 3 ? value.slice(1) : value;

function sizeOf(value: unknown, field: string, file: string): Size | undefined {
  if (value === undefined || value === null) return undefined;
  const sides = Array.isArray(value) ? value : [value, value];
  const whole = sides.every(side => typeof side === 'number' && Number.isInteger(side) && side >= 1);
  if (sides.length !== 2 || !whole)
    throw invalidFile(`${file}: ${field}: expected one or two whole numbers, got ${text(value)}`);
  return { height: sides[0] as number, width: sides[1] as number };
}

const text = (value: unknown): string => shown(JSON.stringify(value));
