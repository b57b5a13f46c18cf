/** A short name of everything that a run's result depends on, so that a checkpoint of another run is not taken up. */
import type { TeacherOutputs } from './batches.ts';
import type { TrainOptions } from './options.ts';
import type { Recipe } from './recipe.ts';

/** SHA-256 over settings, data, the learned values at the start, and what the teacher says; hexadecimal. */
export async function fingerprintOf(
  options: TrainOptions,
  recipe: Recipe,
  start: Float32Array,
  taught: TeacherOutputs | undefined,
): Promise<string> {
  const { model, reuse, data, validation, seed, variation, augment } = options;
  const { backend: _, calibrator: __, ...crossbars } = variation ?? { backend: 0, calibrator: 0 };
  const settings = {
    model,
    reuse: reuse?.encoders ?? [],
    seed,
    recipe,
    crossbars,
    variation: variation !== undefined,
    augment: augment !== undefined,
  };
  const arrays = [
    ...[start, taught?.logits, taught?.features],
    ...[data, validation].flatMap(d => [d?.inputs, d?.labels, d?.lengths, d?.types]),
  ];
  const parts = [new TextEncoder().encode(JSON.stringify(settings)), ...arrays.map(bytesOf)];
  const sums = await Promise.all(parts.map(part => crypto.subtle.digest('SHA-256', part)));
  const all = new Uint8Array(sums.length * 32);
  for (const [i, sum] of sums.entries()) all.set(new Uint8Array(sum), i * 32);
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', all));
  return [...hash].map(byte => byte.toString(16).padStart(2, '0')).join('');
}

const bytesOf = (array: Float32Array | Int32Array | undefined): Uint8Array<ArrayBuffer> =>
  array === undefined
    ? new Uint8Array(0)
    : new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength);
