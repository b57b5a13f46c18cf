/** From counts and times to the field's figures: EDP, EDAP, TOPS, TOPS/W, TOPS/mm2. */
import { MM2_PER_M2, TERA } from '../base/units.ts';

export interface Figures {
  readonly edp_Js: number;
  readonly edap_Jsm2: number;
  readonly tops: number;
  readonly topsPerWatt: number;
  readonly topsPerMm2: number;
  readonly power_W: number;
}

/** Operations of one image: those that run, and those that the figure per area takes. */
export interface OpCounts {
  readonly run: number;
  readonly area: number;
}

/**
 * `trex-paper`: 1 MAC = 1 op, encoder crossbars only; the reduced count for TOPS/W and the count without reuse for
 * TOPS/mm2, as Tables IV and V need. `2-per-mac`: the network as run, 1 MAC = 2 ops, the field's default.
 */
export function opCounts(
  convention: 'trex-paper' | '2-per-mac',
  macs: { readonly encoders: number; readonly encodersWithoutReuse: number; readonly run: number },
): OpCounts {
  if (convention === '2-per-mac') return { run: 2 * macs.run, area: 2 * macs.run };
  return { run: macs.encoders, area: macs.encodersWithoutReuse };
}

/** What one image takes. */
export interface ImageCost {
  readonly latency_s: number;
  /** From one image to the next: the latency, or less where images overlap. */
  readonly period_s: number;
  readonly energy_J: number;
}

/** Figures of one image: products with its latency; power and performance by what goes through in a second. */
export function figures(
  { latency_s, period_s, energy_J }: ImageCost,
  area_m2: number,
  ops: OpCounts,
): Figures {
  return {
    edp_Js: energy_J * latency_s,
    edap_Jsm2: energy_J * latency_s * area_m2,
    tops: ops.run / period_s / TERA,
    topsPerWatt: ops.run / energy_J / TERA,
    topsPerMm2: ops.area / period_s / (area_m2 * MM2_PER_M2) / TERA,
    power_W: energy_J / period_s,
  };
}
