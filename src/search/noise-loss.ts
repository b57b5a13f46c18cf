/** The loss that crossbars will cost, predicted from what each encoder's noise costs alone: measured on the functional core, added up. */

import * as z from 'zod';
import { calibrateLayers } from '../accuracy/calibration.ts';
import { type CrossbarDevices, crossbarDevice, type DeviceOptions } from '../accuracy/device.ts';
import { addToTally, emptyTally } from '../accuracy/metrics.ts';
import { type NetworkSource, Runner } from '../accuracy/runner.ts';
import type { Sample } from '../accuracy/samples.ts';
import type { AnalogOptions } from '../numerics/execute/crossbar-device.ts';
import type { NetworkOptions } from '../numerics/execute/prepare.ts';
import type { MvmBackend } from '../numerics/mvm/backend.ts';
import type { Quantisation } from '../numerics/quantize/quantisation.ts';
import { isMatmul } from '../workload/matmul.ts';
import { type Design, type DesignSpace, withBits } from './design.ts';

/** Nats by [number of the ADC bits][device][encoder]. */
export interface NoiseTable {
  readonly static: readonly (readonly (readonly number[])[])[];
  readonly dynamic: readonly (readonly (readonly number[])[])[];
}

export interface NoiseProbe {
  readonly source: NetworkSource;
  readonly quantisation: Quantisation;
  readonly samples: readonly Sample[];
  readonly classes: number;
  readonly backend: MvmBackend;
  readonly seed: number;
  /** Of cells and converters, but for the ADC's bits. */
  readonly device: DeviceOptions;
}

/** Takes a result that is known by that name, or computes it. */
export type Memoize = <T>(id: string, schema: z.ZodType<T>, compute: () => Promise<T>) => Promise<T>;

/** Puts noise into one encoder at a time, its known weights or its run-time matrices; `remember` is asked row by row. */
export async function measureNoise(
  space: DesignSpace,
  probe: NoiseProbe,
  pause: (done: number, total: number) => Promise<void>,
  remember: Memoize = (_, __, compute) => compute(),
): Promise<NoiseTable> {
  const { encoders, devices, adcBits } = space;
  const total = adcBits.length * devices.length * encoders * 2;
  const exact = await remember('noise: none', z.number(), () =>
    withRunner(probe, exactly(probe), runner => meanLoss(probe, runner)),
  );
  const table = { static: [] as number[][][], dynamic: [] as number[][][] };
  let done = 0;
  for (const bits of adcBits) {
    const [known, written]: [number[][], number[][]] = [[], []];
    for (const { name, device } of devices) {
      const own = withBits(device, bits);
      const crossbars = {
        static: crossbarDevice(own, false, probe.device),
        dynamic: crossbarDevice(own, true, probe.device),
      };
      const row = (kind: 'static' | 'dynamic'): Promise<number[]> => {
        const from = done;
        done += encoders;
        const losses = z.array(z.number()).length(encoders);
        return remember(`noise: ${bits} bits, ${name}, ${kind}`, losses, async () => {
          const analog = await analogOf(probe, crossbars);
          const options = { compute: 'analog', quantisation: probe.quantisation, analog } as const;
          // A runner for each row: its arrays are kept no longer than they are needed.
          return withRunner(probe, options, async runner => {
            const losses: number[] = [];
            for (let e = 0; e < encoders; e++) {
              await pause(from + e, total);
              const own = (id: string, of: string): boolean =>
                (of === 'dynamic') === (kind === 'dynamic') && id.startsWith(`e${e}.`);
              losses.push((await meanLoss(probe, runner, own)) - exact);
            }
            return losses;
          });
        });
      };
      known.push(await row('static'));
      written.push(await row('dynamic'));
    }
    table.static.push(known);
    table.dynamic.push(written);
  }
  return table;
}

/** Nats of a whole chip: the sum over encoders; a reuse encoder writes nothing. */
export function noiseLoss(
  { plan, static: known, dynamic, adcBits }: Design,
  space: DesignSpace,
  table: NoiseTable,
): number {
  const bits = space.adcBits.indexOf(adcBits);
  let sum = 0;
  for (let e = 0; e < space.encoders; e++) {
    sum += table.static[bits][known[e]][e];
    if (!plan.encoders.includes(e)) sum += table.dynamic[bits][dynamic[e]][e];
  }
  return sum;
}

/** What the crossbars of a whole chip really cost, nats over exact integers. */
export async function chipLoss(probe: NoiseProbe, devices: CrossbarDevices): Promise<number> {
  const { quantisation } = probe;
  const analog = await analogOf(probe, devices);
  const exact = await withRunner(probe, exactly(probe), runner => meanLoss(probe, runner));
  return (
    (await withRunner(probe, { compute: 'analog', quantisation, analog }, runner =>
      meanLoss(probe, runner),
    )) - exact
  );
}

/** Crossbars of one chip, their converters set on the first inputs where they are set per layer. */
async function analogOf(probe: NoiseProbe, devices: CrossbarDevices): Promise<AnalogOptions> {
  const { backend, seed, source, quantisation, samples } = probe;
  const inputs = samples.map(sample => sample.input);
  const settings = await calibrateLayers(source, inputs, quantisation, devices);
  return { backend, seed, draw: 0, ...devices, ...settings };
}

const exactly = ({ quantisation }: NoiseProbe): NetworkOptions => ({ compute: 'int8', quantisation });

async function withRunner<T>(
  { source }: NoiseProbe,
  options: NetworkOptions,
  use: (runner: Runner) => Promise<T>,
): Promise<T> {
  const runner = new Runner(source, options);
  try {
    return await use(runner);
  } finally {
    runner.dispose();
  }
}

/** Mean cross-entropy; `noisy` says which ops use their crossbars, by default all that have some. */
async function meanLoss(
  { source, samples, classes }: NoiseProbe,
  runner: Runner,
  noisy?: (id: string, kind: string) => boolean,
): Promise<number> {
  let tally = emptyTally(classes);
  const matmuls = source.graph().ops.filter(isMatmul);
  const crossbars = noisy && matmuls.filter(op => noisy(op.id, op.kind)).map(op => op.id);
  for (const { input, index, label, name } of samples) {
    const { logits } = await runner.run(input, { image: index, ...(crossbars && { crossbars }) });
    tally = addToTally(tally, logits.data, label, name);
  }
  return tally.loss / tally.images;
}
