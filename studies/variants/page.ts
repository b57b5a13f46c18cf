/** docs/variants.md: accuracy against EDAP and mean latency of networks that were trained with one budget, with and without the noise of a chip. */
import { spread } from '../../src/accuracy/statistics.ts';
import { mean } from '../../src/base/sum.ts';
import { MJ_MS_MM2, MM2_PER_M2, PER_MICRO, significant } from '../../src/base/units.ts';
import { markdownTable } from '../../src/report/markdown.ts';
import { scatterChart } from '../../src/report/scatter-chart.ts';
import { counted } from '../reproduce/format.ts';
import type { ResultsPage } from '../reproduce/page.ts';
import { BASE, CHIP, variantNetworks } from './networks.ts';
import type { VariantStudy } from './settings.ts';
import type { Cost, VariantResult } from './variants.ts';

const FIGURE = 'variants-edap.svg';

/** `figures`: the folder of the files beside the page; `left`: networks that are not in it, by their titles. */
export function variantsPage(
  results: readonly VariantResult[],
  study: VariantStudy,
  { figures, left }: { figures: string; left: readonly string[] },
): ResultsPage {
  const base = results.find(({ name }) => name === BASE);
  if (base === undefined) throw new Error('the network that all others are compared with is not there');
  const has = (name: string): boolean => results.some(one => one.name === name);
  const fresh = variantNetworks().flatMap(({ name, fromBase }) =>
    fromBase || !has(name) ? [] : [`\`${name}\``],
  );
  const { seeds, sizes, baseEpochs, tuneEpochs, images, draws, decided } = study;
  const text = [
    '# Attention variants: accuracy against cost',
    '',
    'Written by `npm run variants`; do not edit by hand. Systems of the field, each as one change of one small network (scene-vit: 9 encoders, d 32, 4',
    'heads), on a task that needs attention (`scenes`, [data.md](data.md)), with one budget of training, on one chip. What they do on their',
    'own data and at their own sizes is not measured here; their published accuracies stand in `trex systems`.',
    '',
    '## How it is measured',
    `- Seeds ${seeds.join(', ')}: each draws the images, the weights at the start, the order of training and the cells of the chips. ± is the 95 % interval`,
    "  over seeds (Student's t). Differences are taken seed by seed; one counts as decided where its interval leaves out zero.",
    `- Every network sees ${sizes.train} images for ${baseEpochs + tuneEpochs} epochs. What has scene-vit's matrices starts from scene-vit after ${counted(baseEpochs, 'epoch')}, with what is new at random, and`,
    `  is trained for ${tuneEpochs} more, scene-vit itself too${fresh.length === 0 ? '' : `; from nothing: ${fresh.join(', ')}`}. No network is trained for the noise of the chip.`,
    `- float32: top-1 of ${sizes.test} test images. On chips: ${images} of them, ${counted(draws, 'chip')} a seed, 8-bit operands, cells and converters of \`${CHIP}\` (FeFET,`,
    '  2 bits a cell, signed weights in pairs of arrays, references of the 6-bit converters set to each layer). What chips cost is against',
    `  float32 on the same images. \`dynamic-threshold\` is asked ${decided} of the test images in float32, so that its difference from base is not on the same images.`,
    `- Cost: one image on \`arch/${CHIP}.yaml\`, everything counted, weights in pairs of arrays. Where the work depends on the image (\`dynamic-threshold\`,`,
    '  `pivot-entropy`) it is the mean over those images: of `dynamic-threshold` as `trex run --profile` takes it, on the chip of the largest; the two',
    '  efforts of `pivot-entropy` are two networks, each with arrays of its own, whose areas add up.',
    ...(left.length === 0
      ? []
      : [
          '',
          `Not in this page: ${left.join('; ')}. The run of this page was ended before they were trained.`,
        ]),
    '',
    '## Networks',
    markdownTable(
      ['name', 'what it is', 'decided by'],
      results.map(({ name, title, notes }) => [`\`${name}\``, title, unique(notes).join(' / ') || '-']),
    ),
    '',
    '## Accuracy',
    `Top-1, per cent. \`*\`: the interval leaves out zero.`,
    '',
    markdownTable(
      ['network', 'float32', 'below base', 'on chips', 'below base on chips', 'what chips cost'],
      results.map(one => [
        one.name,
        percents(one.float),
        one === base ? '-' : pointsText(differences(base.float, one.float)),
        percents(one.chips),
        one === base ? '-' : pointsText(differences(base.chips, one.chips)),
        pointsText(costsOfChips(one)),
      ]),
    ),
    '',
    '## Cost',
    markdownTable(
      ['network', 'mean latency us', 'energy uJ', 'area mm2', 'EDAP mJ ms mm2', 'EDAP / base'],
      results.map(one => {
        const { latency_s, energy_J, area_m2 } = meanCost(one);
        return [
          one.name,
          significant(latency_s * PER_MICRO, 4),
          significant(energy_J * PER_MICRO, 4),
          significant(area_m2 * MM2_PER_M2, 4),
          significant(edapOf(one) * MJ_MS_MM2, 4),
          (edapOf(one) / edapOf(base)).toFixed(3),
        ];
      }),
    ),
    '',
    `![Accuracy against EDAP](${figures}/${FIGURE})`,
    '',
    '## What it shows',
    ...findings(results, base),
    '',
    '## What it does not',
    `A network of this size and ${counted(seeds.length, 'seed')} decide large differences alone: an interval over ${seeds.length} seeds is wide, and what is undecided here may well be there.`,
    `${baseEpochs + tuneEpochs} epochs are before the end of training; who starts from scene-vit has it easier than who starts from nothing${fresh.length === 0 ? '' : ` (${fresh.join(', ')})`}, and who changes`,
    `least of it needs least of the ${counted(tuneEpochs, 'epoch')} that it gets. ${has('iret') ? "IRET's phases, drops and widths are assumed, as nothing of them is published. " : ''}Nothing was tuned for a`,
    'variant. `dynamic` is trained with the shares that it keeps; its threshold, one for both places, is set on validation images afterwards.',
  ].join('\n');
  return { page: `${text}\n`, beside: { [FIGURE]: figureOf(results) } };
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts.filter(text => text !== ''))];

