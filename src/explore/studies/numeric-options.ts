/** Options of metrics on noisy crossbars, as the command line names them: which matrix, which crossbars. */
import * as z from 'zod';
import type { DeviceOptions } from '../../accuracy/device.ts';
import { parseAdcRange } from '../../accuracy/device-options.ts';
import { usageError } from '../../base/errors.ts';
import type { MvmBackend } from '../../numerics/mvm/backend.ts';
import { ENCODING_NAMES, type EncodingName } from '../../tech/encodings.ts';
import type { MetricHost, MetricOption } from './metric.ts';
import { textOf } from './metric.ts';
import type { Values } from './value.ts';

/** What a count of anything is told to be. */
export const WHOLE = 'expected a whole number of at least 1';

const count = z.int({ error: WHOLE }).min(1, { error: WHOLE });

/** Those of `trex mvm` and `trex accuracy` that say what crossbars are like. */
export const DEVICE_OPTIONS = {
  encoding: { schema: z.enum(ENCODING_NAMES) },
  'adc-range': { schema: z.union([z.literal('layer'), z.number()]) },
  'read-noise': { schema: z.enum(['device', 'read']) },
  'write-noise': { schema: z.enum(['dynamic', 'all']) },
  'write-form': { schema: z.enum(['clipformer', 'multiplicative']) },
  'weight-bits': { schema: count },
  'input-bits': { schema: count },
} as const satisfies Record<string, MetricOption>;

/** What the options of a device are for a call of the library. */
export function deviceOf(options: Values): DeviceOptions {
  const choice = <T extends string>(name: string): T | undefined => textOf(options[name]) as T | undefined;
  const encoding = choice<EncodingName>('encoding');
  return {
    ...(encoding !== undefined && { encoding }),
    adcRange: parseAdcRange(textOf(options['adc-range']) ?? 'layer'),
    readNoise: choice<'device' | 'read'>('read-noise'),
    writeNoise: choice<'dynamic' | 'all'>('write-noise'),
    writeForm: choice<'clipformer' | 'multiplicative'>('write-form'),
  };
}

/** `{ weightBits: 4 }` of `{ weight-bits: 4 }`: those of `names` that are given. */
export function camelCased(options: Values, names: readonly string[]): Record<string, unknown> {
  const given = names.filter(name => options[name] !== undefined);
  return Object.fromEntries(
    given.map(name => [name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()), options[name]]),
  );
}

/** Opens the back end of the host. @throws TrexError where it has none. */
export async function backendOf({ backend }: MetricHost, metric: string): Promise<MvmBackend> {
  if (backend === undefined) throw usageError(`${metric}: there is no back end of crossbars here`);
  return await backend();
}
