import test from 'ava';
import type { ArchConfig } from '../../src/arch/config.ts';
import type { Step } from '../../src/hw/program.ts';
import { countedOps } from '../../src/map/counted-ops.ts';
import { place } from '../../src/map/place.ts';
import { buildSteps } from '../../src/map/steps.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import type { ModelConfig } from '../../src/workload/model.ts';
import { parseReuse } from '../../src/workload/reuse.ts';
import { chip, network, tinyVit } from '../helpers/chips.ts';

function stepsOf(arch: ArchConfig, model: ModelConfig, reuse = 'none'): Step[] {
  const graph = buildGraph(model, { reuse: parseReuse(reuse, model.encoders) });
  return buildSteps(graph, place(countedOps(graph, arch), arch), arch);
}

const ids = (steps: readonly Step[]): string[] => steps.map(step => step.id);
const pipelined = 'schedule.encoder=token-pipelined';

/** What `id` waits for: 'x' for a row, 'x*' for all. */
function waits(steps: readonly Step[], id: string): string[] {
  const step = steps.find(s => s.id === id);
  if (step === undefined) throw new Error(`no step ${id}`);
  return step.after.map(dep => steps[dep.step].id + (dep.mode === 'all' ? '*' : ''));
}

test("steps stand in the order of TReX's Fig. 8b", t => {
  const steps = stepsOf(chip('trex'), tinyVit());
  t.deepEqual(
    steps.filter(s => s.encoder === 0).map(s => s.id.replace('e0.', '')),
    ['q', 'k', 'v', 'qk.write', 'sv.write', 'qk', 'softmax', 'sv', 'projection', 'fc1', 'fc2'],
  );
  t.deepEqual(
    steps.filter(s => s.encoder === 0).map(s => s.stage),
    ['qkv', 'qkv', 'qkv', 'write', 'write', 'qk', 'softmax', 'sv', 'projection', 'mlp', 'mlp'],
  );
});

test('sequential steps wait for all jobs of the one before', t => {
  const steps = stepsOf(chip('trex'), tinyVit());
  t.deepEqual(
    steps.map(step => step.after),
    steps.map((_, i) => (i === 0 ? [] : [{ step: i - 1, mode: 'all' as const }])),
  );
});

test('K^T and V are written together where the schedule says so, and QK^T waits for both', t => {
  const steps = stepsOf(chip('trex', { set: ['schedule.writes=parallel'] }), tinyVit());
  t.deepEqual(waits(steps, 'e0.qk.write'), ['e0.v*']);
  t.deepEqual(waits(steps, 'e0.sv.write'), ['e0.v*']);
  t.deepEqual(waits(steps, 'e0.qk'), ['e0.qk.write*', 'e0.sv.write*']);
  t.deepEqual(waits(steps, 'e0.softmax'), ['e0.qk*']);
});

test('jobs are tokens, but one for a write', t => {
  const steps = stepsOf(chip('trex'), network('deit-s'));
  const jobs = (id: string): number | undefined => steps.find(s => s.id === id)?.jobs;
  t.deepEqual(['e0.q', 'e0.qk.write', 'e0.qk', 'e0.softmax', 'e0.fc2'].map(jobs), [197, 1, 197, 197, 197]);
  t.deepEqual(steps.find(s => s.id === 'e0.softmax')?.vector, { fn: 'softmax', rowLength: 197, rows: 6 });
});

test('the global buffer gives a job its operands and takes its results', t => {
  const steps = stepsOf(chip('trex-full'), network('deit-s'));
  const bits = (id: string): [number, number] | undefined => {
    const step = steps.find(s => s.id === id);
    return step && [step.inputBits / 8, step.outputBits / 8];
  };
  t.deepEqual(bits('e0.q'), [384, 384]);
  t.deepEqual(bits('e0.qk.write'), [197 * 384, 0]);
  t.deepEqual(bits('e0.qk'), [384, 6 * 197]);
  t.deepEqual(bits('e0.softmax'), [6 * 197, 6 * 197]);
  t.deepEqual(bits('e0.sv'), [6 * 197, 384]);
  t.deepEqual(bits('e0.residual1'), [2 * 384, 384]);
  t.deepEqual(bits('fetch'), [0, 224 * 224 * 3]);
  t.deepEqual(bits('store'), [1000, 0]);
});

