/** What a run over a profile returns: how latency and energy are spread over inputs, and what they are where inputs queue. SI units. */
import type { Percentiles } from './percentiles.ts';
import type { NetworkInput, Result, RunOptions } from './result.ts';

/** Inputs between two edges; the last bin holds its upper edge too. */
export interface HistogramBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** How a value is spread over inputs. */
export interface Distribution extends Percentiles {
  readonly min: number;
  readonly max: number;
  readonly histogram: readonly HistogramBin[];
}

/** Inputs that do the same work, and one run of it. */
export interface ProfileRow {
  /** By encoder; empty: as the network's file says. */
  readonly patches: Readonly<Record<string, number>>;
  readonly skip: readonly number[];
  /** Of further runs of the same input, one after another: what they skip. Their time and energy are added. */
  readonly again?: readonly (readonly number[])[];
  /** Inputs that are like it. */
  readonly count: number;
  readonly latency_s: number;
  readonly energy_J: number;
}

/** Poisson arrivals at one chip that takes inputs in turn, simulated. */
export interface ArrivalResult {
  readonly rate_Hz: number;
  /** Share of the time that the chip is at work: rate x mean latency. */
  readonly utilization: number;
  /** Arrivals that are counted, after those in which the queue fills. */
  readonly images: number;
  readonly waiting_s: Percentiles;
  /** Mean waiting time by Pollaczek and Khinchine: rate E[s^2] / (2 (1 - utilization)). */
  readonly expectedWaiting_s: number;
  /** Waiting and latency. */
  readonly response_s: Percentiles;
  /** What the chip draws between inputs, per input: leakage and idle clocks. It is not in `energy_J`. */
  readonly idleEnergy_J: number;
}

/** A run over a profile, in SI units: what `profile.json` holds. */
export interface ProfileResult
  extends Pick<
    Result,
    | 'schemaVersion'
    | 'version'
    | 'arch'
    | 'tech'
    | 'model'
    | 'reuse'
    | 'files'
    | 'opCount'
    | 'omitted'
    | 'area_m2'
    | 'tiles'
  > {
  /** Inputs of the profile. */
  readonly images: number;
  readonly input: NetworkInput;
  readonly run: Omit<RunOptions, 'arrival'> & { readonly profile: string; readonly arrival: string | null };
  /** What the chip is made for: at each place the most patches of all rows, and attention wherever one row has it. */
  readonly chip: Pick<ProfileRow, 'patches' | 'skip'>;
  /** One input, alone on the chip. */
  readonly latency_s: Distribution;
  readonly energy_J: Distribution;
  /** Back to back: 1 / mean latency. */
  readonly throughput_Hz: number;
  readonly arrival: ArrivalResult | null;
  readonly rows: readonly ProfileRow[];
  readonly warnings: readonly string[];
}
