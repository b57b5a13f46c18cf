/** How long cells last: as the endurance says, for ever where nothing wears, unknown where nobody says. */
import test from 'ava';
import { loadArch, loadModel } from '../../src/run/node/load.ts';
import { simulate } from '../../src/run/simulate.ts';
import { mapDevices } from '../../src/tech/devices.ts';
import { noReuse } from '../../src/workload/reuse.ts';

const { model } = loadModel('deit-t', { set: ['model.encoders=1'] });
const writesOf = async (tech?: string, isKnown = true) => {
  const { arch } = loadArch('trex', { tech });
  const devices = mapDevices(arch.devices, device => {
    const { endurance: _, ...cell } = device.cell;
    return isKnown ? device : ({ ...device, cell } as typeof device);
  });
  return (await simulate({ arch: { ...arch, devices }, model, reuse: noReuse })).result.writes;
};

test('a lifetime is limited by an endurance, unlimited in SRAM, and unknown without either', async t => {
  t.like(await writesOf(), { lifetime: 'limited', images: 100_000 });
  t.like(await writesOf('trex-sram-32nm'), { lifetime: 'unlimited', images: null, lifetime_s: null });
  t.like(await writesOf('trex-hybrid-32nm', false), { lifetime: 'unlimited', lifetime_s: null });
  t.like(await writesOf(undefined, false), { lifetime: 'unknown', endurance: null, lifetime_s: null });
});
