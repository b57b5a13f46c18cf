import test from 'ava';
import fc from 'fast-check';
import { displayWidth, table } from '../../src/report/table.ts';

test('columns of numbers go right, others left, and no line ends in spaces', t => {
  const text = table([
    ['model', 'MACs', 'note'],
    ['deit-t', '1.26', ''],
    ['deit-s', '4.608', 'small'],
  ]);
  t.is(text, ['model    MACs  note', 'deit-t   1.26', 'deit-s  4.608  small'].join('\n'));
});

test('a word for a column overrules what its cells say', t => {
  const rows = [
    ['a', 'b'],
    ['1', '22'],
  ];
  t.is(table(rows, { align: ['left', 'left'] }), 'a  b\n1  22');
  t.is(table(rows, { align: ['left', 'right'] }), 'a   b\n1  22');
});

test('text that does not fit is wrapped between words, below its own column', t => {
  t.is(table([['writes', 'one two three']], { width: 16 }), 'writes  one two\n        three');
});

test('a word that no line holds is cut, behind the signs of a path or anywhere', t => {
  t.is(table([['a', 'unbreakable']], { width: 9 }), 'a  unbrea\n   kable');
  t.is(table([['a', 'tech/fefet.yaml:3']], { width: 15 }), 'a  tech/fefet.\n   yaml:3');
});

const WIDE = [
  ['', 'size', 'area', 'energy of a read', '', 'note'],
  ['one', '32x32', '12.5', '3.1 pJ', '2.0x', 'all'],
  ['two', '64x64', '50', '6.2 pJ', '', 'half of it'],
];

test('columns that do not fit stand in blocks behind the first ones; one without a heading stays with its left', t => {
  t.is(table(WIDE).split('\n').length, 3);
  const folded = table(WIDE, { width: 26, keys: 2 });
  t.is(
    folded,
    [
      '     size   area',
      'one  32x32  12.5',
      'two  64x64    50',
      '',
      '     size   energy',
      '            of a',
      '            read',
      'one  32x32  3.1 pJ    2.0x',
      'two  64x64  6.2 pJ',
      '',
      '     size   note',
      'one  32x32  all',
      'two  64x64  half of it',
    ].join('\n'),
  );
});

test('no table is wider than its terminal, and no sign of a cell is lost', t => {
  const cell = fc.oneof(fc.string({ maxLength: 30 }), fc.constantFrom('3.14', 'a b c', 'x/y.yaml:12', ''));
  const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 6 }), { minLength: 1, maxLength: 5 });
  t.notThrows(() =>
    fc.assert(
      fc.property(
        rows,
        fc.integer({ min: 40, max: 100 }),
        fc.integer({ min: 1, max: 2 }),
        (cells, width, keys) => {
          const text = table(cells, { width, keys });
          const signs = (s: string): number => [...s.replace(/[ \n]/g, '')].length;
          const all = cells.flat().reduce((sum, s) => sum + signs(s.replace(/[^ -~]/g, '?')), 0);
          return text.split('\n').every(line => displayWidth(line) <= width) && signs(text) >= all;
        },
      ),
      { numRuns: 200 },
    ),
  );
});

test('the cell of a row of one spans the table', t => {
  const rows = [['path', 'value'], ['source: of both below'], ['a', '1'], ['b', '2']];
  t.is(table(rows, { width: 18 }), 'path  value\nsource: of both\nbelow\na         1\nb         2');
});

test('width is what a terminal shows: wide signs take two columns, combining marks none', t => {
  t.is(displayWidth('µJ'), 2);
  t.is(displayWidth('模型'), 4);
  t.is(displayWidth('e\u0301'), 1);
  t.is(
    table([
      ['模型', 'x'],
      ['abcd', 'y'],
    ]),
    '模型  x\nabcd  y',
  );
});

test('a name with control characters cannot steer the terminal', t => {
  t.is(table([['\u001b[2Jx\ny']]), '?[2Jx?y');
});

test('no rows are no text', t => {
  t.is(table([]), '');
});

test('a table of any length', t => {
  const rows = Array.from({ length: 200_000 }, (_, i) => [`node ${i % 10}`, '1']);
  t.is(table(rows).split('\n').length, 200_000);
});
