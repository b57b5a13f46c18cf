/** `--set path=value`: the same schema, units and errors as in a file, cited as it was written. */
import test from 'ava';
import fc from 'fast-check';
import { loadTechFrom } from '../../src/arch/load.ts';
import { parseBlocks } from '../../src/arch/parse-blocks.ts';
import { archSchema } from '../../src/arch/schema.ts';
import { applyOverrides, parseOverride, routeOverrides } from '../../src/arch/set.ts';
import { readTables } from '../../src/arch/tables.ts';
import { plain } from '../../src/arch/tree.ts';
import { readFileTree } from '../../src/arch/use.ts';
import { EXIT } from '../../src/base/errors.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { techSchema } from '../../src/tech/schema.ts';
import { modelSchema } from '../../src/workload/model.ts';
import { failure, MACRO, macroWith, memoryFiles } from './fixtures.ts';

const load = (set: string[], text = MACRO) =>
  loadTechFrom(memoryFiles({ 'tech/cell.yaml': text }), 'cell', { set });

test('an override is above the file, the file above the default, and the last one wins', t => {
  const leakage = (set: string[], text = MACRO) => {
    const { origins } = load(set, text);
    const { value, origin } = origins.find(o => o.path === 'tech.leakage')!;
    return [value, origin.kind];
  };
  const withFile = macroWith('area:', 'leakage: 2 uW\narea:');
  t.deepEqual(leakage([]), [0, 'default']);
  t.deepEqual(leakage([], withFile), [2e-6, 'file']);
  t.deepEqual(leakage(['tech.leakage=3 uW'], withFile), [3e-6, 'set']);
  t.deepEqual(leakage(['tech.leakage=3 uW', 'tech.leakage=4 uW'], withFile), [4e-6, 'set']);
});

test('an override is an origin of its own, without a source', t => {
  const { origins } = load(['tech.cell.bits=1']);
  t.deepEqual(
    origins.find(o => o.path === 'tech.cell.bits'),
    { path: 'tech.cell.bits', value: 1, text: '1', origin: { kind: 'set', flag: '--set tech.cell.bits=1' } },
  );
});

test('a whole block can be given, and merges', t => {
  const { tech } = load(['tech.crossbar={ rows: 32 }']);
  t.deepEqual(tech.level === 'macro' && { ...tech.crossbar }, { rows: 32, cols: 64 });
});

test('an empty block says that nothing is there, and is no silence', t => {
  const withNoise = `${MACRO}noise: { readVariation: { form: multiplicative, sigma: 10 %, drawn: device } }\n`;
  const noise = (set: string[]) => {
    const { tech } = load(set, withNoise);
    return tech.level === 'macro' ? Object.keys(tech.noise ?? {}) : undefined;
  };
  t.deepEqual(noise([]), ['readVariation']);
  t.deepEqual(noise(['tech.noise={}']), []);
  t.regex(failure(() => load(['tech.adc={}'])).message, /adc\.kind: missing/);
});

const golden = test.macro((t, set: string[], ...lines: string[]) => {
  const { message, exitCode } = failure(() => load(set));
  t.is(message, lines.join('\n'));
  t.is(exitCode, EXIT.usage);
});

