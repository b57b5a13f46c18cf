/** A technology file describes one measured device: what does not belong together is named at its place. */
import test from 'ava';
import { loadTechFrom } from '../../src/run/load.ts';
import { memoryFiles } from '../../src/run/memory-files.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { loadTech } from '../../src/run/node/load.ts';

const DEVICE = /measured on|program-and-verify/;

function warningsOf(name: string, ...set: string[]): string[] {
  // Where errors are computed, some of these files are refused.
  const options = { set: set.map(text => `tech.${text}`), purpose: 'costs' } as const;
  return loadTech(name, options).notes.filter(w => DEVICE.test(w));
}

/** Files of two devices, for want of one that is published whole: what their warnings say. */
const MIXED: Readonly<Record<string, readonly [blocks: number, warning: RegExp]>> = {
  'ecram-130nm': [2, /measured on ECRAM of Tang 2018, but cell on ECRAM of Chen 2023/],
  'fefet-28nm': [
    1,
    /noise\.retention: measured on FeFET of Chen 2025, but cell on 1FeFET-1R of Soliman 2023/,
  ],
};

test('every shipped file is of one device, its cell, its writing and its noise, or says which is not', t => {
  for (const name of nodeFiles.list('tech')) {
    const expected = MIXED[name];
    const warnings = warningsOf(name);
    if (expected === undefined) t.deepEqual(warnings, [], name);
    else
      t.true(
        warnings.length === expected[0] && warnings.every(w => expected[1].test(w)),
        warnings.join('\n'),
      );
  }
});

test('the fit of a cell of 39 uS on one of 10 uS is named with the factor', t => {
  const [warning, ...others] = warningsOf('rram-32nm', 'cell.onResistance=100 kohm');
  t.regex(
    warning,
    /noise\.writeVariation: measured on cells of up to 39\.0 uS, cell\.onResistance is 10\.0 uS: .* 3\.9 times as large/,
  );
  t.deepEqual(others, []);
});

test('a spread after verify needs a write that pays for it', t => {
  const message = /the spread is what program-and-verify leaves, but write has no verify/;
  t.regex(warningsOf('pcm-32nm', 'write.verify=0').join(), message);
  t.regex(warningsOf('rram-32nm', 'write.verified=false').join(), message);
  t.regex(warningsOf('neurram-130nm', 'write.verified=false').join(), message);
  t.deepEqual(warningsOf('rram-32nm', 'write.verified=false', 'write.verify=5'), []);
});

test('blocks that name other devices are named, and so is a cell that names none', t => {
  t.regex(
    warningsOf('rram-32nm', 'write.measuredOn=another').join(),
    /write: measured on another, but cell on RRAM of NeuRRAM/,
  );
  const milo = warningsOf('rram-32nm', 'noise.writeVariation.device=rram-milo').join('\n');
  t.regex(milo, /noise\.writeVariation: measured on RRAM of Milo 2021, but cell on RRAM of NeuRRAM/);
  const joshi = 'noise.writeVariation={form: device, device: pcm-joshi, matrices: all}';
  const mixed = warningsOf('trex-fefet-32nm', joshi).join('\n');
  t.regex(mixed, /measured on PCM of Joshi 2020; cell\.measuredOn does not say/);
  t.regex(mixed, /measured on pcm cells, this is fefet/);
});

test('a plain sigma belongs to no device', t => {
  t.deepEqual(warningsOf('trex-fefet-32nm', 'noise.readVariation.sigma=5 %'), []);
});

test('a macro may say that its published write holds the verify', async t => {
  const files = await memoryFiles({
    'tech/base.yaml': nodeFiles.read(nodeFiles.resolve('tech', 'trex-fefet-32nm')).text,
    'tech/macro.yaml': `name: macro
use: ./base.yaml
cell: { device: rram, onResistance: 25.7 kohm, measuredOn: RRAM of NeuRRAM, source: assumed }
write: { energy: 1 nJ, time: 544 us, verified: true, measuredOn: RRAM of NeuRRAM, source: assumed }
noise: { writeVariation: { form: device, device: rram-wan, matrices: all } }
`,
  });
  const { warnings } = loadTechFrom(files, 'macro');
  t.deepEqual(
    warnings.filter(w => DEVICE.test(w)),
    [],
  );
});
