/** Mixture of experts (Shazeer et al., arXiv 1701.06538): a router sends each row to the best of several experts, and what they make of it comes back in the order of the rows. Each expert has arrays of its own, to which its rows stream. */
import * as z from 'zod';
import { usageError } from '../base/errors.ts';
import type { GraphBuilder, LinearShape, Place } from './builder.ts';
import { joinedRows } from './reorder.ts';
import { type RouteOptions, rowsByShare } from './routes.ts';
import { WEIGHT_CODECS, type WeightCodec } from './weight-codec.ts';

/** Shares may be written with a few digits: what they add up to counts as 1. */
const SHARES_EPS = 1e-3;

/** Fields of every kind of experts. */
export const routeFields = {
  top: z.int().positive().default(1).describe('Experts that each row goes to'),
  load: z
    .array(z.number().nonnegative().lte(1))
    .optional()
    .describe(
      'Shares of all choices that each expert gets, together 1: how many rows it multiplies in a timing run; absent: equal shares',
    ),
  loadSource: z
    .string()
    .min(1)
    .optional()
    .describe('Who has measured or published these shares; absent: they are assumed'),
} as const;

/** A matrix that is several: experts of one layer each. */
export const matrixExpertsField = z
  .strictObject({
    codecs: z
      .array(z.enum(['any', ...WEIGHT_CODECS]))
      .min(1)
      .describe('What the weights of each expert can be: any number, or signed powers of two (pow2)'),
    ...routeFields,
  })
  .optional();

type MatrixExperts = z.output<typeof matrixExpertsField>;

/** What goes to experts: an op's rows, and how wide. */
export interface Routed {
  readonly id: string;
  readonly rows: number;
  readonly columns: number;
}

/** Adds expert number `expert` on so many of the rows, which `id` gives; gives what it makes of them. */
export type AddExpert = (expert: number, x: Routed) => Routed;

/**
 * Router, experts and what brings their rows back: rows x the experts' width. The router is a matrix (`.router`; with a bias, unless `routerBias` is false)
 * and a softmax over the experts (`.gates`). @throws TrexError (usage) for shares or a number of choices that cannot be.
 */
export function addExperts(
  b: GraphBuilder,
  at: (name: string) => Place,
  x: Routed,
  options: RouteOptions & { readonly experts: number; readonly routerBias?: boolean },
  addExpert: AddExpert,
): string {
  const { experts, top, loadSource, routerBias = true } = options;
  const { rows, columns: width } = x;
  const counts = rowsByShare(rows, top, sharesOf(options));
  const router = b.linear(at('router'), x.id, { rows, in: width, out: experts, bias: routerBias });
  const gates = b.vector(at('gates'), 'softmax', [router], { rows, rowLength: experts });
  const made = counts.map((to, index) => {
    const expert = { experts, top, index, assumed: loadSource === undefined };
    const change = { from: rows, to, width, change: 'route', start: 0, expert } as const;
    const id = b.tokens(at(`route${index}`), x.id, change, gates);
    return addExpert(index, { id, rows: to, columns: width });
  });
  const odd = made.findIndex(({ columns }) => columns !== made[0].columns);
  if (odd > 0)
    throw usageError(`expert ${odd} gives ${made[odd].columns} columns, expert 0 gives ${made[0].columns}`);
  const joined = made.length === 1 ? made[0] : joinedRows(b, at('byExpert'), made);
  const shape = { rows: rows * top, rowLength: made[0].columns, routes: { experts, top } };
  return b.vector(at('combine'), 'combine', [joined.id, gates], shape);
}

/** A linear layer, or experts that are one layer each. @throws TrexError (usage) as `addExperts` */
export function expertLinear(
  b: GraphBuilder,
  place: Place,
  input: string,
  shape: LinearShape,
  experts: MatrixExperts,
): string {
  if (experts === undefined) return b.linear(place, input, shape);
  const { codecs, ...route } = experts;
  const { rows, in: columns, out } = shape;
  const x = { id: input, rows, columns };
  const options = { ...route, experts: codecs.length };
  return addExperts(
    b,
    name => part(place, name),
    x,
    options,
    (expert, own) => {
      const codec = codecOf(codecs[expert]);
      const id = b.linear(part(place, `expert${expert}`), own.id, { ...shape, rows: own.rows, codec });
      return { id, rows: own.rows, columns: out };
    },
  );
}

const codecOf = (name: 'any' | WeightCodec): WeightCodec | undefined => (name === 'any' ? undefined : name);

/** An op of a matrix that is several. */
function part(place: Place, name: string): Place {
  const id = `${place.id}.${name}`;
  const own = { ...place, id };
  return place.weightId === undefined ? own : { ...own, weightId: `${place.weightId}.${name}` };
}

const short = (share: number): number => Number(share.toPrecision(4));

/** Shares of all choices. @throws TrexError (usage) */
function sharesOf({
  experts,
  top,
  load,
  loadSource,
}: RouteOptions & { readonly experts: number }): readonly number[] {
  if (top > experts) throw usageError(`top ${top}: a row cannot go to ${top} of ${experts} experts`);
  if (load === undefined) {
    if (loadSource !== undefined) throw usageError('loadSource has no effect without load');
    return Array.from({ length: experts }, () => 1 / experts);
  }
  if (load.length !== experts) throw usageError(`load: ${load.length} shares for ${experts} experts`);
  const sum = load.reduce((all, share) => all + share, 0);
  if (Math.abs(sum - 1) > SHARES_EPS) throw usageError(`load: the shares add up to ${short(sum)}, not to 1`);
  const most = load.findIndex(share => share > 1 / top + SHARES_EPS);
  if (most >= 0)
    throw usageError(
      `load: expert ${most} cannot take ${load[most]} of all choices, where each row goes to ${top} experts: at most ${short(1 / top)}`,
    );
  return load.map(share => share / sum);
}
