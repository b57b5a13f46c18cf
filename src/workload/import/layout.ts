/** How one kind of checkpoint names the parameters of a network. A layout is data: one file each in layouts/. */
import type { TrexError } from '../../base/errors.ts';
import type { FamilyName } from '../model.ts';
import { type Parameter, parameterName } from '../parameters.ts';
import type { Size } from '../size.ts';

/** Where more than a name is to be said of a parameter. */
export interface Detailed {
  /** As a plain template. */
  readonly name?: string | readonly string[];
  /** Whole names, where weight and bias do not end in `.weight` and `.bias`. */
  readonly weight?: readonly string[];
  readonly bias?: readonly string[];
  /** All tensors of these names hold the same values; absent: the first that is there is meant. */
  readonly same?: true;
  /** The tensor holds `of` layers of equal size, one below the other, of which this is number `part`. */
  readonly part?: number;
  readonly of?: number;
  /** They stand side by side; the bias is that of all together. */
  readonly columns?: true;
  /** The weight is kept as inputs x outputs, with the outputs of all of them side by side (Conv1D of GPT-2). */
  readonly transposed?: true;
  /** Factor on each output of the layer, which is merged into it (layer scale: Touvron et al., arXiv 2103.17239). */
  readonly gain?: readonly string[];
  /** Without its gain a checkpoint is not whole. */
  readonly gained?: true;
}

/**
 * A name without `.weight` or `.bias`, or several that it may have. {p} stands for the prefix before the network, {w}
 * for the one before the whole model, {i} for the encoder.
 */
type NameTemplate = string | readonly string[] | Detailed;

/** A head that a tensor shows, by its word among the heads of model types. */
export interface ShownHead {
  readonly head: string;
  /** A template of a whole name. */
  readonly tensor: string;
  /** Must be there as well. */
  readonly with?: string;
}

/** Tensors that are in checkpoints and change nothing of what a network gives. */
export interface Idle {
  readonly pattern: RegExp;
  readonly why: string;
}

/** Tensors that show another network, which would give other results. */
export interface Foreign {
  readonly pattern: RegExp;
  /** What such a tensor is for. */
  readonly what: string;
}

/** The shapes of a checkpoint's tensors, by names without the prefix before the network. */
export interface ShapeReader {
  readonly prefix: string;
  /** @throws TrexError for a tensor that is missing or has another number of dimensions. */
  shapeOf(tensor: string, rank: number): readonly number[];
  has(tensor: string): boolean;
  /** What is thrown where the shapes make no network. */
  refusal(what: string): TrexError;
  /** Sizes that the image may have by what is said beside the tensors. */
  readonly images: readonly Size[];
}

/** Fields of a model file that shapes tell; the heads leave no trace in them. */
export interface ShapeFields {
  readonly family: FamilyName;
  readonly normEps: number;
  readonly [field: string]: unknown;
}

export interface Layout {
  /** That of its file. */
  readonly name: string;
  /** Whose checkpoints these are. */
  readonly title: string;
  /** Model families whose weights come in this layout. */
  readonly families: readonly FamilyName[];
  /** Matches one tensor that only this layout has; group 1 is {w}, groups 1 and 2 together are {p}. */
  readonly mark: RegExp;
  /** The layout whose mark its checkpoints bear as well: where both are found, this one is meant. */
  readonly extends?: string;
  /** By the op's name within its encoder (`q` of `e0.q`). */
  readonly encoder: Readonly<Record<string, NameTemplate>>;
  /** The same for the layers of a gated MLP. */
  readonly gated?: Readonly<Record<'fc1' | 'fc1Value', NameTemplate>>;
  /** By the owner of a parameter outside the encoders. */
  readonly outside: Readonly<Record<string, NameTemplate>>;
  /** Norms may be called gamma and beta instead of weight and bias. */
  readonly gammaBeta?: boolean;
  /** BatchNorm comes folded: no running mean and variance. */
  readonly foldedBatchNorm?: boolean;
  /** Heads, in order of preference among those of one tensor; absent: its names show none, and what describes the network says it. */
  readonly heads?: readonly ShownHead[];
  /** How position embeddings are interpolated: as timm does it, or as transformers does. */
  readonly positions: 'antialias' | 'plain';
  /** Tensors that inference never reads. */
  readonly idle?: readonly Idle[];
  readonly foreign?: readonly Foreign[];
  /** The network whose weights these are, for checkpoints that come without a configuration. */
  readonly fromShapes: 'refused' | ((shapes: ShapeReader) => ShapeFields);
}

