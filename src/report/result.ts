/** What a run returns and `result.json` holds: SI numbers under stable names, nothing that depends on machine or clock. */

import type { ComponentId } from '../hw/components.ts';
import type { StepKind } from '../hw/program.ts';
import type { AccuracyResult } from './accuracy-result.ts';
import type { ChipAccuracyRequest } from './chip-accuracy.ts';
import type { DriftCompensationResult } from './drift-readings.ts';
import type { Generation, GenerationFigures } from './generation.ts';
import type { Figures } from './metrics.ts';
import type { PipelineResult } from './pipeline-result.ts';

export const SCHEMA_VERSION = 1;

/** What a breakdown by component names: components, and the leakage of all of them. */
export type ComponentName = ComponentId | 'leakage';

/** Energy and time of one part of a run. */
export interface BreakdownRow<Name extends string = string> {
  readonly name: Name;
  readonly energy_J: number;
  /** Time in which the part was at work; parts may overlap, and then their times do not add up. Absent for components. */
  readonly time_s?: number;
  readonly area_m2?: number;
}

/** One step of the last image; times are from its start. */
export interface LayerRow {
  readonly step: string;
  readonly stage: string;
  readonly encoder: number | null;
  /** The unit that ran it. */
  readonly kind: StepKind;
  readonly jobs: number;
  readonly start_s: number;
  readonly end_s: number;
  readonly energy_J: number;
  readonly crossbars: number;
  readonly tiles: number;
  readonly macs: number;
  /** Elements that the vector unit or the softmax units take in, those of every pass once; of a MAC each 8-bit piece. */
  readonly elements: number;
}

/** What a network takes, one after another. */
export type NetworkInput = 'image' | 'sequence';

/** Whether cells that are written at run time wear out: nobody says of which, for `unknown`. */
export type Lifetime = 'limited' | 'unlimited' | 'unknown';

/** What was asked for: enough to run it again. */
export interface RunOptions extends Partial<{ [key in keyof Generation]: number | undefined }> {
  /** A name or a path, as those of the technology and the network. */
  readonly arch: string;
  /** Of the crossbars; null: the chip's own. */
  readonly tech: string | null;
  readonly model: string;
  /** Encoders that reuse attention, such as `strided:5`. */
  readonly reuse: string;
  /** Of a text; null: as many as the network takes. */
  readonly tokens: number | null;
  readonly images: number;
  readonly seed: number;
  /** `path=value` on top of the files. */
  readonly set: readonly string[];
  /** When images come, of a chip on which they overlap; absent: back to back. */
  readonly arrival?: string | undefined;
  /** Of a run that measured an accuracy: weights, data and how they were looked at, with the hashes of what was read. */
  readonly accuracy?: ChipAccuracyRequest | undefined;
}

/** What is not of the files, as `config.expanded.yaml` says it. */
export interface ConfigRun
  extends Pick<
    RunOptions,
    'reuse' | 'tokens' | 'images' | 'seed' | 'arrival' | 'accuracy' | 'prefill' | 'decode' | 'batch'
  > {
  readonly version: string;
  /** As `ConfigNotes`; absent: none. */
  readonly unsaid?: readonly string[];
  readonly written?: readonly string[];
}

/** A run, in SI units: what `result.json` holds. */
export interface Result extends Figures, Partial<GenerationFigures> {
  readonly schemaVersion: number;
  readonly version: string;
  readonly arch: string;
  readonly tech: string;
  readonly model: string;
  readonly tokens: number;
  readonly reuse: { readonly count: number; readonly encoders: readonly number[]; readonly pattern: string };
  readonly images: number;
  /** What one of the `images` is to this network. */
  readonly input: NetworkInput;
  readonly seed: number;
  readonly run: RunOptions;
  /** What was read, whole: shipped files by name, others as given. It runs again from here, wherever the files are now. */
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly text: string }[];
  readonly opCount: string;
  /** Switches of the accounting that leave something out. */
  readonly omitted: readonly string[];
  readonly ops: { readonly run: number; readonly area: number };
  /** One image, from its arrival to its last step; the mean of several. */
  readonly latency_s: number;
  /** Images one after another: 1 / latency. Images that overlap: what comes, or where the next one is always there what the chip takes. */
  readonly throughput_Hz: number;
  /** One image. */
  readonly energy_J: number;
  readonly area_m2: number;
  /** Share of the energy of crossbar reads that the ADCs take. */
  readonly adcShare: number;
  readonly utilization: {
    /** Weights over weight positions of all crossbars on the chip. */
    readonly cells: number;
    /** Crossbars with weights over crossbars on the chip. */
    readonly crossbars: number;
    /** Time that the ADC banks of tiles with weights convert, over the run. */
    readonly adc: number;
  };
  readonly tiles: number;
  readonly crossbars: number;
  /** Grouped and depthwise layers by the unit that multiplies them; null for a network without. */
  readonly grouped: { readonly crossbar: number; readonly vector: number } | null;
  readonly writes: {
    /** Programmings per image of the cells that are written most at run time, reloads included. */
    readonly perCellPerImage: number;
    readonly cells: number;
    readonly endurance: number | null;
    readonly lifetime: Lifetime;
    /** Until the cells that are written most reach their endurance, at this throughput; null where none is known to wear. */
    readonly lifetime_s: number | null;
    readonly images: number | null;
  };
  /** Of a chip smaller than the network, whose layers take turns on some of its tiles; absent: it holds all of them. */
  readonly turns?: {
    /** Tiles that the layers would take if each had its own, those on which they take turns, and all that are in use. */
    readonly tilesNeeded: number;
    readonly tilesShared: number;
    readonly tilesUsed: number;
    /** How many layers there are; which of them come from DRAM at their turn, and which are made at run time and share arrays. */
    readonly layers: number;
    readonly reloaded: readonly string[];
    readonly rewritten: readonly string[];
    /** Images that pass a partition before the next is loaded. */
    readonly batch: number;
    /** Bits of weights from DRAM per image, whether or not the accounting counts what that takes. */
    readonly dramBits: number;
    /** Of the reloads of one image: DRAM, network, buffers, programming; part of energy_J. */
    readonly energy_J: number;
  };
  /** Values that the global buffer does not hold: bits to and from DRAM per image, and what that takes, part of energy_J; absent: it holds all. */
  readonly spill?: { readonly bits: number; readonly energy_J: number };
  /** Programming all static weights that stay, once; not part of energy_J. */
  readonly weightLoad: { readonly energy_J: number; readonly time_s: number; readonly bits: number };
  /** Reading references again and again makes up for drift; absent: nothing does. */
  readonly driftCompensation?: DriftCompensationResult;
  readonly breakdown: {
    readonly component: readonly BreakdownRow<ComponentName>[];
    readonly stage: readonly BreakdownRow[];
    readonly encoder: readonly BreakdownRow[];
  };
  readonly events: number;
  readonly warnings: readonly string[];
  /** Of several images that overlap; absent: one after another. */
  readonly pipeline?: PipelineResult;
  /** Of a checkpoint on this chip, as `accuracy()` gives it; absent: not asked for. */
  readonly accuracy?: AccuracyResult;
}

/** Everything of a run, the parts that go into files of their own included. */
export interface RunOutput {
  readonly result: Result;
  readonly layers: readonly LayerRow[];
  readonly stats: unknown;
}
