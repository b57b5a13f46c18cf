/** The schedule: in which order steps are issued, and what each must wait for. */
import type { ArchConfig } from '../arch/config.ts';
import type { Step, StepDep } from '../hw/program.ts';
import type { Graph } from '../workload/graph.ts';

type Writes = ArchConfig['schedule']['writes'];

/** A step that has no place yet, with the ids of the ops and steps whose results it needs. */
export type Draft = Omit<Step, 'index' | 'after'> & {
  readonly deps: readonly { readonly id: string; readonly mode: 'row' | 'all' }[];
  /** Its jobs are columns: no row of its result is there before the last. */
  readonly columns?: boolean;
  /** The op that it gives the result of, or a part, where that is not its own name. */
  readonly op?: string | undefined;
  /** Neighbours with the same word run at the same time: the same work of several sequences. */
  readonly together?: string;
};

/**
 * One step after another (TReX Fig. 8b): the writes of an encoder come before its first read of a dynamic matmul,
 * and K^T and V are written one after the other or together. Overlapped, K^T is written while V is still being read
 * out of its layer, as ReTransformer writes X^T while X meets W_Q; V is written after that.
 */
export function inSequence(drafts: readonly Draft[], writes: Writes): Step[] {
  if (writes === 'overlapped') return withEarlyWrites(drafts);
  const ordered = writesFirst(drafts);
  const steps: Step[] = [];
  let previous: number[] = [];
  for (let i = 0; i < ordered.length; i++) {
    const [own, before] = [ordered[i], ordered[i - 1]];
    const areWrites = writes === 'parallel' && own.kind === 'write' && before?.kind === 'write';
    const together = areWrites || (own.together !== undefined && own.together === before?.together);
    const after = together ? steps[i - 1].after : previous.map(step => ({ step, mode: 'all' as const }));
    previous = together ? [...previous, i] : [i];
    steps.push(finish(ordered[i], i, after));
  }
  return steps;
}

/** The first write of an encoder leaves the sequence: it waits for its operand, and the read that needs it for both. */
function withEarlyWrites(drafts: readonly Draft[]): Step[] {
  const ordered = writesFirst(drafts);
  const numberOf = new Map(ordered.map((d, i) => [d.id, i]));
  const steps: Step[] = [];
  let previous = -1;
  let early = -1;
  for (const [i, draft] of ordered.entries()) {
    const first = draft.kind === 'write' && ordered[i - 1]?.kind !== 'write';
    const operand = first ? numberOf.get(draft.deps[0].id) : undefined;
    const waits = operand === undefined ? [previous] : [operand];
    if (early >= 0 && draft.kind === 'read') waits.push(early);
    const after = waits.filter(step => step >= 0).map(step => ({ step, mode: 'all' as const }));
    steps.push(finish(draft, i, after));
    if (operand !== undefined) early = i;
    else previous = i;
    if (draft.kind === 'read') early = -1;
  }
  return steps;
}

/** Moves each encoder's write steps up to its first one, so that they form the paper's stage 2. */
function writesFirst(drafts: readonly Draft[]): Draft[] {
  const result: Draft[] = [];
  const done = new Set<Draft>();
  for (const draft of drafts) {
    if (done.has(draft)) continue;
    const group =
      draft.kind === 'write'
        ? drafts.filter(d => d.kind === 'write' && d.encoder === draft.encoder)
        : [draft];
    for (const d of group) {
      done.add(d);
      result.push(d);
    }
  }
  return result;
}

/** Each job as soon as its operands are there. Steps that the accounting leaves out hand on what they wait for. */
export function byData(drafts: readonly Draft[], graph: Graph): Step[] {
  const numbersOf = new Map<string, number[]>();
  for (const [i, { id, op = id }] of drafts.entries())
    for (const name of new Set([id, op])) numbersOf.set(name, [...(numbersOf.get(name) ?? []), i]);
  const opOf = new Map(graph.ops.map(op => [op.id, op]));
  const output = graph.ops[graph.ops.length - 1].id;
  const resolve = (id: string, mode: 'row' | 'all'): StepDep[] => {
    const own = numbersOf.get(id);
    if (own !== undefined) return own.map(step => ({ step, mode: drafts[step].columns ? 'all' : mode }));
    const op = opOf.get(id);
    if (op === undefined) return [];
    // A change of the token count shifts rows, so job j no longer stands for row j.
    return op.deps.flatMap(d => resolve(d.op, mode === 'all' || op.kind === 'tokens' ? 'all' : d.mode));
  };
  return drafts.map((draft, i) => {
    const wanted =
      draft.id === 'store' ? resolve(output, 'all') : draft.deps.flatMap(d => resolve(d.id, d.mode));
    // What depends on no step reads the network's input.
    if (wanted.length === 0 && drafts[0].kind === 'fetch' && i > 0) wanted.push({ step: 0, mode: 'all' });
    const after = new Map<number, 'row' | 'all'>();
    for (const { step, mode } of wanted) {
      const whole = mode === 'all' || drafts[step].jobs !== draft.jobs || after.get(step) === 'all';
      after.set(step, whole ? 'all' : 'row');
    }
    return finish(
      draft,
      i,
      [...after].map(([step, mode]) => ({ step, mode })),
    );
  });
}

function finish(draft: Draft, index: number, after: readonly StepDep[]): Step {
  const { deps: _, columns: __, op: ___, together: ____, ...rest } = draft;
  return { index, ...rest, after };
}
