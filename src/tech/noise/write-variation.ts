/** Write variation: what a cell holds after programming, around its target. */
import * as z from 'zod';
import { usageError } from '../../base/errors.ts';
import { block, factor, quantity } from '../../base/fields.ts';
import { measuredOn } from '../circuit/measured-on.ts';
import { DEVICE_FIT_NAMES, type DeviceFit, deviceFit } from '../device-fits.ts';
import { type Measured, noiseTerm } from '../noise-term.ts';
import { term as onOff } from './on-off.ts';

/**
 * `multiplicative`: G' = G (1 + sigma N), the simple form (TReX: sigma 20 %).
 * `clipformer`: G' = G + gamma sqrt((G - G_min)(G_max - G_min)) sigma N (ClipFormer; gamma sigma = 0.2 for TReX).
 * `device`: G' = G + sigma(G) N with a measured fit, levels spread evenly over `range_uS`.
 * `polynomial`: the same with sigma(G) = max(0, sum over i of c_i (G / full)^i), which holds from 0 to `full` (aihwkit
 * gives its fits so).
 */
export type WriteVariation =
  | { readonly kind: 'multiplicative'; readonly sigma: number }
  | { readonly kind: 'clipformer'; readonly gamma: number; readonly sigma: number }
  | { readonly kind: 'device'; readonly device: string; readonly range_uS: readonly [number, number] }
  | {
      readonly kind: 'polynomial';
      readonly coefficients_uS: readonly number[];
      readonly full_uS: number;
      readonly range_uS: readonly [number, number];
    };

/** Standard deviation of a cell at each level 0..maxLevel, in levels; `minLevels` is the conductance of level 0 in levels. */
export function writeSigma(write: WriteVariation, maxLevel: number, minLevels: number): number[] {
  const levels = Array.from({ length: maxLevel + 1 }, (_, level) => level);
  if (write.kind === 'multiplicative') return levels.map(level => write.sigma * (level + minLevels));
  if (write.kind === 'clipformer') {
    return levels.map(level => write.gamma * write.sigma * Math.sqrt(level * maxLevel));
  }
  const { name, range_uS: valid, sigma_uS } = fitOf(write);
  const [low, high] = write.range_uS;
  if (!(low >= valid[0] && high > low && high <= valid[1])) {
    const got = [low, high].map(g => Number(g.toPrecision(4))).join(' to ');
    throw usageError(`${name} holds from ${valid[0]} to ${valid[1]} uS, got levels from ${got} uS`);
  }
  const step = (high - low) / maxLevel;
  return levels.map(level => sigma_uS(low + level * step) / step);
}

type Fitted = Extract<WriteVariation, { readonly range_uS: unknown }>;

function fitOf(write: Fitted): Pick<DeviceFit, 'range_uS' | 'sigma_uS'> & { readonly name: string } {
  if (write.kind === 'device') return { name: `the fit ${write.device}`, ...deviceFit(write.device) };
  const { coefficients_uS, full_uS } = write;
  return {
    name: "write variation's polynomial",
    range_uS: [0, full_uS],
    sigma_uS: g =>
      Math.max(
        0,
        coefficients_uS.reduceRight((sum, c) => (sum * g) / full_uS + c, 0),
      ),
  };
}

const form = <T extends string>(name: T, equation: string) => z.literal(name).meta({ description: equation });

const matrices = z.enum(['dynamic', 'all']).default('dynamic').meta({
  description: 'dynamic: K^T and V alone, as known weights are verified while they are programmed',
});

const verified = z.boolean().default(false).meta({ description: 'it is what program-and-verify leaves' });

