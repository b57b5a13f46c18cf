/** A study, from its file: what stays, what varies, what is measured. */

import type * as z from 'zod';
import { problemsOf } from '../../arch/issues.ts';
import { invalidFile, type Problem } from '../../arch/problem.ts';
import { parseOverride } from '../../arch/set.ts';
import { type FileHash, type FileRef, type Files, isPath, shownPath } from '../../arch/source-files.ts';
import { type Branch, keySpan, nodeAt, plain, spanAt } from '../../arch/tree.ts';
import { parseFile } from '../../arch/yaml-source.ts';
import { nearest } from '../../base/errors.ts';
import type { Axis } from './axis.ts';
import { type Condition, contradiction, passes } from './condition.ts';
import { type StudyPath, unknownPaths } from './known-paths.ts';
import { WORD_OPTIONS } from './metric.ts';
import type { MetricName } from './metric-names.ts';
import { metricOf } from './metric-names.ts';
import { MOST_POINTS, type Points, pointsOf } from './points.ts';
import { type ReadAxis, type ReadPart, readVary } from './read-vary.ts';
import { Routes, routeOf } from './routes.ts';
import { readSearch, type SearchSpec } from './search-spec.ts';
import { studySchema } from './study-schema.ts';
import { shownValue, type Value, type Values } from './value.ts';

/** Values of an axis that a condition on it is held against. */
const MOST_TRIED = 10_000;
/** A share that gives no whole number of most ranges. */
const INSIDE = 0.382;
/** Values of an axis that are looked up as names of files. */
const MOST_NAMES = 256;

/** A study that was read and checked: what stays, what varies, what is measured. */
export interface Study {
  /** Of the file, or as it says. */
  readonly name: string;
  readonly file: FileRef;
  readonly hash: FileHash;
  readonly metrics: readonly MetricName[];
  /** What all points have, by path. */
  readonly iso: Values;
  /** The paths that vary, in the order of the file. */
  readonly varied: readonly string[];
  readonly points: Points;
  /** Which of the points are looked at; absent: all of them. */
  readonly search?: SearchSpec;
  /** As the file has it, for who compares studies. */
  readonly content: Values;
}

/**
 * Reads a study and checks all of it that does not need its points.
 * @throws TrexError: missing file (4), invalid file with all its problems, each with line and column (3).
 */
export function loadStudy(files: Files, name: string): Study {
  const ref = files.resolve('arch', isPath(name) ? name : `./${name}`);
  const { text, sha256 } = files.read(ref);
  const { study, paths } = parseStudy(ref, text, sha256);
  const unknown = unknownPaths(paths, study.metrics, files);
  if (unknown.length > 0) throw invalidFile(unknown);
  return study;
}

