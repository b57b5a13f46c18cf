/** `trex search` as people call it: a small front from random weights, and what it refuses. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { bitsOf } from '../../src/cli/search.ts';
import { loadModel } from '../../src/load.ts';
import { randomWeights } from '../../src/numerics/execute/random-weights.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import { writeSafetensors } from '../../src/workload/import/safetensors-writer.ts';
import { weightTensors } from '../../src/workload/import/save-weights.ts';
import { failure } from '../arch/fixtures.ts';
import { trexIn } from './trex.ts';

const dir = mkdtempSync(join(tmpdir(), 'trex-search-'));
test.after.always(() => rmSync(dir, { recursive: true, force: true }));
const trex = trexIn(dir);

const SMALL = 'model.encoders=3';
const graph = buildGraph(loadModel('glyph-vit', { set: [SMALL] }).model);
writeFileSync(
  join(dir, 'base.safetensors'),
  writeSafetensors(weightTensors(graph, randomWeights(graph, 'search'))),
);

const words = [
  ...['search', '--model', 'glyph-vit', '--set', SMALL, '--weights', 'base.safetensors', '--data', 'glyphs'],
  ...['--samples', '3', '--partial-epochs', '1', '--images', '2', '--adc-bits', '5,6'],
  ...['--population', '6', '--generations', '1', '--quiet'],
];

test.before(() => {
  trex('data', 'glyphs', '--images', '120', '--test', '24', '--out', 'glyphs', '--quiet');
});

test('a search writes its front, and the same words give the same bytes', t => {
  const first = trex(...words, '--out', 'first');
  t.is(first.code, 0, first.err);
  t.regex(first.out, /designs of \d+ are on the front; \d+ uniform patterns were among them/);
  const names = ['pareto.csv', 'pareto.svg', 'result.json', 'samples.csv'];
  for (const name of names) t.true(readdirSync(join(dir, 'first')).includes(name), name);
  const again = trex(...words, '--out', 'again', '--csv');
  const csv = readFileSync(join(dir, 'first/pareto.csv'), 'utf8');
  t.is(again.out, csv);
  t.is(
    readFileSync(join(dir, 'again/samples.csv'), 'utf8'),
    readFileSync(join(dir, 'first/samples.csv'), 'utf8'),
  );
  const [header, ...rows] = csv.trim().split('\n');
  t.is(header, 'reuse,weights,run_time,adc_bits,latency_s,energy_J,area_m2,predicted_loss');
  const latencies = rows.map(row => Number(row.split(',')[4]));
  t.deepEqual(
    latencies,
    latencies.toSorted((a, b) => a - b),
  );
});

test('technologies of published totals, and hybrids, are refused', t => {
  const macro = trex(...words, '--tech', 'trex-fefet-32nm');
  t.is(macro.code, 2);
  t.regex(macro.err, /has published totals for one ADC/);
  const hybrid = trex(...words, '--tech', 'hybrid-32nm');
  t.is(hybrid.code, 2);
  t.regex(hybrid.err, /is a hybrid; name the technologies/);
});

test('ADC bits are a range or a list', t => {
  t.deepEqual(bitsOf('5..8'), [5, 6, 7, 8]);
  t.deepEqual(bitsOf('4,6'), [4, 6]);
  for (const word of ['8..5', 'many', '0,4', '5.5']) t.is(failure(() => bitsOf(word)).exitCode, 2, word);
});
