/** Finds out on a few samples what the crossbars do to each matmul of the network as it is now: steps of the operands, error of the reads. */

import { streamKey } from '../../base/random.ts';
import { percentile } from '../../numerics/quantize/percentile.ts';
import { quantizerOf } from '../../numerics/quantize/quantizer.ts';
import type { Range } from '../../numerics/quantize/range.ts';
import { outputShape } from '../../workload/check.ts';
import type { DynamicOp, StaticOp } from '../../workload/op.ts';
import { putRecord, RECORD_FLOATS } from '../network/crossbar-record.ts';
import type { Engine } from '../step/engine.ts';
import { type ColumnError, columnError, fittedDevice, pooledError } from './column-error.ts';
import { putKeys } from './draw.ts';
import { deviceOf, highOf, type Variation, weightBitsOf } from './options.ts';
import { dynamicProduct, type Steps, staticProduct } from './products.ts';

/** How much is measured: rows of inputs of a static layer, and products of one head of a dynamic op, in different samples. */
interface Effort {
  readonly rows: number;
  readonly heads: number;
}

/** The first run only has to hand on noise of about the right size. */
const FIRST: Effort = { rows: 16, heads: 2 };
const SECOND: Effort = { rows: 64, heads: 8 };

/** Values that went into a matmul, by sample, without padding. */
interface Operands {
  readonly streamed: Float32Array[];
  readonly stationary: Float32Array[];
}

/**
 * Sets everything for the first `samples` of the batch: steps from a run in float32, as an executor calibrates; errors on what the
 * noisy layers before hand on, so in a second run with the errors of the first. The same weights and samples give the same
 * numbers.
 */
export async function calibrateCrossbars(
  engine: Engine,
  variation: Variation,
  samples: number,
  seed: string | number,
): Promise<void> {
  const { matmuls } = engine.layout;
  const high = highOf(variation);
  await engine.run({ kind: 'pack', noisy: false, high });
  const clean = operandsOf(engine, samples, false);
  const steps = clean.map(operands => stepsOf(variation, operands));
  const measure = async (operands: readonly Operands[], effort: Effort): Promise<void> => {
    for (const [index, op] of matmuls.entries())
      await setOp(
        engine,
        variation,
        { op, index, steps: steps[index], operands: operands[index] },
        effort,
        seed,
      );
  };
  await measure(clean, FIRST);
  putKeys(engine, seed, 'calibration-noise', 0);
  await engine.run({ kind: 'pack', noisy: true, high });
  await measure(operandsOf(engine, samples, true), SECOND);
}

/** Runs the batch forward on the calling thread. */
function operandsOf(engine: Engine, samples: number, noisy: boolean): Operands[] {
  const { layout, program } = engine;
  const seen = layout.matmuls.map((): Operands => ({ streamed: [], stationary: [] }));
  for (let first = 0; first < samples; first += layout.chunkSamples) {
    const count = Math.min(layout.chunkSamples, samples - first);
    program.forward({ first, samples: count, part: 0, before: first, gradients: 0, noisy });
    for (const [index, op] of layout.matmuls.entries()) {
      const { streamed, stationary } = seen[index];
      for (const row of operandRows(engine, program.streamed(op.id), first, count)) streamed.push(row);
      if (op.kind === 'dynamic')
        for (const row of operandRows(engine, program.output(op.stationary), first, count))
          stationary.push(row);
    }
  }
  return seen;
}

/** A copy of each sample's rows, a text without its padding. */
function operandRows(
  engine: Engine,
  { at, rows, columns }: { at: number; rows: number; columns: number },
  first: number,
  samples: number,
): Float32Array[] {
  const { layout, ints } = engine;
  const { model } = layout.spec.graph;
  const padded = !('imageSize' in model) && rows === model.tokens;
  return Array.from({ length: samples }, (_, i) => {
    const used = padded ? ints[layout.lengths / 4 + first + i] : rows;
    return engine.view(at + i * rows * columns * 4, used * columns).slice();
  });
}

function stepsOf(variation: Variation, { streamed, stationary }: Operands): Steps {
  const { inputBits = 8, calibrator = percentile() } = variation;
  const bits = weightBitsOf(variation);
  const range = (values: readonly Float32Array[], width: number): Range => {
    const observer = calibrator(width);
    for (const v of values) observer.observe(v);
    return observer.range();
  };
  const high = highOf(variation);
  const { min, max } = range(stationary, bits);
  const clip = Math.max(-min, max);
  return {
    input: quantizerOf(range(streamed, inputBits), inputBits),
    written: { bits, signed: true, low: -high, high, scale: clip > 0 ? clip / high : 1 },
  };
}

/** A matmul, its number, and what went into it. */
interface Measured {
  readonly op: StaticOp | DynamicOp;
  readonly index: number;
  readonly steps: Steps;
  readonly operands: Operands;
}

async function setOp(
  engine: Engine,
  variation: Variation,
  { op, index, steps, operands: { streamed, stationary } }: Measured,
  effort: Effort,
  seed: string | number,
): Promise<void> {
  const { layout, floats } = engine;
  const { input, written } = steps;
  const device = deviceOf(op, variation);
  const at = layout.means / 4 + index * layout.widest;
  let sigma: number;
  if (op.kind === 'static') {
    const { offset, size } = layout.parameters.arrays.get(`${op.weightId}.weight`)!;
    const values = engine.vector.subarray(offset, offset + size);
    const product = staticProduct(
      op,
      { values, bits: weightBitsOf(variation) },
      input,
      streamed,
      effort.rows,
    );
    const key = streamKey(seed, 'train/column-error', op.id, 0);
    const error = await columnError(product, fittedDevice(device, [product]), variation.backend, key);
    floats.set(error.means, at);
    sigma = error.sigma;
  } else {
    const products = Array.from({ length: effort.heads }, (_, place) => {
      const sample = Math.floor((place * streamed.length) / effort.heads);
      return dynamicProduct(op, place % op.batch, steps, streamed[sample], stationary[sample]);
    });
    const fitted = fittedDevice(device, products);
    const errors: ColumnError[] = [];
    for (const [place, product] of products.entries()) {
      const key = streamKey(seed, 'train/column-error', op.id, place);
      errors.push(await columnError(product, fitted, variation.backend, key));
    }
    // Other columns in every sample and head: they share one mean.
    const pooled = pooledError(errors);
    floats.fill(pooled.mean, at, at + outputShape(op).columns);
    sigma = pooled.sigma;
  }
  putRecord(floats.subarray(layout.records / 4 + index * RECORD_FLOATS), {
    step: input.scale,
    low: input.low,
    high: input.high,
    sigma,
    writtenStep: written.scale,
    writtenHigh: written.high,
  });
}
