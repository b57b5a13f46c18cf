/** A row of a microbenchmark, as it is read back from a file. */
import * as z from 'zod';
import type { XbarRow } from '../../report/xbar-row.ts';

const count = z.int().min(0);
const parts = z.record(z.string(), z.number());
const mean = z.strictObject({ mean: z.number(), interval95: z.number().nullable() });

export const rowSchema: z.ZodType<XbarRow> = z.strictObject({
  tech: z.string(),
  node_m: z.number(),
  rows: count,
  cols: count,
  cellBits: count,
  weightBits: count,
  inputBits: count,
  encoding: z.string(),
  vdd_V: z.number(),
  temperature_K: z.number(),
  adc: z.strictObject({ kind: z.string(), bits: count, columns: count }),
  area_m2: z.number(),
  areaBreakdown: parts,
  read: z.strictObject({
    energy_J: z.number(),
    time_s: z.number(),
    breakdown: parts,
    timeBreakdown: parts,
  }),
  write: z.strictObject({ energy_J: z.number(), time_s: z.number() }),
  leakage_W: z.number(),
  topsPerWatt: z.number(),
  topsPerMm2: z.number(),
  weightsPerMm2: z.number(),
  energyPerStep_J: z.number().nullable(),
  losslessAdcBits: z.number(),
  error: z
    .strictObject({
      trials: count,
      rmse: mean,
      snr_dB: mean.nullable(),
      effectiveBits: mean.nullable(),
      assumed: z.string(),
    })
    .nullable(),
  warnings: z.array(z.string()),
});
