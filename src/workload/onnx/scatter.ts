/** Operators that put values into places of an array, or pick them one by one. */
import { derived, type Nd, room, sizeOf, stridesOf } from './nd.ts';
import type { Attributes } from './node.ts';
import { onnxProblem } from './problem.ts';
import type { Operands } from './rule.ts';
import { axisOf } from './shapes.ts';

/** A copy of x with `updates` at the places that the last dimension of `indices` names. */
export function scatterNd([a, b, c]: Operands, at: Attributes): Nd[] {
  const [x, indices, updates] = [a!, b!, c!];
  if (at.text('reduction', 'none') !== 'none') throw onnxProblem('ScatterND that adds');
  const depth = indices.shape[indices.shape.length - 1];
  const [lead, strides] = [x.shape.slice(0, depth), stridesOf(x.shape)];
  const width = sizeOf(x.shape.slice(depth));
  if (updates.size !== (indices.size / depth) * width)
    throw onnxProblem('ScatterND: updates of another size');
  const data = () => {
    const out = room([x, indices, updates], x.size);
    out.set(x.data());
    const [places, from] = [indices.data(), updates.data()];
    for (let i = 0; i < places.length / depth; i++) {
      let to = 0;
      for (let d = 0; d < depth; d++) {
        const told = places[i * depth + d];
        const place = told < 0 ? told + lead[d] : told;
        if (!(place >= 0 && place < lead[d])) throw onnxProblem(`ScatterND: place ${told} of ${lead[d]}`);
        to += place * strides[d];
      }
      out.set(from.subarray(i * width, (i + 1) * width), to);
    }
    return out;
  };
  return [derived([x, indices, updates], x.shape, data, { whole: x.whole })];
}

/** Along an axis, for each place of `index` the value that it names. */
export function gatherElements([a, b]: Operands, at: Attributes): Nd[] {
  const [x, index] = [a!, b!];
  const axis = axisOf(at.number('axis', 0), x.shape.length);
  const [strides, steps] = [stridesOf(x.shape), stridesOf(index.shape)];
  if (index.shape.length !== x.shape.length) throw onnxProblem('GatherElements: indices of another rank');
  const data = () => {
    const [from, places] = [x.data(), index.data()];
    const out = room([x, index], index.size);
    for (let i = 0; i < out.length; i++) {
      let at = 0;
      for (let d = 0; d < steps.length; d++) {
        const own = d === axis ? places[i] : Math.floor(i / steps[d]) % index.shape[d];
        const place = own < 0 ? own + x.shape[d] : own;
        if (!(place >= 0 && place < x.shape[d]))
          throw onnxProblem(`GatherElements: place ${own} of ${x.shape[d]}`);
        at += place * strides[d];
      }
      out[i] = from[at];
    }
    return out;
  };
  return [derived([x, index], index.shape, data, { whole: x.whole })];
}
