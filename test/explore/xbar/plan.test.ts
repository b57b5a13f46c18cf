/** The points of a microbenchmark and their rows: what is swept, what is left out, and what the figures must agree on. */
import test from 'ava';
import { EXIT } from '../../../src/base/errors.ts';
import { xbarRow } from '../../../src/explore/xbar/evaluate.ts';
import { planXbar, type SweptOptions, xbarPoints } from '../../../src/explore/xbar/plan.ts';
import { xbarRows } from '../../../src/explore/xbar/rows.ts';
import type { XbarError, XbarRow } from '../../../src/report/xbar-row.ts';
import { nodeFiles } from '../../../src/run/node/files.ts';
import { loadTech } from '../../../src/run/node/load.ts';
import { evaluateCrossbar } from '../../../src/tech/circuit/evaluate.ts';
import { designOf } from '../../../src/tech/design-of.ts';
import type { EncodingName } from '../../../src/tech/encodings.ts';
import { failure } from '../../arch/fixtures.ts';

const options = (more: Partial<SweptOptions> = {}): SweptOptions => ({
  techs: ['fefet-32nm', 'sram-32nm'],
  rows: [32, 64],
  cols: [],
  adcBits: [],
  cellBits: [],
  mux: [],
  nodes_m: [],
  weightBits: [8],
  inputBits: [8],
  encodings: [],
  vdds_V: [],
  temperatures_K: [],
  set: [],
  ...more,
});
const rowsOf = (more: Partial<SweptOptions> = {}): XbarRow[] =>
  [...xbarPoints(planXbar(nodeFiles, options(more)))].map(point => xbarRow(point, null));
const close = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-12 * Math.abs(b);

test('crossbars are square where no columns are given', t => {
  t.deepEqual(
    rowsOf().map(row => [row.tech, row.rows, row.cols]),
    [
      ['fefet-32nm', 32, 32],
      ['fefet-32nm', 64, 64],
      ['sram-32nm', 32, 32],
      ['sram-32nm', 64, 64],
    ],
  );
  t.is(rowsOf({ cols: [16, 128] }).length, 8);
});

test('bits that a cell cannot hold are left out with a warning, and the rest runs', t => {
  const plan = planXbar(nodeFiles, options({ cellBits: [1, 2, 4], adcBits: [4, 5] }));
  t.is(plan.points, 2 * 3 * 2 + 2 * 1 * 2);
  t.is([...xbarPoints(plan)].length, plan.points);
  t.true(plan.warnings.some(text => /sram-32nm: bits in a .* cell 1; left out: 2, 4/.test(text)));
  const none = failure(() => planXbar(nodeFiles, options({ techs: ['sram-32nm'], cellBits: [3] })));
  t.is(none.exitCode, EXIT.usage);
  t.regex(none.message, /no point is left/);
});

test('a row is the design of the file at its own size, and its parts sum to the whole', t => {
  const [row] = rowsOf({ techs: ['fefet-32nm'], rows: [64] });
  const { tech } = loadTech('fefet-32nm');
  const figures = evaluateCrossbar(designOf(tech));
  t.is(row.area_m2, figures.area_m2.total);
  t.is(row.read.energy_J, figures.readEnergy_J.total);
  t.is(row.write.time_s, figures.writeTime_s.total);
  const sum = (parts: Readonly<Record<string, number>>): number =>
    Object.values(parts).reduce((s, v) => s + v, 0);
  t.true(close(sum(row.areaBreakdown), row.area_m2));
  t.true(close(sum(row.read.breakdown), row.read.energy_J));
  t.true(close(sum(row.read.timeBreakdown), row.read.time_s));
});

test('TOPS are those of whole products: a column per weight slice, a read per input plane', t => {
  const [row] = rowsOf({ techs: ['fefet-32nm'], rows: [64] });
  // 8 outputs of 64 MACs in 8 planes: 7 bits of a magnitude in four cells, twice.
  const ops = 2 * 64 * 8;
  t.true(close(row.topsPerWatt, ops / (8 * row.read.energy_J) / 1e12));
  t.true(close(row.topsPerMm2, ops / (8 * row.read.time_s) / (row.area_m2 * 1e6) / 1e12));
  t.true(close(row.weightsPerMm2, (64 * 8) / (row.area_m2 * 1e6)));
  const [narrow] = rowsOf({ techs: ['fefet-32nm'], rows: [64], weightBits: [4], inputBits: [4] });
  t.true(narrow.topsPerWatt > 3.9 * row.topsPerWatt);
  const of = (encoding: EncodingName) =>
    rowsOf({ techs: ['fefet-32nm'], rows: [64], encodings: [encoding] })[0].weightsPerMm2 / row.weightsPerMm2;
  t.true(close(of('offset'), 2));
  // One column of 64 is the reference.
  t.true(close(of('reference-column'), (2 * 63) / 64));
});

