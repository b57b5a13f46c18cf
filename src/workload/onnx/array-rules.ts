/** Operators that move values: gather, join, repeat, cut, pad, and take codes apart. */
import { broadcastIndex, broadcastShape } from './arrays.ts';
import { derived, type Nd, room, sizeOf, stridesOf, uniform, wholes } from './nd.ts';
import type { Attributes } from './node.ts';
import { onnxProblem } from './problem.ts';
import type { Operands } from './rule.ts';
import { axisOf } from './shapes.ts';

/** Array with rows picked along an axis. */
export function gather([a, b]: Operands, at: Attributes): Nd[] {
  const [x, index] = [a!, b!];
  const axis = axisOf(at.number('axis', 0), x.shape.length);
  const shape = [...x.shape.slice(0, axis), ...index.shape, ...x.shape.slice(axis + 1)];
  const inner = sizeOf(x.shape.slice(axis + 1));
  const outer = sizeOf(x.shape.slice(0, axis));
  const count = x.shape[axis];
  if (index.known)
    for (const place of index.data())
      if (!(place >= -count && place < count)) throw onnxProblem(`Gather: index ${place} of ${count}`);
  return [
    derived(
      [x, index],
      shape,
      () => {
        const from = x.data();
        const places = index.data();
        const out = room([x, index], sizeOf(shape));
        let to = 0;
        for (let o = 0; o < outer; o++)
          for (const place of places) {
            const row = place < 0 ? place + count : place;
            if (!(row >= 0 && row < count)) throw onnxProblem(`Gather: index ${place} of ${count}`);
            for (let i = 0; i < inner; i++) out[to++] = from[(o * count + row) * inner + i];
          }
        return out;
      },
      { whole: x.whole },
    ),
  ];
}

export function concat(operands: Operands, at: Attributes): Nd[] {
  const parts = operands.map(one => one!);
  const rank = parts[0].shape.length;
  const axis = axisOf(at.number('axis', 0), rank);
  for (const { shape } of parts)
    if (shape.length !== rank || shape.some((dim, d) => d !== axis && dim !== parts[0].shape[d]))
      throw onnxProblem(`Concat: [${shape.join(', ')}] beside [${parts[0].shape.join(', ')}]`);
  const shape = parts[0].shape.map((dim, d) =>
    d === axis ? parts.reduce((s, p) => s + p.shape[axis], 0) : dim,
  );
  return [
    derived(parts, shape, () => {
      const out = room(parts, sizeOf(shape));
      const outer = sizeOf(shape.slice(0, axis));
      const row = sizeOf(shape.slice(axis));
      let left = 0;
      for (const part of parts) {
        const width = sizeOf(part.shape.slice(axis));
        const data = part.data();
        for (let o = 0; o < outer; o++) out.set(data.subarray(o * width, (o + 1) * width), o * row + left);
        left += width;
      }
      return out;
    }),
  ];
}

/** x times scale after its zero point is taken off; of one scale, or one for each place of an axis. */
export function dequantised([a, b, c]: Operands, at: Attributes): Nd[] {
  const [x, scale, zero] = [a!, b!, c];
  const shape = along(x.shape, scale.shape, at);
  const all = [x, scale, ...(zero === undefined ? [] : [zero])];
  return [
    derived(
      all,
      x.shape,
      () => {
        const out = room(all, x.size);
        const [from, factors, zeros] = [x.data(), scale.data(), zero?.data()];
        const place = broadcastIndex(shape, x.shape);
        for (let i = 0; i < out.length; i++)
          out[i] = (from[i] - (zeros?.[place(i)] ?? 0)) * factors[place(i)];
        return out;
      },
      { whole: false, key: x.key, sources: new Map(x.key === undefined ? [] : [[x.key, x.size]]) },
    ),
  ];
}

