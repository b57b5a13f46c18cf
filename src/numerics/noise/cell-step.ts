/**
 * Effects on one cell in fixed point: the same integers in every back end. `STEPS` is the definition, kind by kind; the
 * back ends have tables of their own over the same kinds.
 */
import { largest } from '../../base/extremes.ts';
import { log2 } from '../../base/math.ts';
import { COUNTERS, hashCounter, type StreamKey } from '../../base/random.ts';
import type { CellKind, EffectKinds } from '../../tech/noise-effects.ts';
import { drawZ, MAX_MANTISSA, mantissa, type SigmaScale, scaled, sigmaScale } from './gaussian.ts';
import { largestEntry, Z_BITS, Z_TABLE } from './normal-table.ts';

/** Largest |z| in standard deviations. */
const MAX_Z = 5.2;

/** floor(floor(g / 2^preShift) factor / 2^factorShift): a share of a conductance, the product below 2^24. */
export interface ShareOf {
  readonly preShift: number;
  readonly factor: number;
  readonly factorShift: number;
}

/** What a kind of effect is in fixed point. */
export interface CellStepKinds {
  /** g = max(0, g + mantissas[level] z), the mantissas on a scale. */
  readonly levelSpread: { readonly mantissas: Int32Array; readonly scale: SigmaScale };
  /** g = max(0, g + (base + share of g) z), the mantissa on a scale. */
  readonly cellSpread: { readonly base: number; readonly scale: SigmaScale } & ShareOf;
  /** A 24-bit uniform integer below `off`: g = low; below `on`: g = high. */
  readonly stuckAt: {
    readonly off: number;
    readonly on: number;
    readonly low: number;
    readonly high: number;
  };
  /** A 24-bit uniform integer below `below`: g = g - share of g. */
  readonly partialLoss: { readonly below: number } & ShareOf;
  /** g = round(g factor(z, level)): real numbers, which only the reference has. */
  readonly factor: EffectKinds['factor'];
}

export type CellStep<K extends CellKind = CellKind> = {
  [P in K]: {
    readonly kind: P;
    readonly term: string;
    /** Name of its random numbers below those of the matrix. */
    readonly stream: string;
  } & CellStepKinds[P];
}[K];

/** What an effect is worked out for. */
export interface CellUnits {
  /** Conductance of each level, in units. */
  readonly levelUnits: Int32Array;
  /** Units of one level. */
  readonly levelStep: number;
  /** No cell is larger before the effect, in units. */
  readonly bound: number;
}

/** Cells of one array, side by side: the place of a cell is the counter of its random numbers. */
export interface ArrayCells {
  /** Conductances in units. */
  readonly g: Int32Array;
  readonly levels: Int16Array;
}

interface StepKind<K extends CellKind> {
  fixed(effect: EffectKinds[K], units: CellUnits): CellStepKinds[K];
  /** What the cells of an array become; each kind has a loop of its own, for a call per cell would cost more than the step. */
  apply(cells: ArrayCells, step: CellStepKinds[K], key: StreamKey): void;
  /** No cell that was at most `bound` is larger afterwards: an estimate in advance. */
  bound(bound: number, effect: EffectKinds[K], units: CellUnits): number;
  /** No cell of a level that was at most `largest` is larger afterwards: exactly. */
  largest(largest: number, step: CellStepKinds[K], level: number): number;
  /** A reference cell has it too; one that would be found at test is replaced. */
  readonly inReference: boolean;
}

