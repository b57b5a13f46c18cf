/** Results as tables: what stands in a row stands in its cells, whoever reads them. */
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { sealedLine } from '../../../../src/base/sealed.ts';
import { VERSION } from '../../../../src/base/version.ts';
import { tableFormat } from '../../../../src/cli/export.ts';
import { exportTable } from '../../../../src/explore/studies/node/export-table.ts';
import { openTable, type TableFormat } from '../../../../src/explore/studies/node/table-writers.ts';
import { quantityOf } from '../../../../src/explore/studies/tables/quantity.ts';

const folder = mkdtempSync(join(tmpdir(), 'trex-tables-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

const idOf = (n: number): string => `h${n.toString(16).padStart(16, '0').padEnd(32, '0')}`;
const rowOf = (n: number, members: object): object => ({
  schemaVersion: 1,
  id: idOf(n),
  point: {
    'tech.adc.energy': `${n} pJ`,
    reuse: n === 2 ? 'count:3' : 'none',
    'xbar.adc-range': n === 1 ? 0.5 : 'layer',
  },
  seed: n,
  ...members,
  provenance: { version: VERSION, inputs: 'aa', ...(n === 1 && { backend: 'wasm (simd, cpu)' }) },
});
const ROWS = [
  rowOf(1, {
    latency_s: 1.5e-3,
    reuse: { count: 0, encoders: [] },
    grouped: null,
    folded: true,
    note: 'a "b", c\nd',
  }),
  rowOf(2, {
    latency_s: null,
    reuse: { count: 3, encoders: [4, 5] },
    grouped: { vector: 2 },
    folded: false,
    note: '',
  }),
  rowOf(3, { error: { message: 'tech.adc.bits: must be, at most 16', exitCode: 3 } }),
];
const RECORD = {
  schemaVersion: 1,
  version: VERSION,
  name: 'three',
  study: { metrics: ['run'] },
  points: 3,
  shard: null,
  files: [
    { path: 'three.study.yaml', sha256: 'beef' },
    { path: 'tech/fefet.yaml', sha256: 'cafe', source: 'NeuroSim V1.4' },
  ],
  inputs: { aa: ['tech/fefet.yaml'] },
};

const dirOf = (name: string, rows: readonly object[]): string => {
  const dir = join(folder, name);
  mkdirSync(dir);
  writeFileSync(join(dir, 'results.ndjson'), rows.map(sealedLine).join(''));
  writeFileSync(join(dir, 'study.json'), JSON.stringify(RECORD));
  return dir;
};
const exported = async (results: string, format: TableFormat) => {
  const out = join(folder, `${results.split('/').at(-1)}.${format}`);
  return { out, ...(await exportTable({ results, out, format })) };
};
const parquetOf = (path: string) => {
  const bytes = readFileSync(path);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
};

const EXPECTED = {
  schemaVersion: 1,
  id: idOf(2),
  seed: 2,
  'point.tech.adc.energy': '2 pJ',
  'point.tech.adc.energy_J': 2e-12,
  'point.reuse': 'count:3',
  'point.xbar.adc-range': 'layer',
  latency_s: null,
  'reuse.count': 3,
  'reuse.encoders': '[4,5]',
  folded: false,
  note: '',
  'grouped.vector': 2,
  'error.message': null,
  'error.exitCode': null,
  'provenance.version': VERSION,
  'provenance.study': 'beef',
  'provenance.inputs': 'aa',
  'provenance.backend': null,
  'provenance.sources': 'tech/fefet.yaml: NeuroSim V1.4',
};

test('a Parquet file has a typed column for each member of a row, and what the study is in its metadata', async t => {
  const { out, rows, failed } = await exported(dirOf('parquet', ROWS), 'parquet');
  t.deepEqual([rows, failed], [3, 1]);
  const file = parquetOf(out);
  const [first, second, third] = await parquetReadObjects({ file });
  t.deepEqual(second, EXPECTED);
  t.deepEqual(Object.keys(second), Object.keys(EXPECTED));
  t.like(first, {
    latency_s: 1.5e-3,
    folded: true,
    note: 'a "b", c\nd',
    'point.xbar.adc-range': '0.5',
    'provenance.backend': 'wasm (simd, cpu)',
  });
  t.like(third, {
    latency_s: null,
    folded: null,
    'error.message': 'tech.adc.bits: must be, at most 16',
    'error.exitCode': 3,
  });
  const { key_value_metadata: pairs = [], schema } = parquetMetadata(file);
  const said = Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
  t.like(said, {
    'trex.tableSchema': '1',
    'trex.name': 'three',
    'trex.units': '{"point.tech.adc.energy_J":"J"}',
  });
  t.deepEqual(JSON.parse(said['trex.files']!), RECORD.files);
  t.is(schema.find(({ name }) => name === 'latency_s')?.type, 'DOUBLE');
  t.is(schema.find(({ name }) => name === 'folded')?.type, 'BOOLEAN');
});

test('a CSV file has the same cells; a name that is there stays until the new file is whole', async t => {
  const dir = dirOf('csv', ROWS);
  const { out } = await exported(dir, 'csv');
  const text = readFileSync(out, 'utf8');
  const [head, ...lines] = text.trimEnd().split('\n');
  t.deepEqual(head.split(','), Object.keys(EXPECTED));
  const cells = Object.values(EXPECTED).map(cell => (cell === null ? '' : String(cell)));
  t.is(
    lines.find(line => line.includes(idOf(2))),
    cells.map(cell => (cell.includes(',') ? `"${cell}"` : cell)).join(','),
  );
  t.true(text.includes('"a ""b"", c\nd"'));
  appendFileSync(join(dir, 'results.ndjson'), sealedLine(rowOf(4, {})).replace('none', 'nine'));
  await t.throwsAsync(exported(dir, 'csv'), { message: /results\.ndjson:4: has checksum .*sweep it again/ });
  t.is(readFileSync(out, 'utf8'), text);
  t.false(readdirSync(folder).some(name => name.endsWith('.tmp')));
});

test('the last row of a point counts, a torn one does not', async t => {
  const again = { ...rowOf(3, { latency_s: 2 }) };
  const dir = dirOf('again', [...ROWS, again]);
  appendFileSync(join(dir, 'results.ndjson'), sealedLine(rowOf(5, {})).slice(0, 60));
  const { out, rows, failed } = await exported(dir, 'parquet');
  t.deepEqual([rows, failed], [3, 0]);
  const read = await parquetReadObjects({ file: parquetOf(out) });
  t.deepEqual(
    read.map(row => [row.id, row.latency_s]),
    [
      [idOf(1), 1.5e-3],
      [idOf(2), null],
      [idOf(3), 2],
    ],
  );
});

test('numbers that are none keep what they are', async t => {
  const columns = [{ name: 'x', type: 'number', of: 'x' }] as const;
  for (const format of ['csv', 'parquet'] as const) {
    const path = join(folder, `nan.${format}`);
    const table = await openTable(format, { path, columns, metadata: {} });
    table.write([[Number.NaN], [null], [Number.POSITIVE_INFINITY]]);
    table.finish();
    if (format === 'csv') t.is(readFileSync(path, 'utf8'), 'x\nNaN\n\nInfinity\n');
    else
      t.deepEqual(
        (await parquetReadObjects({ file: parquetOf(path) })).map(row => row.x),
        [Number.NaN, null, Number.POSITIVE_INFINITY],
      );
  }
});

test('what is no result is refused by name', async t => {
  const out = join(folder, 'x.csv');
  const none = exportTable({ results: join(folder, 'nowhere'), out, format: 'csv' });
  await t.throwsAsync(none, { message: /nowhere: no such file: no results of trex sweep/ });
  await t.throwsAsync(exportTable({ results: dirOf('empty', []), out, format: 'csv' }), {
    message: /has no row yet/,
  });
  const newer = dirOf('newer', [{ ...rowOf(1, {}), schemaVersion: 2 }]);
  await t.throwsAsync(exportTable({ results: newer, out, format: 'csv' }), {
    message: /results\.ndjson:1: is a row of schema 2/,
  });
  t.throws(() => tableFormat('x.txt', undefined), {
    message: /expected a name that ends in \.csv or \.parquet/,
  });
  t.throws(() => tableFormat('x.csv', 'parquet'), {
    message: /--format parquet: --out x\.csv is named as csv/,
  });
  t.is(tableFormat('x.txt', 'csv'), 'csv');
  t.deepEqual(quantityOf('0.5 GHz'), { dimension: 'Hz', si: 5e8 });
  t.deepEqual(
    [quantityOf('count:3'), quantityOf('5'), quantityOf('3 bananas')],
    [undefined, undefined, undefined],
  );
});
