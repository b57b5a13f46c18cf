/** The digital functions that a graph may name, as they declare themselves in functions/. */
import { unknownName } from '../base/errors.ts';
import { FUNCTIONS } from './functions/all.ts';
import type { VectorFunction } from './vector-function.ts';

export type DeclaredFunction = (typeof FUNCTIONS)[number];

export type FunctionName = DeclaredFunction['name'];

/** Functions that training has a kernel for. */
export type KernelFunction = Extract<DeclaredFunction, { gradient: 'kernel' }>['name'];

const byName: ReadonlyMap<string, DeclaredFunction> = new Map(FUNCTIONS.map(f => [f.name, f]));

/** What an op's function declares. @throws TrexError (usage) for one that no file declares. */
export function functionOf({
  id,
  fn,
}: {
  readonly id: string;
  readonly fn: string;
}): DeclaredFunction & Pick<VectorFunction, 'folds' | 'outLength'> {
  const declared = byName.get(fn);
  if (declared === undefined) throw unknownName(`function of ${id}`, fn, [...byName.keys()]);
  return declared;
}
