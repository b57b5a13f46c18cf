/** The shipped networks on chip, by the names that files give them. */
import type { NocKind } from './kind.ts';
import { NOC_KINDS } from './kinds/all.ts';

export type NocKindName = (typeof NOC_KINDS)[number]['name'];

export const NOC_KIND_NAMES: readonly NocKindName[] = NOC_KINDS.map(kind => kind.name);

/** Each name is one of the list, so that there is always one. */
export const nocKindOf = (name: NocKindName): NocKind =>
  NOC_KINDS.find(kind => kind.name === name) as NocKind;
