/** The flags of `trex search`. */
import type { Options } from 'yargs';
import { searchDefaults } from '../search/options.ts';
import { deviceFlags } from './io/flags.ts';

const NETWORK = 'Network and data:';
const SPACE = 'Space:';
const LOSS = 'Prediction of the loss:';
const OUTPUT = 'Output:';

export const searchFlags = {
  model: {
    type: 'string',
    demandOption: true,
    describe: 'A name of `trex list models`, or a YAML or .onnx file',
    group: NETWORK,
  },
  weights: {
    type: 'string',
    demandOption: true,
    describe: 'Of the network without reuse: base.safetensors of `trex optimize`',
    group: NETWORK,
  },
  data: {
    type: 'string',
    demandOption: true,
    describe: 'Labelled inputs with a training and a test part',
    group: NETWORK,
  },
  vocabulary: { type: 'string', describe: 'vocab.txt of a text network', group: NETWORK },
  arch: {
    type: 'string',
    default: searchDefaults.arch,
    describe: 'A name of `trex list arch`, or a YAML file',
    group: SPACE,
  },
  set: {
    type: 'string',
    array: true,
    nargs: 1,
    default: searchDefaults.set,
    describe: 'Override a value: pe.adcBanks=2, model.encoders=6',
    group: SPACE,
  },
  tech: {
    type: 'string',
    default: searchDefaults.tech,
    describe: 'Technologies by their circuits, of which each encoder has one for weights and one for K, V',
    group: SPACE,
  },
  'adc-bits': { type: 'string', default: searchDefaults.adcBits, describe: 'Of all ADCs', group: SPACE },
  keep: {
    type: 'string',
    describe:
      'Shares of the patches that may go on into an encoder, by the attention of the class token [default: 1,0.9,0.7; for texts 1]',
    group: SPACE,
  },
  encoding: deviceFlags.encoding,
  'adc-range': deviceFlags['adc-range'],
  population: {
    type: 'number',
    default: searchDefaults.population,
    describe: 'Designs of a generation',
    group: SPACE,
  },
  generations: {
    type: 'number',
    default: searchDefaults.generations,
    describe: 'Generations of NSGA-II',
    group: SPACE,
  },
  samples: {
    type: 'number',
    default: searchDefaults.samples,
    describe: 'Random sets of encoders, about half of them with pruned tokens, that are trained in part',
    group: LOSS,
  },
  fraction: {
    type: 'number',
    default: searchDefaults.fraction,
    describe: 'Share of the data for each',
    group: LOSS,
  },
  'partial-epochs': {
    type: 'number',
    default: searchDefaults.partialEpochs,
    describe: 'Epochs of each',
    group: LOSS,
  },
  batch: { type: 'number', default: searchDefaults.batch, describe: 'Inputs of a step', group: LOSS },
  rate: { type: 'number', default: searchDefaults.rate, describe: 'Highest learning rate', group: LOSS },
  images: {
    type: 'number',
    default: searchDefaults.images,
    describe: 'Inputs that noise and CKA are measured on',
    group: LOSS,
  },
  'keep-images': {
    type: 'number',
    default: searchDefaults.keepImages,
    describe: 'Inputs that pruned tokens are measured on',
    group: LOSS,
  },
  seed: { type: 'number', default: searchDefaults.seed, describe: 'Seed of random streams', group: LOSS },
} as const satisfies Record<string, Options>;

/** Behind the flags of formats. */
export const searchOutputFlags = {
  out: {
    type: 'string',
    describe: 'Folder for front, samples, figure and what has been measured: the same options go on',
    group: OUTPUT,
  },
  force: { type: 'boolean', default: searchDefaults.force, describe: 'Begin anew', group: OUTPUT },
  quiet: { type: 'boolean', default: false, describe: 'No progress', group: OUTPUT },
} as const satisfies Record<string, Options>;
