/** What a technology file may say of cells, lines and converters that are not ideal. The equations stand with the terms in src/numerics/noise. */
import { z } from 'zod';
import { block, factor, quantity } from '../base/fields.ts';

/** Measured devices whose spread against conductance is known. */
export const DEVICE_FITS = ['pcm-joshi', 'rram-milo', 'rram-wan'] as const;
export type DeviceFitName = (typeof DEVICE_FITS)[number];

const positive = { positive: true };
const share = { min: 0, max: 1 };

const form = <T extends string>(name: T, equation: string) => z.literal(name).meta({ description: equation });

const matrices = z.enum(['dynamic', 'all']).default('dynamic').meta({
  description: 'dynamic: K^T and V alone, as known weights are verified while they are programmed',
});

/** Finite on/off ratio: level 0 conducts too. */
const onOff = block({
  ratio: factor(1)
    .optional()
    .meta({ description: 'highest over lowest conductance; absent: cell.offResistance / cell.onResistance' }),
  reference: z.enum(['column', 'none']).default('column').meta({
    description: 'column: a column of cells at level 0 is subtracted before the ADC',
  }),
});

/** What a cell holds after programming. */
const writeVariation = z.discriminatedUnion('form', [
  block({
    form: form('clipformer', "G' = G + gamma sqrt((G - Gmin)(Gmax - Gmin)) sigma N (ClipFormer)"),
    sigma: quantity('%'),
    gamma: factor(0).default(1),
    matrices,
  }),
  block({
    form: form('multiplicative', "G' = G (1 + sigma N)"),
    sigma: quantity('%'),
    matrices,
  }),
  block({
    form: form('device', "G' = G + sigma(G) N, sigma(G) of a measured device; Gmax and Gmin of cell"),
    device: z.enum(DEVICE_FITS),
    matrices,
  }),
  block({
    form: form('polynomial', "G' = G + sigma(G) N, sigma(G) = sum of c_i (G / full)^i, from 0 to full"),
    coefficients: z
      .array(quantity('S', { min: -Infinity }))
      .min(1)
      .max(8)
      .meta({ description: 'c_0, c_1, ...' }),
    full: quantity('S', positive),
    matrices,
  }),
]);

const stuck = block({
  on: quantity('%', share).prefault('0 %').meta({ description: 'cells stuck at the highest level' }),
  off: quantity('%', share).prefault('0 %').meta({ description: 'cells stuck at level 0' }),
}).superRefine((value, context) => {
  if (value.on + value.off > 1)
    context.addIssue({ code: 'custom', path: ['off'], message: 'expected on + off of at most 100 %' });
});

/** G(t) = G(t0) (t / t0)^-nu, of known weights. */
const drift = block({
  nu: factor(0, 1),
  nuSigma: factor(0, 1).default(0).meta({ description: 'spread of nu between cells' }),
  t0: quantity('s', positive).meta({ description: 'from programming until the cell was verified' }),
  time: quantity('s', positive).meta({ description: 'from programming until the read' }),
}).superRefine((value, context) => {
  if (value.time < value.t0)
    context.addIssue({ code: 'custom', path: ['time'], message: 'expected a time of at least t0' });
});

const readVariation = block({
  form: z.enum(['multiplicative', 'additive', 'lognormal']).default('multiplicative').meta({
    description:
      "G' = G (1 + sigma N), G' = G + sigma (Gmax - Gmin) N, or a factor whose logarithm is normal",
  }),
  sigma: quantity('%', { max: 0.99 }),
  drawn: z.enum(['device', 'read']).default('device').meta({
    description: 'once per cell and chip, or anew in every read',
  }),
});

/** Resistances of the lines: the voltage that a cell misses. */
const wires = block({
  row: quantity('ohm').meta({ description: 'of a wordline, per cell' }),
  column: quantity('ohm').meta({ description: 'of a bitline, per cell' }),
  driver: quantity('ohm').prefault('0 ohm').meta({ description: 'of the driver of a wordline' }),
  sense: quantity('ohm').prefault('0 ohm').meta({ description: 'between a column and its virtual ground' }),
  activity: quantity('%', share)
    .prefault('100 %')
    .meta({ description: 'rows that conduct at a time; 100 % is the worst case' }),
});

const adc = block({
  offset: quantity('LSB').prefault('0 LSB').meta({ description: 'standard deviation between converters' }),
  gain: quantity('%', { max: 0.199 })
    .prefault('0 %')
    .meta({ description: 'standard deviation between converters' }),
  inl: quantity('LSB', { min: -4, max: 4 })
    .prefault('0 LSB')
    .meta({ description: 'peak of the bow: added = 4 inl x (1 - x), x from 0 to 1 over the codes' }),
});

/** sqrt(kT / C) on every conversion. */
const thermal = block({
  capacitance: quantity('F', positive).meta({ description: 'of a sample-and-hold' }),
  fullScale: quantity('V', positive).meta({ description: 'voltage of all codes' }),
  temperature: quantity('K').prefault('300 K'),
});

/** Absent terms are ideal. In the order in which they act. */
export const noiseSchema = block({
  onOff: onOff.optional(),
  writeVariation: writeVariation.optional(),
  stuck: stuck.optional(),
  drift: drift.optional(),
  readVariation: readVariation.optional(),
  wires: wires.optional(),
  adc: adc.optional(),
  thermal: thermal.optional(),
}).meta({ description: 'what is not ideal, for functional runs; absent terms are ideal' });

export type Noise = z.output<typeof noiseSchema>;
