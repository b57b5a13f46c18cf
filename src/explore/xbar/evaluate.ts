/** The row of one point: the circuit laws' figures, and what follows from them for matrix products of given bits. */
import { MM2_PER_M2, TERA } from '../../base/units.ts';
import type { XbarError, XbarRow } from '../../report/xbar-row.ts';
import { type Breakdown, partOf } from '../../tech/circuit/breakdown.ts';
import { evaluateCrossbar } from '../../tech/circuit/evaluate.ts';
import { inputSteps, rowCut } from '../../tech/circuit/input-steps.ts';
import { adcLawOf } from '../../tech/circuit/laws.ts';
import { nodeConstants } from '../../tech/circuit/nodes.ts';
import { conversionsOf, mergedColumns } from '../../tech/circuit/slice-merge.ts';
import { encodingName } from '../../tech/device-encoding.ts';
import { weightEncoding } from '../../tech/encodings.ts';
import type { XbarPoint } from './plan.ts';

const OPS_PER_MAC = 2;

/** `error` is measured elsewhere, or null. */
export function xbarRow({ of, device, design }: XbarPoint, error: XbarError | null): XbarRow {
  const figures = evaluateCrossbar(design);
  const { rows, cols, cell, adc, weightBits, inputBits, inputBitsPerStep } = design;
  const { digital } = adcLawOf(adc);
  const node = nodeConstants(design.node_m, design.roadmap, design);
  const energy_J = figures.readEnergy_J.total;
  const time_s = figures.readTime_s.total;
  const area_m2 = figures.area_m2.total;
  // A weight takes a column for each of its slices, a product a read for each of its planes.
  const encoding = encodingName(device);
  const { slices, referenceColumns } = weightEncoding(encoding);
  const merged = mergedColumns(design);
  const arrays = slices(weightBits, cell.bits).length / merged;
  const weights =
    (rowCut(design).rows * Math.max(0, conversionsOf(design, cols) - referenceColumns)) / arrays;
  const reads = inputSteps(inputBits, inputBitsPerStep, digital) * figures.rowGroups;
  const ops = (OPS_PER_MAC * weights) / reads;
  return {
    tech: of.name,
    node_m: design.node_m,
    rows,
    cols,
    cellBits: cell.bits,
    weightBits,
    inputBits,
    encoding,
    vdd_V: node.vdd_V,
    temperature_K: node.temperature_K,
    adc: { kind: adc.law, bits: adc.bits, columns: adc.columns },
    area_m2,
    areaBreakdown: partsOf(figures.area_m2),
    read: {
      energy_J,
      time_s,
      breakdown: partsOf(figures.readEnergy_J),
      timeBreakdown: partsOf(figures.readTime_s),
    },
    write: { energy_J: figures.writeEnergy_J.total, time_s: figures.writeTime_s.total },
    leakage_W: figures.leakage_W.total,
    topsPerWatt: ops / energy_J / TERA,
    topsPerMm2: ops / time_s / (area_m2 * MM2_PER_M2) / TERA,
    weightsPerMm2: ((design.sets ?? 1) * weights) / (area_m2 * MM2_PER_M2),
    energyPerStep_J: digital
      ? null
      : partOf(figures.readEnergy_J, 'adc') / figures.conversions / 2 ** adc.bits,
    losslessAdcBits: figures.losslessBits,
    error,
    warnings: figures.warnings.map(warning => warning.message),
  };
}

function partsOf({ parts }: Breakdown): Record<string, number> {
  const result: Record<string, number> = {};
  for (const { component, value } of parts) result[component] = value;
  return result;
}
