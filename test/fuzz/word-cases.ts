/** Command lines at random: of the options that the commands declare, with values of their kinds, odd ones, and slips. */
import type { RandomStream } from '../../src/base/random.ts';
import type { Declaration } from '../../src/cli/io/declaration.ts';
import { below, pick } from './mutate.ts';

/** Words that a command can be begun with, small ones: the rest is added to them. */
const BEGIN: Readonly<Record<string, readonly string[]>> = {
  run: ['trex', '--model', 'deit-t'],
  explain: ['trex-full'],
  xbar: ['--rows', '16', '--trials', '0'],
  compare: ['fefet-32nm', 'sram-32nm', '--model', 'deit-t', '--trials', '0'],
  systems: ['deit-t', '--arch', 'trex'],
  check: ['chip.yaml'],
  list: ['tech'],
  noc: ['--mesh', '2x2', '--measure', '200', '--warmup', '10'],
  infer: ['--model', 'w.safetensors', '--model-name', 'deit-t', '--input', 'x.npy', '--out', 'o.npy'],
  accuracy: ['--model', 'w.safetensors', '--model-name', 'deit-t', '--data', 'x.npy'],
  mvm: ['--rows', '8', '--cols', '8', '--trials', '1', '--tokens', '2'],
  optimize: ['--model', 'deit-t', '--target-delay', '7ms'],
  search: ['--model', 'deit-t', '--weights', 'w.safetensors', '--data', 'x.npy'],
  map: ['isaac-ce', '--model', 'glyph-vit', '--budget', '2'],
  data: ['grammar', '--sentences', '64', '--dev', '32', '--test', '32', '--out', 'grammar'],
  export: ['no/such/folder', '--out', 't.csv'],
  init: ['my'],
  train: ['--model', 'glyph-vit', '--data', 'x.npy', '--out', 't'],
  schema: ['arch'],
  validate: ['--write', 'no/such/folder/page.md'],
};

const NUMBERS = [
  '0',
  '1',
  '2',
  '3',
  '8',
  '16',
  '64',
  '-1',
  '0.5',
  '1e9',
  '1e300',
  '-3ms',
  'NaN',
  'x',
  '',
  '0x10',
  '1e-9',
];
const TEXTS = [
  ...[
    'trex',
    'trex-full',
    'fefet-32nm',
    'sram-32nm',
    'trex-fefet-32nm',
    'deit-t',
    'bert-base',
    'glyph-vit',
    'none',
    'strided:3',
  ],
  ...[
    'count:2',
    'continuous:2',
    '7ms',
    '1 pj',
    '-3ms',
    '32..64',
    '4,8',
    '1e300 s',
    'snr=10dB',
    'poisson=20',
    'node',
    'auto',
    'cpu',
    'layer',
    '0.5',
  ],
  ...[
    'pe.adcBanks=2',
    'tech.read.energy=1 pJ',
    'model.encoders=3',
    'a.b.c=1',
    '=',
    'chip.clock=1 mHz',
    'tech=null',
    '__proto__=1',
  ],
  ...[
    'chip.yaml',
    'bad.yaml',
    'x.npy',
    'profile.csv',
    'w.safetensors',
    'vocab.txt',
    'nowhere/x',
    '.',
    '/',
    'result.json',
    '',
    ' ',
    'é\u0000',
    'x'.repeat(300),
  ],
];
const SLIPS = [
  '--',
  '-',
  '-x',
  '--x',
  '---',
  '--=',
  '--help=1',
  '-h=1',
  '--__proto__',
  '--no-',
  '--json=2',
  '\n',
  '[',
  '-3',
  '--no-quiet=3',
];

const wordOf = (random: RandomStream, type: string | undefined, choices: readonly string[]): string => {
  if (choices.length > 0 && random() < 0.8) return pick(random, choices);
  return random() < 0.7
    ? pick(random, type === 'number' ? NUMBERS : TEXTS)
    : pick(random, [...NUMBERS, ...TEXTS]);
};

/** The words behind `trex`. */
export function wordCase(random: RandomStream, all: readonly Declaration[]): string[] {
  const declared = pick(random, all);
  // What is watched does not end.
  const names = [...declared.options.keys()].filter(name => name !== 'watch');
  const begin = random() < 0.75 ? (BEGIN[declared.command] ?? []) : [];
  const words = [declared.command, ...begin];
  for (let n = below(random, 4); n > 0; n--) {
    const name = pick(random, names.length > 0 ? names : ['x']);
    const option = declared.options.get(name);
    if (option?.type === 'boolean' && random() < 0.9)
      words.push(random() < 0.8 ? `--${name}` : `--no-${name}`);
    else {
      const value = wordOf(random, option?.type, (option?.choices ?? []).map(String));
      words.push(...(random() < 0.5 ? [`--${name}`, value] : [`--${name}=${value}`]));
    }
  }
  if (random() < 0.2) words.splice(below(random, words.length + 1), 0, pick(random, [...SLIPS, ...TEXTS]));
  if (random() < 0.1) words.splice(below(random, words.length), 1);
  return random() < 0.3 ? [...words, '--quiet'] : words;
}
