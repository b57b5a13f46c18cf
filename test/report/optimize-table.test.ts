import test from 'ava';
import type { OptimizeResult, OptimizeRow, PatternRow } from '../../src/report/optimize-result.ts';
import { optimizeTable, patternsCsv } from '../../src/report/optimize-table.ts';

const row = (count: number, latency_s: number): OptimizeRow => ({
  reuse: {
    count,
    encoders: count === 0 ? [] : [1, 3],
    pattern: count === 0 ? 'none' : 'strided:2,sl=2,start=1',
  },
  target: null,
  latency_s,
  energy_J: 1e-4,
  area_m2: 1e-4,
  edap_Jsm2: 1e-8 * latency_s,
  topsPerWatt: 30,
  topsPerMm2: 0.001,
  accuracy: null,
});

const pattern = (
  name: string,
  encoders: number[],
  loss: number | null,
  failed: string | null,
): PatternRow => ({
  pattern: name,
  kind: 'strided',
  encoders,
  latency_s: 1e-3,
  energy_J: 1e-4,
  area_m2: 1e-4,
  meets: true,
  loss,
  accuracy: null,
  failed,
});

const result = (more: Partial<OptimizeResult> = {}): OptimizeResult => ({
  schemaVersion: 1,
  version: '0',
  run: {},
  model: 'm',
  arch: 'a',
  tech: 't',
  method: 'events',
  methodReason: 'x',
  target: { metric: 'latency_s', limit: 1 },
  tried: [],
  baseline: row(0, 2e-3),
  patterns: [
    pattern('strided:2,sl=2,start=1', [1, 3], 0.5, null),
    pattern('continuous:2,start=1', [1, 2], null, 'it ended with exit code 3'),
  ],
  row: row(2, 1e-3),
  lossHistory: [],
  files: [],
  warnings: [],
  ...more,
});

test('the chosen pattern is marked, a failed one says why', t => {
  const text = optimizeTable(result());
  t.regex(text, /^> {2}strided:2,sl=2,start=1 +1 3 +1\.000 ms +0\.5000$/m);
  t.regex(text, /^ {3}continuous:2,start=1 +1 2 +1\.000 ms +it ended with exit code 3$/m);
});

test('factors say how much better the chosen one is', t => {
  t.regex(optimizeTable(result()), /^better by +1\.00x +2\.00x +1\.00x +2\.00x +1\.00x +1\.00x$/m);
});

test('without reuse there is nothing to compare', t => {
  t.notRegex(optimizeTable(result({ row: row(0, 2e-3), patterns: [] })), /better by|chosen/);
});

test('measured accuracies have their interval, published ones say that they are not ours', t => {
  const accuracy = {
    score: 'top1' as const,
    ideal: 0.9512,
    nonIdeal: { mean: 0.9401, interval95: 0.0042, draws: 5 },
    published: { ideal: 0.784, nonIdeal: 0.781, source: 'published: the paper' },
  };
  const text = optimizeTable(result({ row: { ...row(2, 1e-3), accuracy } }));
  t.regex(text, /^top-1 {2}ideal 95\.12 %, non-ideal 94\.01 % \+- 0\.4200 % \(5 draws\)$/m);
  t.regex(text, /^published top-1 {2}ideal 78\.40 %, .*\(the paper; not measured here\)$/m);
});

test('where the paper prints nothing for the chosen number, what it prints without reuse is said', t => {
  const published = { ideal: 0.833, nonIdeal: 0.829, source: 'published: the paper' };
  const baseline = {
    ...row(0, 2e-3),
    accuracy: { score: 'top1' as const, ideal: null, nonIdeal: null, published },
  };
  t.regex(
    optimizeTable(result({ baseline })),
    /^published top-1 without reuse {2}ideal 83\.30 %, non-ideal 82\.90 % \(the paper; not\s+measured here\)$/m,
  );
});

test('CSV has a row per pattern, with empty cells for what there is not', t => {
  t.is(
    patternsCsv(result().patterns).split('\n')[2],
    '"continuous:2,start=1",strided,1 2,0.001,0.0001,0.0001,true,,,it ended with exit code 3',
  );
});