test(
  'an unknown path names the nearest key',
  golden,
  ['tech.adc.bitz=4'],
  '--set tech.adc.bitz=4  tech.adc.bitz: unknown key, did you mean bits?',
);
test(
  'a wrong unit names the expected one',
  golden,
  ['tech.read.energy=4 pW'],
  '--set tech.read.energy=4 pW  tech.read.energy: expected a quantity in J (e.g. "1.5 pJ"), got "4 pW"',
);
test(
  'all wrong overrides are shown',
  golden,
  ['tech.crossbar.rows=0', 'tech.cell.bits=9'],
  '--set tech.cell.bits=9  tech.cell.bits: expected an integer from 1 to 4, got 9',
  '--set tech.crossbar.rows=0  tech.crossbar.rows: expected an integer from 1 to 4096, got 0',
);
test(
  'a path below a value is an error',
  golden,
  ['tech.name.x=1'],
  '--set tech.name.x=1  tech.name: expected a text, got a block',
);
test(
  'an override needs an equals sign',
  golden,
  ['tech.adc'],
  '--set tech.adc: expected path=value, e.g. --set pe.crossbars=16',
);
test('an override needs a value', golden, ['tech.adc='], '--set tech.adc=: no value after "="');
test(
  'a path has no holes',
  golden,
  ['tech..a=1'],
  '--set tech..a=1: expected path=value, e.g. --set pe.crossbars=16',
);
test(
  'a value is YAML',
  golden,
  ['tech.adc=[1'],
  '--set tech.adc=[1  not valid YAML: Flow sequence must end with a ]',
);

test('errors of files and overrides come together, and make an invalid file', t => {
  const { message, exitCode } = failure(() => load(['tech.crossbar.rows=0'], macroWith('25 pJ', 'x')));
  t.regex(message, /^tech\/cell\.yaml:8:17 {2}read\.energy: .*\n.*\n.*\n--set tech\.crossbar\.rows=0 /);
  t.is(exitCode, EXIT.invalidFile);
});

test('overrides go to the file that they are for', t => {
  const overrides = ['tech=a', 'digital=b', 'tech.x=1', 'digital.x=1', 'model.x=1', 'pe.x=1'].map(w =>
    parseOverride(w),
  );
  const { arch, tech, digital, model } = routeOverrides(overrides);
  t.deepEqual(
    arch.map(w => w.path.join('.')),
    ['tech', 'digital', 'pe.x'],
  );
  t.deepEqual(
    [tech, digital, model].map(part => part.map(w => w.path.join('.'))),
    [['x'], ['x'], ['x']],
  );
});

test('an override gives back its path and its value', t => {
  const keys = fc.array(fc.stringMatching(/^[a-z][a-zA-Z0-9]{0,6}$/), { minLength: 1, maxLength: 4 });
  t.notThrows(() =>
    fc.assert(
      fc.property(keys, fc.integer(), (path, value) => {
        const override = parseOverride(`${path.join('.')}=${value}`);
        return override.path.join('.') === path.join('.') && plain(override.value) === value;
      }),
    ),
  );
});

test('block by block a file is what it is as a whole, whatever was loaded before with other values on top', t => {
  const values = [
    'tech.adc.bits=5',
    'tech.adc.bits=6',
    'tech.adc.columns=4',
    'tech.node=45 nm',
    'tech.name=x',
  ];
  for (const name of nodeFiles.list('tech')) {
    const file = readFileTree(nodeFiles, 'tech', nodeFiles.resolve('tech', name));
    for (const set of [
      [],
      [values[0]],
      [values[0], values[2]],
      [values[1], values[3]],
      values,
      [values[0]],
    ]) {
      const own = routeOverrides(set.map(text => parseOverride(text))).tech;
      const { tree } = readTables(file, applyOverrides(file.tree, own));
      const whole = techSchema.safeParse(plain(tree)).data;
      t.is(JSON.stringify(parseBlocks(techSchema, tree)), JSON.stringify(whole), `${name} ${set.join(' ')}`);
    }
  }
});

test('a chip that is read block by block is what it is read whole', t => {
  for (const name of nodeFiles.list('arch')) {
    const { tree } = readFileTree(nodeFiles, 'arch', nodeFiles.resolve('arch', name));
    const blocks = JSON.stringify(parseBlocks(archSchema, tree));
    t.is(blocks, JSON.stringify(archSchema.parse(plain(tree))), name);
  }
});

test('a schema that changes what its blocks give is never read block by block', t => {
  const { tree } = readFileTree(nodeFiles, 'models', nodeFiles.resolve('models', 'scene-iret'));
  t.is(parseBlocks(modelSchema, tree), undefined);
});
