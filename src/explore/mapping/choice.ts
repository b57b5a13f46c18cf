/** A mapping as a search sees it: values of options, and copies of groups of layers that are alike. */
import { matches } from '../../tech/devices.ts';

/** Layers of one name in all encoders, such as `e*.fc1`. */
export interface LayerGroup {
  readonly name: string;
  readonly layers: readonly string[];
}

/** A mapping. */
export interface MappingChoice {
  /** By path of the architecture file. */
  readonly options: ReadonlyMap<string, string>;
  /** By name of a group. */
  readonly copies: ReadonlyMap<string, number>;
}

/** The groups of layers with these ids, in their order. */
export function groupsOf(ids: Iterable<string>): LayerGroup[] {
  const groups = new Map<string, string[]>();
  for (const id of ids) {
    const name = kindOf(id);
    groups.set(name, [...(groups.get(name) ?? []), id]);
  }
  return [...groups].map(([name, layers]) => ({ name, layers }));
}

/** Layers and steps of all encoders by one name. */
export const kindOf = (id: string): string => id.replace(/^e\d+\./, 'e*.');

/** An entry of `mapping.copies`. */
export interface Copies {
  readonly match: string;
  readonly copies: number;
}

/** Copies as the architecture file has them; a pattern that would match layers of other groups as well is written out. */
export function copiesList(choice: MappingChoice, groups: readonly LayerGroup[]): Copies[] {
  const all = groups.flatMap(({ layers }) => layers);
  return groups.flatMap(({ name, layers }) => {
    const copies = choice.copies.get(name) ?? 1;
    if (copies === 1) return [];
    const isOwn = all.filter(id => matches(name, id)).length === layers.length;
    return (isOwn ? [name] : layers).map(match => ({ match, copies }));
  });
}

/** Words of `--set` for what differs from `base`. */
export function wordsOf(choice: MappingChoice, base: MappingChoice, groups: readonly LayerGroup[]): string[] {
  const options = [...choice.options].filter(([path, value]) => base.options.get(path) !== value);
  const isSame = groups.every(({ name }) => choice.copies.get(name) === base.copies.get(name));
  if (isSame) return options.map(([path, value]) => `${path}=${value}`);
  const list = copiesList(choice, groups).map(
    ({ match, copies }) => `{match: "${match}", copies: ${copies}}`,
  );
  return [...options.map(([path, value]) => `${path}=${value}`), `mapping.copies=[${list.join(', ')}]`];
}
