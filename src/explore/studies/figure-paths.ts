/** The figures of a row by their paths: numbers that a search can compare. A spread stands for its mean. */
import * as z from 'zod';
import { nearest } from '../../base/errors.ts';
import { type MetricName, metricOf } from './metric-names.ts';

/** Behind the path of a spread. */
const MEAN = 'mean';
/** A member of any name, of a breakdown. */
const ANY = '*';

type Json = {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, Json>>;
  readonly additionalProperties?: Json | boolean;
  readonly anyOf?: readonly Json[];
};

/** Every path at which rows of these metrics have a number. */
function figurePaths(metrics: readonly MetricName[]): string[] {
  return metrics.flatMap(name => {
    const { output, isTop } = metricOf(name);
    const json = z.toJSONSchema(output, { io: 'output', unrepresentable: 'any' }) as Json;
    return [...numbersIn(json, isTop === true ? [] : [name])];
  });
}

function* numbersIn(json: Json, path: readonly string[]): Generator<string> {
  const { type, properties = {}, additionalProperties, anyOf = [] } = json;
  for (const one of anyOf) yield* numbersIn(one, path);
  const types = Array.isArray(type) ? type : [type];
  if (types.includes('number') || types.includes('integer')) yield path.join('.');
  if (Object.hasOwn(properties, MEAN)) yield path.join('.');
  for (const [key, member] of Object.entries(properties)) yield* numbersIn(member, [...path, key]);
  if (typeof additionalProperties === 'object') yield* numbersIn(additionalProperties, [...path, ANY]);
}

/** What is wrong with a path; undefined for one at which rows have a number. */
export function figureProblem(path: string, metrics: readonly MetricName[]): string | undefined {
  const known = figurePaths(metrics);
  const parent = path.slice(0, path.lastIndexOf('.') + 1);
  if (known.includes(path) || (parent !== '' && known.includes(parent + ANY))) return undefined;
  // `accuracy.top1` is a slip for one of several that end so.
  const [first, last] = [path.split('.')[0], path.split('.').at(-1)!];
  const alike = known.filter(one => one.startsWith(`${first}.`) && one.endsWith(`.${last}`));
  const near = alike.length > 0 ? alike.slice(0, 3).join(' or ') : nearest(path, known);
  const hint = near === undefined ? `known: ${known.join(', ')}` : `did you mean ${near}?`;
  return `${path} is no figure of ${metrics.join(', ')}, ${hint}`;
}

/** The number at a path of a row; undefined where it is null or not there. */
export function figureAt(row: object, path: string): number | undefined {
  let value: unknown = row;
  for (const key of path.split('.')) value = memberOf(value, key);
  const number = typeof value === 'object' ? memberOf(value, MEAN) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

const memberOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