test('rows come in the order of the plan, however late their errors come', async t => {
  const plan = planXbar(nodeFiles, options({ adcBits: [4, 5, 6] }));
  const error: XbarError = {
    trials: 1,
    rmse: { mean: 1, interval95: null },
    snr_dB: null,
    effectiveBits: null,
    assumed: '',
  };
  let asked = 0;
  let most = 0;
  let open = 0;
  const measure = async (): Promise<XbarError> => {
    const wait = asked++ % 3 === 0 ? 4 : 0;
    most = Math.max(most, ++open);
    await new Promise(resolve => setTimeout(resolve, wait));
    open--;
    return error;
  };
  const rows: XbarRow[] = [];
  for await (const row of xbarRows(plan, 2, { threads: 2, measure })) rows.push(row);
  t.deepEqual(
    rows.map(row => [row.tech, row.rows, row.adc.bits]),
    [...xbarPoints(plan)].slice(2).map(p => [p.of.name, p.design.rows, p.design.adc.bits]),
  );
  t.is(asked, plan.points - 2);
  t.true(most <= 4, 'no more than two points per thread are in work');
  t.true(rows.every(row => row.error === error));
});

const refused: [string, Partial<SweptOptions>, number, RegExp][] = [
  ['a macro', { techs: ['trex-fefet-32nm'] }, 2, /level macro/],
  ['digital blocks', { techs: ['cmos-32nm'] }, 2, /has no crossbars/],
  ['a name twice', { techs: ['fefet-32nm', 'fefet-32nm'] }, 2, /named twice/],
  ['a node out of range', { nodes_m: [5e-9] }, 2, /node/],
  ['a write below the read', { set: ['tech.write.voltage=0.2 V'] }, 2, /below the read/],
  ['an unknown name', { techs: ['fefet-33nm'] }, 4, /did you mean/],
];

for (const [what, more, code, message] of refused)
  test(`arrays, ${what}: refused`, t => {
    const got = failure(() => planXbar(nodeFiles, options(more)));
    t.is(got.exitCode, code, got.message);
    t.regex(got.message, message);
  });

test('a value of the technologies may be named without their prefix; one of a chip is refused', t => {
  const plan = planXbar(nodeFiles, options({ techs: ['fefet-32nm'], set: ['adc.law=silicon'] }));
  t.is(plan.devices[0].variants[0].design.adc.law, 'silicon');
  const { message, exitCode } = failure(() => planXbar(nodeFiles, options({ set: ['pe.adcBanks=2'] })));
  t.is(message, '--set pe.adcBanks=2: expected a value of the technologies, e.g. tech.adc.law=survey');
  t.is(exitCode, EXIT.usage);
});

test('words, encodings, supplies and temperatures are swept as sizes are, in one fixed order', t => {
  const rows = rowsOf({
    techs: ['fefet-32nm'],
    rows: [64],
    weightBits: [4, 8],
    inputBits: [1, 8],
    encodings: ['offset', 'differential'],
    vdds_V: [0.8, 0.9],
    temperatures_K: [300, 350],
  });
  t.is(rows.length, 32);
  const first = rows.map(row => [row.encoding, row.weightBits, row.inputBits, row.vdd_V, row.temperature_K]);
  t.deepEqual(first.slice(0, 5), [
    ['offset', 4, 1, 0.8, 300],
    ['offset', 4, 1, 0.8, 350],
    ['offset', 4, 1, 0.9, 300],
    ['offset', 4, 1, 0.9, 350],
    ['offset', 4, 8, 0.8, 300],
  ]);
  t.is(new Set(first.map(String)).size, 32);
  const at = (...key: (string | number)[]): XbarRow => rows[first.findIndex(row => `${row}` === `${key}`)];
  t.true(at('offset', 8, 8, 0.8, 300).read.energy_J < at('offset', 8, 8, 0.9, 300).read.energy_J);
  t.true(at('offset', 8, 8, 0.9, 350).leakage_W > 3 * at('offset', 8, 8, 0.9, 300).leakage_W);
});

test('without a word every point has the values of its file', t => {
  const [row] = rowsOf({ techs: ['sram-32nm'], rows: [64] });
  t.like(row, { weightBits: 8, inputBits: 8, encoding: 'offset', vdd_V: 0.9, temperature_K: 300 });
});

test('weights of one bit stand in offset codes; pairs need a magnitude, and are left out with a warning', t => {
  const plan = planXbar(nodeFiles, options({ rows: [64], weightBits: [1, 8] }));
  const rows = [...xbarPoints(plan)].map(point => xbarRow(point, null));
  t.deepEqual(
    rows.map(row => [row.tech, row.weightBits]),
    [
      ['fefet-32nm', 8],
      ['sram-32nm', 1],
      ['sram-32nm', 8],
    ],
  );
  t.is(rows[1].weightsPerMm2 > 7 * rows[2].weightsPerMm2, true);
  t.true(plan.warnings.some(text => /differential holds weights of at least 2 bits; left out: 1/.test(text)));
});

test('a supply that the node cannot have is refused with its range', t => {
  const low = failure(() => planXbar(nodeFiles, options({ vdds_V: [0.9, 0.3] })));
  t.is(low.exitCode, EXIT.usage);
  t.regex(low.message, /vdd: expected a supply of/);
});
