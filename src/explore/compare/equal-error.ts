/** EDAP at equal error: for each technology the fewest ADC bits, and where no converter is enough fewer rows, that reach a target. */
import type { LoadedArch } from '../../arch/load.ts';
import { TrexError, usageError } from '../../base/errors.ts';
import { significant } from '../../base/units.ts';
import type { IsoTarget } from '../../report/comparison.ts';
import { losslessBits } from '../../tech/circuit/lossless.ts';

/** Arrays below so many rows are not looked at (assumed). */
const LEAST_ROWS = 8;

/** What is moved to reach a target. */
export interface Tuning {
  /** `path=value` texts. */
  readonly set: readonly string[];
  readonly loaded: LoadedArch;
  /** Reached: dB, or a share of right answers. */
  readonly value: number;
}

/** What a technology does at most, where that is not enough. */
export interface Shortfall {
  readonly best: Tuning;
  /** Why its converters were not moved as far as they might; absent: they were. */
  readonly reason?: string;
}

/** One chip whose settings can be moved. */
export interface Tuned {
  /** The chip with more settings. @throws TrexError for settings that it refuses. */
  load(set: readonly string[]): LoadedArch;
  /** Of a loaded chip: greater is better. */
  measure(loaded: LoadedArch): Promise<number>;
}

/** A device whose converters can be moved, up to `most` bits: those that lose nothing, or as many as its file takes. */
interface Knob {
  readonly path: string;
  readonly most: number;
}

/** "snr=20dB", "accuracy=97%", or undefined for a text without "=". @throws TrexError (usage) for another name or value. */
export function parseTarget(text: string): IsoTarget | undefined {
  if (!text.includes('=')) return undefined;
  const [, name, number, unit] = /^\s*([a-z]+)\s*=\s*(\d+(?:\.\d+)?)\s*(dB|%|)\s*$/.exec(text) ?? [];
  const value = Number(number);
  if (name === 'snr' && unit !== '%' && value > 0) return { name, value };
  const share = unit === '%' ? value / 100 : value;
  if (name === 'accuracy' && unit !== 'dB' && share > 0 && share <= 1) return { name, value: share };
  throw usageError(`--iso ${text}: expected snr=20dB or accuracy=97%`);
}

/** "20.0 dB" or "97.0 %". */
export const targetText = ({ name }: Pick<IsoTarget, 'name'>, value: number): string => {
  if (value === Number.POSITIVE_INFINITY) return 'exact';
  return name === 'snr' ? `${significant(value, 3)} dB` : `${(100 * value).toFixed(1)} %`;
};

/**
 * The cheapest settings that reach `target`: rows as the file has them, converters of as few bits as will do, known weights'
 * first; where the widest converters are not enough, half the rows, and again.
 */
export async function tune(chip: Tuned, target: number): Promise<Tuning | Shortfall> {
  const own = chip.load([]);
  const paths = pathsOf(own);
  let best: Tuning | undefined;
  let reason: string | undefined;
  for (const rows of rowsOf(own)) {
    const at = rows.map((count, i) => `${paths[i]}.crossbar.rows=${count}`);
    const fixed = rows.every((count, i) => count === ownRows(own, i)) ? [] : at;
    let found: { knobs: Knob[]; reason?: string };
    try {
      found = knobsAt(chip, paths, fixed);
    } catch (error) {
      // A file that refuses the rows has no more to offer.
      if (error instanceof TrexError && best !== undefined) break;
      throw error;
    }
    reason ??= found.reason;
    const { knobs } = found;
    const widest = await attempt(chip, fixed, knobs, mostOf(knobs));
    if (best === undefined || widest.value > best.value) best = widest;
    if (widest.value >= target) return fewest(chip, fixed, knobs, target);
  }
  return { best: best as Tuning, ...(reason !== undefined && { reason }) };
}

/** One knob after another, the others as they are. More bits do not make an error greater, so that halving finds the fewest. */
async function fewest(
  chip: Tuned,
  fixed: readonly string[],
  knobs: readonly Knob[],
  target: number,
): Promise<Tuning> {
  const at = mostOf(knobs);
  for (const [k, { most }] of knobs.entries()) {
    let low = 1;
    let high = most;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (await reaches(chip, fixed, knobs, { at: at.with(k, middle), target })) high = middle;
      else low = middle + 1;
    }
    at[k] = high;
  }
  return attempt(chip, fixed, knobs, at);
}

const mostOf = (knobs: readonly Knob[]): number[] => knobs.map(({ most }) => most);

/** Bits that a file refuses reach nothing. */
async function reaches(
  chip: Tuned,
  fixed: readonly string[],
  knobs: readonly Knob[],
  { at, target }: { readonly at: readonly number[]; readonly target: number },
): Promise<boolean> {
  try {
    return (await attempt(chip, fixed, knobs, at)).value >= target;
  } catch (error) {
    if (error instanceof TrexError) return false;
    throw error;
  }
}

async function attempt(
  chip: Tuned,
  fixed: readonly string[],
  knobs: readonly Knob[],
  at: readonly number[],
): Promise<Tuning> {
  const set = [...fixed, ...knobs.map(({ path }, i) => `${path}.adc.bits=${at[i]}`)];
  const loaded = chip.load(set);
  return { set, loaded, value: await chip.measure(loaded) };
}

/** Devices whose file takes bits, and the first refusal: of totals published for others, of a converter with fewer or none. */
function knobsAt(
  chip: Tuned,
  paths: readonly string[],
  fixed: readonly string[],
): { knobs: Knob[]; reason?: string } {
  const loaded = chip.load(fixed);
  const knobs: Knob[] = [];
  let reason: string | undefined;
  for (const path of paths) {
    const device = path === 'tech.dynamic' ? loaded.arch.devices.dynamic : loaded.arch.devices.static;
    let most = losslessBits(device.crossbar.rows, device.cell.bits);
    for (; most > 0; most--) {
      try {
        chip.load([...fixed, `${path}.adc.bits=${most}`]);
        break;
      } catch (error) {
        if (!(error instanceof TrexError)) throw error;
        reason ??= error.message.split('\n')[0];
      }
    }
    if (most > 0) knobs.push({ path, most });
  }
  return { knobs, ...(reason !== undefined && { reason }) };
}

/** Both devices of a hybrid, or the one. */
const pathsOf = ({ arch: { devices } }: LoadedArch): string[] =>
  devices.static === devices.dynamic ? ['tech'] : ['tech.static', 'tech.dynamic'];

const ownRows = ({ arch: { devices } }: LoadedArch, i: number): number =>
  (i === 0 ? devices.static : devices.dynamic).crossbar.rows;

/** Rows of each device: its own, then half of them, and so on. */
function rowsOf(own: LoadedArch): number[][] {
  const all: number[][] = [];
  let rows = pathsOf(own).map((_, i) => ownRows(own, i));
  while (rows.some(count => count >= LEAST_ROWS)) {
    all.push(rows);
    rows = rows.map(count => Math.max(Math.min(count, LEAST_ROWS), Math.floor(count / 2)));
    if (rows.every((count, i) => count === all[all.length - 1][i])) break;
  }
  return all.length === 0 ? [rows] : all;
}
