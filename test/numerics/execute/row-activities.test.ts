/** How many rows the inputs of each layer drive together, found in a float32 run, and what it changes. */
import test from 'ava';
import { SeenOperands } from '../../../src/numerics/execute/adc-windows.ts';
import { calibrate } from '../../../src/numerics/execute/calibrate.ts';
import type { AnalogOptions, CrossbarDevice } from '../../../src/numerics/execute/crossbar-device.ts';
import { prepare } from '../../../src/numerics/execute/prepare.ts';
import { randomWeights } from '../../../src/numerics/execute/random-weights.ts';
import { wasmBackend } from '../../../src/numerics/mvm/node/wasm-backend.ts';
import { referenceBackend } from '../../../src/numerics/mvm/reference.ts';
import { minMax } from '../../../src/numerics/quantize/min-max.ts';
import type { IdleRows } from '../../../src/tech/circuit/idle-rows.ts';
import { buildGraph } from '../../../src/workload/graph.ts';
import { anyImage, tinyVit } from './tiny.ts';

const device = (idle: IdleRows, activity?: number): CrossbarDevice => ({
  arrayRows: 16,
  cellBits: 2,
  encoding: 'differential',
  adc: { bits: 8, levelsPerLsb: 'full-scale' },
  noise: {
    irDrop: {
      onResistance_ohm: 6e3,
      rowWire_ohm: 5,
      colWire_ohm: 10,
      arrayCols: 16,
      idle,
      ...(activity !== undefined && { activity }),
    },
  },
});

async function setting() {
  const model = tinyVit({ dim: 8, heads: 2, mlpRatio: 1 });
  const graph = buildGraph(model);
  const weights = randomWeights(graph, 7);
  const input = { image: anyImage(model, 1) };
  const seen = new SeenOperands();
  const calibration = await calibrate(prepare(graph, weights), [input], minMax, {}, (op, operands) =>
    seen.keep(op, operands),
  );
  const quantisation = { calibration };
  const logits = async (options: Partial<AnalogOptions> & Pick<AnalogOptions, 'static'>) => {
    const analog = { backend: referenceBackend(), seed: 'chip', ...options };
    return (await prepare(graph, weights, { compute: 'analog', quantisation, analog }).run(input)).logits
      .data;
  };
  return { graph, weights, seen, quantisation, logits };
}

test('layers of known weights whose lines lose voltage have an activity, those without losses have none', async t => {
  const { graph, weights, seen, quantisation } = await setting();
  const statics = graph.ops.filter(({ kind }) => kind === 'static').map(({ id }) => id);
  const { activities } = seen.settings(weights, quantisation, { static: device('cut-off') });
  t.deepEqual(Object.keys(activities!).sort(), [...statics].sort());
  for (const activity of Object.values(activities!)) t.true(activity > 0 && activity < 1);
  const ideal = { ...device('cut-off'), noise: {} };
  t.deepEqual(seen.settings(weights, quantisation, { static: ideal }).activities, {});
});

test('where idle rows are cut off the activity of the inputs changes the result, at ground it does not', async t => {
  const { weights, seen, quantisation, logits } = await setting();
  for (const idle of ['cut-off', 'floating', 'grounded'] as const) {
    const known = { static: device(idle) };
    const { activities } = seen.settings(weights, quantisation, known);
    const own = await logits({ ...known, activities: activities! });
    const none = await logits({
      ...known,
      activities: Object.fromEntries(Object.keys(activities!).map(id => [id, 0])),
    });
    if (idle === 'grounded') t.deepEqual(own, none);
    else t.notDeepEqual(own, none, idle);
  }
});

test('an activity of the file stands above that of the inputs', async t => {
  const { weights, seen, quantisation, logits } = await setting();
  const fixed = { static: device('cut-off', 0.4) };
  const { activities } = seen.settings(weights, quantisation, fixed);
  t.deepEqual(await logits({ ...fixed, activities: activities! }), await logits(fixed));
});

test('the back ends agree to the bit', async t => {
  const { weights, seen, quantisation, logits } = await setting();
  const known = { static: device('cut-off') };
  const { activities } = seen.settings(weights, quantisation, known);
  const backend = await wasmBackend();
  const wasm = await logits({ ...known, activities: activities!, backend });
  await backend.dispose();
  t.deepEqual(wasm, await logits({ ...known, activities: activities! }));
});
