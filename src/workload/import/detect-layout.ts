/** Which layout a checkpoint has, told by the names of its tensors. */

import type { Layout, Prefixes } from './layout.ts';
import { hfBert } from './layouts/hf-bert.ts';
import { hfVit, hfVit5 } from './layouts/hf-vit.ts';
import { lvVitNames } from './layouts/lv-vit.ts';
import { timm } from './layouts/timm.ts';
import { ownNames } from './layouts/trex.ts';
import { invalidFile, shown } from './tensor.ts';

/** LV-ViT before timm, whose names it shares. */
export const layouts: readonly Layout[] = [ownNames, lvVitNames, timm, hfVit, hfVit5, hfBert];

/** Names of a checkpoint that a message shows. */
const SHOWN = 6;

export interface Detected {
  readonly layout: Layout;
  readonly prefixes: Prefixes;
}

/** The layout of the tensors called `names`. @throws TrexError (invalid file) with the first names and the layouts known. */
export function detectLayout(names: readonly string[], file = 'checkpoint'): Detected {
  for (const layout of layouts) {
    for (const name of names) {
      const [match, whole, network] = layout.mark.exec(name) ?? [];
      if (match !== undefined) return { layout, prefixes: { whole, network: whole + network } };
    }
  }
  const more = names.length > SHOWN ? `, ... (${names.length} in all)` : '';
  const first =
    names.length === 0 ? 'it holds no tensors' : `it begins ${names.slice(0, SHOWN).map(shown).join(', ')}`;
  const known = layouts.map(l => `${l.name} (${l.title})`).join(', ');
  throw invalidFile(
    `${file}: the names of its tensors fit no known layout: ${first}${more}; known: ${known}`,
  );
}
