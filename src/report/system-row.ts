/** One network on the chip of a table of systems. */
import type { MacTotals } from '../workload/count.ts';
import type { PublishedAccuracy } from '../workload/model-fields.ts';

/** What one network takes on the chip. */
export interface SystemFigures {
  readonly latency_s: number;
  /** Of one image or sequence. */
  readonly energy_J: number;
  readonly area_m2: number;
  readonly edap_Jsm2: number;
  readonly tiles: number;
}

/** A network, what is known of it, and what it takes; SI units. */
export interface SystemRow {
  readonly name: string;
  readonly family: string;
  readonly params: number;
  readonly macs: MacTotals;
  /** As its authors print it; nothing here measures it. */
  readonly published: PublishedAccuracy | null;
  /** Null where the chip refuses the network; `refused` says why. */
  readonly figures: SystemFigures | null;
  readonly refused: string | null;
}

/** All networks on one chip. */
export interface SystemsTable {
  readonly schemaVersion: 1;
  readonly version: string;
  readonly arch: string;
  readonly tech: string;
  /** Bytes of the global buffer, and what its file says; they differ where the largest network needs more. */
  readonly globalBuffer: { readonly capacity_B: number; readonly written_B: number };
  readonly rows: readonly SystemRow[];
}
