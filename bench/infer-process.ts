/** `trex infer` as a user runs it: one noisy image with the default options, from the start of the process to its end. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gaussianStream } from '../src/base/random.ts';
import { randomWeights } from '../src/numerics/execute/random-weights.ts';
import { loadModel } from '../src/run/node/load.ts';
import { buildGraph } from '../src/workload/graph.ts';
import { writeNpy } from '../src/workload/import/npy-writer.ts';
import { writeSafetensors } from '../src/workload/import/safetensors-writer.ts';
import { weightTensors } from '../src/workload/import/save-weights.ts';

const COMMAND = fileURLToPath(new URL('../node/trex.js', import.meta.url));
/** Prints the most memory that the process had, in KB. */
const TELL = `process.on('exit', () => console.error(process.resourceUsage().maxRSS))`;

export interface ProcessCost {
  readonly name: string;
  /** Of the fastest run. */
  readonly seconds: number;
  /** Of the largest run. */
  readonly peak_MB: number;
}

/** Networks with random weights in a folder that is removed at the end; their runs take turns. */
export function processCosts(names: readonly string[], threads: number, repeats: number): ProcessCost[] {
  const folder = mkdtempSync(join(tmpdir(), 'trex-bench-'));
  try {
    const networks = names.map(name => ({ name, args: writeNetwork(folder, name), runs: [] as Run[] }));
    for (let i = 0; i < repeats; i++)
      for (const { args, runs } of networks) runs.push(run([...args, '--threads', String(threads)]));
    return networks.map(({ name, runs }) => ({
      name,
      seconds: Math.min(...runs.map(one => one.seconds)),
      peak_MB: Math.max(...runs.map(one => one.peak_MB)),
    }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Run {
  readonly seconds: number;
  readonly peak_MB: number;
}

/** The options of a run: they name files with weights and an image. */
function writeNetwork(folder: string, name: string): string[] {
  const { model } = loadModel(name);
  if (!('imageSize' in model)) throw new Error(`${name} reads no image`);
  const graph = buildGraph(model);
  const [weights, image, out] = ['safetensors', 'x.npy', 'y.npy'].map(end => join(folder, `${name}.${end}`));
  writeFileSync(weights, writeSafetensors(weightTensors(graph, randomWeights(graph, 1))));
  const { inChannels, imageSize } = model;
  const pixels = Float32Array.from({ length: inChannels * imageSize ** 2 }, gaussianStream(1, 'image'));
  writeFileSync(image, writeNpy(pixels, [1, inChannels, imageSize, imageSize]));
  return [
    ...['infer', '--model', weights, '--model-name', name, '--input', image, '--out', out],
    ...['--precision', 'analog', '--quiet'],
  ];
}

function run(args: readonly string[]): Run {
  const start = performance.now();
  const tell = `data:text/javascript,${encodeURIComponent(TELL)}`;
  const { status, stderr } = spawnSync(process.execPath, ['--import', tell, COMMAND, ...args], {
    encoding: 'utf8',
  });
  const seconds = (performance.now() - start) / 1e3;
  if (status !== 0) throw new Error(stderr);
  return { seconds, peak_MB: (Number(stderr) * 1024) / 1e6 };
}
