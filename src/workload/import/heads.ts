/** What stands at the output of a checkpoint, by its tensors: its layout says which tensor shows which head. */
import { detectLayout } from './detect-layout.ts';
import { fill } from './layout.ts';
import { plainNames } from './plain-names.ts';
import { invalidFile, shown, type Tensors } from './tensor.ts';

export interface HeadOfTensors {
  /** Undefined: no tensor shows one. */
  readonly head: string | undefined;
  /** Rows of the tensor that shows it. */
  readonly classes: number | undefined;
}

/**
 * The head that the tensors show. Of several the one that `told` names; two readings of one tensor are one head, and the
 * layout prefers the first. Undefined for a layout whose names show no heads.
 * @throws TrexError (invalid file) for several heads of which nobody names one.
 */
export function headOfTensors(
  all: Tensors,
  told: readonly string[] | undefined,
  file: string,
): HeadOfTensors | undefined {
  const tensors = plainNames(all, file);
  const { layout, prefixes } = detectLayout([...tensors.keys()], file);
  if (layout.heads === undefined) return undefined;
  const found = layout.heads
    .map(({ head, tensor, with: beside }) => ({
      head,
      tensor: fill(tensor, prefixes),
      beside: beside === undefined ? undefined : fill(beside, prefixes),
    }))
    .filter(({ tensor, beside }) => tensors.has(tensor) && (beside === undefined || tensors.has(beside)));
  const [first] = found;
  const chosen = found.find(({ head }) => told?.includes(head)) ?? first;
  const other = found.find(({ tensor }) => tensor !== first.tensor);
  if (told === undefined && other !== undefined)
    throw invalidFile(
      `${file}: two heads: ${shown(first.tensor)} and ${shown(other.tensor)}; leave one out: --ignore-tensors '${shown(other.tensor.replace(/[^.]*$/, '*'))}', or name the class in architectures`,
    );
  if (chosen === undefined) return { head: undefined, classes: undefined };
  return { head: chosen.head, classes: tensors.get(chosen.tensor)!.shape[0] };
}
