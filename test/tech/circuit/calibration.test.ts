/** Factors on the laws' figures of a component: they scale what they name, and nothing else. */
import test from 'ava';
import { loadTech } from '../../../src/run/node/load.ts';
import { COMPONENTS, partOf } from '../../../src/tech/circuit/breakdown.ts';
import type { CrossbarDesign } from '../../../src/tech/circuit/design.ts';
import { evaluateCrossbar } from '../../../src/tech/circuit/evaluate.ts';
import { designErrors } from '../../../src/tech/circuit/laws.ts';
import { crossbarCost } from '../../../src/tech/crossbar-cost.ts';
import { designOf } from '../../../src/tech/design-of.ts';
import type { Circuit } from '../../../src/tech/schema.ts';
import { apart } from '../../helpers/chips.ts';
import { design } from './designs.ts';

const plain = design('fefet-32nm');
const close = (a: number, b: number): boolean => apart(a, b) < 1e-12;

test('a factor scales its own component and no other', t => {
  const before = evaluateCrossbar(plain);
  const calibration = { adc: { energy: 0.275, area: 0.4 }, driver: { area: 9.1 } };
  const after = evaluateCrossbar({ ...plain, calibration });
  for (const name of COMPONENTS) {
    const [energy, area] = name === 'adc' ? [0.275, 0.4] : [1, name === 'driver' ? 9.1 : 1];
    t.true(close(partOf(after.readEnergy_J, name), energy * partOf(before.readEnergy_J, name)), name);
    t.true(close(partOf(after.area_m2, name), area * partOf(before.area_m2, name)), name);
  }
  t.is(after.readTime_s.total, before.readTime_s.total);
});

test('times of settling, conversion and programming scale as steps', t => {
  const before = evaluateCrossbar(plain);
  const calibration = { array: { time: 2 }, adc: { time: 3 }, write: { time: 5, energy: 7 } };
  const { steps, writeTime_s, writeEnergy_J } = evaluateCrossbar({ ...plain, calibration });
  t.true(close(steps.settle_s, 2 * before.steps.settle_s));
  t.true(close(steps.convert_s, 3 * before.steps.convert_s));
  t.true(close(writeTime_s.total, 5 * before.writeTime_s.total));
  t.true(close(writeEnergy_J.total, 7 * before.writeEnergy_J.total));
});

test('a figure that is given cannot be calibrated as well', t => {
  const both: CrossbarDesign = {
    ...plain,
    given: { adc: { energy_J: 1e-12 } },
    calibration: { adc: { energy: 2, area: 2 } },
  };
  t.deepEqual(
    designErrors(both).map(error => error.path),
    [['calibration', 'adc', 'energy']],
  );
});

test('a factor on what the crossbar has not is said to scale nothing', t => {
  const { warnings } = evaluateCrossbar({ ...plain, calibration: { dac: { energy: 2 }, adc: { area: 2 } } });
  const own = warnings.filter(({ path }) => path[0] === 'calibration');
  t.deepEqual(
    own.map(({ path }) => path.join('.')),
    ['calibration.dac.energy'],
  );
});

test('a technology file may calibrate: the event model pays the scaled figures', t => {
  const bits = { weights: 8, inputs: 8 };
  const nothing = { interconnect: false, buffers: false, accumulators: false };
  const cost = (set: string[]) =>
    crossbarCost(loadTech('fefet-32nm', { set }).tech as Circuit, bits, true, nothing);
  const [before, after] = [
    cost([]),
    cost(['tech.calibration.adc.energy=2', 'tech.calibration.adc.time=2', 'tech.calibration.array.area=3']),
  ];
  const adc = (of: ReturnType<typeof cost>) =>
    of.readParts.find(({ component }) => component === 'crossbar.adc')?.energy_J ?? 0;
  t.true(close(adc(after), 2 * adc(before)));
  t.true(after.readTime > before.readTime);
  const { tech } = loadTech('fefet-32nm');
  const array_m2 = partOf(evaluateCrossbar(designOf(tech)).area_m2, 'array');
  t.true(close(after.area_m2 - before.area_m2, 2 * array_m2));
});
