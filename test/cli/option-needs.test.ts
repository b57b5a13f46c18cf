/** Every option of every command says what it needs, and one without effect is refused. */
import test from 'ava';
import { DEVICE_OPTIONS } from '../../src/accuracy/idle-options.ts';
import { SWEEPS } from '../../src/accuracy/sweep-parameters.ts';
import { COMMANDS } from '../../src/cli/command-line.ts';
import { type Declaration, declarationOf } from '../../src/cli/io/declaration.ts';
import { checkOptionNeeds, OPTION_NEEDS, optionsOf, SWEPT } from '../../src/cli/io/option-needs.ts';
import { setPaths } from '../../src/cli/io/set-paths.ts';
import { readWords } from '../../src/cli/io/words.ts';
import { OPTION_KINDS } from '../../src/data/data-options.ts';
import { failure } from '../arch/fixtures.ts';

const declared = new Map<string, Declaration>();
test.before(async () => {
  for (const [name, load] of Object.entries(COMMANDS)) declared.set(name, declarationOf(await load()));
});

const camelCase = (name: string): string => name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());

test('the table has every option of every command, once', t => {
  t.deepEqual(Object.keys(OPTION_NEEDS).sort(), [...declared.keys()].sort());
  for (const [name, { options }] of declared) {
    t.deepEqual(optionsOf(OPTION_NEEDS[name]).sort(), [...options.keys()].sort(), name);
  }
});

test('all that can be swept has a place, and every place is one of a file', t => {
  t.deepEqual(Object.keys(SWEPT).sort(), Object.keys(SWEEPS).sort());
  const known = new Set(setPaths().keys());
  const places = [
    ...Object.values(SWEPT).flatMap(({ path }) => path ?? []),
    ...Object.values(OPTION_NEEDS).flatMap(({ instead = {} }) => Object.values(instead)),
  ];
  t.deepEqual(
    places.filter(path => !known.has(path)),
    [],
  );
});

test('what is judged elsewhere is judged there', t => {
  const [kinds, flags] = [Object.keys(OPTION_KINDS), Object.values(DEVICE_OPTIONS).map(({ flag }) => flag)];
  for (const { byData = [], byCrossbars = [] } of Object.values(OPTION_NEEDS)) {
    for (const option of byData) t.true([...kinds, 'mask', 'types'].includes(camelCase(option)), option);
    for (const option of byCrossbars) t.true((flags as string[]).includes(option), option);
  }
});

function refusal(line: string): string {
  const [command, ...words] = line.split(' ');
  const own = declared.get(command)!;
  return failure(() => checkOptionNeeds(own, readWords(own, words))).message;
}

