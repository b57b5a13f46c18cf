/**
 * Values that the global buffer does not hold go to DRAM: what is needed last goes first, and comes back for every use. Ops run
 * one after the other, as for the peak of what is alive.
 */
import { counts } from '../arch/accounting.ts';
import type { ArchConfig } from '../arch/config.ts';
import { EXIT, TrexError } from '../base/errors.ts';
import { sum } from '../base/sum.ts';
import { formatQuantity } from '../base/units.ts';
import type { Step, StepDep } from '../hw/program.ts';
import type { Graph } from '../workload/graph.ts';
import { checkGlobalBuffer, type Liveness, livenessOf } from './live.ts';

/** A part of a value that leaves the buffer, and what needs it afterwards. */
export interface Spill {
  /** The op that makes it. */
  readonly value: string;
  readonly bits: number;
  /** The op that needs the room: before it, or behind it where the value is its own. */
  readonly at: string;
  readonly isOwn: boolean;
  readonly uses: readonly string[];
}

/** None where the buffers are not counted. @throws TrexError where such a network is refused, or no value can go */
export function spillsOf(graph: Graph, arch: ArchConfig): Spill[] {
  if (!counts(arch.accounting, 'buffers')) return [];
  if (arch.chip.overflow === 'refuse' || !counts(arch.accounting, 'dram')) {
    checkGlobalBuffer(graph, arch);
    return [];
  }
  const capacity = arch.globalBuffer.capacity * 8;
  const alive = livenessOf(graph, arch);
  /** Bits in the buffer, by value. */
  const held = new Map<string, number>();
  const spills: Spill[] = [];
  for (const { op, size, freed, inPlace } of alive.ops) {
    if (inPlace) for (const value of freed) held.delete(value);
    held.set(op, size);
    let excess = sum([...held.values()], bits => bits) - capacity;
    for (const value of excess > 0 ? victims(op, held, alive) : []) {
      const bits = Math.min(excess, held.get(value) as number);
      if (bits <= 0) continue;
      const uses = (alive.usesOf.get(value) ?? []).filter(use => alive.after(use, op) || use === op);
      spills.push({ value, bits, at: op, isOwn: value === op, uses });
      held.set(value, (held.get(value) as number) - bits);
      excess -= bits;
    }
    if (excess > 0) checkGlobalBuffer(graph, arch);
    if (!inPlace) for (const value of freed) held.delete(value);
  }
  return spills;
}

/** What can go at an op: others' values, the one that is needed last before others; then its operands, and what it makes. */
function victims(op: string, held: ReadonlyMap<string, number>, alive: Liveness): string[] {
  const nextUse = (value: string): number => {
    const uses = (alive.usesOf.get(value) ?? [])
      .map(use => alive.numberOf(use))
      .filter(n => n >= alive.numberOf(op));
    return uses.length === 0 ? Number.MAX_SAFE_INTEGER : uses[0];
  };
  const rank = (value: string): number => (value === op ? -1 : nextUse(value));
  return [...held.keys()].filter(value => !alive.inTiles.has(value)).toSorted((a, b) => rank(b) - rank(a));
}