/** A study as far as its own text says, with its paths. @throws TrexError (3) with all problems */
export function parseStudy(
  ref: FileRef,
  text: string,
  sha256: string,
): { readonly study: Study; readonly paths: readonly StudyPath[] } {
  const { tree, problems: bad } = parseFile(ref.name, text);
  if (tree === undefined || bad.length > 0) throw invalidFile(bad);
  const content = plain(tree) as Values;
  const read = studySchema.safeParse(content);
  if (!read.success) throw invalidFile(problemsOf(read.error.issues, tree, studySchema));
  const { metrics, iso: written = {}, when, seeds, repeat } = read.data;
  const problems: Problem[] = [];
  const refuse = (path: readonly (string | number)[], message: string, shown = path.join('.')): void => {
    problems.push({ span: keySpan(tree, path) ?? spanAt(tree, path), path: shown, message });
  };
  const twice = metrics.findIndex((metric, i) => metrics.indexOf(metric) !== i);
  if (twice >= 0) refuse(['metrics', twice], `${metrics[twice]} stands there twice`);
  const iso = isoOf(tree, written as Values, refuse);
  // Records of zod lose this key without a word.
  for (const record of ['iso', 'when'])
    if (keySpan(tree, [record, '__proto__']) !== undefined) refuse([record, '__proto__'], 'unknown path');
  const vary = nodeAt(tree, ['vary']);
  if (vary === undefined) {
    refuse(['vary'], 'missing, expected what varies, such as tech.adc.bits: [4, 5, 6]');
    throw invalidFile(problems);
  }
  const parts = readVary(vary, keySpan(tree, ['vary']) ?? tree.span, problems);
  if (parts.length === 0 && problems.length === 0 && seeds === undefined && repeat === undefined)
    refuse(['vary'], 'nothing varies: expected paths with their values, such as tech.adc.bits: [4, 5, 6]');
  checkPaths(metrics, iso, parts, tree, problems);
  if (seeds !== undefined && repeat !== undefined)
    refuse(['repeat'], 'stands beside seeds: give one of them');
  if (seeds !== undefined && new Set(seeds).size < seeds.length)
    refuse(['seeds'], 'a seed stands there twice');
  checkConditions(parts, iso, { when, tree }, problems);
  const search = read.data.search && readSearch(read.data.search, metrics, tree, problems);
  if (problems.length > 0) throw invalidFile(problems);
  const own = seeds ?? Array.from({ length: Math.min(repeat ?? 1, MOST_POINTS + 1) }, (_, i) => i + 1);
  const relative = relativeTo(ref, metrics);
  const points = pointsOf({
    parts: parts.map(({ paths, combinations, mayRepeat, when: own }) => ({
      paths,
      mayRepeat,
      combinations: {
        size: combinations.size,
        choices: combinations.choices,
        at: i => combinations.at(i).map((value, n) => relative(paths[n], value)),
      },
      when: own,
    })),
    iso,
    when,
    seeds: own,
  });
  if (!(points.size <= MOST_POINTS)) {
    const message = `${points.size} points, more than the ${MOST_POINTS} that a study may have: fewer values, or a sample such as sobol`;
    throw invalidFile([{ span: keySpan(tree, ['vary'])!, path: 'vary', message }]);
  }
  const study: Study = {
    name: read.data.name ?? ref.name.replace(/^.*[\\/]/, '').replace(/\.ya?ml$/i, ''),
    file: ref,
    hash: { path: ref.name, sha256 },
    metrics,
    iso: Object.fromEntries(Object.entries(iso).map(([path, value]) => [path, relative(path, value)])),
    varied: [...new Set(parts.flatMap(part => part.paths))],
    points,
    ...(search !== undefined && { search }),
    content,
  };
  const paths = [
    ...Object.entries(study.iso).map(([path, value]) => ({
      path,
      span: keySpan(tree, ['iso', path]) ?? spanAt(tree, ['iso', 'set']),
      values: [value],
    })),
    ...parts.flatMap(part =>
      part.axes.map(({ path, span, axis }) => ({
        path,
        span,
        values: listedValues(axis).map(value => relative(path, value)),
      })),
    ),
  ];
  return { study, paths };
}

/** Values of an axis of names, which is short. */
function listedValues(axis: Axis): readonly Value[] {
  return Array.from({ length: Math.min(axis.size ?? 0, MOST_NAMES) }, (_, i) => axis.at(i));
}

type Refuse = (path: readonly (string | number)[], message: string, shown?: string) => void;

/** `iso` with the lines of its `set` as paths. */
function isoOf(tree: Branch, { set = [], ...rest }: Values, refuse: Refuse): Values {
  const values: Record<string, Value> = { ...rest };
  const lines = Array.isArray(set) ? (set as readonly Value[]) : [set];
  for (const [i, line] of lines.entries()) {
    const at = nodeAt(tree, ['iso', 'set', i]) === undefined ? ['iso', 'set'] : ['iso', 'set', i];
    try {
      const { path, value } = parseOverride(String(line), 'set');
      const name = path.join('.');
      if (Object.hasOwn(values, name)) refuse(at, `${name} stands there twice`);
      values[name] = plain(value) as Value;
    } catch {
      refuse(at, `expected path=value, e.g. pe.crossbars=16, got ${shownValue(line)}`);
    }
  }
  return values;
}

/** A file that a study names stands beside it, as in every file. */
function relativeTo(ref: FileRef, metrics: readonly MetricName[]): (path: string, value: Value) => Value {
  const routes = new Routes(metrics);
  return (path, value) =>
    typeof value === 'string' && (/\.(ya?ml|csv)$/i.test(value) || routes.isPath(path))
      ? shownPath(value, ref)
      : value;
}

