import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  accuracy,
  buildGraph,
  diskFiles,
  infer,
  loadModel,
  makeData,
  nodeFiles,
  randomWeights,
  wasmBackend,
  weightTensors,
  writeNpy,
  writeSafetensors,
} from 'trex-sim';

const folder = mkdtempSync(join(tmpdir(), 'trex-example-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
const path = (name: string): string => join(folder, name);
const graph = buildGraph(loadModel('glyph-vit').model);
writeFileSync(path('w.safetensors'), writeSafetensors(weightTensors(graph, randomWeights(graph, 1))));
writeFileSync(path('x.npy'), writeNpy(new Float32Array(2 * 400), [2, 1, 20, 20]));
for (const [name, content] of Object.entries(makeData('glyphs', { seed: 1, images: 40, test: 20 })))
  writeFileSync(path(name), content);

// #region call
const backend = await wasmBackend();
const host = { files: nodeFiles, disk: diskFiles, backend };
const network = { model: path('w.safetensors'), modelName: 'glyph-vit', tech: 'fefet-32nm' };

// What is left out has INFER_DEFAULTS and ACCURACY_DEFAULTS.
const x = { input: path('x.npy'), precision: 'analog' as const };
const { logits, shape } = await infer({ ...network, ...x }, host);
console.log(shape, logits); // [inputs, classes]

const data = { data: folder, images: 8, calibration: 4, draws: 1, snrImages: 1 };
const { float32, points } = await accuracy({ ...network, ...data }, host);
console.log(float32.top1, points[0].top1.mean); // shares of the inputs
await backend.dispose();
// #endregion
