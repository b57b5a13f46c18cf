/** Beyond the paper: the free search on the glyph network, and how good its predicted loss is. */

import { formatQuantity, MM2_PER_M2 } from '../../src/base/units.ts';
import { dominates } from '../../src/pareto/dominance.ts';
import { markdownTable } from '../../src/report/markdown.ts';
import { loadArch } from '../../src/run/node/load.ts';
import { type DesignSpace, designOf, designText } from '../../src/search/design.ts';
import { type FreeResult, freeSearch } from '../../src/search/free-search.ts';
import { frontCsv, frontFigure } from '../../src/search/front.ts';
import { predictedLoss } from '../../src/search/loss-model.ts';
import { KEEP_RATIOS } from '../../src/search/options.ts';
import { fitReuseLoss, type ReuseSample } from '../../src/search/reuse-loss.ts';
import type { ReusePlan } from '../../src/workload/reuse.ts';
import { reuseSpace } from '../../src/workload/reuse-space.ts';
import { type Experiment, inPairs } from './experiment.ts';
import type { Section } from './format.ts';
import { partlyTrained } from './optimise.ts';
import { noiseCheck, noiseTable, trainedCheck } from './predicted-loss.ts';
import { combinations, openKeepLoss, prunedSamples } from './pruned.ts';
import { similarityOf } from './similarity.ts';

const ADC_BITS = [5, 6, 7, 8];
const START_BITS = 6;
/** Of a design: a run of its chip, and often a measurement of its pruned tokens. */
const SECONDS = 0.15;
/** Rows of the front in the table; the rest stands in the CSV file. */
const SHOWN = 12;

export async function freeSection(
  experiment: Experiment,
  trainedPlans: readonly ReusePlan[],
): Promise<Section> {
  const { context, model } = experiment;
  const { budget, seed } = context.study;
  const [fefet, sram] = ['fefet-32nm', 'sram-32nm'].map(tech => inPairs(loadArch('trex', { tech }).arch));
  const space: DesignSpace = {
    encoders: model.encoders,
    able: reuseSpace(model).able,
    devices: [
      { name: 'FeFET', device: fefet.devices.static },
      { name: 'SRAM', device: sram.devices.static },
    ],
    adcBits: ADC_BITS,
    keep: KEEP_RATIOS,
  };
  const cka = await similarityOf(experiment);
  const samples: ReuseSample[] = [];
  for (const plan of trainedPlans)
    samples.push({ encoders: plan.encoders, loss: (await partlyTrained(experiment, plan)).loss });
  const seen = new Set(samples.map(sample => sample.encoders.join()));
  const { fitted, held } = combinations(experiment, KEEP_RATIOS, seen);
  samples.push(...(await prunedSamples(experiment, fitted)));
  const reuseLoss = fitReuseLoss(cka, samples);
  const table = await noiseTable(experiment, space);
  const { id } = await experiment.base();
  const result = await experiment.job<FreeResult>({
    label: 'free search',
    inputs: {
      kind: 'free search',
      space,
      samples,
      table,
      cka,
      network: id,
      arch: fefet,
      population: budget.population,
      generations: budget.generations,
    },
    cost: budget.population * budget.generations * SECONDS,
    blank: { front: [], uniform: [], evaluated: [] },
    async run(_, pause, validation) {
      const keepLoss = await openKeepLoss(experiment, validation);
      const { population, generations } = budget;
      return freeSearch(
        {
          model,
          arch: fefet,
          space,
          predictedLoss: predictedLoss({ reuseLoss, keepLoss, noise: table }, space),
          population,
          generations,
          seed,
          startBits: START_BITS,
        },
        pause,
      );
    },
  });
  const trained = await trainedCheck(experiment, cka, samples, held, reuseLoss);
  const noise = await noiseCheck(experiment, space, table, result);
  return {
    text: [
      `Choices: reuse or not of encoders 1 to ${model.encoders - 1}; FeFET or SRAM for the weights and for K^T and V of each encoder; before each encoder with`,
      `attention of its own, the share of the patches that goes on (${KEEP_RATIOS.join(', ')}), chosen by the attention of the class token in the last encoder that`,
      `has some (EViT, arXiv 2202.07800, without its fused token); ADCs of ${ADC_BITS.join(', ')} bits. Chips by their circuits (\`fefet-32nm\`, \`sram-32nm\` on`,
      '`trex`): every bit plane and every group of columns behind one converter takes its time. The tables above take the published totals of a',
      "crossbar (Table III, macros). So one network has two costs on this page, the circuits' many times those of the macros; only costs of one",
      'kind can be compared.',
      'Objectives: latency, energy, area, predicted loss over the network without reuse in float32, nats. The prediction has two parts that',
      'are added: what reuse and pruned tokens cost, a ridge regression of partial trainings on the set of encoders, on CKA, and on what the pruned',
      'tokens cost before any training for them, which is measured for every schedule; and what crossbars cost, measured for one encoder at a time on',
      'the functional core and summed.',
      '',
      '**What the prediction is worth**',
      '',
      ...trained.map(line => `- ${line}`),
      ...noise.map(line => `- ${line}`),
      '',
      '**Front**',
      '',
      `${result.evaluated.length} designs were evaluated, ${result.front.length} of them are on the front (all in [pareto.csv](pareto.csv)). ${uniformText(result)}`,
      '',
      frontTable(result, space),
      '',
      '![Free search](pareto.svg)',
    ].join('\n'),
    files:
      result.front.length === 0
        ? {}
        : { 'pareto.csv': frontCsv(result, space), 'pareto.svg': frontFigure(result, space) },
  };
}

/** Uniform patterns are special cases: they may be on the front, and cannot beat it. */
function uniformText({ front, uniform }: FreeResult): string {
  const vector = (d: FreeResult['front'][number]): number[] => [
    d.latency_s,
    d.energy_J,
    d.area_m2,
    d.predictedLoss,
  ];
  const beaten = uniform.filter(u => front.some(f => dominates(vector(f), vector(u)))).length;
  const beat = uniform.filter(u => front.some(f => dominates(vector(u), vector(f)))).length;
  return `Of the ${uniform.length} uniform patterns that it starts from (FeFET, ${START_BITS} bits), ${beaten} are dominated by designs of the front, and ${beat} dominate one of them.`;
}

function frontTable({ front }: FreeResult, space: DesignSpace): string {
  const step = Math.max(1, (front.length - 1) / (SHOWN - 1));
  const shown = [...new Set(Array.from({ length: SHOWN }, (_, i) => Math.round(i * step)))].filter(
    i => i < front.length,
  );
  return markdownTable(
    ['design', 'D', 'E', 'A mm2', 'predicted loss'],
    shown.map(i => {
      const { genome, latency_s, energy_J, area_m2, predictedLoss } = front[i];
      return [
        designText(designOf(genome, space), space),
        ...[
          formatQuantity(latency_s, 's', 4),
          formatQuantity(energy_J, 'J', 4),
          (area_m2 * MM2_PER_M2).toFixed(2),
        ],
        predictedLoss.toFixed(3),
      ];
    }),
  );
}
