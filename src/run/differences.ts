/** An earlier result against what its run gives now: a figure that was changed, or that came of other files, is named. */

/** Of the run and not of its figures: what has changed there is said on its own. */
const NOT_FIGURES: ReadonlySet<string> = new Set(['schemaVersion', 'version', 'run', 'files', 'warnings']);

interface Difference {
  readonly path: string;
  readonly held: string;
  readonly now: string;
}

/** A line about the figures that the result at `path` holds and that are others now; none where all are the same. */
export function differenceWarnings(
  path: string,
  held: Readonly<Record<string, unknown>>,
  now: object,
): string[] {
  const figures = (of: object): object =>
    Object.fromEntries(
      Object.entries(of)
        .filter(([key]) => !NOT_FIGURES.has(key))
        .map(([key, value]) => [key, key === 'accuracy' && isBlock(value) ? figures(value) : value]),
    );
  // As it would stand in a file.
  const found = [...differences(figures(held), figures(JSON.parse(JSON.stringify(now))), '')];
  if (found.length === 0) return [];
  const [first] = found;
  const more = found.length === 1 ? '' : `; so are ${found.length - 1} more`;
  return [`${path}: ${first.path} is ${first.held} there, and ${first.now} in this run${more}`];
}

function* differences(held: unknown, now: unknown, path: string): Generator<Difference> {
  if (isBlock(held) && isBlock(now)) {
    for (const key of new Set([...Object.keys(now), ...Object.keys(held)]))
      yield* differences(own(held, key), own(now, key), path === '' ? key : `${path}.${key}`);
  } else if (JSON.stringify(held) !== JSON.stringify(now)) {
    yield { path, held: shown(held), now: shown(now) };
  }
}

const isBlock = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const own = (of: Readonly<Record<string, unknown>>, key: string): unknown =>
  Object.hasOwn(of, key) ? of[key] : undefined;

const MOST_CHARS = 40;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing';
  return text.length > MOST_CHARS ? `${text.slice(0, MOST_CHARS)}...` : text;
}
