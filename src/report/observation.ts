/** What pictures of a run are drawn from, beside its result: what stands where, and what was at work when, in the last image. */

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
  /** Time that it carried flits. */
  readonly busy_s: number;
}

/** The busiest one of a kind of resources while a step ran. */
export interface Busiest {
  readonly step: string;
  readonly kind: string;
  readonly busy_s: number;
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
  /** Start and end of every job from the start of the image, by step: start, end, start, end, ... in the order of their ends. */
  readonly jobs: ReadonlyMap<string, readonly Tick[]>;
  readonly resources: readonly { readonly track: ResourceTrack; readonly slices: readonly BusySlice[] }[];
  /** Bits between each step and the global buffer, in and out. */
  readonly traffic: ReadonlyMap<string, number>;
  readonly peak: {
    readonly ops_per_s: number;
    /** Of the global buffer; null where it takes no time. */
    readonly bits_per_s: number | null;
  };
}