const schema = z.discriminatedUnion('form', [
  block({
    form: form('clipformer', "G' = G + gamma sqrt((G - Gmin)(Gmax - Gmin)) sigma N (ClipFormer)"),
    sigma: quantity('%'),
    gamma: factor(0).default(1),
    matrices,
    measuredOn,
  }),
  block({
    form: form('multiplicative', "G' = G (1 + sigma N)"),
    sigma: quantity('%'),
    matrices,
    measuredOn,
  }),
  block({
    form: form('device', "G' = G + sigma(G) N, sigma(G) of a measured device; Gmax and Gmin of cell"),
    device: z.enum(DEVICE_FIT_NAMES),
    matrices,
  }),
  block({
    form: form('polynomial', "G' = G + sigma(G) N, sigma(G) = sum of c_i (G / full)^i, from 0 to full"),
    coefficients: z
      .array(quantity('S', { min: -Infinity }))
      .min(1)
      .max(8)
      .meta({ description: 'c_0, c_1, ...' }),
    full: quantity('S', { positive: true }),
    matrices,
    measuredOn,
    verified,
  }),
]);

/** Of a fit the table says it, of others the file. */
function measured(file: File): Measured {
  if (file.form === 'device') {
    const { device, cell, range_uS, verified } = deviceFit(file.device);
    return { device, cell, full_S: 1e-6 * range_uS[1], verified };
  }
  const { measuredOn: device } = file;
  return file.form === 'polynomial' ? { device, full_S: file.full, verified: file.verified } : { device };
}

type File = z.output<typeof schema>;
type MeasuredFile = Extract<File, { readonly form: 'device' | 'polynomial' }>;

const isMeasured = (file: File): file is MeasuredFile => file.form === 'device' || file.form === 'polynomial';

/** A measured spread, its levels spread evenly over the conductances of the cell. */
function measuredParams(
  file: MeasuredFile,
  onResistance: number | undefined,
  ratio = Infinity,
): WriteVariation {
  if (onResistance === undefined)
    throw usageError(`write variation of form ${file.form} needs the conductances of cell.onResistance`);
  const high = 1e6 / onResistance;
  const range_uS = [high / ratio, high] as const;
  if (file.form === 'device') return { kind: 'device', device: file.device, range_uS };
  const coefficients_uS = file.coefficients.map(c => 1e6 * c);
  return { kind: 'polynomial', coefficients_uS, full_uS: 1e6 * file.full, range_uS };
}

export const term = noiseTerm({
  name: 'write',
  place: 20,
  of: 'cells',
  schema,
  numbers: {
    sigmaWrite: {
      option: 'sigmaWrite',
      label: 'Write variation sigma',
      min: 0,
      max: 2,
      own: file => (file === undefined ? 0 : isMeasured(file) ? undefined : file.sigma),
    },
  },
  choices: {
    /** Who has write variation: matrices written at run time (static layers are verified, TReX), or all. */
    writeNoise: ['dynamic', 'all'],
    writeForm: ['clipformer', 'multiplicative'],
  },
  params: ({ file, options, device, written, earlier }): WriteVariation | undefined => {
    const { sigmaWrite, writeForm, writeNoise } = options;
    if (!written && (writeNoise ?? file?.matrices) !== 'all') return undefined;
    const measured = file !== undefined && isMeasured(file) ? file : undefined;
    if (measured !== undefined && sigmaWrite === undefined) {
      if (writeForm === undefined)
        return measuredParams(measured, device.cell.onResistance, earlier(onOff)?.ratio);
      throw usageError(
        `--write-form ${writeForm}: this technology has a measured spread of form ${measured.form}`,
      );
    }
    const simple = file === undefined || isMeasured(file) ? undefined : file;
    const sigma = sigmaWrite ?? simple?.sigma ?? 0;
    if (sigma === 0) return undefined;
    const kind = writeForm ?? simple?.form ?? 'clipformer';
    if (kind === 'multiplicative') return { kind, sigma };
    return { kind, gamma: simple?.form === 'clipformer' ? simple.gamma : 1, sigma };
  },
  measured,
  effects: (write: WriteVariation, { maxLevel, lowLevels }) => [
    { kind: 'levelSpread', sigma: writeSigma(write, maxLevel, lowLevels) },
  ],
});
