/** Beyond the paper: the free search on the glyph network, with the two halves of its predicted loss held against what they predict. */
import { crossbarDevices } from '../accuracy/device.ts';
import { calibrateOn } from '../accuracy/calibration.ts';
import { classesOf, readSamples, type Sample } from '../accuracy/samples.ts';
import type { DataSet } from '../data/data-set.ts';
import { percentile } from '../numerics/quantize/percentile.ts';
import { spearman } from '../optimize/rank-correlation.ts';
import { type Design, type DesignSpace, designOf, designText, devicesOf } from '../optimize/search/design.ts';
import { type FreeResult, freeSearch } from '../optimize/search/free-search.ts';
import { chipLoss, measureNoise, type NoiseProbe, noiseLoss, type NoiseTable } from '../optimize/search/noise-loss.ts';
import { dominates } from '../optimize/search/dominance.ts';
import { fitReuseLoss, leftOut, mismatch, type ReuseSample } from '../optimize/search/reuse-loss.ts';
import { uniformStream } from '../random.ts';
import { csv } from '../report/csv.ts';
import { scatterChart } from '../report/scatter-chart.ts';
import { markdownTable } from '../validate/markdown.ts';
import { noReuse, type ReusePlan, reusePlan } from '../workload/reuse.ts';
import { someOf } from './data.ts';
import { DEVICE, type Lab } from './lab.ts';
import { inputsOf, sourceOf } from './measure.ts';
import { partOf } from './optimise.ts';
import { similarityOf } from './similarity.ts';
import type { Section } from './words.ts';
import { formatQuantity } from '../units.ts';

const WIDTHS = { weightBits: 8, inputBits: 8 } as const;
const CALIBRATION = 16;
const ADC_BITS = [5, 6, 7, 8];
const START_BITS = 6;
/** Rows of the front in the table; the rest stands in the CSV file. */
const SHOWN = 12;

