import test from 'ava';
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
  t.is(table([['a', 'unbreakable']], { width: 5 }), 'a  unbreakable');
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
