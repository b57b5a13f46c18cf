import test from 'ava';
import { formatSpan, runSummary } from '../../src/report/summary.ts';
import { displayWidth } from '../../src/report/table.ts';
import { loadArch, loadModel } from '../../src/run/node/load.ts';
import { simulate } from '../../src/run/simulate.ts';
import { noReuse } from '../../src/workload/reuse.ts';
import { example } from './example.ts';

test('a run is a dozen lines for a person', t => {
  t.is(
    runSummary(example),
    `deit-s (197 tokens) on trex, trex-fefet-32nm, no reuse
latency      10.00 ms, 100.0 images/s
energy       200.0 uJ per image, 20.00 mW
area         800.0 mm2; 400 tiles, 22400 crossbars in use
EDAP         1600 mJ ms mm2; EDP 2.000 uJ s
performance  0.4000 TOPS, 20.00 TOPS/W, 0.0005000 TOPS/mm2
operations   4.000 Gop per image; 1 MAC = 1 op, encoders only (trex-paper)
utilisation  cells 86.0 %, crossbars 87.5 %, ADC 0.250 %
writes       1 per cell and image; lifetime 16.7 minutes, 100000 images
weight load  2.500 uJ, 26.40 us: once, not in the energy above
most energy  crossbar.adc 50.0 %, leakage 25.0 %, softmax.divide 12.0 %
most time    softmax 70.0 %, mlp 15.0 %, qkv 10.0 %`,
  );
});

test('no line is wider than 80 columns', t => {
  const component = example.breakdown.component.map(row => ({
    ...row,
    name: `extra.long.block.${row.name}` as const,
  }));
  const wide = { ...example, breakdown: { ...example.breakdown, component } };
  t.true(runSummary(wide).includes('extra.long.block.softmax.divide 12.0 %'));
  t.deepEqual(
    runSummary(wide)
      .split('\n')
      .filter(line => displayWidth(line) > 80),
    [],
  );
});

test('cells that do not wear have an unlimited lifetime, those of which nobody says an unknown one', t => {
  for (const lifetime of ['unlimited', 'unknown'] as const) {
    const writes = { ...example.writes, endurance: null, lifetime, images: null, lifetime_s: null };
    t.true(runSummary({ ...example, writes }).includes(`1 per cell and image; lifetime ${lifetime}\n`));
  }
});

test('a text network takes sequences', t => {
  const text = runSummary({ ...example, input: 'sequence', images: 3 });
  t.notRegex(text, /image/);
  t.regex(text, /mean of 3 sequences\n.* sequences\/s\n.* per sequence, /);
});

test('the operations that TOPS and TOPS/mm2 count are named where they differ', t => {
  const reused = {
    ...example,
    ops: { run: 3.5e9, area: 4e9 },
    reuse: { count: 1, encoders: [3], pattern: 'encoders:3' },
  };
  t.regex(
    runSummary(reused),
    /3\.500 Gop per image; 1 MAC = 1 op, encoders only \(trex-paper\);\n +TOPS\/mm2 with 4\.000 Gop, as without reuse\n/,
  );
  t.regex(runSummary(reused), /, reuse encoders:3\n/);
  t.regex(runSummary({ ...example, opCount: '2-per-mac' }), /4\.000 Gop per image; 1 MAC = 2 ops\n/);
});

test("what the paper's accounting leaves out is named, with how to count it", async t => {
  const { model } = loadModel('glyph-vit');
  const text = async (chip: string, tech?: string): Promise<string> => {
    const { arch } = loadArch(chip, { tech });
    const { result } = await simulate({ arch, model, reuse: noReuse });
    return runSummary(result).replace(/\s+/g, ' ');
  };
  t.regex(
    await text('trex'),
    / not counted interconnect, buffers, input bit planes, leakage and 8 more, as in the paper's accounting; count with arch\/trex-full\.yaml or --set accounting\.interconnect=counted /,
  );
  // Circuits count every bit plane.
  t.regex(
    await text('trex', 'fefet-32nm'),
    / not counted interconnect, buffers, leakage, embedding and 7 more/,
  );
  t.regex(await text('isaac-ce'), /not counted interconnect, .* \(extras may hold it\); count with --set/);
  t.notRegex(await text('trex-full'), /not counted/);
});

test('several images are named as a mean', t => {
  t.regex(runSummary({ ...example, images: 3 }), /^deit-s .*, no reuse, mean of 3 images\n/);
});

test('spans of time are in the largest unit that they fill', t => {
  t.is(formatSpan(59), '59.0 seconds');
  t.is(formatSpan(60), '1.00 minutes');
  t.is(formatSpan(3 * 86400), '3.00 days');
  t.is(formatSpan(365.25 * 86400 * 12), '12.0 years');
  t.is(formatSpan(0.005), '5.00 ms');
});