const STEPS: { readonly [K in CellKind]: StepKind<K> } = {
  levelSpread: {
    fixed({ sigma }, { levelStep }) {
      const sigmas = sigma.map(s => s * levelStep);
      const scale = sigmaScale(largest(sigmas));
      return { mantissas: Int32Array.from(sigmas, s => mantissa(s, scale)), scale };
    },
    apply({ g, levels }, { mantissas, scale }, key) {
      for (let i = 0; i < g.length; i++) {
        const sigma = mantissas[levels[i]];
        // Without a spread nothing is added, so nothing need be drawn.
        if (sigma > 0) g[i] = Math.max(0, g[i] + scaled(sigma, drawZ(key, i), scale));
      }
    },
    bound: (bound, { sigma }, { levelStep }) =>
      bound + Math.ceil(MAX_Z * largest(sigma.map(s => s * levelStep))),
    largest: (largest, { mantissas, scale }, level) => largest + scaled(mantissas[level], largestZ(), scale),
    inReference: true,
  },
  cellSpread: {
    fixed({ ofRange, ofCell }, { levelUnits, levelStep, bound }) {
      const range = ofRange * ((levelUnits.length - 1) * levelStep);
      const scale = sigmaScale(range + ofCell * bound);
      return { base: mantissa(range, scale), scale, ...shareOf(ofCell * 2 ** scale.exponent, bound) };
    },
    apply({ g }, step, key) {
      for (let i = 0; i < g.length; i++)
        g[i] = Math.max(0, g[i] + scaled(spreadOf(g[i], step), drawZ(key, i), step.scale));
    },
    bound: (bound, { ofRange, ofCell }, { levelUnits, levelStep }) =>
      bound + Math.ceil(MAX_Z * (ofRange * (levelUnits.length - 1) * levelStep + ofCell * bound)),
    largest: (largest, step) => largest + scaled(spreadOf(largest, step), largestZ(), step.scale),
    inReference: true,
  },
  stuckAt: {
    fixed: ({ off, on }, { levelUnits }) => ({
      off: Math.round(off * COUNTERS),
      on: Math.round((off + on) * COUNTERS),
      low: levelUnits[0],
      high: levelUnits[levelUnits.length - 1],
    }),
    apply({ g }, { off, on, low, high }, key) {
      for (let i = 0; i < g.length; i++) {
        const u = hashCounter(key, i);
        if (u < off) g[i] = low;
        else if (u < on) g[i] = high;
      }
    },
    bound: bound => bound,
    largest: (largest, { high }) => Math.max(largest, high),
    inReference: false,
  },
  partialLoss: {
    fixed: ({ probability, share }, { bound }) => ({
      below: Math.round(probability * COUNTERS),
      ...shareOf(share, bound),
    }),
    apply({ g }, step, key) {
      for (let i = 0; i < g.length; i++) if (hashCounter(key, i) < step.below) g[i] -= takeShare(g[i], step);
    },
    bound: bound => bound,
    largest: largest => largest,
    inReference: true,
  },
  factor: {
    fixed: effect => effect,
    apply({ g, levels }, { factor }, key) {
      for (let i = 0; i < g.length; i++)
        g[i] = Math.round(g[i] * factor(drawZ(key, i) / 2 ** Z_BITS, levels[i]));
    },
    bound: (bound, effect, { levelUnits }) =>
      Math.ceil(
        bound * largest([1, ...[...levelUnits.keys()].map(level => largestFactor(effect, MAX_Z, level))]),
      ),
    largest: (most, effect, level) =>
      Math.ceil(most * Math.max(1, largestFactor(effect, largestZ() / 2 ** Z_BITS, level))),
    inReference: true,
  },
};

const largestFactor = ({ factor }: EffectKinds['factor'], z: number, level: number): number =>
  Math.max(factor(-z, level), factor(z, level));

const largestZ = (): number => 2 * largestEntry(Z_TABLE);

/** `perUnit` of a conductance of at most `bound`: 13 bits of the conductance times 11 bits of factor. */
function shareOf(perUnit: number, bound: number): ShareOf {
  const preShift = Math.max(0, Math.ceil(log2(bound + 1)) - 13);
  const perStep = perUnit * 2 ** preShift;
  const finest = Math.floor(log2(2047 / Math.max(perStep, 2 ** -12)));
  const factorShift = Math.max(0, Math.min(23, finest));
  return { preShift, factor: Math.round(perStep * 2 ** factorShift), factorShift };
}

const takeShare = (g: number, { preShift, factor, factorShift }: ShareOf): number =>
  ((g >> preShift) * factor) >> factorShift;

const spreadOf = (g: number, step: CellStepKinds['cellSpread']): number =>
  Math.min(MAX_MANTISSA, step.base + takeShare(g, step));

/** The step of an effect, and what no cell exceeds after it. */
export function cellStep<K extends CellKind>(
  effect: { readonly kind: K; readonly term: string } & EffectKinds[K],
  stream: string,
  units: CellUnits,
): { step: CellStep<K>; bound: number } {
  const kind: StepKind<K> = STEPS[effect.kind];
  const step = { ...kind.fixed(effect, units), kind: effect.kind, term: effect.term, stream };
  return { step: step as CellStep<K>, bound: kind.bound(units.bound, effect, units) };
}

/** One step on the cells of an array, in place. */
export function applyStep<K extends CellKind>(cells: ArrayCells, step: CellStep<K>, key: StreamKey): void {
  STEPS[step.kind].apply(cells, step, key);
}

export function largestAfter<K extends CellKind>(largest: number, step: CellStep<K>, level: number): number {
  return STEPS[step.kind].largest(largest, step, level);
}

export const inReference = ({ kind }: CellStep): boolean => STEPS[kind].inReference;
