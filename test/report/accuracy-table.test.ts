import test from 'ava';
import type { AccuracyResult } from '../../src/report/accuracy-result.ts';
import { accuracyCsv, accuracyFigure, accuracyTable, layerSnrCsv } from '../../src/report/accuracy-table.ts';

const scores = (top1: number) => ({ top1, top5: 0.9, loss: 1 - top1, matthews: null });
const spreads = (mean: number, interval95: number | null) => ({
  top1: { mean, interval95 },
  top5: { mean: 0.9, interval95 },
  loss: { mean: 1 - mean, interval95 },
  matthews: null,
});

const result: AccuracyResult = {
  schemaVersion: 1,
  version: '0.1.0',
  run: {},
  model: 'net',
  reuse: 'none',
  tech: 'chip',
  assumed: 'pairs',
  backend: { name: 'wasm', mode: 'simd', device: 'cpu' },
  data: { name: 'set', inputs: 'as stored', size: 200, classes: 10, images: 100, skipped: [], sha256: '' },
  sweep: { parameter: 'adc', label: 'ADC resolution (bit)' },
  float32: scores(0.8),
  int8: scores(0.79),
  points: [
    { value: 4, draws: [scores(0.3), scores(0.5)], ...spreads(0.4, 0.9), snr_dB: { a: 3, b: null } },
    { value: 8, draws: [scores(0.7), scores(0.7)], ...spreads(0.7, 0), snr_dB: { a: 20, b: null } },
  ],
  layerPoint: 1,
  layers: [
    { op: 'a', stage: 'qkv', snr_dB: 20, alone: null },
    { op: 'b', stage: 'mlp', snr_dB: null, alone: null },
  ],
  files: [],
  warnings: [],
};

test('the table has a row per network, and the noisiest layers', t => {
  t.deepEqual(accuracyTable(result).split('\n'), [
    'net on set: 100 inputs of 200, 10 classes; chip, 2 draws',
    'assumed  pairs',
    '         top-1             top-5             loss',
    'float32  80.00 %           90.00 %           0.200',
    'int8     79.00 %           90.00 %           0.210',
    'adc 4    40.00 % +- 90.00  90.00 % +- 90.00  0.600 +- 0.900',
    'adc 8    70.00 % +- 0.00   90.00 % +- 0.00   0.300 +- 0.000',
    '',
    'Layers with the most noise (adc 8):',
    'layer  SNR',
    'a      20.0 dB',
  ]);
});

test('what each layer costs alone goes before its signal to noise', t => {
  const cost = (loss: number) => ({
    top1Lost: { mean: 0.1, interval95: null },
    lossGained: { mean: loss, interval95: null },
  });
  const layers = result.layers.map((layer, i) => ({ ...layer, alone: cost(i + 1) }));
  const lines = accuracyTable({ ...result, layers }).split('\n');
  t.deepEqual(lines.slice(-3), [
    'layer  SNR      loss gained alone  top-1 lost alone',
    'b      -                    2.000  10.00 %',
    'a      20.0 dB              1.000  10.00 %',
  ]);
});

test('the CSV has a row per draw, without rounding', t => {
  const rows = accuracyCsv(result).trimEnd().split('\n');
  t.is(rows[1], ',,float32,,100,0.8,0.9,0.19999999999999996,');
  t.is(rows[3], 'adc,4,analog,0,100,0.3,0.9,0.7,');
  t.is(rows.length, 1 + 2 + 4);
  t.is(layerSnrCsv(result).split('\n')[1], 'a,qkv,20,,,,');
});

test('the figure stays between 0 and 100 % and names both exact networks', t => {
  const svg = accuracyFigure(result);
  for (const text of [
    'ADC resolution (bit)',
    'Top-1 accuracy (%)',
    'float32',
    'int8',
    'chip, mean of 2 draws, 95 %',
  ])
    t.true(svg.includes(`>${text}<`), text);
  t.false(svg.includes('>120<'));
});
