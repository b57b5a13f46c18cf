import test from 'ava';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import type { Origin } from '../../src/arch/origins.ts';
import { expandedYaml, scalar } from '../../src/report/config-yaml.ts';
import { loadArch, loadModel } from '../../src/run/node/load.ts';

const CITED = '  source: as this run used it, see the comments';

const inFile = (path: string, value: unknown, text: string, line: number, source?: string): Origin => ({
  path,
  value,
  text,
  origin: { kind: 'file', file: 'arch/x.yaml', line },
  ...(source === undefined ? {} : { source }),
});

test('every value stands with its unit, its origin and its source', t => {
  const text = expandedYaml([
    inFile('name', 'x', 'x', 1, 'a paper'),
    inFile('tech', 'cell', 'cell', 2, 'a paper'),
    inFile('pe.buffer.capacity', 2048, '2 KiB', 4, 'assumed'),
    { path: 'pe.adcBanks', value: 2, text: '2', origin: { kind: 'set', flag: '--set pe.adcBanks=2' } },
    { path: 'pe.slice', value: 1, text: '1', origin: { kind: 'default' } },
    inFile('tech.read.energy', 25e-12, '25 pJ', 7, 'a paper'),
    { path: 'derived.tiles', value: 8, text: '8', origin: { kind: 'derived', how: 'a x b' } },
    inFile('model.stem.0.kernel', 7, '7', 9),
    inFile('model.stem.1.kernel', 3, '3', 10),
  ]);
  const comment = (line: string): string => line.replace(/ +#/, ' #');
  t.deepEqual(text.split('\n').slice(5).map(comment), [
    'arch:',
    CITED,
    ' # source: a paper',
    '  name: x # arch/x.yaml:1',
    '  tech: "#tech" # cell, arch/x.yaml:2',
    '  pe:',
    '    buffer:',
    ' # source: assumed',
    '      capacity: 2 KiB # arch/x.yaml:4',
    '    adcBanks: 2 # --set pe.adcBanks=2',
    '    slice: 1 # default',
    '',
    'tech:',
    CITED,
    '  read:',
    ' # source: a paper',
    '    energy: 25 pJ # arch/x.yaml:7',
    '',
    'derived:',
    '  tiles: 8 # derived: a x b',
    '',
    'model:',
    CITED,
    '  stem:',
    '    -',
    ' # source: none given',
    '      kernel: 7 # arch/x.yaml:9',
    '    -',
    '      kernel: 3 # arch/x.yaml:10',
    '',
  ]);
});

test('values that look like something else come back as they were', t => {
  const values = {
    a: 'x # y',
    b: 'true',
    c: '12',
    d: '- z',
    e: 'two\nlines',
    f: true,
    g: null,
    h: '',
    i: 'k: v',
  };
  const origins = Object.entries(values).map(([key, value], i) => inFile(key, value, String(value), i));
  const { source: _, ...arch } = parse(expandedYaml(origins)).arch as Record<string, unknown>;
  t.deepEqual(arch, values);
});

test('a source with a line end stays in its comment', t => {
  const text = expandedYaml([inFile('a', 1, '1', 1, 'one\ntwo: 3')]);
  t.is(parse(text).arch.a, 1);
  t.true(text.includes('# source: one two: 3\n'));
});

test('a hybrid chip and its network are there in full, in the values of their files', t => {
  const chip = loadArch('trex', { tech: 'trex-hybrid-32nm', set: ['pe.adcBanks=2'] });
  const network = loadModel('lv-vit-s');
  const origins = [...chip.origins, ...network.origins];
  const text = expandedYaml(origins);
  const tree = parse(text) as Record<string, unknown>;
  t.deepEqual(Object.keys(tree), [
    'arch',
    'tech',
    'tech.static',
    'tech.dynamic',
    'digital',
    'derived',
    'model',
  ]);
  t.is(
    text.split('\n').filter(line => / # (\S+, )?(\S+:\d+|--set .*|--tech .*|default|derived: .*)$/.test(line))
      .length,
    origins.length,
  );
  const at = (...path: string[]): unknown =>
    path.reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], tree);
  t.is(at('tech', 'static'), '#tech.static');
  t.is(at('tech.static', 'read', 'energy'), '25.096 pJ');
  t.is(at('arch', 'pe', 'adcBanks'), 2);
  t.is(at('model', 'stem', '2', 'channels'), 64);
});

test('a value is written as YAML writes it, the short way or not', t => {
  const word = fc.stringMatching(/^[a-zA-Z0-9%./_:#~ -]{0,8}$/);
  const quantity = fc
    .tuple(fc.double({ noNaN: true }), fc.constantFrom('pJ', 'um2', '%', 'F/m', 'KiB', 'e5', ': x', '#1'))
    .map(([value, unit]) => `${value} ${unit}`);
  const known = fc.constantFrom(
    'true',
    'False',
    'NULL',
    'null',
    '~',
    '0x1F',
    '0o7',
    '1e5',
    '.inf',
    'yes',
    'n',
    '1 a-',
  );
  const any = fc.oneof(word, quantity, known, fc.double(), fc.integer(), fc.boolean(), fc.constant(null));
  const expected = (value: unknown): string => {
    const yaml = stringify(value, { lineWidth: 0 }).trimEnd();
    return yaml.includes('\n') ? JSON.stringify(value) : yaml;
  };
  const law = fc.property(any, value => scalar(value) === expected(value));
  t.notThrows(() => fc.assert(law, { numRuns: 5000 }));
});
