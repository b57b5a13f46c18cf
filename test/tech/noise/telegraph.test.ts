import test from 'ava';
import { crossbarDevice } from '../../../src/accuracy/device.ts';
import { TrexError } from '../../../src/base/errors.ts';
import { streamKey } from '../../../src/base/random.ts';
import { cellKeys, cellProgram, programArray } from '../../../src/numerics/noise/cell-program.ts';
import { loadTech } from '../../../src/run/node/load.ts';
import { deviceNoise, type NoiseModel, noiseEffects } from '../../../src/tech/noise-model.ts';

const STEP = 8192;
const CELLS = 50_000;

/** Cells programmed to level 3 of 3, in levels. */
function cells(model: NoiseModel): number[] {
  const program = cellProgram(noiseEffects(model, 3), 3, STEP);
  const keys = cellKeys(program, streamKey(1, 'cells'));
  return Array.from(programArray(program, new Int16Array(CELLS).fill(3), keys), g => g / STEP);
}

test('a cell is in one of two states, as often as its trap is filled', t => {
  const values = cells({ telegraph: { amplitude: 0.2, probability: 0.3 } });
  const states = [...new Set(values)].sort();
  t.is(states.length, 2);
  t.true(Math.abs(states[0] - 3 * 0.8) < 1e-3, `${states[0]}`);
  t.is(states[1], 3);
  const filled = values.filter(v => v < 3).length / CELLS;
  t.true(Math.abs(filled - 0.3) < 0.01, `${filled}`);
});

test('a full amplitude at every cell leaves nothing', t =>
  t.true(cells({ telegraph: { amplitude: 1, probability: 1 } }).every(v => v < 2e-3)));

test('traps are filled independently of write variation', t => {
  const write = { kind: 'multiplicative', sigma: 0.1 } as const;
  const both = cells({ write, telegraph: { amplitude: 0.5, probability: 0.5 } });
  const alone = cells({ write });
  const ratios = both.map((v, i) => v / alone[i]);
  t.true(ratios.every(r => Math.abs(r - 1) < 1e-3 || Math.abs(r - 0.5) < 1e-3));
});

const deviceOf = (...set: string[]) =>
  loadTech('trex-fefet-32nm', { set: set.map(text => `tech.noise.telegraph${text}`) }).devices!.static;

test('a technology file gives the amplitude; traps are filled half of the time unless it says so', t => {
  const noise = deviceNoise(deviceOf('.amplitude=5 %'), false);
  t.deepEqual(noise.telegraph, { amplitude: 0.05, probability: 0.5 });
  t.deepEqual(Object.keys(noise), ['onOff', 'telegraph', 'read']);
  const more = crossbarDevice(deviceOf('={amplitude: 5 %, probability: 10 %}'), false, {
    telegraphAmplitude: 0.2,
  });
  t.deepEqual(more.noise.telegraph, { amplitude: 0.2, probability: 0.1 });
  t.is(deviceNoise(deviceOf('.amplitude=0 %'), false).telegraph, undefined);
});

test('a probability without an amplitude, and shares beyond 1, are refused', t => {
  const lacking = () =>
    deviceNoise(loadTech('trex-fefet-32nm').devices!.static, false, { telegraphProbability: 0.1 });
  t.throws(lacking, { instanceOf: TrexError, message: /no telegraph noise: give it an amplitude/ });
  t.throws(() => noiseEffects({ telegraph: { amplitude: 1.1, probability: 0.5 } }, 3), {
    instanceOf: TrexError,
    message: /telegraph noise: shares from 0 to 1/,
  });
  t.throws(() => deviceOf('.amplitud=5 %'), { message: /amplitud: unknown key, did you mean amplitude\?/ });
});