test('what the accounting omits is not there', t => {
  const full = ids(stepsOf(chip('trex-full'), tinyVit(), 'encoders:1'));
  const rules: [string, (id: string) => boolean][] = [
    ['embedding', id => /^(stem|embedding)/.test(id)],
    ['head', id => /^head/.test(id)],
    ['transformation', id => /transform/.test(id)],
    ['vectorUnit', id => /norm|gelu|residual|position|Gelu|Norm/.test(id)],
    ['dram', id => id === 'fetch' || id === 'store'],
  ];
  for (const [block, belongs] of rules) {
    t.true(full.some(belongs), `${block} counted`);
    const arch = chip('trex-full', { set: [`accounting.${block}=omitted`] });
    t.deepEqual(
      ids(stepsOf(arch, tinyVit(), 'encoders:1')),
      full.filter(id => !belongs(id)),
      `${block} omitted`,
    );
  }
  t.false(ids(stepsOf(chip('trex'), tinyVit(), 'encoders:1')).some(id => rules.some(([, of]) => of(id))));
});

test('token-pipelined steps wait for their operands only', t => {
  const steps = stepsOf(chip('trex-full', { set: [pipelined] }), tinyVit());
  const expected: Record<string, string[]> = {
    'stem.patch': ['fetch*'],
    'embedding.position': ['stem.patch*'], // a class token in front: rows shift
    'e0.norm1': ['embedding.position'],
    'e0.q': ['e0.norm1'],
    'e0.k': ['e0.norm1'],
    'e0.qk.write': ['e0.k*'],
    'e0.sv.write': ['e0.v*'],
    'e0.qk': ['e0.q', 'e0.qk.write*'],
    'e0.softmax': ['e0.qk'],
    'e0.sv': ['e0.softmax', 'e0.sv.write*'],
    'e0.residual1': ['embedding.position', 'e0.projection'],
    'e1.norm1': ['e0.residual2'],
    head: ['norm*'],
    store: ['head*'],
  };
  for (const [id, deps] of Object.entries(expected)) t.deepEqual(waits(steps, id).sort(), deps.sort(), id);
});

test('steps that are left out hand on what they wait for', t => {
  const steps = stepsOf(chip('trex', { set: [pipelined] }), tinyVit());
  t.deepEqual(waits(steps, 'e0.q'), []);
  t.deepEqual(waits(steps, 'e0.fc2'), ['e0.fc1']); // GELU between them
  t.deepEqual(waits(steps, 'e0.fc1'), ['e0.projection']); // LayerNorm, and a residual whose other operand is the input
  t.deepEqual(waits(steps, 'e1.q').sort(), ['e0.fc2', 'e0.projection']);
});

test('a reuse encoder waits for the attention that it reuses', t => {
  const steps = stepsOf(chip('trex', { set: [pipelined] }), tinyVit({ encoders: 3 }), 'encoders:1,2');
  t.deepEqual(waits(steps, 'e1.projection'), ['e0.sv']);
  t.deepEqual(waits(steps, 'e2.projection'), ['e0.sv']);
});

test('an image is fetched before the first step that reads it, whatever that is', t => {
  const set = [pipelined, 'accounting.dram=counted'];
  t.deepEqual(waits(stepsOf(chip('trex', { set }), tinyVit()), 'e0.q'), ['fetch*']);
});

test('the result is stored when all that makes it is done', t => {
  const set = [pipelined, 'accounting.vectorUnit=omitted'];
  const steps = stepsOf(chip('trex-full', { set }), tinyVit({ distilled: true }));
  t.deepEqual(waits(steps, 'store').sort(), ['head*', 'headDistilled*']);
});

test('every step has as dependencies only steps before it', t => {
  for (const schedule of ['sequential', 'token-pipelined']) {
    const arch = chip('trex-full', { set: [`schedule.encoder=${schedule}`] });
    for (const step of stepsOf(arch, network('lv-vit-s'), 'count:5')) {
      t.true(
        step.after.every(dep => dep.step < step.index),
        step.id,
      );
    }
  }
});

test('overlapped, K^T is written while V is read, V after that, and QK^T waits for both', t => {
  const steps = stepsOf(chip('trex', { set: ['schedule.writes=overlapped'] }), tinyVit());
  t.deepEqual(waits(steps, 'e0.v'), ['e0.k*']);
  t.deepEqual(waits(steps, 'e0.qk.write'), ['e0.k*']);
  t.deepEqual(waits(steps, 'e0.sv.write'), ['e0.v*']);
  t.deepEqual(waits(steps, 'e0.qk'), ['e0.sv.write*', 'e0.qk.write*']);
  t.deepEqual(waits(steps, 'e0.softmax'), ['e0.qk*']);
  t.deepEqual(waits(steps, 'e1.q'), ['e0.fc2*']);
});

test('encoders that share weights take turns on the same crossbars', t => {
  const arch = chip('trex');
  const tilesOf = (set: readonly string[]): number => {
    const graph = buildGraph(network('deit-s', { set }));
    return place(countedOps(graph, arch), arch).tiles;
  };
  t.is(tilesOf([]), 408);
  t.is(tilesOf(['model.shareWeights=2']), 204);
  t.is(tilesOf(['model.shareWeights=5']), 102);
});
