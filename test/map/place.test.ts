import test from 'ava';
import type { ArchConfig } from '../../src/arch/config.ts';
import { EXIT, TrexError } from '../../src/base/errors.ts';
import { countedOps } from '../../src/map/counted-ops.ts';
import { place } from '../../src/map/place.ts';
import { planRun } from '../../src/run/machine.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import type { ModelConfig } from '../../src/workload/model.ts';
import { noReuse, parseReuse } from '../../src/workload/reuse.ts';
import { chip, network, tinyVit } from '../helpers/chips.ts';

function placed(arch: ArchConfig, model: ModelConfig, reuse = 'none') {
  const graph = buildGraph(model, { reuse: parseReuse(reuse, model.encoders) });
  return place(countedOps(graph, arch), arch);
}

test('an encoder of DeiT-S takes 13 tiles for its attention and 21 for projection and MLP', t => {
  const { layers } = placed(chip('trex'), network('deit-s'));
  const tiles = (id: string): number => layers.get(`e0.${id}`)?.tiles.length ?? 0;
  t.deepEqual(['q', 'k', 'v', 'qk', 'sv'].map(tiles), [3, 3, 3, 2, 2]);
  t.deepEqual(['projection', 'fc1', 'fc2'].map(tiles), [3, 9, 9]);
});

test('an encoder of LV-ViT-S takes 13 and 17 tiles', t => {
  const { layers, tiles } = placed(chip('trex'), network('lv-vit-s'));
  const of = (id: string): number => layers.get(`e0.${id}`)?.tiles.length ?? 0;
  t.deepEqual(['q', 'k', 'v', 'qk', 'sv', 'projection', 'fc1', 'fc2'].map(of), [3, 3, 3, 2, 2, 3, 7, 7]);
  t.is(tiles, 16 * 30);
});

test('DeiT-S takes 408 whole tiles: 26112 crossbars on the chip', t => {
  const { tiles, chipTiles, crossbars } = placed(chip('trex'), network('deit-s'));
  t.is(tiles, 12 * 34);
  t.is(chipTiles * 64, 26112);
  // 3 x 144 + 2 x 96 in attention, 144 + 2 x 576 behind it.
  t.is(crossbars, 12 * (624 + 1296));
});

test('a reuse encoder keeps projection and MLP only', t => {
  const { layers, tiles } = placed(chip('trex'), network('deit-s'), 'encoders:1,3');
  t.is(tiles, 12 * 34 - 2 * 13);
  t.deepEqual(
    [...layers.keys()].filter(id => id.startsWith('e1.')),
    ['e1.projection', 'e1.fc1', 'e1.fc2'],
  );
});

test('transformation blocks take three tiles each where they are counted', t => {
  const arch = chip('trex', { set: ['accounting.transformation=counted'] });
  t.is(placed(arch, network('deit-s'), 'encoders:1,3').tiles, 12 * 34 - 2 * 13 + 2 * 3);
});

test('one tile never holds two layers, and layers follow each other without a gap', t => {
  const { layers, tiles } = placed(chip('trex-full'), tinyVit(), 'encoders:1');
  let next = 0;
  for (const layer of layers.values()) {
    t.is(layer.firstTile, next, layer.id);
    next += layer.tiles.length;
  }
  t.is(next, tiles);
});

test('on a hybrid chip known weights lie on one device, run-time matrices on the other', t => {
  const { layers } = placed(chip('trex', { tech: 'trex-hybrid-32nm' }), network('deit-s'));
  t.is(layers.get('e0.q')?.device.name, 'trex-fefet-32nm');
  t.is(layers.get('e0.qk')?.device.name, 'trex-sram-32nm');
  t.is(layers.get('e0.qk')?.tiles.length, 3); // 192 crossbars of 1-bit cells
});

test('a chip with as many tiles as the network needs holds it, with one less it refuses where it is told to', t => {
  const planned = (tiles: number) =>
    planRun({
      arch: chip('trex', { set: [`chip.tiles=${tiles}`, 'chip.overflow=refuse'] }),
      model: network('deit-s'),
      reuse: noReuse,
    }).placement;
  t.is(planned(408).chipTiles, 408);
  t.is(planned(500).chipTiles, 500);
  const error = t.throws(() => planned(407), { instanceOf: TrexError });
  t.regex(error.message, /needs 408 tiles .* the chip has 407: .*chip\.tiles=408/);
  t.is(error.exitCode, EXIT.failed);
});
