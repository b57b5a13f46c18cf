/**
 * Options of crossbars that do nothing in a set-up: leaving one out, or giving it another value, changes no array. One rule over
 * all options, so that a new one is held by it; the table says which other values are tried, and what would give it an effect.
 */
import { usageError } from '../base/errors.ts';
import type { CrossbarDevice } from '../numerics/execute/crossbar-device.ts';
import { COMPENSATIONS } from '../tech/drift-compensation-schema.ts';
import { ENCODING_NAMES } from '../tech/encodings.ts';
import { ofKind } from '../tech/noise-effects.ts';
import { noiseEffects } from '../tech/noise-model.ts';
import type { CrossbarDevices, DeviceOptions } from './device.ts';

interface DeviceOption {
  /** As it is written on the command line; absent: only a library says it. */
  readonly flag: string;
  /** The value that says nothing. */
  readonly usual?: unknown;
  /** Other values. */
  readonly others: readonly unknown[];
  /** What gives it an effect. */
  readonly needs: string;
}

const WRITTEN = 'matrices that are written (trex mvm --written) or --write-noise all, and write variation';

export const DEVICE_OPTIONS = {
  adcBits: { flag: 'adc', others: [1, 14], needs: 'analog converters' },
  adcRange: { flag: 'adc-range', usual: 'layer', others: [0.3, 0.9], needs: 'analog converters' },
  cellBits: { flag: 'cell-bits', others: [1, 2], needs: 'cells of several levels' },
  arrayRows: { flag: 'array-rows', others: [16, 512], needs: 'rows that one conversion adds up' },
  arrayCols: { flag: 'array-cols', others: [16, 512], needs: 'columns' },
  encoding: { flag: 'encoding', others: ENCODING_NAMES, needs: 'cells with a sign to hold' },
  driftCompensation: {
    flag: 'drift-compensation',
    usual: 'none',
    others: COMPENSATIONS,
    needs:
      'known weights that have changed since they were verified, and an interval after it: noise.drift or noise.retention at a later time',
  },
  strip: {
    flag: 'strip',
    usual: 16,
    others: [1, 16, 32],
    needs: 'noise of every read: --read-noise read and read variation',
  },
  sigmaRead: { flag: 'sigma-read', others: [0.01, 0.2], needs: 'analog cells' },
  readNoise: { flag: 'read-noise', others: ['device', 'read'], needs: 'read variation' },
  sigmaWrite: { flag: 'sigma-write', others: [0.01, 0.2], needs: WRITTEN },
  writeNoise: { flag: 'write-noise', others: ['dynamic', 'all'], needs: 'write variation' },
  writeForm: { flag: 'write-form', others: ['clipformer', 'multiplicative'], needs: WRITTEN },
} as const satisfies Partial<Record<keyof DeviceOptions, DeviceOption>>;

/** The crossbars of all set-ups that are asked for. */
type Make = (options: DeviceOptions) => readonly CrossbarDevices[];

/** "--sigma-write 0.1 has no effect on fefet-32nm: it needs ..." for each option that is given and changes no crossbar. */
export function idleOptions(options: DeviceOptions, make: Make, on: string): string[] {
  const are = arraysText(make(options));
  return Object.entries<DeviceOption>(DEVICE_OPTIONS).flatMap(([name, { flag, usual, others, needs }]) => {
    const option = name as keyof DeviceOptions;
    const value = options[option];
    if (value === undefined || value === usual) return [];
    const changes = [undefined, ...others].some(other => {
      try {
        return arraysText(make({ ...options, [option]: other })) !== are;
      } catch {
        // A value that these crossbars refuse is looked at.
        return true;
      }
    });
    return changes ? [] : [`--${flag} ${String(value)} has no effect on ${on}: it needs ${needs}`];
  });
}

/** @throws TrexError (usage) for the first option without effect. */
export function checkIdleOptions(options: DeviceOptions, make: Make, on: string): void {
  const [idle] = idleOptions(options, make, on);
  if (idle !== undefined) throw usageError(idle);
}

/** The arrays as text; a strip counts where a read has noise. */
function arraysText(all: readonly CrossbarDevices[]): string {
  const seen = (device: CrossbarDevice): object => {
    const effects = noiseEffects(device.noise, 2 ** device.cellBits - 1);
    const { strip, ...rest } = device;
    return ofKind(effects, 'readSpread').length > 0 ? { ...rest, strip } : rest;
  };
  const devices = all.flatMap(({ static: known, dynamic, layers = {} }) => [
    known,
    dynamic,
    ...Object.values(layers),
  ]);
  return JSON.stringify(devices.map(seen));
}