const edapOf = (one: VariantResult): number => {
  const { latency_s, energy_J, area_m2 } = meanCost(one);
  return latency_s * energy_J * area_m2;
};

const meanCost = ({ costs }: VariantResult): Cost => ({
  latency_s: mean(costs.map(({ latency_s }) => latency_s)),
  energy_J: mean(costs.map(({ energy_J }) => energy_J)),
  area_m2: mean(costs.map(({ area_m2 }) => area_m2)),
});

/** By seed: by how much `other` is below. */
const differences = (from: readonly number[], other: readonly number[]): number[] =>
  other.map((value, seed) => from[seed] - value);

const costsOfChips = ({ sameImages, chips }: VariantResult): number[] => differences(sameImages, chips);

/** Mean, half width of the interval (0 for one seed), and whether it leaves out zero. */
function judged(values: readonly number[]): { middle: number; half: number; decided: boolean } {
  const { mean: middle, interval95 } = spread(values);
  return { middle, half: interval95 ?? 0, decided: interval95 !== null && Math.abs(middle) > interval95 };
}

function percents(values: readonly number[]): string {
  const { middle, half } = judged(values);
  return `${(100 * middle).toFixed(1)} ± ${(100 * half).toFixed(1)}`;
}

function pointsText(values: readonly number[]): string {
  const { middle, half, decided } = judged(values);
  return `${(100 * middle).toFixed(1)} ± ${(100 * half).toFixed(1)}${decided ? ' *' : ''}`;
}

const named = (some: readonly VariantResult[]): string =>
  some.length === 0 ? 'none' : some.map(({ name }) => `\`${name}\``).join(', ');

function findings(results: readonly VariantResult[], base: VariantResult): string[] {
  const others = results.filter(one => one !== base);
  const sorted = (of: (one: VariantResult) => readonly number[]) => {
    const judgements = others.map(one => ({ one, ...judged(differences(of(base), of(one))) }));
    const pick = (test: (j: (typeof judgements)[number]) => boolean) =>
      judgements.filter(test).map(({ one }) => one);
    return {
      below: pick(({ decided, middle }) => decided && middle > 0),
      above: pick(({ decided, middle }) => decided && middle < 0),
      open: pick(({ decided }) => !decided),
    };
  };
  const [float, chips] = [sorted(one => one.float), sorted(one => one.chips)];
  const noise = sorted(one => costsOfChips(one).map(value => -value));
  const front = frontOf(results, one => mean(one.chips));
  const cheaper = others.filter(one => edapOf(one) < edapOf(base));
  const safe = cheaper.filter(one => !chips.below.includes(one));
  return [
    `- In float32 below \`${BASE}\` beyond the interval: ${named(float.below)}; above: ${named(float.above)}; undecided: ${named(float.open)}.`,
    `- On chips below \`${BASE}\`: ${named(chips.below)}; above: ${named(chips.above)}; undecided: ${named(chips.open)}.`,
    `- The chip costs \`${BASE}\` ${pointsText(costsOfChips(base))} points. It costs more than that: ${named(noise.below)}; less: ${named(noise.above)}; undecided: ${named(noise.open)}.`,
    `- Less EDAP than \`${BASE}\`: ${named(cheaper.toSorted((a, b) => edapOf(a) - edapOf(b)))}, least first; of these the accuracy on chips is not shown to be lower: ${named(safe)}.`,
    `- Nobody else has both less EDAP and a higher mean on chips than (the front of the figure): ${named(front)}. Means of ${base.chips.length} seeds: neighbours on it may change places.`,
  ];
}

/** Those that no other one beats in both, by EDAP. */
function frontOf(results: readonly VariantResult[], score: (one: VariantResult) => number): VariantResult[] {
  return results
    .filter(one => !results.some(other => edapOf(other) < edapOf(one) && score(other) >= score(one)))
    .toSorted((a, b) => edapOf(a) - edapOf(b));
}

function figureOf(results: readonly VariantResult[]): string {
  const at = (one: VariantResult, score: readonly number[]): [number, number] => [
    Number(significant(edapOf(one) * MJ_MS_MM2, 4)),
    100 * mean(score),
  ];
  return scatterChart({
    title: `Accuracy against EDAP on ${CHIP}, mean over seeds`,
    xLabel: 'EDAP, mJ ms mm2',
    yLabel: 'top-1, %',
    series: [
      { name: 'float32', xy: results.flatMap(one => at(one, one.float)) },
      { name: 'on chips', xy: results.flatMap(one => at(one, one.chips)) },
    ],
    front: frontOf(results, one => mean(one.chips)).map(one => {
      const [x, y] = at(one, one.chips);
      return { x, y, label: one.name };
    }),
  });
}
