/** The exact texts of errors in the YAML itself: syntax, documents, aliases, nesting. */
import test from 'ava';
import fc from 'fast-check';
import { loadTechFrom } from '../../src/arch/load.ts';
import { EXIT, TrexError } from '../../src/base/errors.ts';
import { failure, MACRO, macroWith, memoryFiles } from './fixtures.ts';

const load = (text: string) => loadTechFrom(memoryFiles({ 'tech/cell.yaml': text }), 'cell');

const golden = test.macro((t, text: string, ...lines: string[]) => {
  const { message, exitCode } = failure(() => load(text));
  t.is(message, lines.join('\n'));
  t.is(exitCode, EXIT.invalidFile);
});

const EMPTY = 'tech/cell.yaml:1:1  the file is empty: expected keys and values, such as "name: my-chip"';

test('an empty file is an error', golden, '', EMPTY);
test('a file of comments is empty', golden, '# only\n', EMPTY, '  # only', '  ^');

test(
  'a list is no file',
  golden,
  '- 1\n',
  'tech/cell.yaml:1:1  expected keys and values, such as "name: my-chip", got a list',
);

test(
  'a bare text is no file, and is not shown',
  golden,
  'hello',
  'tech/cell.yaml:1:1  expected keys and values, such as "name: my-chip", got a text',
);

test(
  'a file holds one document',
  golden,
  `${MACRO}---\nname: second\n`,
  'tech/cell.yaml:16:1  expected one document, got several (a second one starts after "---")',
  '  ---',
  '  ^^^',
);

test(
  'a duplicate key names the line of the first',
  golden,
  macroWith('area: 0.03 mm2', 'area: 0.03 mm2\narea: 0.04 mm2'),
  'tech/cell.yaml:13:1  area: duplicate key, first on line 12',
  '  area: 0.04 mm2',
  '  ^^^^',
);

test(
  'a comma that is missing is a syntax error with its place',
  golden,
  macroWith('{ rows: 64,', '{ rows: 64'),
  'tech/cell.yaml:6:19  not valid YAML: Block collections are not allowed within flow collections',
  '  crossbar: { rows: 64 cols: 64 }',
  '                    ^^^^^^^^^^^^',
);

test(
  'a tab that indents is a syntax error, named once, and the caret stands below it',
  golden,
  macroWith('  energy: 118', '\tenergy: 118'),
  'tech/cell.yaml:10:1  not valid YAML: Tabs are not allowed as indentation',
  '  \tenergy: 118 pJ',
  '  ^',
);

test(
  'an unknown tag is an error',
  golden,
  macroWith('bits: 2', 'bits: !volt 2'),
  'tech/cell.yaml:5:30  not valid YAML: Unresolved tag: !volt',
  '  cell: { device: fefet, bits: !volt 2 }',
  '                               ^^^^^',
);

test(
  'an alias needs an anchor before it',
  golden,
  'a: *b',
  'tech/cell.yaml:1:4  a: no anchor &b is complete before this alias',
  '  a: *b',
  '     ^^',
);

test(
  'an alias inside its own anchor has no end, and is an error',
  golden,
  'a: &a { b: *a }',
  'tech/cell.yaml:1:12  a.b: no anchor &a is complete before this alias',
  '  a: &a { b: *a }',
  '             ^^',
);

test('aliases that multiply are refused before they take memory', t => {
  const levels = [...'bcdefghijklm'].map((name, i) => {
    const below = 'abcdefghijklm'[i];
    return `${name}: &${name} [${Array(10).fill(`*${below}`).join(', ')}]`;
  });
  const { message } = failure(() => load(['a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]', ...levels].join('\n')));
  t.regex(message, /^tech\/cell\.yaml:5:7 {2}e: more than 100000 values once its aliases are written out\n/);
});

test('nesting without end is refused before it is parsed', t => {
  for (const text of [`a: ${'['.repeat(50_000)}`, '- '.repeat(50_000), `${' '.repeat(300)}a: 1`]) {
    t.regex(
      failure(() => load(text)).message,
      /^tech\/cell\.yaml:1:\d+ {2}blocks or brackets are nested too deep/,
    );
  }
});

test('anchors and merge keys work, and values keep the place where they were written', t => {
  const text = macroWith('read: {', 'read: &read {').replace(
    'write:\n  energy: 118 pJ\n  time: 3.3 us',
    'write: { <<: *read, time: 1 us }',
  );
  const { tech, origins } = load(text);
  if (tech.level !== 'macro') return t.fail();
  t.is(tech.write.energy, 25e-12);
  t.is(tech.write.time, 1e-6);
  const energy = origins.find(o => o.path === 'tech.write.energy');
  t.deepEqual(energy?.origin, { kind: 'file', file: 'tech/cell.yaml', line: 8 });
});

test('a merge key needs a block', t => {
  const { message } = failure(() => load(`${MACRO}<<: 4\n`));
  t.regex(message, /^tech\/cell\.yaml:16:1 {2}<<: expected an alias of a block, or a list of them\n/);
});

test('line ends and a byte-order mark of Windows do not move a position', t => {
  const text = `\ufeff${macroWith('25 pJ', '25 pW').replaceAll('\n', '\r\n')}`;
  t.is(
    failure(() => load(text)).message,
    [
      'tech/cell.yaml:8:17  read.energy: expected a quantity in J (e.g. "1.5 pJ"), got "25 pW"',
      '  read: { energy: 25 pW, time: 20 ns }',
      '                  ^^^^^',
    ].join('\n'),
  );
});

test('control characters of a file do not reach the terminal', t => {
  const { message } = failure(() => load(`${MACRO}"\u001b[31mred": "\u0007"\n`));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  t.notRegex(message, /[\x00-\x09\x0b-\x1f]/);
  t.regex(message, /\?\[31mred: unknown key/);
});

test('all errors of a file are shown, up to fifty', t => {
  const keys = Array.from({ length: 60 }, (_, i) => `unknown${i}: 1`);
  const { message } = failure(() => load(`${MACRO}${keys.join('\n')}\n`));
  t.is(message.match(/unknown key/g)?.length, 50);
  t.regex(message, /\.\.\. and 10 more$/);
});

test('whatever is done to a file, it loads or is refused with a message', t => {
  const junk = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom(
      '&a ',
      '*a',
      '<<: ',
      '{',
      '}',
      '[',
      ']',
      '\n',
      '\t',
      ': ',
      '- ',
      '!x ',
      '---\n',
      '? ',
      '|',
      '"',
    ),
  );
  const place = fc.integer({ min: 0, max: MACRO.length });
  const edit = fc.tuple(place, fc.integer({ min: 0, max: 20 }), junk);
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), edits => {
        const text = edits.reduce((s, [at, cut, add]) => s.slice(0, at) + add + s.slice(at + cut), MACRO);
        try {
          load(text);
        } catch (error) {
          if (!(error instanceof TrexError) || !/^tech\/cell\.yaml:\d+:\d+ {2}/.test(error.message))
            throw error;
        }
      }),
      { numRuns: 500 },
    ),
  );
});