/** The steps with those of the spills between them: a store before the room is needed, a fetch before each use. */
export function withSpills(steps: readonly Step[], spills: readonly Spill[], arch: ArchConfig): Step[] {
  if (spills.length === 0) return [...steps];
  checkVectors(steps, arch);
  const firstOf = new Map<string, number>();
  const lastOf = new Map<string, number>();
  for (const { id, index } of steps) {
    const op = id.replace(/\.write$/, '');
    if (!firstOf.has(op)) firstOf.set(op, index);
    lastOf.set(op, index);
  }
  interface Insert {
    readonly spill: number;
    readonly kind: 'store' | 'fetch';
    readonly id: string;
    readonly at: number;
  }
  const inserts: Insert[] = [];
  const named = new Map<string, number>();
  const nth = (id: string): string => {
    const before = named.get(id) ?? 0;
    named.set(id, before + 1);
    return before === 0 ? id : `${id}${before + 1}`;
  };
  spills.forEach(({ value, at, isOwn, uses }, spill) => {
    // A matrix that is written early may be so before the value is made.
    const made = (lastOf.get(value) as number) + 1;
    const place = isOwn ? made : Math.max(made, firstOf.get(at) as number);
    inserts.push({ spill, kind: 'store', id: nth(`${value}.spill`), at: place });
    for (const use of uses) {
      const [first, last] = [firstOf.get(use), lastOf.get(use)];
      if (first === undefined || last === undefined) continue;
      inserts.push({
        spill,
        kind: 'fetch',
        id: nth(`${value}.fetch`),
        at: Math.max(first < made ? last : first, place),
      });
    }
  });
  const order = inserts
    .map((_, i) => i)
    .sort(
      (a, b) =>
        inserts[a].at - inserts[b].at ||
        (inserts[a].kind === inserts[b].kind ? a - b : inserts[a].kind === 'store' ? -1 : 1),
    );
  const before = new Map<number, number[]>();
  for (const i of order) before.set(inserts[i].at, [...(before.get(inserts[i].at) ?? []), i]);
  const placeOf = new Int32Array(steps.length);
  const insertAt = new Int32Array(inserts.length);
  let place = 0;
  for (let at = 0; at <= steps.length; at++) {
    for (const i of before.get(at) ?? []) insertAt[i] = place++;
    if (at < steps.length) placeOf[at] = place++;
  }
  const storeOf = new Map(
    inserts.flatMap(({ spill, kind }, i) => (kind === 'store' ? [[spill, insertAt[i]] as const] : [])),
  );
  const all = (step: number): StepDep => ({ step, mode: 'all' });
  const result: Step[] = [];
  for (let at = 0; at <= steps.length; at++) {
    const own = before.get(at) ?? [];
    const step = steps[at];
    const whole = (step?.after ?? []).filter(({ mode }) => mode === 'all').map(dep => all(placeOf[dep.step]));
    for (const i of own) {
      const { spill, kind, id } = inserts[i];
      const { value, bits } = spills[spill];
      const needs = kind === 'store' ? placeOf[lastOf.get(value) as number] : (storeOf.get(spill) as number);
      const after = [...new Set([needs, ...whole.map(dep => dep.step)])].map(all);
      result.push({
        index: insertAt[i],
        id,
        stage: 'spill',
        encoder: steps[lastOf.get(value) as number].encoder,
        kind,
        jobs: 1,
        after,
        inputBits: kind === 'store' ? bits : 0,
        outputBits: kind === 'store' ? 0 : bits,
      });
    }
    if (step === undefined) continue;
    const after = step.after.map(dep => ({ step: placeOf[dep.step], mode: dep.mode }));
    result.push({ ...step, index: placeOf[at], after: [...after, ...own.map(i => all(insertAt[i]))] });
  }
  return result;
}

/** Bits that the spills move to and from DRAM. */
export const spilledBits = (steps: readonly Step[]): number =>
  sum(steps, ({ stage, inputBits, outputBits }) => (stage === 'spill' ? inputBits + outputBits : 0));

/** One vector of every step must be there as a whole. */
function checkVectors(steps: readonly Step[], { globalBuffer: { capacity } }: ArchConfig): void {
  for (const { id, kind, inputBits, outputBits } of steps)
    if (
      kind !== 'fetch' &&
      kind !== 'store' &&
      kind !== 'write' &&
      Math.max(inputBits, outputBits) > capacity * 8
    )
      throw new TrexError(
        `${id}: a vector of ${formatQuantity(Math.max(inputBits, outputBits) / 8, 'B')} does not fit globalBuffer (${formatQuantity(capacity, 'B')}): give it more capacity`,
        EXIT.failed,
      );
}
