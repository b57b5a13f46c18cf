/** `npm run tasks [scenes | races]`: what the tasks of `trex data` ask for, as in docs/data.md: plain classifiers, networks whose tokens do not meet or meet once, and whole networks. */
import type { DataSet } from '../../src/data/data-set.ts';
import { subset } from '../../src/data/subset.ts';
import { loadModel } from '../../src/run/node/load.ts';
import { readTrainData, type TrainData } from '../../src/train/data.ts';
import { predict, scoresOf } from '../../src/train/predict.ts';
import { train } from '../../src/train/train.ts';
import type { ModelConfig } from '../../src/workload/model.ts';
import { noReuse, type ReusePlan, reusePlan } from '../../src/workload/reuse.ts';
import { taskData } from '../reproduce/data.ts';
import { linearAccuracy } from '../reproduce/linear.ts';
import { fullStudy, type Task } from '../reproduce/tasks.ts';
import { nearestAccuracy } from './nearest.ts';
import { oneHot } from './one-hot.ts';

/** Inputs of the plain classifiers: training, and test of the nearest neighbour. */
const PLAIN = { few: 8000, many: 20_000, asked: 300 } as const;
/** What the network makes of more data. */
const MORE = 1.5;
const SEED = 1;

const percent = (share: number): string => (100 * share).toFixed(1);

interface Data {
  readonly train: TrainData;
  readonly validation: TrainData;
  readonly test: TrainData;
}

async function dataOf(task: Task, model: ModelConfig): Promise<Data> {
  const { train, validation, test } = await taskData(task, model, SEED);
  return { train, validation, test: await readTrainData(test, model) };
}

/** What plain classifiers see: pixels, or words at their places. */
const features = (data: TrainData, model: ModelConfig): TrainData =>
  'vocabulary' in model ? oneHot(data, model.vocabulary) : data;

async function plainRow(task: Task, model: ModelConfig, count: number): Promise<string[]> {
  const sizes = { train: count, validation: 1, test: task.sizes.test };
  const { train, test } = await taskData({ ...task, sizes }, model, SEED);
  const few = async (set: DataSet, most: number): Promise<TrainData> =>
    features(await readTrainData(subset(set, most, `${SEED}`), model), model);
  const known = features(train, model);
  return [
    String(count),
    percent(nearestAccuracy(known, await few(test, PLAIN.asked))),
    percent(linearAccuracy(known, await few(test, task.sizes.test), model.classes ?? 2, SEED)),
  ];
}

/** A network that is trained as the task's own one is. */
async function trainedAccuracy(
  task: Task,
  model: ModelConfig,
  { train: data, validation, test }: Data,
  reuse: ReusePlan,
): Promise<number> {
  const recipe = { ...task.recipe, epochs: task.baseEpochs };
  const { graph, weights } = await train({ model, reuse, data, validation, recipe, seed: SEED });
  const { logits } = await predict(graph, weights, test);
  return scoresOf(logits, test.labels).accuracy;
}

/** The same network, its tokens meeting less often. */
function ablations({ model: name }: Task, model: ModelConfig): [string, ModelConfig, ReusePlan][] {
  const once = reusePlan(
    Array.from({ length: model.encoders - 1 }, (_, i) => i + 1),
    model.encoders,
  );
  const rows: [string, ModelConfig, ReusePlan][] = [
    ['attention in the first encoder alone, reused by all others', model, once],
    ['the network', model, noReuse],
  ];
  if (!('imageSize' in model)) return rows;
  const whole = loadModel(name, { set: [`model.patchSize=${model.imageSize}`] });
  return [['one patch, the whole image: no tokens that meet', whole.model, noReuse], ...rows];
}

const print = (text: string): boolean => process.stdout.write(`${text}\n`);
const asked = process.argv.slice(2);
for (const task of [fullStudy.scenes, fullStudy.races]) {
  if (asked.length > 0 && !asked.includes(task.name)) continue;
  const { model } = loadModel(task.model);
  print(`${task.name}: inputs; 1 nearest neighbour, %; logistic regression, %`);
  for (const count of [PLAIN.few, PLAIN.many]) print((await plainRow(task, model, count)).join('; '));
  print(`${task.name}: ${model.name}, ${task.sizes.train} inputs, ${task.baseEpochs} epochs; top-1, %`);
  const data = await dataOf(task, model);
  for (const [name, network, reuse] of ablations(task, model))
    print(`${name}; ${percent(await trainedAccuracy(task, network, data, reuse))}`);
  const sizes = { ...task.sizes, train: MORE * task.sizes.train };
  const more = await dataOf({ ...task, sizes }, model);
  print(`the network, ${sizes.train} inputs; ${percent(await trainedAccuracy(task, model, more, noReuse))}`);
}
