/** The two halves of the free search's predicted loss, and how good each is against what it predicts. */
import { calibrateOn } from '../../src/accuracy/calibration.ts';
import { CALIBRATION_INPUTS, OPERAND_BITS } from '../../src/accuracy/defaults.ts';
import { crossbarDevices } from '../../src/accuracy/device.ts';
import { classesOf } from '../../src/accuracy/samples.ts';
import type { DataSet } from '../../src/data/data-set.ts';
import { percentile } from '../../src/numerics/quantize/percentile.ts';
import { spearman } from '../../src/optimize/rank-correlation.ts';
import { type DesignSpace, designOf, devicesOf } from '../../src/search/design.ts';
import type { FreeResult } from '../../src/search/free-search.ts';
import { keepText, pruningOf } from '../../src/search/keep.ts';
import {
  chipLoss,
  measureNoise,
  type NoiseProbe,
  type NoiseTable,
  noiseLoss,
} from '../../src/search/noise-loss.ts';
import { leaveOneOut, type ReuseLoss, type ReuseSample } from '../../src/search/reuse-loss.ts';
import { noReuse, type ReusePlan } from '../../src/workload/reuse.ts';
import { drawn } from './data.ts';
import { DEVICE, type Experiment } from './experiment.ts';
import { counted, rankText } from './format.ts';
import { inputsOf, samplesOf, sourceOf } from './measure.ts';
import { partlyTrained } from './optimise.ts';
import { type Combination, keepLosses } from './pruned.ts';

/** Noise of each encoder alone, in the network without reuse, fine-tuned or not. */
export async function noiseTable(experiment: Experiment, space: DesignSpace): Promise<NoiseTable> {
  const { noiseImages } = experiment.context.study.budget;
  const trained = await experiment.base();
  const blankRow = space.adcBits.map(() =>
    space.devices.map(() => new Array<number>(space.encoders).fill(0)),
  );
  return experiment.job<NoiseTable>({
    label: 'noise of each encoder',
    inputs: { kind: 'noise table', space, network: trained.id, noiseImages, device: DEVICE },
    cost: space.adcBits.length * space.devices.length * space.encoders * 2 * noiseImages * 0.006,
    blank: { static: blankRow, dynamic: blankRow },
    run: async (test, pause) =>
      measureNoise(space, await probeOf(experiment, test, trained.bytes as Uint8Array), pause),
  });
}

async function probeOf(
  experiment: Experiment,
  test: DataSet,
  weights: Uint8Array,
  plan: ReusePlan = noReuse,
): Promise<NoiseProbe> {
  const { model, context } = experiment;
  const { noiseImages } = context.study.budget;
  const source = sourceOf({ model, plan, weights });
  const inputs = await inputsOf(drawn(test, CALIBRATION_INPUTS, 'noise/calibration'), model);
  const calibration = await calibrateOn(source, inputs, percentile(), OPERAND_BITS);
  return {
    source,
    samples: await samplesOf(drawn(test, noiseImages, 'noise'), model),
    classes: classesOf(model),
    quantisation: { calibration, ...OPERAND_BITS },
    backend: await context.backend(),
    seed: context.study.seed,
    device: DEVICE,
  };
}

/** The predicted and the partial loss, against networks that were trained on all data. */
export async function trainedCheck(
  experiment: Experiment,
  cka: readonly (readonly number[])[],
  samples: readonly ReuseSample[],
  all: readonly Combination[],
  predict: ReuseLoss,
): Promise<string[]> {
  const { budget } = experiment.context.study;
  const untrained = await keepLosses(
    experiment,
    all.map(({ keep }) => keep),
  );
  const [full, part, predicted]: number[][] = [[], [], []];
  for (const [i, { plan, keep }] of all.entries()) {
    const pruning = pruningOf(keep);
    const trained = await experiment.train({
      id: `full ${plan.pattern}, keep ${keepText(keep)}`,
      stage: 'final',
      plan,
      pruning,
      epochs: budget.fullEpochs,
      fraction: 1,
      variation: false,
    });
    full.push((await experiment.ideal(plan, trained, pruning)).loss);
    part.push((await partlyTrained(experiment, plan, { keep })).loss);
    predicted.push(predict(plan.encoders, untrained[i]));
  }
  const rank = (a: readonly number[]): string => rankText(spearman(a, full));
  const inside = (some: (sample: ReuseSample) => boolean): string => {
    const pairs = leaveOneOut(cka, samples).map((value, i) => [value, samples[i].loss] as const);
    const [left, losses] = [0, 1].map(k => pairs.filter((_, i) => some(samples[i])).map(pair => pair[k]));
    return rankText(spearman(left, losses));
  };
  const pruned = all.filter(({ keep }) => pruningOf(keep) !== undefined).length;
  const fitted = samples.filter(({ keepLoss = 0 }) => keepLoss !== 0).length;
  return [
    `Reuse and pruned tokens: ${all.length} random sets of encoders, of different sizes, ${pruned} of them with pruned tokens, that the fit has not seen were trained on all data for ${counted(budget.fullEpochs, 'epoch')}. Spearman's rank correlation with their test loss: prediction ${rank(predicted)}, partial training ${rank(part)}.`,
    `Of the ${samples.length} partial trainings that the fit was made from, each predicted from the others: ${inside(() => true)}; of the ${fitted} with pruned tokens ${inside(({ keepLoss = 0 }) => keepLoss !== 0)}.`,
  ];
}

/** The summed noise against that of whole chips: devices and bits of designs of the search, without reuse. */
export async function noiseCheck(
  experiment: Experiment,
  space: DesignSpace,
  table: NoiseTable,
  result: FreeResult,
): Promise<string[]> {
  const { wholeChips } = experiment.context.study.budget;
  const trained = await experiment.base();
  const step = Math.max(1, Math.floor(result.evaluated.length / wholeChips));
  const designs = result.evaluated
    .filter((_, i) => i % step === 0)
    .slice(0, wholeChips)
    .map(({ genome }) => ({ ...designOf(genome, space), plan: noReuse }));
  const measured = await experiment.job<number[]>({
    label: 'noise of whole chips',
    inputs: {
      kind: 'whole chips',
      designs,
      space,
      network: trained.id,
      images: experiment.context.study.budget.noiseImages,
    },
    cost: wholeChips * experiment.context.study.budget.noiseImages * experiment.task.secondsOnCrossbars,
    blank: designs.map(() => 0),
    async run(test, pause) {
      const probe = await probeOf(experiment, test, trained.bytes as Uint8Array);
      const losses: number[] = [];
      for (const [i, design] of designs.entries()) {
        await pause(i, designs.length);
        losses.push(
          await chipLoss(probe, crossbarDevices(devicesOf(design, space), DEVICE, probe.source.graph())),
        );
      }
      return losses;
    },
  });
  const summed = designs.map(design => noiseLoss(design, space, table));
  return [
    `Crossbars: ${designs.length} chips of the search, without reuse, measured whole: rank correlation of the sum with the measured loss ${rankText(spearman(summed, measured))}; measured ${range(measured)} nats, summed ${range(summed)}.`,
  ];
}

const range = (values: readonly number[]): string =>
  values.length === 0 ? '-' : `${Math.min(...values).toFixed(3)} to ${Math.max(...values).toFixed(3)}`;
