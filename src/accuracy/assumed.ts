/** What an error of crossbars rests on, in one line of every table. */
import { significant } from '../base/units.ts';
import type { CrossbarDevice, DeviceChoice } from '../numerics/execute/crossbar-device.ts';
import { weightEncoding } from '../tech/encodings.ts';
import { type EffectKind, STAGES } from '../tech/noise-effects.ts';
import { type NoiseModel, noiseEffects } from '../tech/noise-model.ts';

/** `density`: probability of an input bit to be 1; absent: the inputs are those of a network. */
export function assumedText(device: CrossbarDevice, density?: number): string {
  const { encoding, noise, merge, inputBitsPerStep = 1, drift } = device;
  return [
    weightEncoding(encoding).label,
    ...(merge ? ['slices merged before the ADC'] : []),
    rangeText(device),
    ...(inputBitsPerStep === 1 ? [] : [`inputs of ${inputBitsPerStep} bits a step`]),
    ...(density === undefined ? [] : [`input bits 1 with probability ${significant(density, 3)}`]),
    ...(noise.irDrop === undefined ? [] : [irDropText(noise.irDrop)]),
    ...(drift === undefined ? [] : [driftText(drift)]),
    ...(hasSpread(device) ? [] : ['cells without spread']),
  ].join(', ');
}

/** Of both kinds of matrices: one text where they are alike. */
export function assumedOf({ static: known, dynamic = known }: DeviceChoice, density?: number): string {
  const [first, second] = [assumedText(known, density), assumedText(dynamic, density)];
  return first === second ? first : `known weights: ${first}; K^T and V: ${second}`;
}

function driftText({ scope, vectors, columns }: NonNullable<CrossbarDevice['drift']>): string {
  const of = scope === 'layer' ? 'by layer' : 'of all layers alike';
  const read = columns === 0 ? '' : ` of ${columns} reference columns an array`;
  return `drift made up for ${of}, from ${vectors} vectors${read}`;
}

/** Whether cells, or the capacitors at them, differ: without, "exact" says only that nothing of the kind is in the file. */
const hasSpread = ({ noise, cellBits }: CrossbarDevice): boolean =>
  noiseEffects(noise, 2 ** cellBits - 1).some(({ kind }) => actsOnCells(kind));

const actsOnCells = (kind: EffectKind): boolean =>
  STAGES[kind] === 'cell' || kind === 'readSpread' || kind === 'mergeSpread';

function irDropText({ idle, activity }: NonNullable<NoiseModel['irDrop']>): string {
  const driven =
    activity === undefined ? 'rows as the inputs drive them' : `${percent(activity)} of the rows`;
  return `IR drop with ${driven}, idle ones ${idle}`;
}

function rangeText({ adc, window, arrayRows, cellBits, inputBitsPerStep = 1 }: CrossbarDevice): string {
  if (window === 'layer') return 'ADC range set per layer';
  const { levelsPerLsb } = adc;
  if (levelsPerLsb === 'lossless') return 'ADC lossless';
  if (levelsPerLsb === 'full-scale') return 'ADC range a full column';
  if ('ofFullScale' in levelsPerLsb) return `ADC range ${percent(levelsPerLsb.ofFullScale)} of a full column`;
  const share = levelsPerLsb.levels / (arrayRows * (2 ** cellBits - 1) * (2 ** inputBitsPerStep - 1));
  return `ADC range ${percent(share)} of a full column`;
}

const percent = (share: number): string => `${significant(100 * share, 3)} %`;
