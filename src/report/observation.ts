/** What pictures of a run are drawn from, beside its result: what stands where, and what was at work when, in the last image or in those that overlap. */

import type { ComponentId } from '../hw/components.ts';
import type { ChipPlace } from '../hw/noc/floorplan.ts';
import type { Tick } from '../sim/tick.ts';
import type { BusySlice, ResourceTrack } from './resource-tracks.ts';

/** Energy of one image that one component takes for one step. */
export interface StepEnergy {
  readonly step: string;
  readonly component: ComponentId;
  readonly energy_J: number;
}

/** A layer on its tiles. */
export interface PlacedLayer {
  readonly id: string;
  /** The layer whose arrays hold it: itself, unless it is a further set of weights. */
  readonly unit: string;
  readonly dynamic: boolean;
  /** Steps that read or write it. */
  readonly steps: readonly string[];
  /** Numbers of its tiles follow each other from here. */
  readonly firstTile: number;
  /** Crossbars in use, and cells that hold a part of a weight, of each tile. */
  readonly tiles: readonly { readonly crossbars: number; readonly cells: number }[];
  /** Cells of one crossbar. */
  readonly cellsPerCrossbar: number;
  /** Programmings of a cell in one image. */
  readonly writes: number;
  /** What its PEs reach if all of them read full crossbars all the time; 1 MAC = 2 ops. */
  readonly peak_ops_per_s: number;
}

/** A link of the network on chip, in one direction. */
export interface LinkUse {
  readonly from: ChipPlace;
  readonly to: ChipPlace;
  /** Time that it carried flits for one image; the mean where they overlap. */
  readonly busy_s: number;
}

/** The busiest one of a kind of resources while a step ran. */
export interface Busiest {
  readonly step: string;
  readonly kind: string;
  readonly busy_s: number;
}

/** Start and end of every job, by step: start, end, start, end, ... in the order of their ends. */
export type JobTimes = ReadonlyMap<string, readonly Tick[]>;

/** One of several images that overlap; its ticks are from the start of the first that is seen. */
export interface ImageJobs {
  /** From 1. */
  readonly image: number;
  readonly jobs: JobTimes;
}

export interface Observation {
  readonly noc: string;
  readonly hub: ChipPlace;
  /** Where each tile stands, those without a layer included. */
  readonly tiles: readonly ChipPlace[];
  readonly crossbarsPerTile: number;
  readonly layers: readonly PlacedLayer[];
  readonly energies: readonly StepEnergy[];
  readonly links: readonly LinkUse[];
  readonly busiest: readonly Busiest[];
  /** Of the last image, from its start. */
  readonly jobs: JobTimes;
  /** Images that overlap, the last of them; absent: one image at a time. */
  readonly overlapping?: readonly ImageJobs[];
  readonly resources: readonly { readonly track: ResourceTrack; readonly slices: readonly BusySlice[] }[];
  /** Bits between each step and the global buffer, in and out. */
  readonly traffic: ReadonlyMap<string, number>;
  readonly peak: {
    readonly ops_per_s: number;
    /** Of the global buffer; null where it takes no time. */
    readonly bits_per_s: number | null;
  };
}
