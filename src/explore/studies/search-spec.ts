/** `search:` of a study: which of its points are looked at, what is to be small or large, and what must hold. */
import * as z from 'zod';
import type { Problem } from '../../arch/problem.ts';
import { type Branch, nodeAt, spanAt, type Tree } from '../../arch/tree.ts';
import { type Constraint, isMisread, parseConstraint } from './constraint.ts';
import { figureProblem } from './figure-paths.ts';
import type { MetricName } from './metric-names.ts';

/** Hypervolumes of more take long, and a front of so many objectives is most of the space. */
const MOST_OBJECTIVES = 6;

const seed = z.int().default(1).meta({ description: 'of the choice of points' });
const common = {
  objectives: z
    .array(z.string().min(1))
    .min(1)
    .max(MOST_OBJECTIVES)
    .meta({ description: 'figures to be small, such as latency_s; max:PATH for one to be large' }),
  constraints: z
    .array(z.string().min(1))
    .default([])
    .meta({ description: 'PATH <= VALUE [unit], or >=, such as area_m2 <= 800 mm2' }),
};

/** What stands below `search`. */
export const searchSchema = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('grid'), ...common }),
  z.strictObject({ method: z.literal('random'), ...common, points: z.int().min(1), seed }),
  z.strictObject({
    method: z.literal('nsga2'),
    ...common,
    population: z.int().min(4).default(40),
    generations: z.int().min(1).default(20),
    seed,
  }),
]);
type Written = z.output<typeof searchSchema>;

/** A figure that is to be small or large. */
export interface Objective {
  readonly path: string;
  readonly sense: 'min' | 'max';
}

/** How points are chosen, and how many: as `search:` of a file has it. */
export type SearchMethod =
  | { readonly method: 'grid' }
  | { readonly method: 'random'; readonly points: number; readonly seed: number }
  | {
      readonly method: 'nsga2';
      readonly population: number;
      readonly generations: number;
      readonly seed: number;
    };

/** `search:` of a study. */
export interface SearchSpec {
  readonly method: SearchMethod;
  readonly objectives: readonly Objective[];
  readonly constraints: readonly Constraint[];
}

/** The search of a study whose schema has been checked; its slips are noted. */
export function readSearch(
  { objectives, constraints, ...method }: Written,
  metrics: readonly MetricName[],
  tree: Branch,
  problems: Problem[],
): SearchSpec {
  const read = objectives.map((text, i): Objective => {
    const at = ['search', 'objectives', i];
    const [, sense = 'min', path] = /^(?:(min|max):)?\s*(.*)$/.exec(text) ?? ['', 'min', text];
    const wrong = figureProblem(path, metrics);
    if (wrong !== undefined) problems.push({ span: spanAt(tree, at), path: at.join('.'), message: wrong });
    return { path, sense: sense as Objective['sense'] };
  });
  const twice = read.findIndex(({ path }, i) => read.findIndex(one => one.path === path) !== i);
  if (twice >= 0) {
    const at = ['search', 'objectives', twice];
    problems.push({
      span: spanAt(tree, at),
      path: at.join('.'),
      message: `${read[twice].path} stands there twice`,
    });
  }
  const bounds = constraints.flatMap((text, i): Constraint[] => {
    const at = ['search', 'constraints', i];
    const constraint = parseConstraint(text);
    const found = isMisread(constraint)
      ? constraint
      : wordOf(text, constraint.path, figureProblem(constraint.path, metrics));
    if (found !== undefined)
      problems.push({
        span: within(nodeAt(tree, at)!, text, found),
        path: at.join('.'),
        message: found.message,
      });
    return isMisread(constraint) ? [] : [constraint];
  });
  return { method, objectives: read, constraints: bounds };
}

const wordOf = (text: string, word: string, message: string | undefined) =>
  message === undefined ? undefined : { message, at: text.indexOf(word), length: word.length };

/** The characters of an expression in its file; the whole of one that is written with escapes. */
function within(
  { span }: Tree,
  text: string,
  { at, length }: { at: number; length: number },
): Problem['span'] {
  const begin = span.source.text.slice(span.start, span.end).indexOf(text);
  if (begin < 0) return span;
  const start = Math.min(span.start + begin + at, span.end - 1);
  return { source: span.source, start, end: start + length };
}

/** Designs that a search looks at, at most, of so many. */
export function budgetOf({ method }: SearchSpec, designs: number): number {
  if (method.method === 'grid') return designs;
  const most = method.method === 'random' ? method.points : method.population * (method.generations + 1);
  return Math.min(designs, most);
}
