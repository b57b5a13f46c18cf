/** The flags that commands share: which network, which crossbars, which back end, what is printed where. Each stands here once. */
import type { Options } from 'yargs';
import { CROSSBAR_DEFAULTS } from '../../accuracy/defaults.ts';
import { FILTERS } from '../../data/resample.ts';
import { BACKENDS } from '../../numerics/mvm/node/open-backend.ts';
import { COMPENSATIONS, type CompensationScope } from '../../tech/drift-compensation-schema.ts';
import { ENCODING_NAMES, type EncodingName } from '../../tech/encodings.ts';

const NETWORK = 'Network:';
const CROSSBARS = 'Crossbars:';
const MACHINE = 'Back end:';

/** A switch that is off unless it is given. */
export const flag = (describe: string, group = 'Output:') =>
  ({ type: 'boolean', default: false, describe, group }) as const;

/** A text without a default. */
export const text = (describe: string, group: string) => ({ type: 'string', describe, group }) as const;

/** A number without a default. */
export const number = (describe: string, group: string) => ({ type: 'number', describe, group }) as const;

/** Values on top of the files, one behind each `--set`. */
export const setFlag = (describe: string, group: string) => {
  const none: string[] = [];
  return { type: 'string', array: true, nargs: 1, default: none, describe, group } as const;
};

export const seedFlag = (group = 'Run:') =>
  ({ type: 'number', default: 1, describe: 'Seed of random streams', group }) as const;

export const replaceFlag = flag('Replace the folder');
export const forceFlag = flag('Begin anew');
export const noProgressFlag = flag('No progress');
/** Of commands that warn. */
export const quietFlag = flag('No progress, no warnings');

export const modelFlag = {
  type: 'string',
  describe: 'A name of `trex list models`, or a YAML or .onnx file',
  group: 'Model:',
} as const;
export const tokensFlag = number('Sequence length of a text network', 'Model:');

export const weightBitsFlag = (group: string, describe = 'Bits of a weight') =>
  ({ type: 'number', default: 8, describe, group }) as const;
export const inputBitsFlag = (group: string, describe = 'Bits of an input') =>
  ({ type: 'number', default: 8, describe, group }) as const;

export const ignoreTensorsFlag = (group: string) =>
  text('Tensors to leave out: names with * for any text, commas between', group);

export const networkFlags = {
  model: {
    type: 'string',
    demandOption: true,
    describe: 'Weights: .safetensors, an index of shards, .npz, or a folder of Hugging Face',
    group: NETWORK,
  },
  config: { type: 'string', describe: 'config.json [default: the one beside the weights]', group: NETWORK },
  'model-name': { type: 'string', describe: 'A name of `trex list models`, or a YAML file', group: NETWORK },
  heads: {
    type: 'number',
    describe: 'Attention heads, where no file tells: a timm ViT without config',
    group: NETWORK,
  },
  'ignore-tensors': ignoreTensorsFlag(NETWORK),
  'image-size': text('Pixels of the image, 384 or 224x448: position embeddings are interpolated', NETWORK),
  reuse: { type: 'string', default: 'none', describe: 'Encoders that reuse attention', group: NETWORK },
} as const satisfies Record<string, Options>;

export const quantisationFlags = {
  calibrator: {
    type: 'string',
    default: 'percentile',
    describe: 'Range of activations: min-max | percentile | mse',
    group: NETWORK,
  },
  'weight-bits': weightBitsFlag(NETWORK),
  'input-bits': inputBitsFlag(NETWORK, 'Bits of an input: planes'),
} as const satisfies Record<string, Options>;

const CACHE = 'Cache of a decoder, on crossbars or in integers:';

/** How keys and values are kept. */
export const cacheFlags = {
  'cache-key-bits': number('Bits of a key in the cache [default: --weight-bits]', CACHE),
  'cache-value-bits': number('Bits of a value in the cache [default: --weight-bits]', CACHE),
  'cache-clip': number('Share of the largest magnitude at which both are clipped (arXiv 2402.02586)', CACHE),
  'cache-prune': number('Share of that below which they are written as zero', CACHE),
} as const satisfies Record<string, Options>;

/** `cacheFlags` as a handler gets them. */
export interface CacheArguments {
  readonly cacheKeyBits: number | undefined;
  readonly cacheValueBits: number | undefined;
  readonly cacheClip: number | undefined;
  readonly cachePrune: number | undefined;
}

const IMAGES = 'Images [default: as the files beside the weights say]:';
const TEXTS = 'Texts [default: as the files beside the vocabulary say]:';

