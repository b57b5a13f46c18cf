/** `use: other`: what is inherited, what is replaced, where values then come from. */
import test from 'ava';
import { loadTechFrom } from '../../src/arch/load.ts';
import { EXIT } from '../../src/base/errors.ts';
import { failure, MACRO, memoryFiles } from './fixtures.ts';

const CHILD = `use: base
name: child
source: a second test
cell: { bits: 1 }
write: { time: 1 us }
`;

const load = (texts: Record<string, string>, set: string[] = []) =>
  loadTechFrom(memoryFiles({ 'tech/base.yaml': MACRO, ...texts }), 'child', { set });

test('blocks merge, values replace', t => {
  const { tech } = load({ 'tech/child.yaml': CHILD });
  if (tech.level !== 'macro') return t.fail();
  t.is(tech.name, 'child');
  t.is(tech.cell.bits, 1);
  t.is(tech.cell.device, 'fefet');
  t.is(tech.write.time, 1e-6);
  t.is(tech.write.energy, 118e-12);
  t.is(tech.use, undefined);
});

test('a block of another form takes nothing from the one below it', t => {
  const cell = MACRO.replace('bits: 2 }', 'bits: 2, onResistance: 100 kohm }');
  const base = `${cell}noise: { writeVariation: { form: clipformer, sigma: 20 %, matrices: all } }\n`;
  const write = (child: string, set: string[] = []) => {
    const { tech } = load({ 'tech/base.yaml': base, 'tech/child.yaml': `${CHILD}${child}` }, set);
    return tech.level === 'macro' ? tech.noise?.writeVariation : undefined;
  };
  const measured = { form: 'device', device: 'pcm-joshi', matrices: 'dynamic' };
  t.deepEqual(write('noise: { writeVariation: { form: device, device: pcm-joshi } }\n'), measured as never);
  t.deepEqual(write('', ['tech.noise.writeVariation={form: device, device: pcm-joshi}']), measured as never);
  t.like(write('noise: { writeVariation: { sigma: 5 % } }\n'), { sigma: 0.05, matrices: 'all' });
});

test('every value keeps the file, the line and the source that it was written under', t => {
  const { origins, files } = load({ 'tech/child.yaml': CHILD });
  const of = (path: string) => origins.find(o => o.path === path);
  t.deepEqual(of('tech.write.time'), {
    path: 'tech.write.time',
    value: 1e-6,
    text: '1 us',
    origin: { kind: 'file', file: 'tech/child.yaml', line: 5 },
    source: 'a second test',
  });
  t.deepEqual(of('tech.write.energy'), {
    path: 'tech.write.energy',
    value: 118e-12,
    text: '118 pJ',
    origin: { kind: 'file', file: 'tech/base.yaml', line: 10 },
    source: 'a test',
  });
  t.deepEqual(files, [
    { path: 'tech/child.yaml', sha256: 'sha of tech/child.yaml' },
    { path: 'tech/base.yaml', sha256: 'sha of tech/base.yaml' },
  ]);
});

test('an error stands in the file that holds the value', t => {
  const bad = MACRO.replace('118 pJ', '118 pW');
  const { message } = failure(() => load({ 'tech/base.yaml': bad, 'tech/child.yaml': CHILD }));
  t.regex(message, /^tech\/base\.yaml:10:11 {2}write\.energy: expected a quantity in J/);
});

test('the name, the description and the source of a file are its own', t => {
  const { message } = failure(() => load({ 'tech/child.yaml': 'use: base\ncell: { bits: 1 }\n' }));
  t.is(
    message,
    [
      'tech/child.yaml:1:1  name: missing, expected a text',
      '  use: base',
      '  ^',
      'tech/child.yaml:2:15  cell.bits: no source for 1: expected "source: ..." in the block or the file, "source: assumed ..." for a choice',
      '  cell: { bits: 1 }',
      '                ^',
    ].join('\n'),
  );
});

test('a path is relative to the file that names it', t => {
  const files = memoryFiles({ 'my/child.yaml': CHILD.replace('base', 'base.yaml'), 'my/base.yaml': MACRO });
  const { tech } = loadTechFrom(
    { ...files, resolve: (kind, word, from) => files.resolve(kind, from ? word : 'my/child.yaml', from) },
    'x',
  );
  t.is(tech.name, 'child');
});

test('a circle of files shows its chain', t => {
  const { message, exitCode } = failure(() =>
    load({ 'tech/base.yaml': 'use: child\nname: base\n', 'tech/child.yaml': CHILD }),
  );
  t.is(
    message,
    [
      'tech/base.yaml:1:6  use: files use each other in a circle: tech/child.yaml -> tech/base.yaml -> tech/child.yaml',
      '  use: child',
      '       ^^^^^',
    ].join('\n'),
  );
  t.is(exitCode, EXIT.invalidFile);
});

test('a file that is not there is an error where it is named', t => {
  const { message, exitCode } = failure(() => load({ 'tech/child.yaml': 'use: nope\nname: x\n' }));
  t.is(message, "tech/child.yaml:1:6  use: no tech file is called 'nope'\n  use: nope\n       ^^^^");
  t.is(exitCode, EXIT.invalidFile);
});

test('use must be a text', t => {
  const { message } = failure(() => load({ 'tech/child.yaml': `use: 4\n${MACRO}` }));
  t.regex(message, /^tech\/child\.yaml:1:6 {2}use: expected a text, got 4\n/);
});

test('a file that says little and starts from none misses one thing', t => {
  const { message } = failure(() =>
    load({ 'tech/child.yaml': 'name: child\nsource: x\nlevel: macro\nnode: 32 nm\n' }),
  );
  t.is(
    message.split('\n')[0],
    'tech/child.yaml:1:1  use: missing, expected a file to start from (a name of `trex list` or a path), or also cell, crossbar, adc, read, write, area',
  );
  t.is(message.match(/missing/g)?.length, 1);
});

test('other mistakes of such a file are told beside it', t => {
  const text = 'name: child\nsource: x\nlevel: macro\nnode: 32 furlong\n';
  const { message } = failure(() => load({ 'tech/child.yaml': text }));
  t.is(message.match(/missing/g)?.length, 1);
  t.regex(message, /tech\/child\.yaml:4:7 {2}node: expected/);
});