/** The shape of a scale beside an array of shape `of`. */
function along(of: readonly number[], scale: readonly number[], at: Attributes): readonly number[] {
  if (sizeOf(scale) === 1) return [];
  if (scale.length !== 1 || at.number('block_size', 0) !== 0)
    throw onnxProblem('scales by blocks are not supported');
  const axis = axisOf(at.number('axis', 1), of.length);
  if (of[axis] !== scale[0]) throw onnxProblem(`${scale[0]} scales for [${of.join(', ')}]`);
  return of.map((dim, d) => (d === axis ? dim : 1));
}

export function expand([a, b]: Operands): Nd[] {
  const x = a!;
  const shape = broadcastShape(x.shape, wholes(b!, 'Expand'));
  const data = () => {
    const [from, place] = [x.data(), broadcastIndex(x.shape, shape)];
    const out = room([x], sizeOf(shape));
    for (let i = 0; i < out.length; i++) out[i] = from[place(i)];
    return out;
  };
  return [derived([x], shape, data)];
}

export function tile([a, b]: Operands): Nd[] {
  const x = a!;
  const repeats = wholes(b!, 'Tile');
  const shape = x.shape.map((dim, d) => dim * repeats[d]);
  const strides = stridesOf(x.shape);
  const steps = stridesOf(shape);
  const data = () => {
    const from = x.data();
    const out = room([x], sizeOf(shape));
    for (let i = 0; i < out.length; i++) {
      let at = 0;
      for (let d = 0; d < shape.length; d++)
        at += ((Math.floor(i / steps[d]) % shape[d]) % x.shape[d]) * strides[d];
      out[i] = from[at];
    }
    return out;
  };
  return [derived([x], shape, data)];
}

export function trilu([a, b]: Operands, at: Attributes): Nd[] {
  const x = a!;
  const k = b === undefined ? 0 : wholes(b, 'Trilu')[0];
  const upper = at.number('upper', 1) === 1;
  const [rows, columns] = x.shape.slice(-2);
  const data = () =>
    x.data().map((value, i) => {
      const ahead = (i % columns) - (Math.floor(i / columns) % rows);
      return (upper ? ahead >= k : ahead <= k) ? value : 0;
    });
  return [derived([x], x.shape, data)];
}

export function cumsum([a, b]: Operands, at: Attributes): Nd[] {
  const x = a!;
  if (at.number('exclusive', 0) + at.number('reverse', 0) > 0)
    throw onnxProblem('CumSum: exclusive, reverse');
  const axis = axisOf(wholes(b!, 'CumSum')[0], x.shape.length);
  const step = stridesOf(x.shape)[axis];
  const data = () => {
    const out = x.data().slice();
    for (let i = 0; i < out.length; i++)
      if (Math.floor(i / step) % x.shape[axis] > 0) out[i] += out[i - step];
    return out;
  };
  return [derived([x], x.shape, data)];
}

export function pad([a, b, c]: Operands, at: Attributes): Nd[] {
  const x = a!;
  const pads = b === undefined ? at.numbers('pads') : wholes(b, 'Pad');
  if (at.text('mode', 'constant') !== 'constant') throw onnxProblem('Pad of another mode than constant');
  const value = c === undefined ? at.number('value', 0) : (uniform(c) ?? 0);
  const rank = x.shape.length;
  const shape = x.shape.map((dim, d) => dim + pads[d] + pads[d + rank]);
  const steps = stridesOf(shape);
  const strides = stridesOf(x.shape);
  const data = () => {
    const from = x.data();
    const out = room([x], sizeOf(shape)).fill(value);
    for (let i = 0; i < out.length; i++) {
      let at = 0;
      let within = true;
      for (let d = 0; d < rank && within; d++) {
        const place = (Math.floor(i / steps[d]) % shape[d]) - pads[d];
        within = place >= 0 && place < x.shape[d];
        at += place * strides[d];
      }
      if (within) out[i] = from[at];
    }
    return out;
  };
  return [derived([x], shape, data)];
}
