/** Signal to noise of the products of a chip whose layers are made of several devices. */
import test from 'ava';
import { productSnr } from '../../../src/explore/compare/products.ts';
import { referenceBackend } from '../../../src/numerics/mvm/reference.ts';
import { loadArch, loadModel } from '../../../src/run/node/load.ts';
import { macs } from '../../../src/workload/count.ts';
import { buildGraph } from '../../../src/workload/graph.ts';

const fefet = loadArch('trex').arch;
const sram = loadArch('trex', { tech: 'trex-sram-32nm' }).arch;
const { ops } = buildGraph(loadModel('deit-t', { set: ['model.encoders=2'] }).model);
const snr = (layers: { match: string; device: typeof fefet.devices.static }[]) => {
  const devices = { ...fefet.devices, layers };
  return productSnr({ ...fefet, devices }, { ops }, referenceBackend(), {
    trials: 1,
    seed: 1,
    adcRange: 0.5,
  });
};
const noiseOf = (dB: number | null | undefined): number => (dB === null ? 0 : 10 ** (-(dB as number) / 10));

test('exceptions by layer count with their MACs', async t => {
  const [all, none, mixed] = [
    await snr([]),
    await snr([{ match: '*', device: sram.devices.static }]),
    await snr([{ match: '*.fc*', device: sram.devices.static }]),
  ];
  const known = ops.filter(op => op.kind === 'static');
  const total = known.reduce((sum, op) => sum + macs(op), 0);
  const share = known.filter(op => op.id.includes('.fc')).reduce((sum, op) => sum + macs(op), 0) / total;
  const want = share * noiseOf(none?.static_dB) + (1 - share) * noiseOf(all?.static_dB);
  t.true(Math.abs(noiseOf(mixed?.static_dB) / want - 1) < 1e-9);
  t.is(mixed?.dynamic_dB, all?.dynamic_dB);
  t.true((none?.static_dB ?? Number.POSITIVE_INFINITY) > (all?.static_dB as number));
});
