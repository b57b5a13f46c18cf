/** Where a design leaves the range in which its laws were checked. */
import { formatQuantity, PER_NANO, significant } from '../../base/units.ts';
import type { CellFigures } from './cell-law.ts';
import type { CrossbarDesign, DesignFinding } from './design.ts';
import { NODE_RANGE_M, TABULATED_NODES_M } from './nodes.ts';
import type { Lines } from './read-path.ts';

/** Loss of read voltage along the lines, all cells on, above which columns are no longer sums of products. */
const IR_DROP_LIMIT = 0.1;
/** Share of a conversion that a line may take to settle. */
const RC_LIMIT = 0.1;

/**
 * Warnings on node and wires; the sums of IR drop are those of evenly loaded lines: half of the full current. A crossbar
 * whose components are all given by published figures (`byLaw` false) stretches no law.
 */
export function designWarnings(
  design: CrossbarDesign,
  cell: CellFigures,
  line: Lines,
  convert_s: number,
  byLaw: boolean,
): DesignFinding[] {
  const warnings: DesignFinding[] = [];
  if (!byLaw) return warnings;
  const { rows, cols, node_m } = design;
  if (node_m < NODE_RANGE_M.min || node_m > NODE_RANGE_M.max) {
    const range = `${NODE_RANGE_M.min * PER_NANO} to ${NODE_RANGE_M.max * PER_NANO} nm`;
    warnings.push({
      path: ['node'],
      message: `${formatQuantity(node_m, 'm', 3)} is outside ${range}: the circuit laws are extrapolated`,
    });
  } else if (!TABULATED_NODES_M.includes(node_m)) {
    const nodes = TABULATED_NODES_M.map(n => n * PER_NANO).join(', ');
    const message = `${formatQuantity(node_m, 'm', 3)} is interpolated between the tabulated nodes ${nodes} nm`;
    warnings.push({ path: ['node'], message });
  }
  const columnDrop = (cell.onConductance_S * rows * line.column_ohm) / 2;
  const rowDrop = cell.row === 'current' ? (cell.onConductance_S * cols * line.row_ohm) / 2 : 0;
  const drop = columnDrop + rowDrop;
  // G / (1 + G R) of the cells' current is left.
  const lostShare = drop / (1 + drop);
  if (lostShare > IR_DROP_LIMIT) {
    const lost = `${significant(lostShare * 100, 2)} %`;
    const message = `${rows} x ${cols}: IR drop of about ${lost} along the lines when all cells are on; figures neglect it, solve the resistive ladder`;
    warnings.push({ path: ['crossbar'], message });
  }
  const slowest_s = Math.max(line.row_ohm * line.row_F, line.column_ohm * line.column_F);
  if (slowest_s > RC_LIMIT * convert_s) {
    const message = `${rows} x ${cols}: a line's RC of ${formatQuantity(slowest_s, 's', 2)} is no longer short against a conversion of ${formatQuantity(convert_s, 's', 2)}: the lumped wire model breaks down`;
    warnings.push({ path: ['crossbar'], message });
  }
  return warnings;
}
