/** The tensors of a checkpoint by the names that its author gave them, and without those that are to be left out. */
import { usageError } from '../../base/errors.ts';
import { invalidFile, shown, type Tensor, type Tensors } from './tensor.ts';

/** torch.compile puts this in front of every module that it has compiled, wherever it stands. */
const COMPILED = '_orig_mod.';

/** @throws TrexError (invalid file) where two tensors become one. */
export function plainNames(tensors: Tensors, file: string): Tensors {
  if (![...tensors.keys()].some(name => name.includes(COMPILED))) return tensors;
  const plain = new Map<string, Tensor>();
  for (const [name, tensor] of tensors) {
    const short = name.replaceAll(COMPILED, '');
    if (plain.has(short))
      throw invalidFile(`${file}: ${shown(short)} is there twice, with and without ${COMPILED}`);
    plain.set(short, tensor);
  }
  return plain;
}

/**
 * The tensors but for those that a pattern names: patterns stand one after another with commas, `*` is any text.
 * @throws TrexError (usage) for a pattern that names none.
 */
export function withoutIgnored(tensors: Tensors, patterns: string | undefined, file: string): Tensors {
  if (patterns === undefined) return tensors;
  const left = new Map(tensors);
  for (const pattern of patterns.split(',').map(text => text.trim())) {
    const parts = pattern.split('*').map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    const matches = new RegExp(`^${parts.join('.*')}$`);
    const named = [...tensors.keys()].filter(name => matches.test(name));
    if (named.length === 0) throw usageError(`--ignore-tensors ${pattern}: ${file} has no such tensor`);
    for (const name of named) left.delete(name);
  }
  return left;
}
