/** What supply and temperature do to a node's transistors: delay, leakage, on-current, resistance of wires. */
import { pow } from '../../base/math.ts';
import { CURRENT_POWER, LEAKAGE_V, TABLE, THRESHOLD, valueAt } from './node-tables.ts';

/** Transistors of low standby power, or of high performance. */
export type Roadmap = 'LSTP' | 'HP';

/** Where a node is operated; absent: at its own supply, at 300 K. */
export interface OperatingPoint {
  readonly vdd_V?: number | undefined;
  readonly temperature_K?: number | undefined;
}

export const ROOM_K = 300;
/** Where the law of leakage may stand for NeuroSim's lists of 300 to 400 K. */
export const TEMPERATURE_K = { min: 200, max: 450, listed: { min: 300, max: 400 } } as const;
/** V/K. */
const BOLTZMANN_V_K = 8.617333e-5;
/**
 * Exponent of the alpha-power law, delay ~ V / (V - V_th)^alpha (Sakurai and Newton, JSSC 1990: 1.3 for short channels, 2
 * for long ones). Three chips, as CiMLoop fits their clocks: Jia at 65 nm (0.85/V)^2.66, Wang at 22 nm (0.7/V)^1.1,
 * Sinangil at 7 nm 0.6 + 0.4 (0.8/V)^2.75; 1.5 is within 30 % of each over the range of its supply.
 */
const ALPHA = 1.5;
/** Copper, 1/K (NeuroSim). */
const WIRE_PER_K = 0.00451;
/** Power of NeuroSim's converters, 1/K. */
const CONVERTER_PER_K = 1.3e-3;
/** Volts above the threshold at which the law of the delay ends, and at which it is doubtful. */
const LEAST_OVERDRIVE_V = 0.05;
const NEAR_THRESHOLD_V = 0.2;
/** Above this multiple of the node's own supply oxides break. */
const HIGHEST_OF_NOMINAL = 1.5;

/** The node's own supply, and those between which it may be set. */
export function supplyRange_V(node_m: number, roadmap: Roadmap) {
  const nominal = valueAt(TABLE.vdd_V, node_m);
  const threshold = valueAt(THRESHOLD[roadmap], node_m);
  return {
    nominal,
    min: threshold + LEAST_OVERDRIVE_V,
    max: HIGHEST_OF_NOMINAL * nominal,
    nearThreshold: threshold + NEAR_THRESHOLD_V,
  };
}

/** Factors over the node at its own supply and 300 K. */
export interface PointFactors {
  /** Energy of a capacitance that is charged to the supply. */
  readonly energy: number;
  /** Delay of gates by the supply, and by the temperature. */
  readonly supplyDelay: number;
  readonly thermalDelay: number;
  /** Current of an open transistor over the supply, as a conductance. */
  readonly conductance: number;
  /** Standby power. */
  readonly leakage: number;
  readonly wireResistance: number;
  /** Bias of NeuroSim's converters. */
  readonly converter: number;
}

export function pointFactors(node_m: number, roadmap: Roadmap, point: OperatingPoint): PointFactors {
  const { nominal } = supplyRange_V(node_m, roadmap);
  const { vdd_V = nominal, temperature_K = ROOM_K } = point;
  const threshold = valueAt(THRESHOLD[roadmap], node_m);
  const supply = vdd_V / nominal;
  const overdrive = (vdd_V - threshold) / (nominal - threshold);
  const current = pow(overdrive, ALPHA);
  const heat = temperature_K / ROOM_K;
  const thermalDelay = pow(heat, valueAt(CURRENT_POWER[roadmap], node_m));
  const warmer_K = temperature_K - ROOM_K;
  return {
    energy: supply ** 2,
    supplyDelay: supply / current,
    thermalDelay,
    conductance: current / supply / thermalDelay,
    leakage: supply * leakageOver(valueAt(LEAKAGE_V[roadmap], node_m), temperature_K),
    wireResistance: 1 + WIRE_PER_K * warmer_K,
    converter: 1 + CONVERTER_PER_K * warmer_K,
  };
}

/** Off-current over that at 300 K: (T/300 K)^2 exp(V/k (1/300 K - 1/T)). */
function leakageOver(barrier_V: number, temperature_K: number): number {
  const heat = temperature_K / ROOM_K;
  return heat * heat * Math.exp((barrier_V / BOLTZMANN_V_K) * (1 / ROOM_K - 1 / temperature_K));
}
