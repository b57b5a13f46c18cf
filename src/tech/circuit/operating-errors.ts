/** Nodes, supplies and temperatures that no table covers. */
import { formatQuantity } from '../../base/units.ts';
import type { CellStorage } from './cell-law.ts';
import type { CrossbarDesign, DesignFinding } from './design.ts';
import { LEAST_ANALOG_M, LEAST_HP_M, NODE_LIMITS_M } from './nodes.ts';
import { supplyRange_V, TEMPERATURE_K } from './operating-point.ts';

type Operated = Pick<CrossbarDesign, 'node_m' | 'roadmap' | 'vdd_V' | 'temperature_K'>;

/** Why a design cannot be operated as it says; empty where it can. */
export function operatingErrors(design: Operated, storage: CellStorage): DesignFinding[] {
  const { node_m, roadmap, vdd_V, temperature_K } = design;
  const nm = (value_m: number): string => formatQuantity(value_m, 'm', 3);
  const least_m = storage === 'analog' ? LEAST_ANALOG_M : NODE_LIMITS_M.min;
  if (node_m < least_m || node_m > NODE_LIMITS_M.max) {
    const range = `${nm(least_m)} to ${nm(NODE_LIMITS_M.max)}`;
    return [{ path: ['node'], message: `expected a node of ${range}, got ${nm(node_m)}` }];
  }
  if (roadmap === 'HP' && node_m < LEAST_HP_M) {
    const message = `HP transistors are tabulated from ${nm(LEAST_HP_M)} up, got a node of ${nm(node_m)}`;
    return [{ path: ['roadmap'], message }];
  }
  const errors: DesignFinding[] = [];
  const { min, max } = supplyRange_V(node_m, roadmap);
  if (vdd_V !== undefined && (vdd_V < min || vdd_V > max)) {
    const [low, high, got] = [min, max, vdd_V].map(v => formatQuantity(v, 'V', 3));
    const message = `expected a supply of ${low} (50 mV above the threshold) to ${high} at ${nm(node_m)}, got ${got}`;
    errors.push({ path: ['vdd'], message });
  }
  if (temperature_K !== undefined) {
    const { min: coldest, max: hottest } = TEMPERATURE_K;
    if (!(temperature_K >= coldest && temperature_K <= hottest)) {
      const message = `expected a temperature of ${coldest} to ${hottest} K, got ${temperature_K} K`;
      errors.push({ path: ['temperature'], message });
    }
  }
  return errors;
}
