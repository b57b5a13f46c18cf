/** What a thread does in each phase of a step: it takes tasks from a shared counter until none is left. No result depends on who takes which. */

import type { Chunk } from '../network/layer.ts';
import {
  answersOf,
  CODE_ZERO,
  CODES,
  classesOf,
  GRADIENT_BLOCK,
  gradientBlocks,
  keysPerOp,
  type Layout,
  type PackedWeights,
} from '../network/layout.ts';
import type { Program } from '../network/program.ts';
import { type Kernels, vectorsOf } from '../wasm/kernels.ts';
import { KEY_BYTES } from '../wasm/noise.ts';
import { type LossOptions, sampleLoss } from './loss.ts';

/** How the weights are seen in the coming passes: as they are, or in the cells of crossbars, with or without their variation. */
interface PackJob {
  readonly kind: 'pack';
  readonly noisy: boolean;
  /** Largest integer of the weights. */
  readonly high: number;
}

/** Forward and backward over a batch; gradients are left by parts. */
interface TrainJob {
  readonly kind: 'train';
  readonly samples: number;
  readonly noisy: boolean;
  readonly taught: boolean;
  readonly loss: LossOptions;
}

/** Forward alone: logits and features of every sample. */
interface EvaluateJob {
  readonly kind: 'evaluate';
  readonly samples: number;
  readonly noisy: boolean;
}

/** Gradients of the parts added up, and sums of their squares by block. */
interface ReduceJob {
  readonly kind: 'reduce';
}

/** One step of AdamW; see `wasm/optimizer.ts`. */
interface UpdateJob {
  readonly kind: 'update';
  readonly clip: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly step: number;
  readonly rootCorrection: number;
  readonly eps: number;
  /** Factor on weights that decay. */
  readonly decay: number;
}

export type Job = PackJob | TrainJob | EvaluateJob | ReduceJob | UpdateJob;

/** A thread's view of the run. */
export interface Site {
  readonly layout: Layout;
  readonly memory: ArrayBuffer | SharedArrayBuffer;
  readonly kernels: Kernels;
  readonly program: Program;
}

/** Does tasks of a job as long as there are any, a chunk of samples or less between two steps. */
export function* work(site: Site, job: Job): Generator<void, void> {
  const { packed, parts, parameters } = site.layout;
  switch (job.kind) {
    case 'pack': {
      const layers = [...packed.values()];
      for (const i of tasksOf(site, layers.length)) yield packLayer(site, layers[i], job);
      break;
    }
    case 'train':
      for (const part of tasksOf(site, parts)) yield* trainPart(site, job, part);
      break;
    case 'evaluate':
      for (const part of tasksOf(site, parts)) yield* evaluatePart(site, job, part);
      break;
    case 'reduce':
      for (const i of tasksOf(site, gradientBlocks(parameters.size))) yield reduceBlock(site, i);
      break;
    case 'update': {
      const arrays = [...parameters.arrays.values()];
      for (const i of tasksOf(site, arrays.length)) yield updateArray(site, arrays[i], job);
      break;
    }
  }
}

/** The tasks that this thread gets. */
function* tasksOf({ memory }: Site, tasks: number): Generator<number, void> {
  const next = new Int32Array(memory, 0, 1);
  for (let i = Atomics.add(next, 0, 1); i < tasks; i = Atomics.add(next, 0, 1)) yield i;
}

function packLayer({ layout, memory, kernels }: Site, packed: PackedWeights, { noisy, high }: PackJob): void {
  const { op, paddedOut } = packed;
  const weights = layout.vector + layout.parameters.arrays.get(`${op.weightId}.weight`)!.offset * 4;
  let [from, stride] = [weights, op.out * 4];
  if (noisy) {
    const floats = new Float32Array(memory);
    stride = paddedOut * 4;
    from = packed.effective;
    for (let i = 0; i < op.in; i++) {
      const row = weights / 4 + i * op.out;
      floats.copyWithin((from + i * stride) / 4, row, row + op.out);
    }
    const index = layout.matmuls.findIndex(o => o.id === op.id);
    const sigmas = layout.sigmas + (index * CODES + CODE_ZERO) * 4;
    const key = layout.keys + index * keysPerOp(layout.parts) * KEY_BYTES;
    kernels.columnPeaks(from, stride, op.in, paddedOut / 4, packed.scales);
    kernels.programWeights(
      ...[from, from, op.in, paddedOut / 4, packed.scales, sigmas, key, 0, layout.normals, high],
    );
    // From the largest weights of the columns to the values of one step.
    const scales = floats.subarray(packed.scales / 4, packed.scales / 4 + paddedOut);
    for (let j = 0; j < paddedOut; j++) scales[j] /= high;
  }
  kernels.pack(from, stride, op.in, op.out, packed.forward);
  kernels.packTransposed(from, stride, op.out, op.in, packed.backward);
}

