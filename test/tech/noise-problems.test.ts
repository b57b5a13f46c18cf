/** Noise that does not hold for a file's own cells is refused at its line before anything runs, and a warning where no error is computed. */
import test from 'ava';
import { EXIT, TrexError } from '../../src/base/errors.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { loadTech } from '../../src/run/node/load.ts';
import { deviceNoise, noiseEffects } from '../../src/tech/noise-model.ts';

const points = (from_uS: number, to_uS: number): string =>
  `[${[from_uS, to_uS].map(g => `{ target: ${g} uS, mean: ${g} uS, sigma: 1 uS }`).join(', ')}]`;

test('every shipped file can be computed: its noise holds for its cells', t => {
  for (const name of nodeFiles.list('tech')) t.notThrows(() => loadTech(name), name);
});

test('levels above and below what was measured are refused where they were written, exit 3', t => {
  const above = t.throws(() => loadTech('neurram-130nm', { set: ['tech.cell.onResistance=20 kohm'] }), {
    instanceOf: TrexError,
  });
  t.is(above.exitCode, EXIT.invalidFile);
  t.regex(
    above.message,
    /tech\/neurram-130nm\.yaml:\d+:\d+ {2}(tech\.)?noise\.measured: .* from 0\.000 to 40\.00 uS, a level of the cell is at 50\.00 uS/,
  );
  const below = t.throws(() =>
    loadTech('hermes-14nm', { set: [`tech.noise.measured.points=${points(5, 20.7)}`] }),
  );
  t.regex(
    below.message,
    /noise\.measured: .* from 5\.000 to 20\.70 uS, a level of the cell is at 0\.2070 uS/,
  );
  const fit = t.throws(() => loadTech('rram-32nm', { set: ['tech.cell.onResistance=20 kohm'] }));
  t.regex(fit.message, /noise\.writeVariation: the fit rram-wan holds from 0 to 39 uS/);
});

test('where only costs are asked for, noise that does not hold is a warning', t => {
  const { warnings } = loadTech('neurram-130nm', {
    set: ['tech.cell.onResistance=20 kohm', 'tech.scaling=circuit-laws'],
    purpose: 'costs',
  });
  t.true(warnings.some(line => /noise\.measured: measured states: targets from/.test(line)));
});

test('a table behind a spread of all matrices is refused: one of them says what programming leaves', t => {
  const set = [
    `tech.noise.measured={ points: ${points(0, 40)}, measuredOn: RRAM of NeuRRAM, verified: true }`,
  ];
  t.throws(() => loadTech('rram-32nm', { set }), {
    message: /noise\.measured: has no effect beside noise\.writeVariation of all matrices/,
  });
});

test('compensation of drift on cells that never change is told at its block; with drift, retention or scope none it is not', t => {
  const told = (...set: string[]): string =>
    loadTech('rram-32nm', { set: set.map(text => `tech.${text}`) }).notes.join('\n');
  const message =
    /driftCompensation: has no effect on errors: cells without noise\.drift or noise\.retention/;
  t.regex(told('driftCompensation.vectors=4'), message);
  t.notRegex(told('driftCompensation.scope=none'), message);
  t.notRegex(told('driftCompensation.vectors=4', 'noise.drift={nu: 0.1, t0: 1 s, time: 1 s}'), message);
  t.notRegex(told('driftCompensation.vectors=4', 'noise.retention={loss: 2 %, t0: 1 s, time: 1 s}'), message);
});

test('the states of HERMES drift by the fit of their conductance, and not before their time is moved', t => {
  const { tech } = loadTech('hermes-14nm');
  if (tech.level !== 'circuit') return t.fail();
  t.is(deviceNoise(tech, false).drift, undefined);
  const [effect] = noiseEffects(deviceNoise(tech, false, { driftTime_s: 3e5 }), 15).filter(
    ({ term }) => term === 'drift',
  );
  if (effect.kind !== 'factor') return t.fail();
  // Three decades; level 6 of 15 is at 0.406 of 20.7 uS.
  const g = 0.01 + (6 / 15) * 0.99;
  const nu = -0.0436 * g * g - 0.0126 * g + 0.0736;
  t.true(Math.abs(effect.factor(0, 6) / Math.exp(-nu * Math.log(1000)) - 1) < 0.001);
  t.true(Math.abs(effect.factor(0, 15) / Math.exp(-0.0174 * Math.log(1000)) - 1) < 1e-4);
});
