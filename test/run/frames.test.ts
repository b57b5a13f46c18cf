import test from 'ava';
import type { Frames } from '../../src/run/frames.ts';
import { recordFrames } from '../../src/run/frames.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { loadRun } from '../../src/run/run.ts';
import { simulate } from '../../src/run/simulate.ts';
import { noReuse } from '../../src/workload/reuse.ts';

const { arch, network } = loadRun({ arch: 'trex', model: 'glyph-vit' }, nodeFiles);
const spec = { arch: arch.arch, model: network.model, reuse: noReuse };

test('frames hold all the busy time of tiles, and the buffer is left with what the last step gives', async t => {
  const { result } = await simulate(spec);
  const end = Math.round(result.latency_s * 1e12);
  const edges = Float64Array.from([0, end / 4, end / 2, end]);
  let close: (() => Frames) | undefined;
  await simulate(
    { ...spec, fold: false },
    {
      onBuilt: machine => {
        const recorder = recordFrames(machine, edges);
        close = () => recorder.close();
      },
    },
  );
  const frames = close!();
  t.is(frames.tiles.length, 3 * result.tiles);
  t.true(frames.tiles.some(share => share > 0));
  t.true(frames.stored.every(bits => bits >= 0));
  // The last step alone has no reader.
  t.true(frames.stored[2] <= frames.stored[1] || frames.stored[2] > 0);
});

test('frames of a folded run are refused', async t => {
  await t.throwsAsync(
    simulate(spec, { onBuilt: machine => void recordFrames(machine, Float64Array.from([0, 1])) }),
    { message: /not folded/ },
  );
});
