/** Crossbars as a user writes them down: the converters' range is a text. */
import { usageError } from '../base/errors.ts';
import type { EncodingName } from '../tech/encodings.ts';
import type { DeviceOptions } from './device.ts';

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
}

/** @throws TrexError (usage) for a range that is none. */
export function deviceOptions(texts: CrossbarTexts): DeviceOptions {
  const { encoding, adcRange, readNoise, writeNoise, writeForm } = texts;
  return { encoding, adcRange: rangeOf(adcRange), readNoise, writeNoise, writeForm };
}

function rangeOf(text: string): number | 'layer' {
  if (text === 'layer') return text;
  const range = Number(text);
  if (range > 0 && range <= 1) return range;
  throw usageError(`--adc-range ${text}: expected layer, or a number above 0, at most 1`);
}
