/** What a file in `adc/` provides: the parameters of a converter and what one conversion of a column costs. */
import * as z from 'zod';
import { block, count } from '../../base/fields.ts';
import type { NodeConstants, Roadmap } from './nodes.ts';

/** What a converter sees of its crossbar. */
export interface AdcContext {
  readonly node: NodeConstants;
  readonly roadmap: Roadmap;
  /** Rows that one conversion sums, and all rows of the array. */
  readonly rows: number;
  readonly arrayRows: number;
  /** Input bits that are driven at once. */
  readonly stepBits: number;
  readonly weightBits: number;
  readonly inputDensity: number;
  readonly readVoltage_V: number;
  /** Of all active cells of a column, in parallel. */
  readonly column_S: number;
  /** Of a column of references, all its rows driven, and what driving its rows takes once. */
  readonly reference_S: number;
  readonly reference_J: number;
  /** Capacitance of a column's wire, its cells left out. */
  readonly columnWire_F: number;
  /** Area of one cell, and width of the columns of one converter. */
  readonly cell_m2: number;
  readonly columns_m: number;
}

/** One converter. */
export interface AdcFigures {
  readonly area_m2: number;
  /** Of one conversion, without the current through the column. */
  readonly energy_J: number;
  /** Of one conversion, with the margin that the law's source adds. */
  readonly time_s: number;
  /** How long the column conducts for one conversion, and the power that flows then. */
  readonly column?: { readonly time_s: number; readonly power_W: number };
  /** Of `area_m2`, what leaks as registers and adders do. */
  readonly leaking_m2?: number;
  /** What all converters of a crossbar share, such as one ramp generator: its area, and its energy in one round of conversions. */
  readonly shared?: { readonly area_m2: number; readonly energy_J: number };
}

export interface AdcBase {
  readonly bits: number;
  readonly columns: number;
}

/** A law: its name is that of its file. `bits` holds the range in which its source fits. */
export function adcLaw<
  const N extends string,
  const A extends string | null,
  const T extends z.core.$ZodShape,
>(spec: {
  readonly law: N;
  readonly bits: { readonly min: number; readonly max: number };
  /** What the files of macros call such a converter; null: a law over converters of several kinds. */
  readonly architecture: A;
  /** Its figures are published ones that the file gives: no law is stretched. Default false. */
  readonly published?: boolean;
  /** Of files that do not say `bits` and `columns`. */
  readonly defaults?: AdcBase;
  readonly params: T;
  /** Sums columns digitally: for cells that are read so. */
  readonly digital?: boolean;
  /** Compares currents: for cells that are read so. Default false. */
  readonly currents?: boolean;
  readonly figures: (params: AdcBase & z.output<z.ZodObject<T>>, context: AdcContext) => AdcFigures;
}) {
  const { law, bits, architecture, published = false, defaults, digital = false, currents = false } = spec;
  const error = `expected an integer from ${bits.min} to ${bits.max}: the range of law ${law}`;
  const codes = z
    .int({ error })
    .min(bits.min, { error })
    .max(bits.max, { error })
    .meta({ description: 'of one code' });
  const columns = count(1, 1024).meta({ description: 'columns that share one converter' });
  const schema = block({
    law: z.literal(law),
    bits: defaults === undefined ? codes : codes.default(defaults.bits),
    columns: defaults === undefined ? columns : columns.default(defaults.columns),
    ...spec.params,
  });
  return { law, bits, architecture, published, digital, currents, schema, figures: spec.figures };
}
