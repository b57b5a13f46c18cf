/** Crossbars as a user writes them down: the converters' range is a text. */
import { usageError } from '../base/errors.ts';
import type { CompensationScope } from '../tech/drift-compensation-schema.ts';
import type { EncodingName } from '../tech/encodings.ts';
import type { AdcRange, DeviceOptions } from './device.ts';

/** Options of crossbars as the command line has them. */
export interface CrossbarTexts {
  /** Absent: as the technology says. */
  readonly encoding?: EncodingName | undefined;
  /** `layer`, or a number above 0, at most 1. */
  readonly adcRange: string;
  /** Absent: noise as the technology says. */
  readonly readNoise?: 'device' | 'read' | undefined;
  readonly writeNoise?: 'dynamic' | 'all' | undefined;
  readonly writeForm?: 'clipformer' | 'multiplicative' | undefined;
  /** Absent: as the technology says. */
  readonly driftCompensation?: CompensationScope | undefined;
}

/** @throws TrexError (usage) for a range that is none. */
export function deviceOptions(texts: CrossbarTexts): DeviceOptions {
  const { encoding, adcRange, readNoise, writeNoise, writeForm, driftCompensation } = texts;
  const noise = { readNoise, writeNoise, writeForm };
  return {
    ...(encoding !== undefined && { encoding }),
    adcRange: parseAdcRange(adcRange),
    ...noise,
    ...(driftCompensation !== undefined && { driftCompensation }),
  };
}

/** "layer" or "0.75". @throws TrexError (usage) */
export const parseAdcRange = (text: string): AdcRange =>
  checkedAdcRange(text === 'layer' ? text : Number(text), text);

/** @throws TrexError (usage) for a range that is none. */
export function checkedAdcRange(range: AdcRange, text = String(range)): AdcRange {
  if (range === 'layer' || (range > 0 && range <= 1)) return range;
  throw usageError(`--adc-range ${text}: expected layer, or a number above 0, at most 1`);
}
