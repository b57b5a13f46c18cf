/** All that docs/variants.md shows, seed by seed: trained networks, their answers in float32 and on chips, and what they cost. */
import { CALIBRATION_INPUTS } from '../../src/accuracy/defaults.ts';
import { crossbarDevices } from '../../src/accuracy/device.ts';
import { runProfile } from '../../src/explore/profile/profile.ts';
import type { MvmBackend } from '../../src/numerics/mvm/backend.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { loadArch } from '../../src/run/node/load.ts';
import { loadRun } from '../../src/run/run.ts';
import { simulate } from '../../src/run/simulate.ts';
import { readTrainData } from '../../src/train/data.ts';
import { drawn } from '../reproduce/data.ts';
import { inputsOf, samplesOf, type TrainedNetwork } from '../reproduce/measure.ts';
import {
  type Answers,
  cascade,
  chipAnswers,
  entropyFor,
  floatAnswers,
  share,
  thresholdAnswers,
  thresholdFor,
} from './answers.ts';
import { BASE, CHIP, CHIP_SET, DYNAMIC, PIVOT, type VariantNetwork } from './networks.ts';
import { networkOf, SeedData, startOf, type Trained, type TrainingContext, trained } from './trained.ts';

/** Seconds of one input, one idle core: for the time that is left. */
const SECONDS = { float: 0.001, decided: 0.02, chip: 0.04 } as const;

export interface VariantsContext extends TrainingContext {
  backend(): Promise<MvmBackend>;
  /** The network without changes among them. */
  readonly networks: readonly VariantNetwork[];
}

export interface Cost {
  readonly latency_s: number;
  readonly energy_J: number;
  readonly area_m2: number;
}

/** A row of the page; one value a seed. */
export interface VariantResult {
  readonly name: string;
  readonly title: string;
  /** Of the test images. */
  readonly float: readonly number[];
  /** Of the images that go through chips as well: in float32, and the mean over chips. */
  readonly sameImages: readonly number[];
  readonly chips: readonly number[];
  readonly costs: readonly Cost[];
  /** What a decision took, by seed. */
  readonly notes: readonly string[];
}

/** What is kept of one network and seed. */
interface Measured {
  readonly validation: Answers;
  readonly test: Answers;
  readonly same: Answers;
  readonly chips: readonly Answers[];
  /** Where patches go by a threshold. */
  readonly threshold: number | null;
}

const NOTHING: Answers = { right: [true], entropy: [0] };
const BLANK: Measured = {
  validation: NOTHING,
  test: NOTHING,
  same: NOTHING,
  chips: [NOTHING],
  threshold: 0.5,
};

/** One seed of every row, by name. */
type SeedRows = Map<string, { float: number; same: number; chips: number; cost: Cost; note: string }>;

export async function variantsOf(context: VariantsContext): Promise<VariantResult[]> {
  const { networks } = context;
  const costs = new Map<string, Cost>();
  for (const network of networks) costs.set(network.name, await costOf(network));
  const seeds: SeedRows[] = [];
  for (const seed of context.study.seeds) seeds.push(await seedOf(context, seed, networks, costs));
  const titles = [...networks.map(({ name, title }) => [name, title] as const), ...DECIDED];
  return titles.flatMap(([name, title]) => {
    const rows = seeds.flatMap(rows => rows.get(name) ?? []);
    return rows.length === 0
      ? []
      : [
          {
            name,
            title,
            float: rows.map(row => row.float),
            sameImages: rows.map(row => row.same),
            chips: rows.map(row => row.chips),
            costs: rows.map(row => row.cost),
            notes: rows.map(row => row.note),
          },
        ];
  });
}

/** Rows whose work depends on the image. */
const DECIDED = [
  ['dynamic-threshold', 'the same DynamicViT, patches by a threshold'],
  ['pivot-entropy', 'PIVOT, then scene-vit where it is not sure'],
] as const;
/** Of all images, those that the second effort sees on validation images. */
const AGAIN = 0.3;

async function seedOf(
  context: VariantsContext,
  seed: number,
  networks: readonly VariantNetwork[],
  costs: ReadonlyMap<string, Cost>,
): Promise<SeedRows> {
  const data = new SeedData(context.study, seed);
  const base = networks.find(({ name }) => name === BASE);
  if (base === undefined) throw new Error('the network that others start from is left out');
  const start = { ...(await startOf(context, data, base)), network: base };
  const rows: SeedRows = new Map();
  const all = new Map<string, Measured>();
  for (const network of networks) {
    const one = await trained(context, data, network, start);
    const measured = await measuredOf(context, data, network, one);
    all.set(network.name, measured);
    const { test, same, chips } = measured;
    rows.set(network.name, rowOf(test, same, chips, costs.get(network.name)!, ''));
    if (network.name === DYNAMIC) {
      const [name] = DECIDED[0];
      const own = await measuredOf(context, data, network, one, network.keep);
      const patches = own.same.patches ?? [];
      const note = `threshold ${own.threshold?.toFixed(3)}; ${meanPatches(patches)} patches`;
      rows.set(name, rowOf(own.test, own.same, own.chips, await profileCost(network, patches), note));
    }
  }
  const [first, second] = [all.get(PIVOT), all.get(BASE)];
  if (first !== undefined && second !== undefined) {
    const entropy = entropyFor(first.validation, AGAIN);
    const both = (a: Answers, b: Answers) => cascade(a, b, entropy);
    const same = both(first.same, second.same);
    const [one, two] = [costs.get(PIVOT)!, costs.get(BASE)!];
    // Each effort has arrays of its own.
    const cost = {
      latency_s: one.latency_s + same.again * two.latency_s,
      energy_J: one.energy_J + same.again * two.energy_J,
      area_m2: one.area_m2 + two.area_m2,
    };
    const chips = first.chips.map((answers, draw) => both(answers, second.chips[draw]));
    const note = `${entropy.toFixed(3)} nats; ${(100 * same.again).toFixed(0)} % run twice`;
    rows.set(DECIDED[1][0], rowOf(both(first.test, second.test), same, chips, cost, note));
  }
  return rows;
}

