/** What the attributes and small operands of a node say of shapes. */
import { type Nd, sizeOf, wholes } from './nd.ts';
import type { Attributes } from './node.ts';
import { onnxProblem } from './problem.ts';
import type { Operands } from './rule.ts';

export function axisOf(axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= Math.max(rank, 1))
    throw onnxProblem(`axis ${axis} of ${rank} dimensions`);
  return axis < 0 ? axis + rank : axis;
}

/** Axes of an attribute, or of an operand in later opsets. */
export function axesOf(operand: Nd | undefined, at: Attributes): number[] | undefined {
  if (operand !== undefined) return wholes(operand, 'axes');
  return at.has('axes') ? at.numbers('axes') : undefined;
}

/** The shape that a Reshape asks for: 0 keeps a size, -1 takes the rest. */
export function reshapeTarget(
  shape: readonly number[],
  wanted: readonly number[],
  allowZero = false,
): number[] {
  const size = sizeOf(shape);
  const target = wanted.map((dim, d) => {
    if (dim !== 0 || allowZero) return dim;
    if (d >= shape.length) throw onnxProblem(`Reshape: 0 at place ${d} of ${shape.length} dimensions`);
    return shape[d];
  });
  const rest = sizeOf(target.filter(dim => dim !== -1));
  const result = target.map(dim => (dim === -1 ? (rest === 0 ? 0 : size / rest) : dim));
  if (sizeOf(result) !== size || result.some(dim => !Number.isInteger(dim) || dim < 0))
    throw onnxProblem(`Reshape: [${shape.join(', ')}] cannot become [${wanted.join(', ')}]`);
  return result;
}

/** With dimensions of 1 at these places. */
export function unsqueezed(shape: readonly number[], axes: readonly number[]): number[] {
  const rank = shape.length + axes.length;
  const places = new Set(axes.map(axis => axisOf(axis, rank)));
  const rest = [...shape];
  return Array.from({ length: rank }, (_, d) => (places.has(d) ? 1 : rest.shift()!));
}

/** Without dimensions of 1: all of them, or those named. */
export function squeezed(shape: readonly number[], axes: readonly number[] | undefined): number[] {
  const places = axes?.map(axis => axisOf(axis, shape.length));
  for (const d of places ?? [])
    if (shape[d] !== 1) throw onnxProblem(`Squeeze: dimension ${d} of [${shape.join(', ')}] is not 1`);
  return shape.filter((dim, d) => (places === undefined ? dim !== 1 : !places.includes(d)));
}

/** A slice of one dimension: where it starts, how many, how far apart. */
export interface Cut {
  readonly dim: number;
  readonly start: number;
  readonly size: number;
  readonly step: number;
}

/** The slices that a Slice node asks for. */
export function cutsOf(shape: readonly number[], operands: Operands, at: Attributes): Cut[] {
  const list = (place: number, name: string): number[] | undefined => {
    const operand = operands[place];
    if (operand !== undefined) return wholes(operand, `Slice: ${name}`);
    return at.has(name) ? at.numbers(name) : undefined;
  };
  const starts = list(1, 'starts');
  const ends = list(2, 'ends');
  if (starts === undefined || ends === undefined) throw onnxProblem('Slice without starts or ends');
  const axes = list(3, 'axes') ?? starts.map((_, i) => i);
  const steps = list(4, 'steps') ?? starts.map(() => 1);
  return axes.map((axis, i) => {
    const dim = axisOf(axis, shape.length);
    const size = shape[dim];
    const step = steps[i];
    if (!Number.isInteger(step) || step === 0) throw onnxProblem(`Slice: a step of ${step}`);
    const within = (place: number, low: number, high: number): number =>
      Math.min(Math.max(place < 0 ? place + size : place, low), high);
    const start = step > 0 ? within(starts[i], 0, size) : within(starts[i], 0, size - 1);
    const end = step > 0 ? within(ends[i], 0, size) : within(ends[i], -1, size - 1);
    return { dim, start, size: Math.max(0, Math.ceil((end - start) / step)), step };
  });
}

/** Sizes of the parts of a Split. */
export function splitSizes(size: number, count: number, operand: Nd | undefined, at: Attributes): number[] {
  const told =
    operand !== undefined ? wholes(operand, 'Split') : at.has('split') ? at.numbers('split') : undefined;
  const each = Math.ceil(size / count);
  const sizes = told ?? Array.from({ length: count }, (_, i) => Math.min(each, size - i * each));
  if (sizes.length !== count || sizes.reduce((a, b) => a + b, 0) !== size || sizes.some(s => s < 0))
    throw onnxProblem(`Split: parts of ${sizes.join(', ')} are not ${size}`);
  return sizes;
}
