/** The words that infer, accuracy and mvm share: which network, which crossbars, which back end. */
import type { Options } from 'yargs';
import type { DeviceOptions } from '../../accuracy/device.ts';
import { usageError } from '../../base/errors.ts';
import { BACKENDS } from './backend.ts';

const NETWORK = 'Network:';
const CROSSBARS = 'Crossbars:';
const MACHINE = 'Back end:';

export const networkFlags = {
  model: {
    type: 'string',
    demandOption: true,
    describe: 'Weights: .safetensors, an index of shards, .npz, or a folder of Hugging Face',
    group: NETWORK,
  },
  config: { type: 'string', describe: 'config.json [default: the one beside the weights]', group: NETWORK },
  'model-name': { type: 'string', describe: 'A name of `trex list models`, or a YAML file', group: NETWORK },
  heads: { type: 'number', describe: 'Attention heads, for a timm ViT without config', group: NETWORK },
  reuse: { type: 'string', default: 'none', describe: 'Encoders that reuse attention', group: NETWORK },
} as const satisfies Record<string, Options>;

export const quantisationFlags = {
  calibrator: {
    type: 'string',
    default: 'percentile',
    describe: 'Range of activations: min-max | percentile | mse',
    group: NETWORK,
  },
  'weight-bits': { type: 'number', default: 8, describe: 'Bits of a weight', group: NETWORK },
  'input-bits': { type: 'number', default: 8, describe: 'Bits of an input: planes', group: NETWORK },
} as const satisfies Record<string, Options>;

export const deviceFlags = {
  tech: {
    type: 'string',
    default: 'trex-fefet-32nm',
    describe: 'Technology of the crossbars: a name of `trex list tech`, or a YAML file',
    group: CROSSBARS,
  },
  set: {
    type: 'string',
    array: true,
    nargs: 1,
    default: [] as string[],
    describe: 'Override a value: tech.adc.bits=5, tech.noise.readVariation.sigma="5 %"',
    group: CROSSBARS,
  },
  encoding: {
    choices: ['offset', 'differential'] as const,
    default: 'offset' as const,
    describe: 'Signed weights in cells',
    group: CROSSBARS,
  },
  'adc-range': {
    type: 'string',
    default: 'layer',
    describe: 'Full scale of the ADC as a share of a full column, or `layer`: set to the sums of each layer',
    group: CROSSBARS,
  },
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

/** What yargs hands over for `deviceFlags`. */
export interface DeviceArguments {
  readonly tech: string;
  readonly set: string[];
  readonly encoding: 'offset' | 'differential';
  readonly adcRange: string;
  readonly readNoise: 'device' | 'read' | undefined;
  readonly writeNoise: 'dynamic' | 'all' | undefined;
  readonly writeForm: 'clipformer' | 'multiplicative' | undefined;
}

/** What commands have of them that say nothing of noise: it is as the technology says. */
export type CrossbarArguments = Pick<DeviceArguments, 'encoding' | 'adcRange'> &
  Partial<Pick<DeviceArguments, 'readNoise' | 'writeNoise' | 'writeForm'>>;

export interface NetworkArguments {
  readonly model: string;
  readonly config: string | undefined;
  readonly modelName: string | undefined;
  readonly heads: number | undefined;
  readonly reuse: string;
}

export interface QuantisationArguments {
  readonly calibrator: string;
  readonly weightBits: number;
  readonly inputBits: number;
}

/** @throws TrexError (usage) for a range that is none. */
export function deviceOptions({
  encoding,
  adcRange,
  readNoise,
  writeNoise,
  writeForm,
}: CrossbarArguments): DeviceOptions {
  return { encoding, adcRange: rangeOf(adcRange), readNoise, writeNoise, writeForm };
}

function rangeOf(word: string): number | 'layer' {
  if (word === 'layer') return word;
  const range = Number(word);
  if (range > 0 && range <= 1) return range;
  throw usageError(`--adc-range ${word}: expected layer, or a number above 0, at most 1`);
}

/** @throws TrexError (usage) */
export function whole(flag: string, value: number, min: number, max = Number.MAX_SAFE_INTEGER): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  throw usageError(`--${flag} ${value}: expected a whole number ${range}`);
}

/** An option that is given twice becomes a list. @throws TrexError (usage) */
export function checkOnce(args: object): void {
  for (const [key, value] of Object.entries(args))
    if (Array.isArray(value) && key !== '_' && key !== 'set')
      throw usageError(`--${key} is given more than once`);
}

/** @throws TrexError (usage) for a width that operands cannot have. */
export function checkBits({
  weightBits,
  inputBits,
}: Pick<QuantisationArguments, 'weightBits' | 'inputBits'>): void {
  whole('weight-bits', weightBits, 2, 8);
  whole('input-bits', inputBits, 2, 8);
}
