/** Calibration on inputs of several lengths: one run per length, and the union of the ranges. */

import { unknownName, usageError } from '../base/errors.ts';
import { finishedWith, turn } from '../base/turn.ts';
import { SeenOperands } from '../numerics/execute/adc-windows.ts';
import { type CalibrationWidths, calibrate } from '../numerics/execute/calibrate.ts';
import type { DeviceChoice, LayerSettings } from '../numerics/execute/crossbar-device.ts';
import type { ModelInput } from '../numerics/execute/input.ts';
import type { Matrix } from '../numerics/execute/matrix.ts';
import type { MvmBackend } from '../numerics/mvm/backend.ts';
import { leastError } from '../numerics/quantize/least-error.ts';
import { minMax } from '../numerics/quantize/min-max.ts';
import { percentile } from '../numerics/quantize/percentile.ts';
import type { Calibration, Quantisation } from '../numerics/quantize/quantisation.ts';
import type { Calibrator, Range } from '../numerics/quantize/range.ts';
import type { Op } from '../workload/op.ts';
import { type NetworkSource, Runner, tokensOf } from './runner.ts';

/** Inputs whose operands are kept for the windows of converters: a layer's sums are many on each. */
const WINDOW_INPUTS = 4;

const CALIBRATORS = { 'min-max': minMax, percentile: percentile(), mse: leastError } as const;
type CalibratorName = keyof typeof CALIBRATORS;
/** What `--calibrator` may be. */
export const CALIBRATOR_NAMES: readonly string[] = Object.keys(CALIBRATORS);

/** @throws TrexError (usage) with the nearest name. */
export function calibratorOf(name: string): Calibrator {
  if (!Object.hasOwn(CALIBRATORS, name)) throw unknownName('calibrator', name, Object.keys(CALIBRATORS));
  return CALIBRATORS[name as CalibratorName];
}

/** What a calibration tells its caller, and who helps. */
export interface CalibrationHooks {
  /** Before each input; may throw to stop. */
  readonly pause?: ((done: number, total: number) => Promise<void>) | undefined;
  /** Keeps some operands of the first inputs. */
  readonly seen?: SeenOperands | undefined;
  /** Its threads help. */
  readonly backend?: MvmBackend | undefined;
}

/** The ranges of all operands over `inputs`. @throws TrexError (usage) for no inputs. */
export async function calibrateOn(
  source: NetworkSource,
  inputs: readonly ModelInput[],
  calibrator: Calibrator,
  widths: CalibrationWidths,
  { pause, seen, backend }: CalibrationHooks = {},
): Promise<Calibration> {
  if (inputs.length === 0) throw usageError('calibration needs at least one input');
  const runner = new Runner(source, { floatOn: backend });
  const found: Calibration[] = [];
  let done = 0;
  for (const group of byLength(inputs)) {
    async function* paused(): AsyncGenerator<ModelInput> {
      for (const input of group) {
        await pause?.(done++, inputs.length);
        yield input;
      }
    }
    const keep = (op: Op, operands: readonly Matrix[]): void => {
      if (done <= WINDOW_INPUTS) seen?.keep(op, operands);
    };
    found.push(await calibrate(runner.network(group[0]), paused(), calibrator, widths, keep));
  }
  runner.dispose();
  return {
    inputs: union(found.map(one => one.inputs)),
    stationary: union(found.map(one => one.stationary)),
  };
}

/** Converters set to the sums of each layer, and how many rows its inputs drive together: from a float32 run on the first few inputs. */
export async function calibrateLayers(
  source: NetworkSource,
  inputs: readonly ModelInput[],
  quantisation: Quantisation,
  devices: DeviceChoice,
): Promise<LayerSettings> {
  const runner = new Runner(source, {});
  const seen = new SeenOperands();
  for (const input of inputs.slice(0, WINDOW_INPUTS))
    await runner.run(input, { onOp: (op, operands) => seen.keep(op, operands) });
  const steps = seen.findSettings(source.weights(source.graph()), quantisation, devices);
  const settings = await finishedWith(steps, turn);
  runner.dispose();
  return settings;
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
