/** Calibration on inputs of several lengths: ranges of activations, and the windows of converters that are set to their layer. */
import { unknownName, usageError } from '../errors.ts';
import { AdcWindows } from '../numerics/execute/adc-windows.ts';
import type { DeviceChoice } from '../numerics/execute/crossbar-device.ts';
import type { ModelInput } from '../numerics/execute/input.ts';
import type { AdcWindow } from '../numerics/mvm/spec.ts';
import { type CalibrationWidths, calibrate } from '../numerics/quantize/calibrate.ts';
import { leastError } from '../numerics/quantize/least-error.ts';
import { minMax } from '../numerics/quantize/min-max.ts';
import { percentile } from '../numerics/quantize/percentile.ts';
import type { Calibration, Quantisation } from '../numerics/quantize/quantisation.ts';
import type { Calibrator, Range } from '../numerics/quantize/range.ts';
import { type NetworkSource, Runner, tokensOf } from './runner.ts';

/** By their names on the command line. */
export const CALIBRATORS = { 'min-max': minMax, percentile: percentile(), mse: leastError } as const;
export type CalibratorName = keyof typeof CALIBRATORS;

/** @throws TrexError (usage) with the nearest name. */
export function calibratorOf(name: string): Calibrator {
  if (!Object.hasOwn(CALIBRATORS, name)) throw unknownName('calibrator', name, Object.keys(CALIBRATORS));
  return CALIBRATORS[name as CalibratorName];
}

/** The ranges of all operands over `inputs`. @throws TrexError (usage) for no inputs. */
export async function calibrateOn(
  source: NetworkSource,
  inputs: readonly ModelInput[],
  calibrator: Calibrator,
  widths: CalibrationWidths,
  pause?: (done: number, total: number) => Promise<void>,
): Promise<Calibration> {
  if (inputs.length === 0) throw usageError('calibration needs at least one input');
  const runner = new Runner(source, {});
  const found: Calibration[] = [];
  let done = 0;
  for (const group of byLength(inputs)) {
    async function* paused(): AsyncGenerator<ModelInput> {
      for (const input of group) {
        await pause?.(done++, inputs.length);
        yield input;
      }
    }
    found.push(await calibrate(runner.network(group[0]), paused(), calibrator, widths));
  }
  runner.dispose();
  return {
    inputs: union(found.map(one => one.inputs)),
    stationary: union(found.map(one => one.stationary)),
  };
}

/** Inputs that windows are fitted on: a layer's sums are many on each. */
const WINDOW_INPUTS = 4;

/**
 * The windows of all layers whose converters are set to their sums, by op id: a float32 run on the first few inputs.
 * Undefined where no device has such converters.
 */
export async function calibrateWindows(
  source: NetworkSource,
  inputs: readonly ModelInput[],
  quantisation: Quantisation,
  devices: DeviceChoice,
): Promise<Readonly<Record<string, AdcWindow>> | undefined> {
  const all = [devices.static, devices.dynamic, ...Object.values(devices.layers ?? {})];
  if (!all.some(device => device?.window === 'layer')) return undefined;
  const runner = new Runner(source, {});
  const found = new AdcWindows(quantisation, devices);
  for (const input of inputs.slice(0, WINDOW_INPUTS)) {
    const weights = source.weights(source.graph(tokensOf(input)));
    await runner.run(input, { onOp: (op, operands) => found.observe(op, operands, weights) });
  }
  runner.dispose();
  return found.windows();
}

/** Inputs of one length together, in the order of their first. */
function byLength(inputs: readonly ModelInput[]): ModelInput[][] {
  const groups = new Map<number | undefined, ModelInput[]>();
  for (const input of inputs) {
    const tokens = tokensOf(input);
    groups.set(tokens, [...(groups.get(tokens) ?? []), input]);
  }
  return [...groups.values()];
}

type Ranges = Readonly<Record<string, Range>>;

function union(all: readonly Ranges[]): Ranges {
  const [first, ...rest] = all;
  return rest.reduce(
    (sum, one) =>
      Object.fromEntries(
        Object.entries(sum).map(([id, { min, max }]) => [
          id,
          { min: Math.min(min, one[id].min), max: Math.max(max, one[id].max) },
        ]),
      ),
    first,
  );
}