function checkPaths(
  metrics: readonly MetricName[],
  iso: Values,
  parts: readonly ReadPart[],
  tree: Branch,
  problems: Problem[],
): void {
  const seen = new Map<string, { readonly path: string; readonly part: ReadPart | undefined }>();
  const check = (path: string, span: Problem['span'], part?: ReadPart): void => {
    const route = routeOf(path, metrics);
    if (typeof route === 'string') problems.push({ span, path, message: route });
    else if (!('root' in route)) {
      const axis = part?.axes.find(one => one.path === path)?.axis;
      const { schema } =
        'word' in route ? WORD_OPTIONS[route.word] : metricOf(route.metric).options[route.option];
      const values = axis === undefined ? [iso[path]] : someValues(axis);
      checkOption({ path, values, span }, schema, problems);
    }
    // arch.pe.adcBanks is pe.adcBanks.
    const place = typeof route === 'string' || !('root' in route) ? path : `${route.root} ${route.path}`;
    const before = seen.get(place);
    // Parts under conditions of their own may be alternatives.
    if (before !== undefined && (before.part?.when === undefined || part?.when === undefined)) {
      const as = before.path === path ? '' : ` as ${before.path}`;
      problems.push({ span, path, message: `varies or stays already${as}: a path has one place in a study` });
    }
    seen.set(place, { path, part });
  };
  for (const path of Object.keys(iso))
    check(path, keySpan(tree, ['iso', path]) ?? spanAt(tree, ['iso', 'set']));
  for (const part of parts) for (const { path, span } of part.axes) check(path, span, part);
  for (const name of metrics)
    for (const word of metricOf(name).needs)
      if (!seen.has(word)) {
        const message = `${name} needs ${word}: under iso, or under vary`;
        problems.push({ span: spanAt(tree, ['metrics']), path: 'metrics', message });
      }
  for (const name of metrics) {
    const own = [...seen.keys()].filter(path => path.startsWith(`${name}.`));
    const lacking = metricOf(name).lacks?.(own.map(path => path.slice(name.length + 1)));
    if (lacking === undefined) continue;
    const message = `${name} needs ${lacking}: under iso, or under vary`;
    problems.push({ span: spanAt(tree, ['metrics']), path: 'metrics', message });
  }
}

function checkOption({ path, values, span }: StudyPath, schema: z.ZodType, problems: Problem[]): void {
  for (const value of values) {
    const read = schema.safeParse(value);
    if (read.success) continue;
    // "Invalid input: expected boolean, received string" of zod itself.
    const expected = read.error.issues[0].message
      .replace(/^Invalid (input|option): /, '')
      .replace(/, received.*$/, '');
    problems.push({ span, path, message: `${expected}, got ${shownValue(value)}` });
    return;
  }
}

/** All values of an axis, or the first of very many; of a continuum its ends and one between them. */
function someValues(axis: Axis): readonly Value[] {
  if (axis.size === undefined) return [axis.sample(0), axis.sample(INSIDE)];
  return Array.from({ length: Math.min(axis.size, MOST_TRIED) }, (_, i) => axis.at(i));
}

function checkConditions(
  parts: readonly ReadPart[],
  iso: Values,
  { when, tree }: { readonly when: Condition | undefined; readonly tree: Branch },
  problems: Problem[],
): void {
  const check = (
    condition: Condition,
    axes: readonly ReadAxis[],
    span: (path: string) => Problem['span'],
  ): void => {
    for (const [path, test] of Object.entries(condition)) {
      const axis = axes.filter(one => one.path === path);
      const known = [...Object.keys(iso), ...axes.map(one => one.path)];
      const refuse = (message: string): void =>
        void problems.push({ span: span(path), path: `when.${path}`, message });
      if (!known.includes(path)) {
        const near = nearest(path, known);
        refuse(`stays or varies nowhere before it${near === undefined ? '' : `, did you mean ${near}?`}`);
      }
      const never = contradiction(test);
      if (never !== undefined) refuse(never);
      else if (Object.hasOwn(iso, path) && !passes(test, iso[path]))
        refuse(`never holds: iso says ${shownValue(iso[path])}`);
      else if (axis.length > 0 && axis.every(one => !someValue(one, value => passes(test, value))))
        refuse('no value of its axis fulfils it');
    }
  };
  const before: ReadAxis[] = [];
  for (const part of parts) {
    if (part.when !== undefined) {
      const at = part.whenTree;
      check(part.when, before, path => (at && keySpan(at, [path])) ?? part.span);
    }
    before.push(...part.axes);
  }
  if (when !== undefined) check(when, before, path => spanAt(tree, ['when', path]));
}

/** Whether a value of an axis fits; a continuum may have one. */
function someValue({ axis }: ReadAxis, fits: (value: Value) => boolean): boolean {
  if (axis.size === undefined || axis.size > MOST_TRIED) return true;
  for (let i = 0; i < axis.size; i++) if (fits(axis.at(i))) return true;
  return false;
}
