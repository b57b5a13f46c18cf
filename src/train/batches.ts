/** Puts samples into the shared memory, and reads what came out. */
import type { TrainData } from './data.ts';
import { classesOf, inputFloats } from './network/layout.ts';
import type { Engine } from './step/engine.ts';

/** What a teacher says about every sample of a data set. */
export interface TeacherOutputs {
  /** [samples][classes] and [samples][width]. */
  readonly logits: Float32Array;
  readonly features: Float32Array;
}

/** Copies the samples `indices` into the batch; `augment` may change the copy of an image. */
export function putBatch(
  { layout, floats, ints }: Engine,
  data: TrainData,
  indices: ArrayLike<number>,
  taught?: TeacherOutputs,
  augment?: (image: Float32Array, sample: number) => void,
): void {
  const { graph } = layout.spec;
  const each = inputFloats(graph);
  const text = !('imageSize' in graph.model);
  const target = text ? ints : floats;
  for (let i = 0; i < indices.length; i++) {
    const sample = indices[i];
    const to = layout.inputs / 4 + i * each;
    target.set(data.inputs.subarray(sample * each, (sample + 1) * each), to);
    ints[layout.labels / 4 + i] = data.labels[sample];
    if (text) {
      ints[layout.lengths / 4 + i] = data.lengths?.[sample] ?? each;
      const types = layout.types / 4 + i * each;
      if (data.types === undefined) ints.fill(0, types, types + each);
      else ints.set(data.types.subarray(sample * each, (sample + 1) * each), types);
    } else augment?.(floats.subarray(to, to + each), sample);
    if (taught === undefined) continue;
    for (const [from, at] of [
      [taught.logits, layout.teacherLogits],
      [taught.features, layout.teacherFeatures],
    ] as const) {
      const width = from.length / data.labels.length;
      floats.set(from.subarray(sample * width, (sample + 1) * width), at / 4 + i * width);
    }
  }
}

/** Runs all samples of a data set forward, batch by batch. Weights must be packed. `before` each batch: new random numbers. */
export async function forwardAll(
  engine: Engine,
  data: TrainData,
  noisy: boolean,
  before: (batch: number) => void = () => {},
): Promise<TeacherOutputs> {
  const { layout } = engine;
  const samples = data.labels.length;
  const [classes, width] = [classesOf(layout.spec.graph), engine.program.features.columns];
  const logits = new Float32Array(samples * classes);
  const features = new Float32Array(samples * width);
  const { batch } = layout.spec;
  for (let first = 0; first < samples; first += batch) {
    const indices = Array.from({ length: Math.min(batch, samples - first) }, (_, i) => first + i);
    putBatch(engine, data, indices);
    before(first / batch);
    await engine.run({ kind: 'evaluate', samples: indices.length, noisy });
    logits.set(engine.view(layout.logits, indices.length * classes), first * classes);
    features.set(engine.view(layout.features, indices.length * width), first * width);
  }
  return { logits, features };
}
