/** Which layout a checkpoint has: the layouts of layouts/ are asked for their marks among the names of its tensors. */
import type { Layout, Prefixes } from './layout.ts';
import { LAYOUTS } from './layouts/all.ts';
import { invalidFile, shown } from './tensor.ts';

/** Names of a checkpoint that a message shows. */
const SHOWN = 6;

export interface Detected {
  readonly layout: Layout;
  readonly prefixes: Prefixes;
}

/** The layout of the tensors called `names`. @throws TrexError (invalid file) unless one fits: with the first names and the layouts known. */
export function detectLayout(
  names: readonly string[],
  file = 'checkpoint',
  layouts: readonly Layout[] = LAYOUTS,
): Detected {
  const marked = layouts.flatMap(layout => markedAs(layout, names) ?? []);
  const extended = marked.map(({ layout }) => layout.extends);
  const fits = marked.filter(({ layout }) => !extended.includes(layout.name));
  if (fits.length === 1) return fits[0];
  if (fits.length > 1)
    throw invalidFile(
      `${file}: the names of its tensors are those of ${fits.map(({ layout }) => layout.title).join(' and of ')}`,
    );
  const more = names.length > SHOWN ? `, ... (${names.length} in all)` : '';
  const first =
    names.length === 0 ? 'it holds no tensors' : `it begins ${names.slice(0, SHOWN).map(shown).join(', ')}`;
  const known = layouts.map(l => `${l.name} (${l.title})`).join(', ');
  throw invalidFile(
    `${file}: the names of its tensors fit no known layout: ${first}${more}; known: ${known}`,
  );
}

function markedAs(layout: Layout, names: readonly string[]): Detected | undefined {
  for (const name of names) {
    const [match, whole, network] = layout.mark.exec(name) ?? [];
    if (match !== undefined) return { layout, prefixes: { whole, network: whole + network } };
  }
  return undefined;
}
