/** The search over mappings: never worse than the chip as it is, and on small spaces the best there is. */
import test from 'ava';
import { type MappingRequest, searchMapping } from '../../src/explore/mapping/map.ts';
import { mappingValue } from '../../src/report/mapping-result.ts';
import { mappingText } from '../../src/report/mapping-table.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { loadRun, measureLoaded } from '../../src/run/run.ts';

const small = ['model.encoders=1', 'schedule.encoder=token-pipelined'];
const search = (request: Partial<MappingRequest>, onBest?: (config: string) => void) =>
  searchMapping(
    { arch: 'trex', model: 'glyph-vit', ...request },
    { files: nodeFiles, onBest: (_, config) => onBest?.(config) },
  );

test('going from one mapping to the next finds the best of a small space, within its area', async t => {
  for (const objective of ['latency', 'edap'] as const) {
    const request = { objective, set: [...small, 'chip.tiles=9'], budget: 50 };
    const [all, some] = [await search(request), await search({ ...request, climb: true })];
    t.true(all.exhaustive);
    t.false(some.exhaustive);
    t.is(all.trials.length, 18);
    const best = (r: typeof all) => mappingValue(objective, r.trials[r.best]);
    t.is(best(some), best(all));
    t.true(best(all) <= mappingValue(objective, all.trials[0]));
    t.deepEqual(all.trials[0].set, []);
  }
});

test('what is found is a file that runs to the same figures', async t => {
  let config = '';
  const set = [...small, 'chip.tiles=16', 'schedule.images=pipelined'];
  const found = await search({ objective: 'throughput', set, budget: 5, images: 3 }, text => {
    config = text;
  });
  const best = found.trials[found.best];
  t.true(best.throughput_Hz > found.trials[0].throughput_Hz);
  const again = await measureLoaded(
    loadRun({ arch: 'trex', model: 'glyph-vit', images: 3, set: [...set, ...best.set] }, nodeFiles),
    {},
  );
  t.deepEqual(
    [again.result.latency_s, again.result.throughput_Hz, again.result.energy_J, again.result.area_m2],
    [best.latency_s, best.throughput_Hz, best.energy_J, best.area_m2],
  );
  t.regex(config, /replicate: balanced|copies:/);
  t.regex(mappingText(found, 80), /slowest {2}before: /);
});

test('a throughput of images that do not overlap, and an area below that of the chip, are refused', async t => {
  const fails = (request: Partial<MappingRequest>) => t.throwsAsync(search(request));
  t.regex((await fails({ objective: 'throughput' })).message, /--set schedule\.images=pipelined/);
  t.regex((await fails({ area_m2: 1e-6 })).message, /^area: the chip as it is takes /);
  t.regex((await fails({ budget: 0 })).message, /^budget: /);
});
