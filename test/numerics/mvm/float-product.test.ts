/** Float32 products on the threads of a back end. */
import test from 'ava';
import fc from 'fast-check';
import { gaussianStream } from '../../../src/base/random.ts';
import { plainFloatMatmul } from '../../../src/numerics/execute/float-matmul.ts';
import { wasmBackend } from '../../../src/numerics/mvm/node/wasm-backend.ts';
import { MODELS, randomWeights } from './cases.ts';

const size = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });

test('float products on one to three threads, beside other jobs, have the bits of plain loops', async t => {
  const backends = await Promise.all([1, 2, 3].map(threads => wasmBackend({ threads })));
  const spec = {
    rows: 100,
    cols: 40,
    arrayRows: 64,
    cellBits: 2,
    weightBits: 8,
    inputBits: 8,
    signedInput: true,
    encoding: 'offset' as const,
    adc: { bits: 6, levelsPerLsb: 'full-scale' as const },
    strip: 16 as const,
  };
  const matrix = { weights: randomWeights(spec, 1), key: [1, 2, 3, 4, 5, 6, 7] };
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(size(40), size(300), size(60)), { minLength: 1, maxLength: 4 }),
      async sizes => {
        for (const backend of backends) {
          const programmed = backend.loadWeights!(spec, MODELS.trex, [matrix], true);
          const products = sizes.map(async ([m, k, n], i) => {
            const next = gaussianStream(i, 'float-product');
            const a = Float32Array.from({ length: m * k }, next);
            const b = Float32Array.from({ length: k * n }, next);
            t.deepEqual(await backend.floatProduct!(a, m, b, k, n), plainFloatMatmul(a, m, b, k, n));
          });
          await Promise.all(products);
          for (const handle of await programmed) handle.dispose();
        }
      },
    ),
    { numRuns: 25 },
  );
  for (const backend of backends) await backend.dispose();
});
