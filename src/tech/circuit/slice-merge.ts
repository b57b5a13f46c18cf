/** The bit slices of a weight that are added before one conversion: how many, what they hold, and what the capacitors cost. */
import type { CellFigures } from './cell-law.ts';
import type { CrossbarDesign } from './design.ts';
import { MERGE_LAWS } from './merge/all.ts';
import { capacitorArea_m2, type mergeLaw, UNIT_F } from './merge-law.ts';
import type { NodeConstants } from './nodes.ts';
import { MUX_GATE_F, SWITCH_S } from './switches.ts';

type MergeLaw = ReturnType<typeof mergeLaw>;

/** By its name. */
export const mergeLawOf = ({ law }: { readonly law: MergeLaw['law'] }): MergeLaw =>
  MERGE_LAWS.find(known => known.law === law)!;

type Merged = Pick<CrossbarDesign, 'merge' | 'weightBits' | 'cell'>;

/** Columns of a weight whose sums are one conversion; 1: each is converted. */
export const mergedColumns = ({ merge, weightBits, cell }: Merged): number =>
  merge === undefined ? 1 : Math.ceil((weightBits - merge.signBits) / cell.bits);

/** Bits of a weight in the sum of one conversion. */
export const convertedBits = ({ merge, weightBits, cell }: Merged): number =>
  merge === undefined ? cell.bits : weightBits - merge.signBits;

/** Conversions of `cols` columns; those that are left over hold no weight. */
export const conversionsOf = (design: Merged, cols: number): number =>
  Math.floor(cols / mergedColumns(design));

/** Columns that share a converter, counted in what it converts. */
export const sharedConversions = (design: Merged & Pick<CrossbarDesign, 'adc' | 'cols'>): number =>
  Math.max(1, conversionsOf(design, Math.min(design.adc.columns, design.cols)));

/** Of all networks of a crossbar. */
interface MergeFigures {
  readonly area_m2: number;
  /** Of one plane: every capacitor charged in full, an upper bound. */
  readonly energy_J: number;
  readonly time_s: number;
}

/** An open switch of this width, in feature sizes, charges a unit capacitor: assumed. */
const SWITCH_WIDTH_F = 4;

/** `active`: rows that charge the networks at their cells. */
export function mergeFigures(
  design: CrossbarDesign,
  cell: CellFigures,
  node: NodeConstants,
  active: number,
): MergeFigures {
  const { merge, rows, cols, adc } = design;
  if (merge === undefined) return { area_m2: 0, energy_J: 0, time_s: 0 };
  const slices = mergedColumns(design);
  const outputs = conversionsOf(design, cols);
  const unit_F = merge.unit ?? (merge.at === 'cell' ? cell.readCharge_F : UNIT_F);
  const units = mergeLawOf(merge).units({ slices, cellBits: design.cell.bits });
  // Of a network at the cells, one unit a slice is the capacitor of its cell.
  const [networks, charged, own] = merge.at === 'cell' ? [rows, active, units - slices] : [1, 1, units];
  const capacitors_m2 = outputs * networks * capacitorArea_m2(own * unit_F, node.node_m);
  // A transmission gate a column, as in the multiplexer of columns.
  const switches_m2 = outputs * slices * cell.width_m * MUX_GATE_F * node.node_m;
  const constant_s = (node.switch_ohm_m / (SWITCH_WIDTH_F * node.node_m)) * unit_F;
  // To half a step of the converter.
  const settled = (adc.bits + 1) * Math.LN2;
  return {
    area_m2: capacitors_m2 + switches_m2,
    energy_J: outputs * charged * own * unit_F * node.vdd_V ** 2,
    time_s: SWITCH_S * node.gateDelay + settled * constant_s * node.supplyDelay * node.thermalDelay,
  };
}
