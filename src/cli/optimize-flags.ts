/** The flags of `trex optimize`. */
import type { Options } from 'yargs';
import { optimizeDefaults } from '../optimize/options.ts';
import { deviceFlags } from './io/flags.ts';

const TARGET = 'Target (one):';
const NETWORK = 'Network and chip:';
const TRAINING = 'Training:';
const OUTPUT = 'Output:';

export const optimizeFlags = {
  model: {
    type: 'string',
    demandOption: true,
    describe: 'A name of `trex list models`, or a YAML or .onnx file',
    group: NETWORK,
  },
  arch: {
    type: 'string',
    default: optimizeDefaults.arch,
    describe: 'A name of `trex list arch`, or a YAML file',
    group: NETWORK,
  },
  tech: { type: 'string', describe: 'Technology of the crossbars', group: NETWORK },
  tokens: { type: 'number', describe: 'Sequence length of a text network', group: NETWORK },
  set: {
    type: 'string',
    array: true,
    nargs: 1,
    default: optimizeDefaults.set,
    describe: 'Override a value: pe.adcBanks=2, tech.read.energy="30 pJ", model.encoders=6',
    group: NETWORK,
  },
  'target-delay': { type: 'string', describe: 'Of one image: 7ms', group: TARGET },
  'target-energy': { type: 'string', describe: 'Of one image: 0.11mJ', group: TARGET },
  'target-area': { type: 'string', describe: '600mm2', group: TARGET },
  'target-edap': { type: 'string', describe: 'mJ ms mm2: 400', group: TARGET },
  evaluator: {
    type: 'string',
    describe: 'A program that trains candidates: JSON lines in, JSON lines out',
    group: TRAINING,
  },
  'evaluator-timeout': {
    type: 'number',
    default: optimizeDefaults.evaluatorTimeout,
    describe: 'For one answer, seconds',
    group: TRAINING,
  },
  data: {
    type: 'string',
    describe:
      'Labelled inputs with a training and a test part; with --evaluator, what accuracy is measured on',
    group: TRAINING,
  },
  vocabulary: { type: 'string', describe: 'vocab.txt of a text network', group: TRAINING },
  weights: {
    type: 'string',
    describe: 'Weights of the network without reuse, to start from',
    group: TRAINING,
  },
  fraction: {
    type: 'number',
    default: optimizeDefaults.fraction,
    describe: 'Share of the data that candidates are trained on',
    group: TRAINING,
  },
  'partial-epochs': {
    type: 'number',
    default: optimizeDefaults.partialEpochs,
    describe: 'Epochs of each candidate',
    group: TRAINING,
  },
  'final-epochs': {
    type: 'number',
    default: optimizeDefaults.finalEpochs,
    describe: 'Epochs of the chosen one',
    group: TRAINING,
  },
  'base-epochs': {
    type: 'number',
    default: optimizeDefaults.baseEpochs,
    describe: 'Epochs of the network without reuse, where no weights are given',
    group: TRAINING,
  },
  variation: {
    type: 'boolean',
    default: optimizeDefaults.variation,
    describe: 'Fine-tune with the noise of the crossbars in the forward pass',
    group: TRAINING,
  },
  encoding: deviceFlags.encoding,
  'adc-range': deviceFlags['adc-range'],
  batch: { type: 'number', default: optimizeDefaults.batch, describe: 'Inputs of a step', group: TRAINING },
  rate: {
    type: 'number',
    default: optimizeDefaults.rate,
    describe: 'Highest learning rate',
    group: TRAINING,
  },
  'label-smoothing': {
    type: 'number',
    default: optimizeDefaults.labelSmoothing,
    describe: 'Share of the target that is spread over all classes',
    group: TRAINING,
  },
  images: {
    type: 'number',
    default: optimizeDefaults.images,
    describe: 'Inputs that accuracy is measured on',
    group: TRAINING,
  },
  draws: {
    type: 'number',
    default: optimizeDefaults.draws,
    describe: 'Chips with cells of their own',
    group: TRAINING,
  },
  seed: {
    type: 'number',
    default: optimizeDefaults.seed,
    describe: 'Seed of random streams',
    group: TRAINING,
  },
} as const satisfies Record<string, Options>;

/** Behind the flags of formats. */
export const optimizeOutputFlags = {
  out: {
    type: 'string',
    describe: 'Folder for the network, the results and, while training, checkpoints: the same options go on',
    group: OUTPUT,
  },
  force: { type: 'boolean', default: optimizeDefaults.force, describe: 'Begin anew', group: OUTPUT },
  quiet: { type: 'boolean', default: false, describe: 'No progress, no warnings', group: OUTPUT },
} as const satisfies Record<string, Options>;