/** How images become inputs. */
export const imageFlags = {
  resize: text('none, 256 (shorter side), 256x256 (height x width), or fit:224x224, padded', IMAGES),
  crop: text('none, 224 or 224x224, of the middle', IMAGES),
  filter: { choices: FILTERS, describe: 'Filter of the resizing, as Pillow has it', group: IMAGES },
  rescale: text('none, 1/255 or a factor of the samples', IMAGES),
  normalization: text('imagenet, half, none, or MEAN:STD such as 0.5:0.5', IMAGES),
} as const satisfies Record<string, Options>;

const choice = (describe: string) => ({ type: 'boolean', describe, group: TEXTS }) as const;

/** How texts become tokens. */
export const textFlags = {
  vocabulary: text('vocab.txt or tokenizer.json [default: the one beside the weights, or the data]', TEXTS),
  'lower-case': choice('do_lower_case; --no-lower-case for a cased vocabulary'),
  'strip-accents': choice('strip_accents'),
  'tokenize-chinese-chars': choice('tokenize_chinese_chars: ideographs are words'),
  'never-split': text('never_split: words that stay as they are, with commas between them', TEXTS),
} as const satisfies Record<string, Options>;

export const encodingFlag = {
  choices: ENCODING_NAMES,
  describe: 'Signed weights in cells [default: as the technology says]',
  group: CROSSBARS,
} as const satisfies Options;

export const adcRangeFlag = {
  type: 'string',
  default: 'layer',
  describe: 'Full scale of the ADC as a share of a full column, or `layer`: set to the sums of each layer',
  group: CROSSBARS,
} as const satisfies Options;

export const deviceFlags = {
  tech: {
    type: 'string',
    default: CROSSBAR_DEFAULTS.tech,
    describe: 'Technology of the crossbars: a name of `trex list tech`, or a YAML file',
    group: CROSSBARS,
  },
  set: setFlag('Override a value: tech.adc.bits=5, tech.noise.readVariation.sigma="5 %"', CROSSBARS),
  encoding: encodingFlag,
  'adc-range': adcRangeFlag,
  'read-noise': {
    choices: ['device', 'read'] as const,
    describe:
      'Read variation is drawn once per cell and chip, or in every read [default: as the technology says]',
    group: CROSSBARS,
  },
  'write-noise': {
    choices: ['dynamic', 'all'] as const,
    describe: 'Write variation of K^T and V only, or of all weights [default: as the technology says]',
    group: CROSSBARS,
  },
  'write-form': {
    choices: ['clipformer', 'multiplicative'] as const,
    describe:
      'Write variation grows with the root of the level, or in proportion [default: as the technology says]',
    group: CROSSBARS,
  },
  'drift-compensation': {
    choices: COMPENSATIONS,
    describe: 'What has one factor against drift: the chip or each layer [default: as the technology says]',
    group: CROSSBARS,
  },
} as const satisfies Record<string, Options>;

export const backendFlags = {
  backend: { type: 'string', default: 'auto', describe: BACKENDS.join(' | '), group: MACHINE },
  'gpu-mode': {
    type: 'string',
    describe: 'auto | webgpu | webgl2 | headlessgl | webasm | cpu',
    group: MACHINE,
  },
  threads: { type: 'number', describe: 'Threads of wasm [default: cores, at most 8]', group: MACHINE },
} as const satisfies Record<string, Options>;

/** What yargs hands over for `backendFlags`. */
export interface BackendArguments {
  readonly backend: string;
  readonly gpuMode: string | undefined;
  readonly threads: number | undefined;
}

/** What yargs hands over for `deviceFlags`. */
export interface DeviceArguments {
  readonly tech: string;
  readonly set: string[];
  readonly encoding: EncodingName | undefined;
  readonly adcRange: string;
  readonly readNoise: 'device' | 'read' | undefined;
  readonly writeNoise: 'dynamic' | 'all' | undefined;
  readonly writeForm: 'clipformer' | 'multiplicative' | undefined;
  readonly driftCompensation: CompensationScope | undefined;
}

export interface NetworkArguments {
  readonly model: string;
  readonly config: string | undefined;
  readonly modelName: string | undefined;
  readonly heads: number | undefined;
  readonly ignoreTensors: string | undefined;
  readonly imageSize: string | undefined;
  readonly reuse: string;
}

export interface QuantisationArguments {
  readonly calibrator: string;
  readonly weightBits: number;
  readonly inputBits: number;
}
