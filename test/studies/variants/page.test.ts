/** What docs/variants.md says of figures: what is decided, what is not, and who is left out. */
import test from 'ava';
import { noReuse } from '../../../src/workload/reuse.ts';
import { cascade, entropyFor } from '../../../studies/variants/answers.ts';
import { BASE, variantNetworks } from '../../../studies/variants/networks.ts';
import { variantsPage } from '../../../studies/variants/page.ts';
import { fullStudy } from '../../../studies/variants/settings.ts';
import type { VariantResult } from '../../../studies/variants/variants.ts';

const cost = (edap: number) => ({ latency_s: edap * 1e-3, energy_J: 1e-3, area_m2: 1e-6 });

const result = (
  name: string,
  float: readonly number[],
  chips: readonly number[],
  edap: number,
): VariantResult => ({
  name,
  title: name,
  float,
  sameImages: float,
  chips,
  costs: float.map(() => cost(edap)),
  notes: float.map(() => ''),
});

test('what leaves out zero is decided, and the rest says so', t => {
  const { page, beside } = variantsPage(
    [
      result(BASE, [0.8, 0.82, 0.84], [0.7, 0.72, 0.74], 2),
      result('worse', [0.6, 0.621, 0.639], [0.5, 0.521, 0.539], 1),
      result('alike', [0.79, 0.84, 0.83], [0.71, 0.71, 0.74], 1.5),
    ],
    fullStudy,
    { figures: 'variants', left: ['a slow one'] },
  );
  t.regex(page, /In float32 below `base` beyond the interval: `worse`; above: none; undecided: `alike`\./);
  t.regex(page, /On chips below `base`: `worse`; above: none; undecided: `alike`\./);
  t.regex(page, /Less EDAP than `base`: `worse`, `alike`, least first; .* not shown to be lower: `alike`\./);
  t.regex(page, /Not in this page: a slow one\./);
  t.regex(page, /\| worse\s*\| 62\.0 ± \d\.\d\s*\| 20\.0 ± 0\.\d \*/);
  t.true(beside['variants-edap.svg'].startsWith('<svg'));
});

test('an input that the first effort is not sure of has the answer of the second', t => {
  const first = { right: [true, false, true, false], entropy: [0.1, 0.9, 0.4, 0.2] };
  const second = { right: [false, true, true, true], entropy: [0, 0, 0, 0] };
  const both = cascade(first, second, entropyFor(first, 0.25));
  t.deepEqual(both.right, [true, false, true, false]);
  t.is(both.again, 0);
  const half = cascade(first, second, entropyFor(first, 0.5));
  t.deepEqual([half.right, half.again], [[true, true, true, false], 0.25]);
});

test('every network of the page has the encoders of scene-vit, and the first one is unchanged', t => {
  const networks = variantNetworks();
  t.deepEqual([networks[0].name, networks[0].plan], [BASE, noReuse]);
  for (const { name, model } of networks) t.is(model.encoders, 9, name);
});
