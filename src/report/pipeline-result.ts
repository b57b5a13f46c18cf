/** What a run with images that overlap returns beside the figures of one image. SI units. */
import type { Percentiles } from './percentiles.ts';

/** A stage: the steps that use the same arrays, or one step of the digital units. */
export interface StageRow {
  /** Ids of its steps. */
  readonly steps: readonly string[];
  /** For one image: time in which it has jobs under way, or holds a matrix that was written and is still to be read. */
  readonly busy_s: number;
  /** The same as a share of the time that the chip takes for an image. */
  readonly utilization: number;
}

/** The busiest resource of a kind. */
export interface ResourceRow {
  readonly kind: string;
  /** A step that uses it, of one in a tile; null: all steps do. */
  readonly step: string | null;
  /** For one image: service of one of its servers. */
  readonly busy_s: number;
  readonly utilization: number;
}

/** What sets the pace: a resource that is always at work, a stage that always has jobs, or the buffer that has no room for more images. */
export interface PipelineLimit {
  readonly by: 'resource' | 'stage' | 'buffer';
  /** Kind of the resource, steps of the stage, or `globalBuffer`. */
  readonly name: string;
  /** A step of it; null: all steps. */
  readonly step: string | null;
  /** Images a second that it lets through. */
  readonly rate_Hz: number;
}

/** What several images at the same time come to. Times in seconds, rates in 1 / s. */
export interface PipelineResult {
  /** `back-to-back`, `rate=R` or `poisson=R`. */
  readonly arrival: string;
  /** Images a second that come; null: the next one is always there. */
  readonly rate_Hz: number | null;
  /** Images a second that the chip takes where the next one is always there, in steady state. */
  readonly capacity_Hz: number;
  /** What holds it there. */
  readonly limit: PipelineLimit;
  /** Share of the capacity that is asked for. */
  readonly utilization: number;
  /** From arrival to the last job. */
  readonly latency_s: Percentiles;
  /** From arrival to the first job. */
  readonly waiting_s: Percentiles;
  /** In the chip or before it, from the first arrival to the last end. */
  readonly inSystem: { readonly mean: number; readonly most: number };
  /** Images that were under way at once, and for how many the global buffer has room; null: it is not counted. */
  readonly underWay: { readonly most: number; readonly places: number | null };
  readonly stages: readonly StageRow[];
  readonly resources: readonly ResourceRow[];
}
