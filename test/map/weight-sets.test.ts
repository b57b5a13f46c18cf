/** Layers as sets of weights of the same arrays: density, and what a chip of them takes. */
import test from 'ava';
import type { ArchConfig } from '../../src/arch/config.ts';
import { countedOps } from '../../src/map/counted-ops.ts';
import { setWarnings } from '../../src/map/layer-warnings.ts';
import { type Placement, place } from '../../src/map/place.ts';
import type { Machine } from '../../src/run/machine.ts';
import { simulate } from '../../src/run/simulate.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import type { ModelConfig } from '../../src/workload/model.ts';
import { parseReuse } from '../../src/workload/reuse.ts';
import { chip, network, tinyVit } from '../helpers/chips.ts';

const digital = (sets: number, ...set: string[]): ArchConfig =>
  chip('trex-full', { set: ['tech=sram-digital-28nm', 'digital=cmos-28nm', `tech.sets=${sets}`, ...set] });

function placed(arch: ArchConfig, model: ModelConfig): Placement {
  return place(countedOps(buildGraph(model, { reuse: parseReuse('none', model.encoders) }), arch), arch);
}

test('DeiT-S with four sets: 48 matrices of d x d in twelve blocks of tiles, twelve layers of the MLP in three', t => {
  const [one, four] = [1, 4].map(sets => placed(digital(sets), network('deit-s')));
  const unitsOf = (ids: readonly string[]): number =>
    new Set([...Array(12).keys()].flatMap(e => ids.map(id => four.layers.get(`e${e}.${id}`)?.unit))).size;
  t.is(unitsOf(['q', 'k', 'v', 'projection']), 12);
  t.is(unitsOf(['fc1']), 3);
  // The layers of one encoder that may be at work together are in arrays of their own.
  const encoder = ['q', 'k', 'v'].map(id => four.layers.get(`e5.${id}`)?.firstTile);
  t.is(new Set(encoder).size, 3);
  t.is(one.units.length, one.layers.size);
  const { tiles, crossbars, units } = four;
  t.is(
    tiles,
    units.reduce((sum, unit) => sum + unit.tiles.length, 0),
  );
  t.is(
    crossbars,
    units.reduce((sum, unit) => sum + unit.crossbars, 0),
  );
  t.true(tiles < one.tiles / 3);
});

test('a layer that no other is cut like leaves its other sets empty, which is said', t => {
  const counted = (sets: number) => {
    const [model, arch] = [tinyVit(), digital(sets)];
    const graph = buildGraph(model, { reuse: parseReuse('none', model.encoders) });
    return setWarnings(countedOps(graph, arch), arch);
  };
  const warnings = counted(8);
  t.is(warnings.length, 1);
  t.regex(warnings[0], /sets: \d+ of \d+ sets of weights are filled/);
  t.deepEqual(counted(1), []);
});

test('a chip of two sets: the same work on fewer crossbars, and what it takes to change sets', async t => {
  const model = tinyVit();
  const run = (arch: ArchConfig) => simulate({ arch, model, reuse: parseReuse('none', model.encoders) });
  const [one, two] = await Promise.all([run(digital(1)), run(digital(2))]);
  const of = ({ result }: typeof one, name: string): number =>
    result.breakdown.component.find(row => row.name === name)?.energy_J ?? 0;
  t.is(of(one, 'crossbar.select'), 0);
  t.true(of(two, 'crossbar.select') > 0);
  // The sums are the same ones.
  t.true(Math.abs(of(two, 'crossbar.adderTree') / of(one, 'crossbar.adderTree') - 1) < 1e-9);
  t.true(two.result.crossbars < one.result.crossbars);
  t.true(two.result.area_m2 < one.result.area_m2);
  // Encoders that work one after the other do not wait for each other's arrays.
  t.true(Math.abs(two.result.latency_s / one.result.latency_s - 1) < 0.02);
  // Cells are written as often as before: each set for itself.
  t.is(two.result.writes.perCellPerImage, one.result.writes.perCellPerImage);
  t.is(two.result.writes.cells, one.result.writes.cells);
  t.is(two.result.weightLoad.bits, one.result.weightLoad.bits);
});

test('folded and unfolded runs of several sets are the same', async t => {
  const model = tinyVit();
  const arch = digital(2);
  const spec = { arch, model, reuse: parseReuse('none', model.encoders) };
  const [folded, unfolded] = await Promise.all([simulate(spec), simulate({ ...spec, fold: false })]);
  const { events: _, ...first } = folded.result;
  const { events: __, ...other } = unfolded.result;
  t.deepEqual(first, other);
});

test('encoders at work together: an array reads the vectors of both of its layers, never two at a time', async t => {
  const model = tinyVit();
  const arch = digital(2, 'schedule.encoder=token-pipelined');
  const uses: [number, number][] = [];
  const onBuilt = ({ chip: { engine } }: Machine): void => {
    const [e0, e1] = ['e0.fc1', 'e1.fc1'].map(id => engine.tilesOf(id)[0]);
    t.is(e0.name, e1.name);
    e0.pes[0].crossbars[0].onUse.attach((start, end) => uses.push([start, end]));
  };
  await simulate({ arch, model, reuse: parseReuse('none', model.encoders) }, { onBuilt });
  // A load of each set, then every token of both encoders.
  t.is(uses.length, 2 + 2 * model.tokens);
  for (const [i, [start]] of uses.entries()) if (i > 0) t.true(start >= uses[i - 1][1]);
});
