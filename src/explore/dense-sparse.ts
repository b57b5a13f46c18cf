/**
 * Cycles of a machine whose lines are split between a dense and a sparse part of fixed attention masks (ViTCoD, You et al.,
 * HPCA 2023, arXiv 2210.09573): the laws of its released simulator (github.com/GATECH-EIC/ViTCoD, Hardware/Simulator), from
 * what a mask keeps. Columns with many kept rows stand in front as global tokens, N x g entries that are computed whole;
 * of the rest only what is kept. Heads run side by side, and the first one is counted for all.
 */
import { usageError } from '../base/errors.ts';

/** Lines of multipliers, and the memory that operands come from. */
export interface SplitMachine {
  readonly lines: number;
  /** MACs of a line in one cycle. */
  readonly macs: number;
  readonly clock_Hz: number;
  /** Bytes a second. */
  readonly memory: number;
  /** Of an operand. */
  readonly bits: number;
}

/** ViTCoD's: 64 x 8 lines at 500 MHz with 76.8 GiB/s, 8 bits. */
export const VITCOD: SplitMachine = {
  lines: 64,
  macs: 8,
  clock_Hz: 500e6,
  memory: 76.8 * 2 ** 30,
  bits: 8,
};

/** A network whose masks are fixed. */
export interface SplitNetwork {
  readonly tokens: number;
  readonly heads: number;
  readonly headDim: number;
  /** Share of the heads that Q and K travel as; a decoder makes the others again. */
  readonly codec: number;
  /** How often the V of a key outside the global tokens is loaded. */
  readonly valueLoads: number;
  /** Of the first head, layer by layer. */
  readonly layers: readonly MaskedHead[];
}

/** What the mask of a head keeps. */
export interface MaskedHead {
  /** Global tokens. */
  readonly globals: number;
  /** Entries outside of them. */
  readonly kept: number;
}

/** Cycles of attention, all layers. */
export interface SplitCycles {
  readonly preload: number;
  readonly decoder: number;
  /** Q K^T where the mask keeps something, and its product with V: of the two parts side by side, the longer one. */
  readonly sddmm: number;
  readonly spmm: number;
  /** Loading beside decoding and computing. */
  readonly total: number;
  /** Share of the entries outside the global tokens that is kept, the mean over layers. */
  readonly density: number;
}

/** @throws TrexError (usage) for what the laws do not cover: no global tokens, or fewer lines than the smaller part needs. */
export function splitAttention(machine: SplitMachine, network: SplitNetwork): SplitCycles {
  const layers = network.layers.map((head, layer) => layerCycles(machine, network, head, layer));
  const total = (of: (cycles: LayerCycles) => number): number =>
    layers.reduce((sum, one) => sum + of(one), 0);
  const [preload, decoder] = [total(l => l.preload), total(l => l.decoder)];
  const [sddmm, spmm] = [total(l => l.sddmm), total(l => l.spmm)];
  const density = total(l => l.density) / layers.length;
  return { preload, decoder, sddmm, spmm, total: Math.max(preload, decoder + sddmm + spmm), density };
}

type LayerCycles = Omit<SplitCycles, 'total'>;

function layerCycles(
  machine: SplitMachine,
  { tokens, heads, headDim, codec, valueLoads }: SplitNetwork,
  { globals, kept }: MaskedHead,
  layer: number,
): LayerCycles {
  const check = (what: string, value: number, least: number, most: number): void => {
    if (!Number.isInteger(value) || value < least || value > most)
      throw usageError(`layer ${layer}: ${value} ${what}: expected ${least} to ${most}`);
  };
  check('global tokens', globals, 1, tokens);
  check('entries outside of them', kept, 0, tokens * (tokens - globals));
  const load = loading(machine);
  // The heads as they travel, side by side; a head decodes with its share of the MACs, and loads with its share of the bus.
  const travelling = heads * codec;
  const decode = Math.ceil((travelling * headDim) / Math.floor((machine.lines * machine.macs) / heads));
  const decoderWeights = load(travelling * heads);
  const value = load(heads * headDim);
  const dense = globals * tokens;
  const width = Math.floor((machine.lines * dense) / (kept + dense));
  const rest = machine.lines - width;
  if (width < 1 || (rest < 1 && kept > 0))
    throw usageError(
      `layer ${layer}: ${machine.lines} lines cannot be split into ${dense} and ${kept} entries`,
    );
  const steps = Math.ceil(headDim / (machine.macs / heads));
  const times = (entries: number, lines: number): number =>
    entries === 0 ? 0 : Math.ceil((entries * headDim) / Math.floor((lines * machine.macs) / heads));
  const outside = tokens - globals;
  return {
    // The decoder's weights come with the first global key, the first query and the first other key.
    preload:
      2 * tokens * load(travelling * headDim) +
      (outside > 0 ? 3 : 2) * decoderWeights +
      (globals + outside * valueLoads) * value,
    decoder: 2 * tokens * decode,
    sddmm: Math.max(
      globals * Math.ceil(tokens / width) * steps,
      kept === 0 ? 0 : Math.ceil(kept / rest) * steps,
    ),
    spmm: Math.max(times(dense, width), times(kept, rest)),
    density: outside === 0 ? 0 : kept / (tokens * outside),
  };
}

/** Cycles of the layers around attention, all encoders. */
export interface LinearCycles {
  /** Q, K, V and the projection, and the loading of their weights with the storing of Q, K and V. */
  readonly linear: number;
  readonly linearPreload: number;
  /** The two layers of the MLP, four times as wide as the tokens. */
  readonly ffn: number;
}

/** The released laws round each token down, and each head has its share of the MACs. */
export function linearCycles(machine: SplitMachine, network: Omit<SplitNetwork, 'valueLoads'>): LinearCycles {
  const { tokens, heads, headDim, codec, layers } = network;
  const dim = heads * headDim;
  const perHead = Math.floor((machine.lines * machine.macs) / heads);
  const load = loading(machine);
  const linear =
    3 * tokens * Math.floor((dim * headDim) / perHead) + Math.floor((tokens * dim * headDim) / perHead);
  const stored = tokens * (2 * load(headDim * heads * codec) + load(headDim * heads));
  const weights = 3 * headDim * load(heads * dim) + 2 * load(heads * heads * codec);
  const projection = Math.floor(tokens / perHead) * dim * load(headDim * heads);
  const ffn = 2 * Math.floor((tokens * dim * dim * 4) / (machine.lines * machine.macs));
  const encoders = layers.length;
  return {
    linear: encoders * linear,
    linearPreload: encoders * (weights + stored + projection),
    ffn: encoders * ffn,
  };
}

/** Cycles that so many operands take from memory. */
const loading =
  ({ memory, bits, clock_Hz }: SplitMachine) =>
  (operands: number): number =>
    Math.ceil(((operands * bits) / (memory * 8)) * clock_Hz);
