/** Trains a network on data: with checkpoints, early stopping, a teacher, and crossbars in the forward pass if asked for. */
import { usageError } from '../base/errors.ts';
import { buildGraph, type Graph } from '../workload/graph.ts';
import type { TeacherOutputs } from './batches.ts';
import { checkData, type TrainData, usedSamples } from './data.ts';
import { answersOf, classesOf, inputFloats } from './network/layout.ts';
import { trainedGraph } from './network/trained-graph.ts';
import type { KnownNetwork, TrainHooks, TrainOptions, TrainResult } from './options.ts';
import { predict, type Threads } from './predict.ts';
import { fullRecipe, type Recipe } from './recipe.ts';
import { Run } from './run.ts';
import { startEngine } from './step/engine.ts';
import { putCells } from './variation/draw.ts';

/**
 * The same options and seed give the same weights on any number of threads, and whether or not the run was interrupted and
 * resumed at a checkpoint.
 * @example
 * const data = await readTrainData(await openData(diskFiles, 'glyphs', { split: 'train', size: 20, channels: 1 }), model);
 * const { graph, weights } = await train({ model, data, seed: 1, recipe: { epochs: 30, batch: 64 } });
 * const file = writeSafetensors(weightTensors(graph, weights));
 * @throws TrexError (usage) for a network that cannot be trained, data that do not fit it, a recipe out of range.
 */
export async function train(options: TrainOptions, hooks: TrainHooks = {}): Promise<TrainResult> {
  const { model, reuse, data, validation, teacher, threads = 1, startHelpers, variation } = options;
  const recipe = fullRecipe(options.recipe);
  const graph = trainedGraph(model, reuse);
  if (teacher !== undefined && answersOf(graph) > 1)
    throw usageError(`${model.name} has logits at each token: a teacher of such a network is not supported`);
  const [each, classes] = [inputFloats(graph), classesOf(graph)];
  checkData('training data', data, model, each, classes);
  if (validation !== undefined) checkData('validation data', validation, model, each, classes);
  if (data.labels.every(label => label === data.labels[0]))
    throw usageError(
      `training data: all ${data.labels.length} labels are class ${data.labels[0]}: nothing to learn`,
    );
  const used = usedSamples(data.labels.length, recipe.fraction, options.seed);
  const batch = Math.min(recipe.batch, used.length);
  const taught = teacher && (await askTeacher(teacher, graph, recipe, data, { threads, startHelpers }));
  const spec = { graph, batch, threads, variation: variation !== undefined };
  const engine = await startEngine(spec, startHelpers);
  try {
    if (variation !== undefined) putCells(engine, variation);
    return await new Run({ options, hooks, recipe, engine, used, taught }).toEnd();
  } finally {
    await engine.close();
  }
}

/** What a teacher has said of data: it is asked again and again by runs that start from it. */
const answers = new WeakMap<KnownNetwork, { readonly data: TrainData; readonly taught: TeacherOutputs }>();

/** @throws TrexError (usage) for a teacher of other classes, or of another width where its class tokens count. */
async function askTeacher(
  teacher: KnownNetwork,
  student: Graph,
  recipe: Recipe,
  data: TrainData,
  threads: Threads,
): Promise<TeacherOutputs> {
  const { model, reuse, weights } = teacher;
  const graph = buildGraph(model, { reuse });
  if (classesOf(graph) !== classesOf(student))
    throw usageError(`the teacher ${model.name} has ${classesOf(graph)} classes, not ${classesOf(student)}`);
  if (recipe.featureLoss > 0 && model.dim !== student.model.dim)
    throw usageError(
      `the teacher ${model.name} has class tokens of ${model.dim} values, not ${student.model.dim}: set featureLoss to 0`,
    );
  const known = answers.get(teacher);
  const taught = known?.data === data ? known.taught : await predict(graph, weights, data, threads);
  answers.set(teacher, { data, taught });
  return recipe.featureLoss > 0 ? taught : { ...taught, features: new Float32Array(0) };
}
