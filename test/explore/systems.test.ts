/** Networks on one chip: the figures of single runs, on a chip whose buffer holds all of them. */
import test from 'ava';
import { systems } from '../../src/explore/systems/systems.ts';
import { ranked, systemsCsv, systemsFigure, systemsText } from '../../src/report/systems-table.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { run } from '../../src/run/run.ts';

const models = ['glyph-vit', 'grammar-bert'];

test('each row is the run of that network alone', async t => {
  const { rows, globalBuffer } = await systems({ arch: 'trex', models }, { files: nodeFiles });
  t.is(globalBuffer.capacity_B, globalBuffer.written_B);
  for (const { name, figures } of rows) {
    const { result } = await run({ arch: 'trex', model: name }, { files: nodeFiles });
    t.like(result, { ...figures });
  }
});

test('the global buffer of all is as large as the largest network needs', async t => {
  const set = ['globalBuffer.capacity=1KiB'];
  const { rows, globalBuffer } = await systems(
    { arch: 'trex-full', models: ['grammar-bert'], set },
    { files: nodeFiles },
  );
  t.is(globalBuffer.written_B, 1024);
  t.true(globalBuffer.capacity_B > 1024);
  t.is(rows[0].refused, null);
});

test('a network that the chip refuses has a row that says why, and comes last', async t => {
  const set = ['chip.tiles=40', 'chip.overflow=refuse'];
  const table = await systems({ arch: 'trex', models, set }, { files: nodeFiles });
  const [first, last] = ranked(table.rows);
  t.is(first.name, 'grammar-bert');
  t.is(last.name, 'glyph-vit');
  t.regex(last.refused ?? '', /needs \d+ tiles .* the chip has 40/);
  t.regex(systemsText(table), /glyph-vit .*refused/);
  t.is(systemsCsv(table).trim().split('\n').length, 3);
});

test('it is the same whichever run is done first', async t => {
  const files = nodeFiles;
  const figures = { latency_s: 1, energy_J: 1, area_m2: 1, edap_Jsm2: 1, tiles: 1 };
  const late = async ({ model }: { model: string }) => {
    await new Promise(resolve => setTimeout(resolve, model === 'glyph-vit' ? 20 : 0));
    return { ...figures, edap_Jsm2: model.length };
  };
  const slow = await systems({ arch: 'trex', models }, { files, measure: late });
  t.deepEqual(
    slow.rows.map(row => [row.name, row.figures?.edap_Jsm2]),
    [
      ['glyph-vit', 9],
      ['grammar-bert', 12],
    ],
  );
  t.regex(systemsFigure(slow), /grammar-bert/);
});