const NET = '--model w.safetensors --input x.npy --out y.npy';
const refused: readonly (readonly [line: string, message: string])[] = [
  ['run trex --model m --weights w', '--weights w has no effect without --accuracy'],
  ['run trex --model m --accuracy --profile p.csv', '--accuracy has no effect beside --profile'],
  [
    'run result.json --model deit-s',
    '--model deit-s has no effect on a result, which is run as it was; what stands beside it in config.expanded.yaml can be changed',
  ],
  [
    'run result.json --set pe.adcBanks=2',
    '--set pe.adcBanks=2 has no effect on a result, which is run as it was; what stands beside it in config.expanded.yaml can be changed',
  ],
  ['xbar --force', '--force has no effect without --out'],
  ['xbar --trials 0 --seed 3', '--seed 3 has no effect with --trials 0'],
  ['compare a b --weights w', '--weights w has no effect without --accuracy or --iso accuracy=97%'],
  ['compare a b --iso snr=20dB --data d', '--data d has no effect without --accuracy or --iso accuracy=97%'],
  ['list tech --model deit-s', '--model deit-s has no effect unless <what> is patterns'],
  ['noc --hotspot 3', '--hotspot 3 has no effect unless --traffic is hotspot'],
  ['noc --batch 10 --rate 0.3', '--rate 0.3 has no effect beside --batch'],
  ['noc --zero-load --seed 2', '--seed 2 has no effect beside --zero-load'],
  [`infer ${NET} --tech sram-32nm`, '--tech sram-32nm has no effect unless --precision is analog'],
  [
    `infer ${NET} --calibrate none.npy`,
    '--calibrate none.npy has no effect unless --precision is int8 or analog',
  ],
  [`infer ${NET} --precision int8 --draw 3`, '--draw 3 has no effect unless --precision is analog'],
  [
    `infer ${NET} --precision analog --backend wasm --gpu-mode cpu`,
    '--gpu-mode cpu has no effect unless --backend is auto or gpu',
  ],
  [
    'accuracy --model m --data d --backend reference --threads 2',
    '--threads 2 has no effect unless --backend is auto or wasm or gpu',
  ],
  ['accuracy --model m --data d --force', '--force has no effect without --out'],
  [
    'accuracy --model m --data d --adc-range 0.5 --sweep adcRange=0.1..1:0.1',
    '--adc-range 0.5 has no effect beside --sweep adcRange',
  ],
  [
    'accuracy --model m --data d --sweep adc=4..8 --set tech.adc.bits=5',
    '--set tech.adc.bits=5 has no effect beside --sweep adc',
  ],
  [
    'xbar --rows 32..64 --set tech.crossbar.rows=128',
    '--set tech.crossbar.rows=128 has no effect beside --rows',
  ],
  ['mvm --adc 4 --set tech.adc.bits=5', '--set tech.adc.bits=5 has no effect beside --adc'],
  ['run trex --model m --tech a --set tech=b', '--set tech=b has no effect beside --tech'],
  ['mvm --weights w.npy --rows 4', '--rows 4 has no effect beside --weights'],
  [
    'optimize --model m --vocabulary none.txt',
    '--vocabulary none.txt has no effect without --data or --evaluator',
  ],
  ['optimize --model m --no-variation', '--variation false has no effect without --data or --evaluator'],
  [
    'optimize --model m --data d --evaluator e --batch 8',
    '--batch 8 has no effect unless networks are trained here: --data without --evaluator',
  ],
  [
    'optimize --model m --data d --weights w --base-epochs 3',
    '--base-epochs 3 has no effect beside --weights',
  ],
  ['search --model m --weights w --data d --force', '--force has no effect without --out'],
  ['data grammar --out o --size 24', '--size 24 has no effect unless <what> is glyphs or scenes'],
  [
    'infer --model m --input i --out o --top-k 3',
    '--top-k 3 has no effect without --generate and --temperature',
  ],
  [
    'infer --model m --input i --out o --cache-clip 0.5',
    '--cache-clip 0.5 has no effect unless --precision is int8 or analog',
  ],
  ['accuracy --model m --data d --context 8', '--context 8 has no effect unless --task is lm'],
  ['accuracy --model m --data d --task lm --skip-bad', '--skip-bad has no effect unless --task is classes'],
  ['data glyphs --out o --dev 24', '--dev 24 has no effect unless <what> is grammar or races or prose'],
];

for (const [line, message] of refused) test(`trex ${line}`, t => t.is(refusal(line), message));

const taken: readonly string[] = [
  'run trex --model deit-s --seed 2',
  'xbar --out d --force',
  'xbar --trials 0 --seed 1',
  'compare a b --iso accuracy=97% --weights w --data d --images 8',
  'noc --traffic hotspot --hotspot 3',
  `infer ${NET} --precision float --seed 1`,
  `infer ${NET} --precision analog --tech sram-32nm --threads 2`,
  'mvm --rows 4 --cols 4 --sigma-write 0.1',
  'optimize --model m --data d --no-variation',
];

for (const line of taken)
  test(`trex ${line}: nothing to say`, t => {
    const [command, ...words] = line.split(' ');
    const own = declared.get(command)!;
    t.notThrows(() => checkOptionNeeds(own, readWords(own, words)));
  });

test('what the environment gives to all commands is no slip', t => {
  const own = declared.get('noc')!;
  const words = readWords(own, ['--zero-load'], { TREX_SEED: '2' });
  t.regex(failure(() => checkOptionNeeds(own, words)).message, /^--seed 2 has no effect/);
  t.notThrows(() => checkOptionNeeds(own, words, name => name === 'seed'));
});