/** What stands before the names of a checkpoint: before the whole model, and before the network without its heads. */
export interface Prefixes {
  readonly whole: string;
  readonly network: string;
}

/** Where a parameter stands: the names its tensor may have, its share of the rows or columns, and its factors. */
export interface Location {
  readonly names: readonly string[];
  readonly part: number;
  readonly of: number;
  readonly columns: boolean;
  readonly transposed: boolean;
  readonly same: boolean;
  readonly gains: readonly string[];
  readonly gained: boolean;
}

const OLD_ROLES = { weight: 'gamma', bias: 'beta' } as const;

/** Where the layout keeps a parameter; one that it does not know (a transformation block) keeps our own name. */
export function locate(layout: Layout, parameter: Parameter, prefixes: Prefixes): Location {
  const { owner, role } = parameter;
  const [, encoder, name] = /^e(\d+)\.(.+)$/.exec(owner) ?? [];
  const template = encoder === undefined ? own(layout.outside, owner) : own(layout.encoder, name);
  const whole = { part: 0, of: 1, columns: false, transposed: false, same: false, gains: [], gained: false };
  if (template === undefined) return { names: [prefixes.whole + parameterName(parameter)], ...whole };
  const roles: string[] = [role];
  const isVector = parameter.shape.length === 1;
  if (layout.gammaBeta && isVector && (role === 'weight' || role === 'bias')) roles.push(OLD_ROLES[role]);
  const filled = (stem: string): string => fill(stem, prefixes, encoder);
  const ends = stemsOf(template)
    .map(filled)
    .flatMap(stem => roles.map(r => (r === '' ? stem : `${stem}.${r}`)));
  if (!isDetailed(template)) return { names: ends, ...whole };
  const { part = 0, of = 1, columns = false, same = false, gain = [], gained = false } = template;
  const transposed = template.transposed === true && role === 'weight';
  const listed = role === 'weight' || role === 'bias' ? (template[role] ?? []) : [];
  const ofLayer = role === 'weight' || role === 'bias' ? gain.map(filled) : [];
  const names = [...ends, ...listed.map(filled)];
  const share = columns && role !== 'weight' ? { part: 0, of: 1, columns: false } : { part, of, columns };
  return { names, ...share, transposed, same, gains: ofLayer, gained };
}

/** The encoder that a tensor belongs to by the layout's rules; undefined for any other name. */
export function encoderOf(layout: Layout, tensor: string, prefixes: Prefixes): number | undefined {
  for (const stem of Object.values(layout.encoder).flatMap(stemsOf)) {
    const [before, after] = fill(stem, prefixes).split('{i}');
    if (!tensor.startsWith(before)) continue;
    const [, encoder, rest] = /^(\d+)(.*)$/.exec(tensor.slice(before.length)) ?? [];
    if (rest === `${after}.weight` || rest === `${after}.bias`) return Number(encoder);
  }
  return undefined;
}

const isDetailed = (template: NameTemplate): template is Detailed =>
  typeof template === 'object' && !Array.isArray(template);

function stemsOf(template: NameTemplate): readonly string[] {
  if (typeof template === 'string') return [template];
  return isDetailed(template) ? stemsOf(template.name ?? []) : template;
}

const own = (table: Readonly<Record<string, NameTemplate>>, key: string): NameTemplate | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/** A name out of a template. */
export const fill = (stem: string, { whole, network }: Prefixes, encoder = '{i}'): string =>
  stem.replace('{w}', whole).replace('{p}', network).replace('{i}', encoder);
