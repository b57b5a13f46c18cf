/** `trex explain`. */
import test from 'ava';
import { explainText } from '../../src/report/explain-text.ts';
import { loadArch } from '../../src/run/node/load.ts';

test('the tables are aligned, and fit', t => {
  for (const tech of ['trex-fefet-32nm', 'trex-hybrid-32nm', 'fefet-32nm']) {
    const text = explainText(loadArch('trex', { tech }), 130);
    t.true(text.split('\n').every(line => line.length <= 130));
    for (const table of text.split('\n\n').slice(0, -1)) {
      const [, head, ...rows] = table.split('\n');
      const columns = ['value', 'origin', 'source'].map(word => head.indexOf(word));
      t.true(
        rows.every(row => columns.every(c => c >= row.length || row[c - 1] === ' ')),
        table,
      );
    }
  }
});

test('each value stands with its origin', t => {
  const text = explainText(loadArch('trex', { set: ['pe.adcBanks=2'] }), 130);
  t.regex(text, /\n {2}pe\.adcBanks +2 +--set\n/);
  t.regex(text, /\n {2}pe\.crossbars +8 +trex\.yaml:\d+ +arXiv 2408\.12742 Tables II and III\n/);
  t.regex(text, /\n {2}crossbarsPerTile +64 +derived +pe\.crossbars x tile\.pes\n/);
});

test('where a source has no room beside its values it stands before them, whole', t => {
  const text = explainText(loadArch('trex'), 80);
  t.true(text.split('\n').every(line => line.length <= 80));
  t.regex(text, /\n {2}source: arXiv 2408\.12742 Tables II and III\n {2}pe\.crossbars +8 +trex\.yaml:\d+\n/);
  t.regex(text, /\n {2}source: none\n {2}tile\.buffer\.memory +sram +default\n/);
});

test('a default is called one', t => {
  const text = explainText(loadArch('trex', { tech: 'fefet-32nm' }));
  t.regex(text, /\n {2}pipeline +none +default\n/);
});

test('both devices of a hybrid have a table', t => {
  const text = explainText(loadArch('trex', { tech: 'trex-hybrid-32nm' }));
  t.regex(text, /\ntech\.static trex-fefet-32nm: /);
  t.regex(text, /\ntech\.dynamic trex-sram-32nm: /);
});

test('the assumptions are counted', t => {
  t.regex(explainText(loadArch('trex')), /\n\d+ of \d+ values are assumed: their source says so\.\n$/);
});

test('circuits: every part of area and energy has its value and what it is made of', t => {
  const { origins } = loadArch('trex', { tech: 'fefet-32nm' });
  const derived = new Map(
    origins.flatMap(({ path, value, origin }) =>
      origin.kind === 'derived' ? [[path.slice('derived.'.length), { value, how: origin.how }]] : [],
    ),
  );
  for (const figure of ['crossbarArea', 'readEnergy']) {
    const parts = [...derived].filter(([path]) => path.startsWith(`${figure}.`));
    t.true(parts.length >= 6);
    const sum = parts.reduce((s, [, { value }]) => s + (value as number), 0);
    t.true(Math.abs(sum / (derived.get(figure)?.value as number) - 1) < 1e-9, figure);
    t.true(parts.every(([, { how }]) => !/^laws /.test(how)));
  }
  t.is(derived.get('readEnergy.adc')?.how, 'cols conversions of law neurosim-sar');
  t.is(derived.get('readEnergy.array')?.how, 'rows x adc.columns x swings (inputDensity) x C_row x V^2');
});

test('published figures of components say where they stand', t => {
  const { origins } = loadArch('isaac-ce');
  const dac = origins.find(({ path }) => path === 'derived.readEnergy.dac')?.origin;
  t.deepEqual(dac, { kind: 'derived', how: 'given.dac.energy' });
});

test('a default that is a block is shown as one', t => {
  const text = explainText(loadArch('trex-full', { tech: 'sram-32nm' }));
  t.notRegex(text, /\[object/);
  t.regex(text, /drive +\{/);
});
