/** One error of crossbars, whoever asks for it. */
import test from 'ava';
import { crossbarDevices } from '../../src/accuracy/device.ts';
import { mvm } from '../../src/accuracy/mvm.ts';
import { productSnr } from '../../src/explore/compare/products.ts';
import { type XbarRequest, xbar } from '../../src/explore/xbar/xbar.ts';
import { mvmSpec } from '../../src/numerics/execute/crossbar-device.ts';
import { wasmBackend } from '../../src/numerics/mvm/wasm/backend.ts';
import type { XbarRow } from '../../src/report/xbar-row.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { loadArch, loadModel } from '../../src/run/node/load.ts';
import type { EncodingName } from '../../src/tech/encodings.ts';
import { buildGraph } from '../../src/workload/graph.ts';

const RUN = { trials: 2, seed: 3 };
const hooks = { files: nodeFiles, backend: () => wasmBackend() };

async function rowsOf(request: XbarRequest): Promise<XbarRow[]> {
  const rows: XbarRow[] = [];
  await xbar(
    { ...RUN, ...request },
    {
      files: nodeFiles,
      onRow: async row => {
        rows.push(row);
      },
    },
  );
  return rows;
}

for (const encoding of ['differential', 'offset', 'reference-column'] as const)
  test(`xbar measures what mvm does of a matrix that fills the arrays: ${encoding}`, async t => {
    const size = { rows: [128], cols: [96], adcBits: [5] };
    const [row] = await rowsOf({ techs: ['fefet-32nm'], encodings: [encoding], ...size });
    const device = { encoding, adcBits: 5, arrayRows: 128, arrayCols: 96 };
    const cols = encoding === 'reference-column' ? 95 : 96;
    const matrix = { rows: 128, cols, tech: 'fefet-32nm', device };
    const { snr_dB, rmse } = await mvm({ ...RUN, ...matrix }, hooks);
    t.deepEqual(row.error?.snr_dB, snr_dB);
    t.deepEqual(row.error?.rmse, rmse);
  });

test('compare measures what mvm does, known weights and those that are written', async t => {
  const { arch } = loadArch('trex', { tech: 'fefet-32nm' });
  const backend = await wasmBackend();
  const graph = buildGraph(loadModel('deit-t').model);
  const snr = await productSnr(arch, graph, backend, { ...RUN, adcRange: 'layer' });
  const matrix = { ...RUN, rows: 384, cols: 64, tech: 'fefet-32nm' };
  const known = await mvm(matrix, hooks);
  const written = await mvm({ ...matrix, written: true }, hooks);
  t.is(snr?.static_dB, known.snr_dB!.mean);
  t.is(snr?.dynamic_dB, written.snr_dB!.mean);
  t.is(snr?.assumed, known.assumed);
  await backend.dispose();
});

test('the layers of a network are on the crossbars that mvm measures', async t => {
  const { arch } = loadArch('trex', { tech: 'fefet-32nm' });
  const own = crossbarDevices(arch.devices).static;
  const { spec, noise } = await mvm({ ...RUN, rows: 64, cols: 64, tech: 'fefet-32nm' }, hooks);
  t.deepEqual(mvmSpec(own, 64, 64, 8, { bits: 8, signed: false, scale: 1, low: 0, high: 0 }), spec);
  t.deepEqual(own.noise, noise);
});

test('wordlines are as long as the array: resistive ones spoil wider arrays', async t => {
  const wires = ['tech.noise.wires.row="10 ohm"'];
  const rows = await rowsOf({
    techs: ['fefet-32nm'],
    rows: [128],
    cols: [128, 256, 512],
    set: wires,
    trials: 1,
  });
  const [narrow, middle, wide] = rows.map(row => row.error!.snr_dB!.mean);
  t.true(narrow > middle + 3 && middle > wide + 3, `${narrow} ${middle} ${wide}`);
});

test('references of the converters are set on inputs that no trial has', async t => {
  const of = async (tokens: number, trials: number) =>
    (await mvm({ seed: 3, rows: 64, cols: 8, tokens, trials, device: { adcBits: 4 } }, hooks)).trials[0].rmse;
  // The same first trial, however many follow.
  t.is(await of(16, 1), await of(16, 3));
});

const snrOf = async (tech: string, encoding: EncodingName, more: object = {}): Promise<number> => {
  const device = { encoding, ...more };
  const { snr_dB } = await mvm({ ...RUN, rows: 384, cols: 64, tech, device }, hooks);
  return snr_dB?.mean ?? Infinity;
};

test('pairs keep the spread of small weights small: 10 dB and more over offset codes on FeFET', async t => {
  t.true((await snrOf('fefet-32nm', 'differential')) > (await snrOf('fefet-32nm', 'offset')) + 10);
});

for (const [cellBits, columnWire_ohm] of [
  [1, 20],
  [2, 1],
])
  test(`a reference column takes off what the wires take from the pedestal, ${cellBits} bits a cell`, async t => {
    // Nothing but bitlines; along a wordline the drop is that of the middle alone.
    const lines = { sigmaRead: 0, rowWire_ohm: 0, columnWire_ohm };
    const wide = { ...lines, cellBits, arrayRows: 128, adcBits: 9 };
    const [reference, offset] = [
      await snrOf('fefet-32nm', 'reference-column', wide),
      await snrOf('fefet-32nm', 'offset', wide),
    ];
    t.true(reference > offset + 10, `${reference} ${offset}`);
  });
