import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  diskFiles,
  loadModel,
  makeData,
  openData,
  readTrainData,
  startThreads,
  train,
  weightTensors,
  writeSafetensors,
} from 'trex-sim';

const folder = mkdtempSync(join(tmpdir(), 'trex-example-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
const path = (name: string): string => join(folder, name);
for (const [name, content] of Object.entries(makeData('glyphs', { seed: 1, images: 120, test: 40 })))
  writeFileSync(path(name), content);

// #region train
const { model } = loadModel('glyph-vit');
const read = async (split: 'train' | 'test') =>
  readTrainData(await openData(diskFiles, folder, { split, size: 20, channels: 1 }), model);
const { weights, graph, accuracy, lossHistory, ending } = await train(
  {
    model,
    seed: 1,
    data: await read('train'),
    validation: await read('test'),
    recipe: { epochs: 1, batch: 32, rate: 1e-3 }, // what is left out has the defaults of fullRecipe()
    threads: 2,
    startHelpers: startThreads,
  },
  { onProgress: ({ step, steps, loss }) => console.log(`${step} of ${steps}: ${loss}`) },
);
console.log(ending, accuracy, lossHistory);
writeFileSync(path('w.safetensors'), writeSafetensors(weightTensors(graph, weights)));
// #endregion
