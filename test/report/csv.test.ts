import test from 'ava';
import fc from 'fast-check';
import { csv, layersCsv } from '../../src/report/csv.ts';
import type { LayerRow } from '../../src/report/result.ts';
import { loadArch, loadModel } from '../../src/run/node/load.ts';
import { simulate } from '../../src/run/simulate.ts';
import { noReuse } from '../../src/workload/reuse.ts';
import { example } from './example.ts';

const row: LayerRow = {
  step: 'e0.q',
  stage: 'qkv',
  encoder: 0,
  kind: 'read',
  jobs: 197,
  start_s: 0,
  end_s: 3.0218224e-5,
  energy_J: 7.1e-7,
  crossbars: 144,
  tiles: 3,
  macs: 29048832,
  elements: 0,
};

test('a layer is one row of SI numbers under headers that carry units', t => {
  t.is(
    layersCsv({ layers: [row, { ...row, step: 'head', stage: 'head', encoder: null }], result: example }),
    `step,stage,encoder,kind,jobs,start_s,end_s,energy_J,crossbars,tiles,macs,elements
e0.q,qkv,0,read,197,0,0.000030218224,7.1e-7,144,3,29048832,0
head,head,,read,197,0,0.000030218224,7.1e-7,144,3,29048832,0
leakage,leakage,,standing,0,0,0.01,0.00005,0,0,0,0
`,
  );
});

for (const arch of ['trex', 'trex-full', 'isaac-ce'])
  test(`rows of layers.csv add up to the energy of the result, leakage and extras included: ${arch}`, async t => {
    const { model } = loadModel('glyph-vit');
    const run = await simulate({ arch: loadArch(arch).arch, model, reuse: noReuse, images: 2 });
    const [header, ...rows] = readCsv(layersCsv(run));
    const column = header.indexOf('energy_J');
    const energy_J = rows.reduce((sum, cells) => sum + Number(cells[column]), 0);
    t.is(energy_J.toPrecision(12), run.result.energy_J.toPrecision(12));
  });

test('any cells come back from the text (RFC 4180)', t => {
  t.notThrows(() =>
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 4 }), { minLength: 1 }),
        rows => JSON.stringify(readCsv(csv(rows))) === JSON.stringify(rows),
      ),
    ),
  );
});

/** One character at a time, as RFC 4180 has it. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (quoted && char === '"' && text[i + 1] === '"') cell += text[++i];
    else if (char === '"') quoted = !quoted;
    else if (!quoted && (char === ',' || char === '\n')) {
      cells.push(cell);
      cell = '';
      if (char === '\n') {
        rows.push(cells);
        cells = [];
      }
    } else cell += char;
  }
  return rows;
}
