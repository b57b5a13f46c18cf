/** Reading references to make up for drift costs what reads of the same arrays cost, every interval. */
import test from 'ava';
import { driftReadings } from '../../src/run/drift-readings.ts';
import { buildMachine } from '../../src/run/machine.ts';
import { noReuse } from '../../src/workload/reuse.ts';
import { chip, run, tinyVit } from '../helpers/chips.ts';

const pcm = (...set: string[]) =>
  chip('trex-full', { tech: 'pcm-32nm', set: ['noc.kind=ideal', 'chip.tiles=auto', ...set] });
const machineOf = (...set: string[]) => buildMachine({ arch: pcm(...set), model: tinyVit(), reuse: noReuse });
const readingsOf = (...set: string[]) => {
  const arch = pcm(...set);
  return driftReadings(machineOf(...set), {
    adcBanks: arch.pe.adcBanks,
    weightBits: arch.precision.weights,
  });
};

test('a reading is its vectors on every array of known weights', t => {
  const machine = machineOf('tech.driftCompensation.vectors=3');
  const known = [...machine.placement.layers.values()].filter(layer => !layer.dynamic);
  let [energy_J, longest] = [0, 0];
  for (const layer of known)
    for (const { fills } of layer.tiles.flatMap(tile => tile.pes)) {
      let time = 0;
      for (const { count, rows, cols } of fills) {
        const use = machine.cost.of(layer).filled({ rows, cols });
        time += count * use.planes * use.readTime;
        for (const part of use.readParts) energy_J += count * use.planes * part.energy_J;
      }
      longest = Math.max(longest, time);
    }
  const { readings, shareOfTime } = readingsOf('tech.driftCompensation.vectors=3')!;
  const [reading] = readings;
  const { adcBanks } = pcm().pe;
  t.is(readings.length, 1);
  t.is(
    reading.crossbars,
    known.reduce((sum, layer) => sum + layer.crossbars, 0),
  );
  t.true(Math.abs(reading.energy_J / (3 * energy_J) - 1) < 1e-12);
  t.is(reading.time_s, (3 * Math.ceil(longest / adcBanks)) / 1e12);
  t.is(shareOfTime, reading.time_s / 10);
  const columns = readingsOf('tech.driftCompensation.vectors=3', 'tech.driftCompensation.columns=2')!;
  t.true(columns.readings[0].energy_J < reading.energy_J);
});

test('the shorter the interval, the more of time and energy the references take, and all of it is refused', async t => {
  t.is(readingsOf(), undefined);
  const interval = (text: string) => run(pcm(`tech.driftCompensation.interval=${text}`), tinyVit());
  const [none, some, more] = await Promise.all([run(pcm(), tinyVit()), interval('1 ms'), interval('500 us')]);
  const of = ({ result }: typeof none) => result;
  t.is(of(none).driftCompensation, undefined);
  t.is(of(some).latency_s, of(none).latency_s);
  const share = of(some).driftCompensation!.shareOfTime;
  t.true(Math.abs(of(some).throughput_Hz / (of(none).throughput_Hz * (1 - share)) - 1) < 1e-12);
  t.true(Math.abs(of(more).driftCompensation!.shareOfTime / share - 2) < 1e-9);
  // Leakage and idle clocks of the longer period, and the readings.
  const standing_J = of(none)
    .breakdown.stage.filter(row => row.time_s === undefined)
    .reduce((sum, row) => sum + row.energy_J, 0);
  const expected = of(none).energy_J + standing_J * (1 / (1 - share) - 1);
  t.true(Math.abs(of(some).energy_J / (expected + of(some).driftCompensation!.energy_J) - 1) < 1e-9);
  await t.throwsAsync(() => interval('1 us'), { message: /no time is left to compute/ });
});
