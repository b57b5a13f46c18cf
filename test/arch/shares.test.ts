/** Shares of a macro's totals: needed of what the chip counts on its own, and of nothing else. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { loadArch } from '../../src/run/node/load.ts';
import { crossbarCost } from '../../src/tech/crossbar-cost.ts';
import { failure, MACRO } from './fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'trex-shares-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

const BARE = MACRO.slice(0, MACRO.indexOf('shares:'));
const LIKE_TREX = 'included: { crossbars: 8 }\n';
const NOTHING = { interconnect: false, buffers: false, accumulators: false };

function load(text: string, set: string[] = []) {
  const tech = join(folder, `cell-${text.length}.yaml`);
  writeFileSync(tech, text);
  return loadArch('trex', { tech, set }).arch;
}

test('a chip that counts nothing on its own needs no shares: the totals stay whole', t => {
  const { devices, precision } = load(BARE + LIKE_TREX);
  const { readParts, area_m2, standing } = crossbarCost(devices.static, precision, false, NOTHING);
  t.deepEqual(readParts, [{ component: 'crossbar.undivided', energy_J: 25e-12 }]);
  t.is(area_m2, 0.03e-6);
  t.deepEqual(
    standing.map(({ component, per }) => [component, per]),
    [['crossbar.undivided', 'crossbar']],
  );
});

test('what is counted on its own must be a share of the totals', t => {
  const { message } = failure(() => load(BARE + LIKE_TREX, ['accounting.interconnect=counted']));
  t.regex(
    message,
    /accounting\.interconnect: expected omitted, or shares\.energy\.interconnect and shares\.area\.interconnect in cell/,
  );
});

test('a share alone is enough, and the rest is undivided', t => {
  const shares = 'shares: { energy: { interconnect: 13 % }, area: { interconnect: 3 % } }\n';
  const { devices, precision } = load(BARE + LIKE_TREX + shares, ['accounting.interconnect=counted']);
  const cost = crossbarCost(
    devices.static,
    precision,
    false,
    Object.assign({}, NOTHING, { interconnect: true }),
  );
  t.deepEqual(
    cost.readParts.map(({ component }) => component),
    ['crossbar.undivided'],
  );
  t.true(Math.abs(cost.readParts[0].energy_J / (25e-12 * 0.87) - 1) < 1e-12);
  t.true(Math.abs(cost.area_m2 / (0.03e-6 * 0.97) - 1) < 1e-12);
});

test('PEs with other numbers of banks or write drivers than the source need the shares of these', t => {
  const { message } = failure(() => load(BARE));
  t.regex(
    message,
    /pe\.adcBanks: 1 for 8 crossbars, but the totals of cell hold 1 for 1 crossbars of a PE: .* shares\.area\.adc and shares\.area\.accumulator/,
  );
  t.regex(message, /pe\.writeDrivers: 1 for 8 crossbars, .* shares\.area\.other/);
  t.regex(failure(() => load(BARE + LIKE_TREX, ['pe.adcBanks=2'])).message, /pe\.adcBanks: 2 for 8/);
});

test('shares that sum to 100 % leave nothing for those that are not given', t => {
  const shares = 'shares: { energy: { adc: 60 %, readCircuit: 40 % }, area: { adc: 50 %, other: 50 % } }\n';
  t.notThrows(() => load(BARE + LIKE_TREX + shares, ['accounting.interconnect=counted']));
});
