/** What a mode of gpu.js is checked for, in Node and in a browser: the cells and the slice sums of the reference, bit for bit. */
import fc from 'fast-check';
import { streamKey } from '../../src/base/random.ts';
import type { GpuBackend } from '../../src/numerics/mvm/gpu/backend.ts';
import { program } from '../../src/numerics/mvm/program.ts';
import { referenceBackend } from '../../src/numerics/mvm/reference.ts';
import type { AdcSpec, MvmSpec } from '../../src/numerics/mvm/spec.ts';
import { ENCODING_NAMES, type EncodingName, weightEncoding } from '../../src/tech/encodings.ts';
import { type Case, cases, MODELS, randomInputs, randomWeights, sliceSums } from '../numerics/mvm/cases.ts';

const PROGRAM = streamKey(1, 'program');
const READ = streamKey(1, 'read');

interface Check extends Case {
  readonly name: string;
  readonly model: string;
}

const LAYER: MvmSpec = {
  rows: 40,
  cols: 20,
  arrayRows: 32,
  cellBits: 2,
  weightBits: 4,
  inputBits: 8,
  signedInput: true,
  encoding: 'offset',
  adc: { bits: 6, levelsPerLsb: 'full-scale' },
  strip: 16,
};

/** The sizes were drawn with an encoding of their own: codes begin below 0 beside a reference column alone. */
const adcOf = (adc: AdcSpec, encoding: EncodingName): AdcSpec =>
  weightEncoding(encoding).referenceColumns > 0 ? adc : { ...adc, low: Math.max(0, adc.low ?? 0) };

/** Every device model with all encodings and strips of 1 and 16 columns on odd sizes, then the limits of float32 and of a call. */
function checks(): Check[] {
  const variants = Object.keys(MODELS).flatMap(model =>
    ENCODING_NAMES.flatMap(encoding => ([1, 16] as const).map(strip => ({ model, encoding, strip }))),
  );
  // More than a strip of columns.
  const large = cases(false).filter(({ spec }) => spec.rows > 16 && spec.cols > 16);
  const sizes = fc.sample(large, { numRuns: variants.length, seed: 1 });
  return [
    ...variants.map(({ model, encoding, strip }, i) => ({
      ...sizes[i],
      name: `${model}, ${encoding}, strip ${strip}`,
      model,
      spec: { ...sizes[i].spec, encoding, strip, adc: adcOf(sizes[i].spec.adc, encoding) },
    })),
    { name: 'several calls', model: 'trex', spec: LAYER, tokens: 520, seed: 1 },
    {
      name: 'tall arrays',
      model: 'thermal',
      spec: { ...LAYER, rows: 2000, cols: 4, arrayRows: 2000, cellBits: 1 },
      tokens: 2,
      seed: 1,
    },
    {
      // 8 planes of 262144 columns: eight tokens take all 2^24 counters.
      name: 'all counters of a stream',
      model: 'thermal',
      spec: { ...LAYER, rows: 2, cols: 2 ** 18, arrayRows: 2, cellBits: 4, strip: 1 },
      tokens: 9,
      seed: 1,
    },
  ];
}

/** Runs all checks on a back end; `report` gets one line for each. Resolves to the number of checks that failed. */
export async function runChecks(
  backend: GpuBackend,
  report: (line: string) => void | Promise<void>,
): Promise<number> {
  let failed = 0;
  for (const check of checks()) {
    const { rows, cols, arrayRows } = check.spec;
    const what = `${backend.info.mode}: ${check.name}, ${rows} x ${cols} in arrays of ${arrayRows} rows, ${check.tokens} tokens`;
    const fault = await faultOf(backend, check);
    if (fault !== undefined) failed++;
    report(
      fault === undefined ? `ok      ${what}` : `FAILED  ${what}: ${fault}\n${JSON.stringify(check.spec)}`,
    );
  }
  return failed;
}

/** How the back end differs from the reference; undefined where every bit agrees. */
async function faultOf(backend: GpuBackend, check: Check): Promise<string | undefined> {
  const { spec, tokens, seed } = check;
  const model = MODELS[check.model];
  const weights = randomWeights(spec, seed);
  const x = randomInputs(spec, tokens, seed);
  try {
    const matrix = program(weights, spec, model, PROGRAM);
    const programmed = await backend.program(weights, spec, model, PROGRAM);
    const cells = difference(programmed.g, matrix.g);
    if (cells !== undefined) return `cells: ${cells}`;
    const expected = await sliceSums(referenceBackend(), matrix, x, tokens, READ);
    const sums = difference(await sliceSums(backend, matrix, x, tokens, READ), expected);
    return sums === undefined ? undefined : `slice sums: ${sums}`;
  } catch (error) {
    return String(error);
  }
}

function difference(actual: Int32Array, expected: Int32Array): string | undefined {
  if (actual.length !== expected.length) return `${actual.length} numbers instead of ${expected.length}`;
  const wrong = expected.reduce((count, value, i) => count + (value === actual[i] ? 0 : 1), 0);
  if (wrong === 0) return undefined;
  const first = expected.findIndex((value, i) => value !== actual[i]);
  return `${wrong} of ${expected.length} differ, number ${first} is ${actual[first]} instead of ${expected[first]}`;
}
