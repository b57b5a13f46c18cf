/** Where a path of a study leads: to a word of `trex run`, into a file, or to an option of a metric. */
import { isDeviceKey } from '../../arch/load.ts';
import { archSchema } from '../../arch/schema.ts';
import { nearest } from '../../base/errors.ts';
import { FILE_ROOTS, type FileRoot, type Metric, type MetricInput, WORDS, type Word } from './metric.ts';
import { METRIC_NAMES, type MetricName, metricOf } from './metric-names.ts';
import type { Value, Values } from './value.ts';

export type Route =
  | { readonly word: Word }
  /** `path` as `--set` has it. */
  | { readonly root: FileRoot; readonly path: string }
  | { readonly metric: MetricName; readonly option: string };

/** The route of a path, or what is wrong with it. */
export function routeOf(path: string, metrics: readonly MetricName[]): Route | string {
  const [first, ...rest] = path.split('.');
  const below = rest.join('.');
  const takers = metrics.map(metricOf);
  if (rest.length === 0) {
    const word = WORDS.find(known => known === path);
    if (word !== undefined)
      return takers.some(({ words }) => words.includes(word))
        ? { word }
        : notTaken(path, m => m.words.includes(word));
    if (path === 'seed') return 'seeds of the points are those of the study: write seeds: [1, 2, 3]';
    const near = nearest(path, [...WORDS, ...FILE_ROOTS, ...METRIC_NAMES]);
    return `unknown path, ${near === undefined ? `known: ${[...WORDS].join(', ')}, paths of files such as tech.adc.bits, options of metrics such as xbar.rows` : `did you mean ${near}?`}`;
  }
  const metric = METRIC_NAMES.find(name => name === first);
  if (metric !== undefined) return optionRoute(metric, below, metrics);
  const root = FILE_ROOTS.find(name => name === first);
  const found: Route | undefined =
    root !== undefined
      ? { root, path: root === 'arch' ? below : path }
      : Object.hasOwn(archSchema.shape, first)
        ? { root: 'arch', path }
        : isDeviceKey(first)
          ? { root: 'tech', path: `tech.${path}` }
          : undefined;
  if (found === undefined) {
    const near = nearest(first, [...FILE_ROOTS, ...METRIC_NAMES, ...Object.keys(archSchema.shape)]);
    return `unknown path, ${near === undefined ? `expected it to begin with ${[...FILE_ROOTS, ...metrics].join(', ')}` : `did you mean ${near}.${below}?`}`;
  }
  const to = found.root;
  return takers.some(({ roots }) => roots.includes(to)) ? found : notTaken(path, m => m.roots.includes(to));
}

function optionRoute(metric: MetricName, option: string, metrics: readonly MetricName[]): Route | string {
  const known = Object.keys(metricOf(metric).options);
  if (!known.includes(option)) {
    const near = nearest(option, known);
    return `unknown option of ${metric}, ${near === undefined ? `known: ${known.join(', ')}` : `did you mean ${metric}.${near}?`}`;
  }
  return metrics.includes(metric)
    ? { metric, option }
    : `has no effect: the study does not measure ${metric}`;
}

function notTaken(path: string, takes: (metric: Metric) => boolean): string {
  const takers = METRIC_NAMES.filter(name => takes(metricOf(name)));
  return `has no effect: no metric of the study takes ${path}, which ${takers.join(', ')} ${takers.length === 1 ? 'does' : 'do'}`;
}

/** Routes of a study's paths, worked out once. */
export class Routes {
  readonly #metrics: readonly MetricName[];
  readonly #known = new Map<string, Route>();

  constructor(metrics: readonly MetricName[]) {
    this.#metrics = metrics;
  }

  /** Of a path that the study was checked for. */
  of(path: string): Route {
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    const route = routeOf(path, this.#metrics);
    if (typeof route === 'string') throw new RangeError(`${path}: ${route}`);
    this.#known.set(path, route);
    return route;
  }

  /** Whether the value of a path names a file or a folder of weights or data. */
  isPath(path: string): boolean {
    const route = this.of(path);
    return 'metric' in route && metricOf(route.metric).options[route.option].isPath === true;
  }

  /** What a metric gets of the values of a point. */
  inputOf(name: MetricName, values: Values, seed: number): MetricInput {
    const metric = metricOf(name);
    const words: { [word in Word]?: Value } = {};
    const set: string[] = [];
    const options: Record<string, Value> = {};
    for (const [path, value] of Object.entries(values)) {
      const route = this.of(path);
      if ('word' in route) {
        if (metric.words.includes(route.word)) words[route.word] = value;
      } else if ('metric' in route) {
        if (route.metric === name) options[route.option] = value;
      } else if (metric.roots.includes(route.root)) set.push(overrideText(route.path, value));
    }
    return { words, set, options, seed };
  }
}

/** As `--set` takes it. */
const overrideText = (path: string, value: Value): string => `${path}=${JSON.stringify(value)}`;
