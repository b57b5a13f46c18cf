/** The values of a chip with the lines that give them, so that two chips can be held against each other. */
import type { LoadedArch } from '../../arch/load.ts';
import type { Origin } from '../../arch/origins.ts';
import type { CitedValue, DifferingValue } from '../../report/comparison.ts';
import type { Subject } from './subjects.ts';

/** What files say of themselves, and what follows from other values, is no difference of its own. */
const LEFT_OUT =
  /(^|\.)(name|description|use)$|^derived\.|^(tech|digital)$|^tech\.(static|dynamic)$|^tech\.level$/;

type Values = ReadonlyMap<string, CitedValue>;

/** The value at `path`; both devices of a chip answer to `tech.static` and `tech.dynamic`, a hybrid's or not. */
export function cited(loaded: Pick<LoadedArch, 'origins'>, path: string): CitedValue | undefined {
  const found =
    find(loaded.origins, path) ?? find(loaded.origins, path.replace(/^tech\.(static|dynamic)\./, 'tech.'));
  return found && { text: found.text, place: placeText(found) };
}

/** "8 (arch/trex.yaml:10)". */
export const citedText = ({ text, place }: CitedValue): string => `${text} (${place})`;

/** Every value that is not the same for all, the chips' first, then their technologies'. */
export function differingValues(subjects: readonly Subject[]): DifferingValue[] {
  const all = subjects.map(({ loaded }) => valuesOf(loaded.origins));
  const paths = new Set(all.flatMap(values => [...values.keys()]));
  const rows = [...paths]
    .map(path => ({ path, values: all.map(values => values.get(path) ?? null) }))
    .filter(({ values }) => new Set(values.map(v => v?.text ?? '')).size > 1);
  return merged(rows);
}

/** Values by path; a chip of one device gives each of its values to both. */
function valuesOf(origins: readonly Origin[]): Values {
  const values = new Map<string, CitedValue>();
  for (const origin of origins) {
    if (LEFT_OUT.test(origin.path)) continue;
    const value = { text: origin.text, place: placeText(origin) };
    const device = /^tech\.(?!static\.|dynamic\.)(.*)/.exec(origin.path);
    const names = device === null ? [origin.path] : [`tech.static.${device[1]}`, `tech.dynamic.${device[1]}`];
    for (const name of names) values.set(name, value);
  }
  return values;
}

/** Where both devices differ in the same way, one row says it. */
function merged(rows: readonly DifferingValue[]): DifferingValue[] {
  const key = (row: DifferingValue): string => JSON.stringify(row.values);
  const twin = (row: DifferingValue, from: string, to: string): DifferingValue | undefined => {
    if (!row.path.startsWith(from)) return undefined;
    const other = rows.find(r => r.path === to + row.path.slice(from.length));
    return other !== undefined && key(other) === key(row) ? other : undefined;
  };
  return rows.flatMap(row => {
    if (twin(row, 'tech.dynamic.', 'tech.static.') !== undefined) return [];
    if (twin(row, 'tech.static.', 'tech.dynamic.') === undefined) return [row];
    return [{ ...row, path: row.path.replace('tech.static.', 'tech.') }];
  });
}

const find = (origins: readonly Origin[], path: string): Origin | undefined =>
  origins.find(origin => origin.path === path);

function placeText({ origin }: Origin): string {
  if (origin.kind === 'file') return `${origin.file}:${origin.line}`;
  if (origin.kind === 'set') return origin.flag;
  return origin.kind === 'derived' ? origin.how : 'default';
}
