/** Chips brought to one error, on a converter whose error is known: 6 dB a bit. */
import test from 'ava';
import { loadArchFrom } from '../../../src/arch/load.ts';
import { compare } from '../../../src/explore/compare/compare.ts';
import { type Tuned, type Tuning, tune } from '../../../src/explore/compare/equal-error.ts';
import { openBackend } from '../../../src/numerics/mvm/node/open-backend.ts';
import { nodeFiles } from '../../../src/run/node/files.ts';

/** Six decibels a bit up to a ceiling that half the rows lift by three. */
function ideal(tech: string, measured: string[] = []): Tuned {
  return {
    load: set => loadArchFrom(nodeFiles, 'trex-full', { tech, set }),
    measure: async ({ arch: { devices } }) => {
      measured.push(`${devices.static.adc.bits} and ${devices.dynamic.adc.bits} bits`);
      const of = ({ adc, crossbar }: typeof devices.static): number =>
        Math.min(6 * adc.bits, 40 + 3 * Math.log2(64 / crossbar.rows));
      return Math.min(of(devices.static), of(devices.dynamic));
    },
  };
}

test('the fewest bits that reach the target are found in few measurements', async t => {
  const measured: string[] = [];
  const found = await tune(ideal('fefet-32nm', measured), 29);
  t.deepEqual((found as Tuning).set, ['tech.adc.bits=5']);
  t.is((found as Tuning).value, 30);
  t.is((found as Tuning).loaded.arch.devices.static.adc.bits, 5);
  t.true(measured.length <= 6, measured.join('\n'));
});

test('where no converter is enough, half the rows are tried', async t => {
  const found = (await tune(ideal('fefet-32nm'), 42)) as Tuning;
  t.deepEqual(found.set, ['tech.crossbar.rows=32', 'tech.adc.bits=7']);
});

test('both devices of a hybrid get bits of their own', async t => {
  const found = (await tune(ideal('hybrid-32nm'), 29)) as Tuning;
  t.deepEqual(found.set, ['tech.static.adc.bits=5', 'tech.dynamic.adc.bits=5']);
});

test('what does not reach says its best; published totals keep their converters, and say so', async t => {
  const circuit = await tune(ideal('fefet-32nm'), 100);
  t.true('best' in circuit && circuit.reason === undefined);
  t.is((circuit as { best: Tuning }).best.value, 42);
  const macro = await tune(ideal('trex-fefet-32nm'), 100);
  t.true('best' in macro);
  t.regex(
    (macro as { reason?: string }).reason ?? '',
    /tech\.adc\.bits: 8, but read\.energy.* were published for 6: .*tech\.scaling=circuit-laws/,
  );
  t.is((macro as { best: Tuning }).best.value, 36);
});

test('technologies are compared at one signal to noise, and one that cannot says by how much', async t => {
  const at = (value: number, names = ['fefet-32nm', 'sram-32nm']) =>
    compare(
      {
        names,
        arch: 'trex-full',
        model: 'glyph-vit',
        set: ['model.encoders=1'],
        target: { name: 'snr', value },
        trials: 1,
      },
      { files: nodeFiles, backend: () => openBackend({ backend: 'wasm', gpuMode: undefined, threads: 1 }) },
    );
  const { iso, subjects } = await at(8);
  const row = iso.find(({ name }) => name === 'snr');
  t.true(row?.equal);
  t.regex(
    row?.text ?? '',
    /^at least 8\.00 dB: fefet-32nm [\d.]+ dB with .*adc\.bits=\d; sram-32nm .*adc\.bits=\d$/,
  );
  for (const { snr } of subjects)
    for (const dB of [snr?.static_dB, snr?.dynamic_dB]) t.true(dB === null || (dB as number) >= 8);
  const error = await t.throwsAsync(at(60));
  t.regex(
    error.message,
    /^fefet-32nm reaches [\d.]+ dB for K\^T and V at most, with .*: [\d.]+ dB short of 60\.0 dB$/,
  );
});
