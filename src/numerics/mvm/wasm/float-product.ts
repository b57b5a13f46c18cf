/** A float32 product on all threads of a back end. */
import {
  floatFunctions,
  floatTask,
  PACKED_BYTES,
  readProduct,
  writeOperands,
} from '../../kernels/float-product.ts';
import type { Host } from './host.ts';

export interface FloatOperands {
  readonly a: Float32Array;
  readonly m: number;
  readonly b: Float32Array;
  readonly k: number;
  readonly n: number;
}

/** a (m x k) times b (k x n), all row-major. Inside a queued job. */
export async function floatProduct(host: Host, { a, m, b, k, n }: FloatOperands): Promise<Float32Array> {
  const arena = host.anyArena();
  const space = host.workspace(arena, floatTask(0, m, k, n).bytes);
  const kernel = host.kernel(arena, 'float', null, floatFunctions);
  const { task } = floatTask(space.at, m, k, n);
  writeOperands(arena.memory.buffer, task, a, b);
  await host.work(space, [{ kernel, task }], { tables: PACKED_BYTES });
  return readProduct(arena.memory.buffer, task);
}
