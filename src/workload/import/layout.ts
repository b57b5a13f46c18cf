/** How one kind of checkpoint names the parameters of a network. A layout is data: one file each in layouts/. */
import type { TrexError } from '../../base/errors.ts';
import type { FamilyName } from '../model.ts';
import { type Parameter, parameterName } from '../parameters.ts';

/** The rows of the tensor `name` hold `of` layers of equal size, one below the other; this is number `part`. */
export interface Fused {
  readonly name: string;
  readonly part: number;
  readonly of: number;
}

/**
 * A name without `.weight` or `.bias`, or several that it may have. {p} stands for the prefix before the network, {w}
 * for the one before the whole model, {i} for the encoder.
 */
type NameTemplate = string | readonly string[] | Fused;

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
  /** By the owner of a parameter outside the encoders. */
  readonly outside: Readonly<Record<string, NameTemplate>>;
  /** Norms may be called gamma and beta instead of weight and bias. */
  readonly gammaBeta?: boolean;
  /** BatchNorm comes folded: no running mean and variance. */
  readonly foldedBatchNorm?: boolean;
  /** Tensors that inference never reads. */
  readonly idle?: RegExp;
  readonly foreign?: readonly Foreign[];
  /** The network whose weights these are, for checkpoints that come without a configuration. */
  readonly fromShapes: 'refused' | ((shapes: ShapeReader) => ShapeFields);
}

/** What stands before the names of a checkpoint: before the whole model, and before the network without its heads. */
export interface Prefixes {
  readonly whole: string;
  readonly network: string;
}

/** Where a parameter stands: the names its tensor may have, and its share of the rows. */
export interface Location {
  readonly names: readonly string[];
  readonly part: number;
  readonly of: number;
}

const OLD_ROLES = { weight: 'gamma', bias: 'beta' } as const;

/** Where the layout keeps a parameter; one that it does not know (a transformation block) keeps our own name. */
export function locate(layout: Layout, parameter: Parameter, prefixes: Prefixes): Location {
  const { owner, role } = parameter;
  const [, encoder, name] = /^e(\d+)\.(.+)$/.exec(owner) ?? [];
  const template = encoder === undefined ? own(layout.outside, owner) : own(layout.encoder, name);
  if (template === undefined) return { names: [prefixes.whole + parameterName(parameter)], part: 0, of: 1 };
  const roles: string[] = [role];
  const isVector = parameter.shape.length === 1;
  if (layout.gammaBeta && isVector && (role === 'weight' || role === 'bias')) roles.push(OLD_ROLES[role]);
  const stems = stemsOf(template).map(stem => fill(stem, prefixes, encoder));
  const names = stems.flatMap(stem => roles.map(r => (r === '' ? stem : `${stem}.${r}`)));
  const { part, of } = isFused(template) ? template : { part: 0, of: 1 };
  return { names, part, of };
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

const isFused = (template: NameTemplate): template is Fused =>
  typeof template === 'object' && !Array.isArray(template);

function stemsOf(template: NameTemplate): readonly string[] {
  if (typeof template === 'string') return [template];
  return isFused(template) ? [template.name] : template;
}

const own = (table: Readonly<Record<string, NameTemplate>>, key: string): NameTemplate | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

const fill = (stem: string, { whole, network }: Prefixes, encoder = '{i}'): string =>
  stem.replace('{w}', whole).replace('{p}', network).replace('{i}', encoder);
