/** What a search over mappings found. */

/** What a mapping is judged by: the time of one image, images a second, or energy times delay times area. */
export const MAPPING_OBJECTIVES = ['latency', 'throughput', 'edap'] as const;
/** One of `MAPPING_OBJECTIVES`. */
export type MappingObjective = (typeof MAPPING_OBJECTIVES)[number];

/** One mapping that was run. */
export interface MappingTrial {
  /** What it says on top of the chip: words of `--set`; none: the chip as it is. */
  readonly set: readonly string[];
  readonly latency_s: number;
  readonly throughput_Hz: number;
  readonly energy_J: number;
  readonly area_m2: number;
  readonly edap_Jsm2: number;
  readonly tiles: number;
  /** What takes longest, in words. */
  readonly slowest: string;
}

/** What a search found. */
export interface MappingResult {
  readonly arch: string;
  readonly model: string;
  readonly objective: MappingObjective;
  /** Area that no mapping exceeds, m2; null: any. */
  readonly area_m2: number | null;
  /** In the order in which they were run, the chip as it is first. */
  readonly trials: readonly MappingTrial[];
  /** Number of the best of them. */
  readonly best: number;
  /** Whether every mapping of the space was looked at. */
  readonly exhaustive: boolean;
  /** Mappings that the chip cannot hold, or that are larger than the area. */
  readonly refused: number;
  /** What there was no choice of, and why. */
  readonly notes: readonly string[];
}

/** Less is better. */
export const mappingValue = (objective: MappingObjective, trial: MappingTrial): number =>
  objective === 'latency'
    ? trial.latency_s
    : objective === 'throughput'
      ? 1 / trial.throughput_Hz
      : trial.edap_Jsm2;
