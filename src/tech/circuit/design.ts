/** One point of a crossbar's design space, and the figures that the circuit laws give for it. */
import type { AdcParams } from './adc/all.ts';
import type { Breakdown, ComponentName } from './breakdown.ts';
import type { CellParams } from './cell/all.ts';
import type { DriveParams } from './drive/all.ts';
import type { MergeParams } from './merge/all.ts';
import type { Roadmap } from './nodes.ts';

/** How slices are merged, and the bits of a weight that none of them holds: the sign, where its two parts stand in arrays of their own. */
export type SliceMerge = MergeParams & { readonly signBits: 0 | 1 };

/** Explicit figures of one component, instead of what the laws say: of the whole crossbar and one bit plane. */
export interface GivenFigures {
  readonly energy_J?: number;
  /** Of one step: settling for `array`, one conversion for `adc`, one plane for the rest. */
  readonly time_s?: number;
  readonly area_m2?: number;
  readonly leakage_W?: number;
}

/** Factors on the laws' figures of one component; absent: 1. */
export interface CalibrationFactors {
  readonly energy?: number;
  readonly time?: number;
  readonly area?: number;
  readonly leakage?: number;
}

/** By component of the breakdown, and of programming. */
export type CircuitCalibration = { readonly [name in ComponentName | 'write']?: CalibrationFactors };

/** How the cells are programmed; absent voltages are the node's supply. */
export interface WriteScheme {
  readonly voltage_V?: number;
  /** Programming pulse of one row. */
  readonly pulse_s: number;
  /** Erase pulse before it; 0: none. */
  readonly erase_s: number;
  /** The whole array is erased at once instead of row by row. */
  readonly blockErase: boolean;
  /** Read-and-correct rounds after the first pulse. */
  readonly verify: number;
}

/**
 * Everything that the figures depend on. `cell` and `adc` hold the parameters of a law each (SI numbers, see the law's
 * file); a sweep spreads a design and replaces what it varies, see `designWith`.
 */
export interface CrossbarDesign {
  readonly node_m: number;
  readonly roadmap: Roadmap;
  readonly rows: number;
  readonly cols: number;
  readonly cell: CellParams;
  readonly adc: AdcParams;
  /** Sets of cells, each rows x cols, that take turns at the multipliers or capacitors; absent: one. */
  readonly sets?: number;
  /** Widths of the words that shift-and-add is sized for. */
  readonly weightBits: number;
  readonly inputBits: number;
  /** Input bits that are driven at once, in the way that `drive` says. */
  readonly inputBitsPerStep: number;
  /** Absent: by amplitude. */
  readonly drive?: DriveParams;
  /** The bit slices of a weight are added before one conversion; absent: each is converted. */
  readonly merge?: SliceMerge;
  /** Rows that one conversion sums; absent: all of them at once. */
  readonly activeRows?: number;
  /** Mean row input over its largest value: the share of active rows when inputs are single bits. */
  readonly inputDensity: number;
  /** Absent: the node's own supply, and 300 K. */
  readonly vdd_V?: number;
  readonly temperature_K?: number;
  /** Absent: the node's usual read voltage. */
  readonly readVoltage_V?: number;
  /** `mux-group`: rows are driven again for every column group (NeuroSim); `plane`: all columns are held at once. */
  readonly sampling: 'mux-group' | 'plane';
  readonly write: WriteScheme;
  readonly given: { readonly [component in ComponentName | 'write']?: GivenFigures };
  /** Factors on what the laws say; absent: none. */
  readonly calibration?: CircuitCalibration;
}

/** The steps of one bit plane, in seconds, as the event model takes them. */
export interface PlaneSteps {
  /** Column groups that are converted one after another. */
  readonly groups: number;
  readonly settle_s: number;
  /** Sample-and-hold; 0 without one. */
  readonly hold_s: number;
  /** Until the slices of a weight are merged; 0 where each is converted. */
  readonly merge_s: number;
  readonly convert_s: number;
  readonly shiftAdd_s: number;
}

/**
 * Figures of one crossbar. A read is one input bit plane (one step of `inputBitsPerStep` bits) over all columns in use and
 * the rows that are summed at once; a write programs all rows in use. Every breakdown's parts sum to its total.
 */
export interface CrossbarFigures {
  readonly area_m2: Breakdown<ComponentName>;
  readonly readEnergy_J: Breakdown<ComponentName>;
  /** Parts: settle, sampleHold, adc (or adderTree), shiftAdd. */
  readonly readTime_s: Breakdown;
  /** Parts: lines (CV2), cells (switching), verify. */
  readonly writeEnergy_J: Breakdown;
  /** Parts: erase, pulse, verify. */
  readonly writeTime_s: Breakdown;
  /** The same for one row. */
  readonly rowWriteEnergy_J: number;
  readonly rowWriteTime_s: number;
  /** To take another set of weights: every row in use drives its select line. 0 with one set. */
  readonly select: { readonly energy_J: number; readonly time_s: number };
  /** Power of a crossbar that stands by. */
  readonly leakage_W: Breakdown<ComponentName>;
  readonly steps: PlaneSteps;
  readonly converters: number;
  /** Conversions of one read: one for each column in use, or for each group of columns that are merged. */
  readonly conversions: number;
  /** Groups of the rows in use that are read one after another for one input step; 1 where all rows are summed at once. */
  readonly rowGroups: number;
  /** Bits of an ADC that would tell all sums of a column apart. */
  readonly losslessBits: number;
  /** Writes that a cell survives; undefined: no limit. */
  readonly endurance: number | undefined;
  /** How long a cell holds its state without power or refresh; undefined: as long as it is powered. */
  readonly retention_s: number | undefined;
  /** Where a law is stretched; empty inside the range of the laws. */
  readonly warnings: readonly DesignFinding[];
}

/** What is wrong or doubtful about a design: which of its file's values, and a sentence. */
export interface DesignFinding {
  readonly path: readonly string[];
  readonly message: string;
}

/** What a sweep over crossbars varies. */
export interface DesignPoint {
  readonly node_m?: number;
  readonly rows?: number;
  readonly cols?: number;
  readonly cellBits?: number;
  readonly adcBits?: number;
  /** Columns that share one converter. */
  readonly mux?: number;
  readonly inputBitsPerStep?: number;
  readonly activeRows?: number;
  readonly inputDensity?: number;
}

/** `design` with some of its values replaced. */
export function designWith(design: CrossbarDesign, point: DesignPoint): CrossbarDesign {
  const { cell, adc } = design;
  return {
    ...design,
    node_m: point.node_m ?? design.node_m,
    rows: point.rows ?? design.rows,
    cols: point.cols ?? design.cols,
    cell: point.cellBits === undefined ? cell : { ...cell, bits: point.cellBits },
    adc: { ...adc, bits: point.adcBits ?? adc.bits, columns: point.mux ?? adc.columns },
    inputBitsPerStep: point.inputBitsPerStep ?? design.inputBitsPerStep,
    ...(point.activeRows !== undefined && { activeRows: point.activeRows }),
    inputDensity: point.inputDensity ?? design.inputDensity,
  };
}
