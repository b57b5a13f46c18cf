/** Where a design leaves the range in which its laws were checked. */
import { pow } from '../../base/math.ts';
import { formatQuantity, PER_NANO, significant } from '../../base/units.ts';
import type { CellFigures } from './cell-law.ts';
import type { CrossbarDesign, DesignFinding } from './design.ts';
import { cellLawOf } from './laws.ts';
import { NODE_RANGE_M, TABULATED_NODES_M } from './nodes.ts';
import { ROOM_K, supplyRange_V, TEMPERATURE_K } from './operating-point.ts';
import type { Lines } from './read-path.ts';

/** Loss of read voltage along the lines, all cells on, above which columns are no longer sums of products. */
const IR_DROP_LIMIT = 0.1;
/** J/K. */
const BOLTZMANN_J_K = 1.380649e-23;
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
  if (!byLaw) return [];
  const { rows, cols, node_m } = design;
  const warnings = operatingWarnings(design);
  if (node_m < NODE_RANGE_M.min || node_m > NODE_RANGE_M.max) {
    const range = `${NODE_RANGE_M.min * PER_NANO} to ${NODE_RANGE_M.max * PER_NANO} nm`;
    const how = node_m > NODE_RANGE_M.max ? 'the circuit laws are extrapolated' : scaledText(design);
    const message = `${formatQuantity(node_m, 'm', 3)} is outside ${range}: ${how}`;
    warnings.push({ path: ['node'], message });
  } else if (!TABULATED_NODES_M.some(n => Math.abs(n / node_m - 1) < 1e-9)) {
    const nodes = TABULATED_NODES_M.filter(n => n >= NODE_RANGE_M.min)
      .map(n => n * PER_NANO)
      .join(', ');
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

/** How far a design below the range of the runs may be off. */
function scaledText({ cell }: CrossbarDesign): string {
  const { storage, readout } = cellLawOf(cell);
  if (storage === 'analog')
    return 'cells and level shifters do not shrink with logic, and no run checks the circuits around them';
  const scaled = 'scaled by published tables (IRDS, Stillmaker and Baas)';
  return readout === 'digital'
    ? `${scaled}; published digital macros at 5 and 4 nm take 2 to 3 times the energy and 0.6 times the area for their speed`
    : `${scaled}; no published macro checks it within a factor of 3`;
}

/** Supply and temperature outside what their laws were taken from. */
function operatingWarnings({ node_m, roadmap, vdd_V, temperature_K = ROOM_K }: CrossbarDesign) {
  const warnings: DesignFinding[] = [];
  const { nearThreshold } = supplyRange_V(node_m, roadmap);
  if (vdd_V !== undefined && vdd_V < nearThreshold) {
    const message = `${formatQuantity(vdd_V, 'V', 3)} is near the threshold: delays by the alpha-power law are a lower bound below ${formatQuantity(nearThreshold, 'V', 3)}`;
    warnings.push({ path: ['vdd'], message });
  }
  const { min, max } = TEMPERATURE_K.listed;
  if (temperature_K < min || temperature_K > max) {
    const message = `${temperature_K} K is outside ${min} to ${max} K, where leakage and currents are tabulated`;
    warnings.push({ path: ['temperature'], message });
  }
  return warnings;
}

/**
 * A converter that takes less energy than 8 kT x SNR, with SNR = 1.5 x 2^2b of a full sine over its steps: thermal noise
 * would exceed its quantisation (class-B bound; Vittoz, ISCAS 1990).
 */
export function thermalWarnings({ adc, temperature_K = ROOM_K }: CrossbarDesign, conversion_J: number) {
  const least_J = 8 * BOLTZMANN_J_K * temperature_K * 1.5 * pow(4, adc.bits);
  if (conversion_J >= least_J || conversion_J === 0) return [];
  const [is, least] = [conversion_J, least_J].map(e => formatQuantity(e, 'J', 3));
  const message = `a conversion of ${is} is below the thermal limit of ${adc.bits} bit, 8 kT x SNR = ${least}: no converter reaches it`;
  return [{ path: ['adc', 'bits'], message }];
}
