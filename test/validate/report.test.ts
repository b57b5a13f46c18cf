/** The validation page: printed figures are compared digit by digit. */
import test from 'ava';
import { change, markdownTable } from '../../src/report/markdown.ts';
import { loadModel } from '../../src/run/node/load.ts';
import { networksReport } from '../../src/validate/networks-report.ts';
import { TABLE_IV, withPrintedDigits } from '../../src/validate/table-iv.ts';
import { modelSummary } from '../../src/workload/summary.ts';

test('a figure is compared with as many digits as are printed', t => {
  t.is(withPrintedDigits(0.12051, '0.12'), '0.12');
  t.is(withPrintedDigits(10.916, '10.92'), '10.92');
  t.is(withPrintedDigits(0.000536, '0.00054'), '0.00054');
  t.not(withPrintedDigits(0.126, '0.12'), '0.12');
});

test('Table IV has five printed rows, and one that only Fig. 13 names', t => {
  t.deepEqual(
    TABLE_IV.map(row => row.reuse),
    [0, 3, 5, 6, 7, 9],
  );
  t.is(TABLE_IV.filter(row => row.edap !== undefined).length, 5);
});

test('every network has exactly the parameters and MACs of its reference', t => {
  const page = networksReport((name, tokens) => modelSummary(loadModel(name).model, { tokens }));
  const rows = page.split('\n').filter(line => /^\| (deit|vit-|lv-vit|bert)/.test(line));
  t.is(rows.length, 11);
  for (const row of rows) {
    const cells = row.split('|').map(cell => cell.trim());
    t.is(cells[5], '0', row);
    t.true(cells[6] === '0' || cells[1] === 'lv-vit-m', row);
  }
});

test('a table escapes bars, and a change has a sign', t => {
  t.is(markdownTable(['a', 'b'], [['x|y', '1']]), '| a | b |\n|---|---:|\n| x\\|y | 1 |');
  t.is(change(1.5, 1), '+50.0 %');
  t.is(change(0.5, 1), '-50.0 %');
});