export async function freeSection(lab: Lab, trainedPlans: readonly ReusePlan[]): Promise<Section> {
  const { place, model } = lab;
  const { budget, seed } = place.study;
  const [fefet, sram] = ['fefet-32nm', 'sram-32nm'].map(tech => place.loadArch('trex', tech));
  const space: DesignSpace = {
    encoders: model.encoders,
    devices: [
      { name: 'FeFET', device: fefet.devices.static },
      { name: 'SRAM', device: sram.devices.static },
    ],
    adcBits: ADC_BITS,
  };
  const cka = await similarityOf(lab);
  const samples: ReuseSample[] = [];
  for (const plan of trainedPlans)
    samples.push({ encoders: plan.encoders, loss: (await partOf(lab, { plan, kind: '' })).training.loss });
  const reuseLoss = fitReuseLoss(cka, samples);
  const base = reuseLoss([]);
  const table = await noiseTable(lab, space);
  const predictedLoss = (design: Design): number =>
    reuseLoss(design.plan.encoders) - base + noiseLoss(design, space, table);
  const result = await lab.job<FreeResult>({
    label: 'free search',
    inputs: { kind: 'free search', space, samples, table, cka, arch: fefet, population: budget.population, generations: budget.generations },
    cost: budget.population * budget.generations * 0.06,
    blank: { front: [], uniform: [], evaluated: [] },
    run: async (_, pause) =>
      freeSearch(
        {
          ...{ model, arch: fefet, space, predictedLoss, seed, startBits: START_BITS },
          ...{ population: budget.population, generations: budget.generations },
        },
        pause,
      ),
  });
  const reuse = await reuseCheck(lab, cka, samples, reuseLoss);
  const noise = await noiseCheck(lab, space, table, result);
  return {
    text: [
      `Choices: reuse or not of encoders 1 to ${model.encoders - 1}; FeFET or SRAM for the weights and for K^T and V of each encoder; ADCs of ${ADC_BITS.join(', ')} bits.`,
      'Chips by their circuits (`fefet-32nm`, `sram-32nm` on `trex`). Objectives: latency, energy, area, predicted loss over the network without',
      'reuse in float32, nats. The prediction has two parts that are added: what reuse costs, a ridge regression of partial trainings on the set of encoders and on CKA; and what crossbars',
      'cost, measured for one encoder at a time on the functional core and summed.',
      '',
      '**What the prediction is worth**',
      '',
      ...reuse.map(line => `- ${line}`),
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
    files: result.front.length === 0 ? {} : { 'pareto.csv': frontCsv(result, space), 'pareto.svg': figure(result, space) },
  };
}

/** Noise of each encoder alone, in the network without reuse, fine-tuned or not. */
async function noiseTable(lab: Lab, space: DesignSpace): Promise<NoiseTable> {
  const { noiseImages } = lab.place.study.budget;
  const trained = await lab.base();
  const blankRow = space.adcBits.map(() => space.devices.map(() => new Array<number>(space.encoders).fill(0)));
  return lab.job<NoiseTable>({
    label: 'noise of each encoder',
    inputs: { kind: 'noise table', space, network: trained.id, noiseImages, words: DEVICE },
    cost: space.adcBits.length * space.devices.length * space.encoders * 2 * noiseImages * 0.006,
    blank: { static: blankRow, dynamic: blankRow },
    run: async (test, pause) => measureNoise(space, await probeOf(lab, test, trained.bytes as Uint8Array), pause),
  });
}

async function probeOf(lab: Lab, test: DataSet, weights: Uint8Array, plan: ReusePlan = noReuse): Promise<NoiseProbe> {
  const { model, place } = lab;
  const { noiseImages } = place.study.budget;
  const source = sourceOf({ model, plan, weights });
  const inputs = await inputsOf(someOf(test, CALIBRATION, 'noise/calibration'), model);
  const calibration = await calibrateOn(source, inputs, percentile(), WIDTHS);
  const read = await readSamples(someOf(test, noiseImages, 'noise'), model);
  const samples: Sample[] = [];
  for (let i = 0; i < read.size; i++) {
    const sample = await read.sample(i);
    if (sample !== undefined) samples.push(sample);
  }
  return {
    ...{ source, samples, classes: classesOf(model), quantisation: { calibration, ...WIDTHS } },
    ...{ backend: await place.backend(), seed: place.study.seed, words: DEVICE },
  };
}

/** The predicted and the partial loss, against networks that were trained on all data. */
async function reuseCheck(
  lab: Lab,
  cka: readonly (readonly number[])[],
  samples: readonly ReuseSample[],
  predict: (reused: readonly number[]) => number,
): Promise<string[]> {
  const { budget } = lab.place.study;
  const plans = randomSets(lab.model.encoders, budget.trainedInFull, new Set(samples.map(s => s.encoders.join())));
  const [full, part, predicted, unlike]: number[][] = [[], [], [], []];
  for (const plan of plans) {
    const trained = await lab.train({
      ...{ id: `full ${plan.pattern}`, stage: 'final', plan, epochs: budget.fullEpochs, fraction: 1, variation: false },
    });
    full.push((await lab.ideal(plan, trained)).loss);
    part.push((await partOf(lab, { plan, kind: '' })).training.loss);
    predicted.push(predict(plan.encoders));
    unlike.push(mismatch(cka, plan.encoders));
  }
  const rank = (a: readonly number[]): string => spearman(a, full).toFixed(2);
  const inside = spearman(
    leftOut(cka, samples),
    samples.map(s => s.loss),
  );
  return [
    `Reuse: ${plans.length} random sets of 1 to ${lab.model.encoders - 2} encoders that the fit has not seen were trained on all data for ${budget.fullEpochs} epochs. Spearman's rank correlation with their test loss: prediction ${rank(predicted)}, partial training ${rank(part)}, CKA alone ${rank(unlike)}.`,
    `Of the ${samples.length} partial trainings that the fit was made from, each predicted from the others: ${inside.toFixed(2)}.`,
  ];
}

/** Different sets of every size, the sizes taking turns. */
export function randomSets(encoders: number, count: number, known: ReadonlySet<string>): ReusePlan[] {
  const random = uniformStream(1, 'reproduce/random-sets');
  const seen = new Set(known);
  const plans: ReusePlan[] = [];
  for (let tries = 0; plans.length < count && tries < 1000; tries++) {
    const size = 1 + (plans.length % (encoders - 2));
    const left = Array.from({ length: encoders - 1 }, (_, i) => i + 1);
    const drawn = Array.from({ length: size }, () => left.splice(Math.floor(random() * left.length), 1)[0]);
    const plan = reusePlan(drawn, encoders);
    if (seen.has(plan.encoders.join())) continue;
    seen.add(plan.encoders.join());
    plans.push(plan);
  }
  return plans;
}

/** The summed noise against that of whole chips: devices and bits of designs of the search, without reuse. */
async function noiseCheck(lab: Lab, space: DesignSpace, table: NoiseTable, result: FreeResult): Promise<string[]> {
  const { wholeChips } = lab.place.study.budget;
  const trained = await lab.base();
  const step = Math.max(1, Math.floor(result.evaluated.length / wholeChips));
  const designs = result.evaluated
    .filter((_, i) => i % step === 0)
    .slice(0, wholeChips)
    .map(({ genome }) => ({ ...designOf(genome, space), plan: noReuse }));
  const measured = await lab.job<number[]>({
    label: 'noise of whole chips',
    inputs: { kind: 'whole chips', designs, space, network: trained.id, images: lab.place.study.budget.noiseImages },
    cost: wholeChips * lab.place.study.budget.noiseImages * lab.task.secondsOnCrossbars,
    blank: designs.map(() => 0),
    async run(test, pause) {
      const probe = await probeOf(lab, test, trained.bytes as Uint8Array);
      const losses: number[] = [];
      for (const [i, design] of designs.entries()) {
        await pause(i, designs.length);
        losses.push(await chipLoss(probe, crossbarDevices(devicesOf(design, space), DEVICE, probe.source.graph())));
      }
      return losses;
    },
  });
  const summed = designs.map(design => noiseLoss(design, space, table));
  return [
    `Crossbars: ${designs.length} chips of the search, without reuse, measured whole: rank correlation of the sum with the measured loss ${spearman(summed, measured).toFixed(2)}; measured ${range(measured)} nats, summed ${range(summed)}.`,
  ];
}

const range = (values: readonly number[]): string =>
  values.length === 0 ? '-' : `${Math.min(...values).toFixed(3)} to ${Math.max(...values).toFixed(3)}`;

/** Uniform patterns are special cases: they may be on the front, and cannot beat it. */
function uniformText({ front, uniform }: FreeResult): string {
  const vector = (d: FreeResult['front'][number]): number[] => [d.latency_s, d.energy_J, d.area_m2, d.predictedLoss];
  const beaten = uniform.filter(u => front.some(f => dominates(vector(f), vector(u)))).length;
  const beat = uniform.filter(u => front.some(f => dominates(vector(u), vector(f)))).length;
  return `Of the ${uniform.length} uniform patterns that it starts from (FeFET, ${START_BITS} bits), ${beaten} are dominated by designs of the front, and ${beat} dominate one of them.`;
}

function frontTable({ front }: FreeResult, space: DesignSpace): string {
  const step = Math.max(1, (front.length - 1) / (SHOWN - 1));
  const shown = [...new Set(Array.from({ length: SHOWN }, (_, i) => Math.round(i * step)))].filter(i => i < front.length);
  return markdownTable(
    ['design', 'D', 'E', 'A mm2', 'predicted loss'],
    shown.map(i => {
      const { genome, latency_s, energy_J, area_m2, predictedLoss } = front[i];
      return [
        designText(designOf(genome, space), space),
        ...[formatQuantity(latency_s, 's', 4), formatQuantity(energy_J, 'J', 4), (area_m2 * 1e6).toFixed(2)],
        predictedLoss.toFixed(3),
      ];
    }),
  );
}

const frontCsv = ({ front }: FreeResult, space: DesignSpace): string =>
  csv([
    ['reuse', 'weights', 'run_time', 'adc_bits', 'latency_s', 'energy_J', 'area_m2', 'predicted_loss'],
    ...front.map(({ genome, latency_s, energy_J, area_m2, predictedLoss }) => {
      const { plan, static: known, dynamic, adcBits } = designOf(genome, space);
      const names = (list: readonly number[]): string => list.map(i => space.devices[i].name).join(' ');
      return [plan.encoders.join(' '), names(known), names(dynamic), adcBits, latency_s, energy_J, area_m2, predictedLoss];
    }),
  ]);

function figure({ front, uniform, evaluated }: FreeResult, space: DesignSpace): string {
  const xy = (list: readonly FreeResult['front'][number][]): number[] =>
    list.flatMap(d => [d.latency_s * d.energy_J * d.area_m2 * 1e12, d.predictedLoss]);
  const edge: { x: number; y: number; label: string }[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (const design of front.toSorted((a, b) => xy([a])[0] - xy([b])[0])) {
    const [x, y] = xy([design]);
    if (y >= least) continue;
    least = y;
    edge.push({ x, y, label: `${designOf(design.genome, space).plan.encoders.length} reuse` });
  }
  return scatterChart({
    title: 'Free search: predicted loss against EDAP',
    xLabel: 'EDAP, mJ ms mm2',
    yLabel: 'predicted loss, nats',
    series: [
      { name: 'designs', xy: xy(evaluated) },
      { name: 'uniform patterns, FeFET', xy: xy(uniform) },
    ],
    front: edge,
  });
}
