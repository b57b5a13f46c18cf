/** Each layer beside what its crossbars and the global buffer could do at most, and which unit it waited for. */
import type { Busiest, Observation } from '../observation.ts';
import type { LayerRow } from '../result.ts';

/** 1 MAC = 2 operations, whatever the accounting of the result says: peaks are given so. */
const OPS_PER_MAC = 2;
const BITS_PER_BYTE = 8;
/** A unit that is busy for less of a layer's time bounds nothing: the layer waits for one thing after another. */
const BOUND_FROM = 0.5;
const WAITS = 'one after another';

/** A layer under the roofs. */
export interface RooflinePoint {
  readonly step: string;
  readonly stage: string;
  readonly encoder: number | null;
  readonly ops: number;
  readonly time_s: number;
  readonly ops_per_s: number;
  /** Operations for a byte to or from the global buffer. */
  readonly intensity: number;
  /** Of the PEs that hold it, if all of them read full crossbars all the time. */
  readonly peak_ops_per_s: number;
  /** The kind of unit of which one was busiest, and for which share of the layer's time; WAITS where none was half of it. */
  readonly bound: string;
  readonly busiest: string;
  readonly share: number;
}

/** Layers, and what the chip reaches at most. */
export interface Roofline {
  readonly peak_ops_per_s: number;
  /** Of the global buffer; null: it takes no time in this accounting. */
  readonly bytes_per_s: number | null;
  readonly points: readonly RooflinePoint[];
}

export function rooflineOf(seen: Observation, layers: readonly LayerRow[]): Roofline {
  const { peak, traffic } = seen;
  const peaks = new Map(
    seen.layers.flatMap(layer => layer.steps.map(step => [step, layer.peak_ops_per_s] as const)),
  );
  const points = layers
    .filter(row => row.macs > 0 && row.end_s > row.start_s)
    .map((row): RooflinePoint => {
      const ops = OPS_PER_MAC * row.macs;
      const time_s = row.end_s - row.start_s;
      const { kind, busy_s } = busiestOf(seen.busiest, row.step);
      const share = Math.min(1, busy_s / time_s);
      return {
        step: row.step,
        stage: row.stage,
        encoder: row.encoder,
        ops,
        time_s,
        ops_per_s: ops / time_s,
        intensity: ops / Math.max(1, (traffic.get(row.step) ?? 0) / BITS_PER_BYTE),
        peak_ops_per_s: peaks.get(row.step) ?? peak.ops_per_s,
        bound: share >= BOUND_FROM ? kind : WAITS,
        busiest: kind,
        share,
      };
    });
  return {
    peak_ops_per_s: peak.ops_per_s,
    bytes_per_s: peak.bits_per_s === null ? null : peak.bits_per_s / BITS_PER_BYTE,
    points,
  };
}

function busiestOf(all: readonly Busiest[], step: string): Pick<Busiest, 'kind' | 'busy_s'> {
  let most = { kind: 'none', busy_s: 0 };
  for (const { step: of, kind, busy_s } of all)
    if (of === step && busy_s > most.busy_s) most = { kind, busy_s };
  return most;
}