/** The chunks of a part, in order. */
function* chunksOf({ layout }: Site, samples: number, noisy: boolean, part: number): Generator<Chunk, void> {
  const begin = Math.floor((part * samples) / layout.parts);
  const end = Math.floor(((part + 1) * samples) / layout.parts);
  const gradients = layout.partGradients + part * layout.partBytes;
  for (let first = begin; first < end; first += layout.chunkSamples) {
    const count = Math.min(layout.chunkSamples, end - first);
    yield { first, samples: count, part, before: first - begin, gradients, noisy };
  }
}

function* trainPart(site: Site, job: TrainJob, part: number): Generator<void, void> {
  const { layout, memory, program } = site;
  const start = (layout.partGradients + part * layout.partBytes) / 4;
  new Float32Array(memory).fill(0, start, start + layout.parameters.size);
  for (const chunk of chunksOf(site, job.samples, job.noisy, part)) {
    program.forward(chunk);
    takeLoss(site, job, chunk);
    program.backward(chunk);
    yield;
  }
}

/**
 * Losses of a chunk's samples, and their derivatives by logits and features. A decoder's row is followed by the next token of its window,
 * the last one by the label.
 */
function takeLoss(site: Site, job: TrainJob, { first, samples }: Chunk): void {
  const { layout, memory, program } = site;
  const { graph, batch } = layout.spec;
  const [classes, width, rows] = [classesOf(graph), program.features.columns, answersOf(graph)];
  const losses = new Float64Array(memory, layout.losses, batch);
  const labels = new Int32Array(memory, layout.labels, batch);
  const words = new Int32Array(memory, layout.inputs, rows === 1 ? 0 : batch * rows);
  const row = (at: number, index: number, length: number): Float32Array =>
    new Float32Array(memory, at + index * length * 4, length);
  for (let i = 0; i < samples; i++) {
    const sample = first + i;
    const taught = job.taught
      ? {
          logits: row(layout.teacherLogits, sample, classes),
          features: row(layout.teacherFeatures, sample, width),
        }
      : undefined;
    losses[sample] = 0;
    for (let answer = 0; answer < rows; answer++) {
      const at = i * rows + answer;
      const logits = row(program.logits.at, at, classes);
      if (answer === rows - 1) row(layout.logits, sample, classes).set(logits);
      const features = row(program.features.at, at, width);
      const label = answer === rows - 1 ? labels[sample] : words[sample * rows + answer + 1];
      const loss = sampleLoss({ logits, features, label, taught }, job.loss, {
        share: 1 / (job.samples * rows),
        logits: row(program.logitsGradient, at, classes),
        features: row(program.featuresGradient, at, width),
      });
      losses[sample] += loss / rows;
    }
  }
}

function* evaluatePart(site: Site, job: EvaluateJob, part: number): Generator<void, void> {
  const { layout, memory, program } = site;
  const floats = new Float32Array(memory);
  const { graph } = layout.spec;
  const [classes, width, rows] = [classesOf(graph), program.features.columns, answersOf(graph)];
  for (const chunk of chunksOf(site, job.samples, job.noisy, part)) {
    program.forward(chunk);
    // Of several rows the last one.
    const copy = (from: number, to: number, size: number): void => {
      for (let i = 0; i < chunk.samples; i++) {
        const row = from / 4 + ((i + 1) * rows - 1) * size;
        floats.copyWithin(to / 4 + (chunk.first + i) * size, row, row + size);
      }
    };
    copy(program.logits.at, layout.logits, classes);
    copy(program.features.at, layout.features, width);
    yield;
  }
}

function reduceBlock({ layout, kernels }: Site, index: number): void {
  const from = index * GRADIENT_BLOCK * 4;
  const vectors = vectorsOf(Math.min(GRADIENT_BLOCK, layout.parameters.size - index * GRADIENT_BLOCK));
  kernels.sumParts(
    ...[layout.partGradients + from, layout.partBytes, layout.parts, layout.gradient + from, vectors],
  );
  kernels.squares(layout.gradient + from, vectors, layout.squares + index * 4);
}

function updateArray(
  { layout, kernels }: Site,
  { offset, size, decay }: { offset: number; size: number; decay: boolean },
  job: UpdateJob,
): void {
  const at = [layout.vector, layout.gradient, layout.first, layout.second].map(base => base + offset * 4);
  kernels.adamw(
    ...[...at, vectorsOf(size), job.clip, job.beta1, job.beta2, job.step, job.rootCorrection, job.eps],
    decay ? job.decay : 1,
  );
}