const rowOf = (test: Answers, same: Answers, chips: readonly Answers[], cost: Cost, note: string) => ({
  float: share(test),
  same: share(same),
  chips: chips.reduce((sum, answers) => sum + share(answers), 0) / chips.length,
  cost,
  note,
});

const meanPatches = (patches: readonly (readonly number[])[]): string =>
  (patches[0] ?? [])
    .map((_, place) => (patches.reduce((sum, counts) => sum + counts[place], 0) / patches.length).toFixed(1))
    .join(' and ');

/** Answers of a trained network; `kept`: by the threshold at which so many patches go on at the first place, in validation. */
async function measuredOf(
  context: VariantsContext,
  data: SeedData,
  network: VariantNetwork,
  one: Trained,
  kept?: number,
): Promise<Measured> {
  const { study, jobs } = context;
  const { images, draws, sizes, decided } = study;
  const { seed } = data;
  const arch = loadArch(CHIP, { set: [...CHIP_SET] }).arch;
  if (arch.devices === undefined) throw new Error(`${CHIP} has no crossbars`);
  const devices = crossbarDevices(arch.devices);
  const { value } = await jobs.run<Measured>({
    label: `seed ${seed}: ${network.name}, answers${kept === undefined ? '' : ' by a threshold'}`,
    inputs: {
      kind: 'variants/answers',
      network: one.id,
      images,
      draws,
      seed,
      sizes,
      devices,
      kept,
      decided: kept === undefined ? undefined : decided,
    },
    cost:
      (kept === undefined ? sizes.test * SECONDS.float : decided * SECONDS.decided) +
      images * draws * SECONDS.chip,
    blank: BLANK,
    async run({ onStep, pause }) {
      const step = async (done: number): Promise<void> => {
        onStep(done);
        await pause();
      };
      const { validation, test } = await data.read(network);
      const held: TrainedNetwork = networkOf(network, one);
      const some = await samplesOf(drawn(test, images, `${seed}`), network.model);
      const calibration = await inputsOf(
        drawn(test, CALIBRATION_INPUTS, `${seed}/calibration`),
        network.model,
      );
      const chips = { devices, backend: await context.backend(), seed, draws };
      if (kept === undefined) {
        const all = await readTrainData(test, network.model);
        return {
          value: {
            validation: await floatAnswers(held, validation, context),
            test: await floatAnswers(held, all, context),
            same: await floatAnswers(
              held,
              await readTrainData(drawn(test, images, `${seed}`), network.model),
              context,
            ),
            chips: await chipAnswers(held, some, calibration, chips, { onStep: step }),
            threshold: null,
          },
        };
      }
      const size = validation.inputs.length / validation.labels.length;
      const inputs = Array.from(validation.labels, (_, i) => ({
        image: Float32Array.from(validation.inputs.subarray(i * size, (i + 1) * size)),
      }));
      const threshold = await thresholdFor(held, inputs, kept);
      return {
        value: {
          validation: NOTHING,
          test: await thresholdAnswers(
            held,
            await samplesOf(drawn(test, decided, `${seed}/decided`), network.model),
            threshold,
            step,
          ),
          same: await thresholdAnswers(held, some, threshold, step),
          chips: await chipAnswers(held, some, calibration, chips, { threshold, onStep: step }),
          threshold,
        },
      };
    },
  });
  return value;
}

/** One image on the chip. */
async function costOf({ model, plan }: VariantNetwork): Promise<Cost> {
  const { arch } = loadArch(CHIP, { set: [...CHIP_SET] });
  const { latency_s, energy_J, area_m2 } = (await simulate({ arch, model, reuse: plan })).result;
  return { latency_s, energy_J, area_m2 };
}

/** The mean over images that differ, on the chip of the largest. */
async function profileCost(
  { file, set, model }: VariantNetwork,
  patches: readonly (readonly number[])[],
): Promise<Cost> {
  if (patches.length === 0) return costOf({ model } as VariantNetwork);
  const places = 'pruning' in model ? (model.pruning?.before ?? []) : [];
  const text = [places.map(at => `patches.${at}`), ...patches].map(row => row.join()).join('\n');
  const input = loadRun({ arch: CHIP, model: file, set: [...CHIP_SET, ...set] }, nodeFiles);
  const profile = { path: 'measured', text: `${text}\n`, sha256: '' };
  const { latency_s, energy_J, area_m2 } = await runProfile(input, { profile, arrival: null });
  return { latency_s: latency_s.mean, energy_J: energy_J.mean, area_m2 };
}
