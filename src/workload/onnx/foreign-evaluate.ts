/** Operators that no crossbar of ours and no op of our vocabulary has, on arrays (onnx/onnx Operators.md): a digital unit computes them. */
import { EVALUATE } from './evaluate.ts';
import { derived, type Nd, sizeOf, stridesOf, wholes } from './nd.ts';
import type { Attributes } from './node.ts';
import { onnxProblem } from './problem.ts';
import type { Evaluate } from './rule.ts';

interface Sliding {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly pads: readonly number[];
  readonly groups: number;
}

function slidingOf(at: Attributes, kernel: readonly number[]): Sliding {
  const list = (name: string, absent: number, count = kernel.length) =>
    at.has(name) ? at.numbers(name) : new Array<number>(count).fill(absent);
  if (at.text('auto_pad', 'NOTSET') !== 'NOTSET') throw onnxProblem(`padding ${at.text('auto_pad', '')}`);
  return {
    kernel,
    strides: list('strides', 1),
    dilations: list('dilations', 1),
    pads: list('pads', 0, 2 * kernel.length),
    groups: at.number('group', 1),
  };
}

/** Calls `visit` with every place of an array of this shape. */
function forPlaces(shape: readonly number[], visit: (place: readonly number[], at: number) => void): void {
  const place = new Array<number>(shape.length).fill(0);
  const count = sizeOf(shape);
  for (let at = 0; at < count; at++) {
    visit(place, at);
    for (let d = shape.length - 1; d >= 0; d--) {
      if (++place[d] < shape[d]) break;
      place[d] = 0;
    }
  }
}

/** A convolution of any number of dimensions, with dilations. */
const conv: Evaluate = ([a, b, c], at) => {
  const [x, w] = [a!, b!];
  const [out, perGroup, ...kernel] = w.shape;
  const { strides, dilations, pads, groups } = slidingOf(at, kernel);
  const [batch, channels, ...input] = x.shape;
  if (perGroup * groups !== channels || input.length !== kernel.length)
    throw onnxProblem('a kernel for another image');
  const sides = input.map(
    (size, d) =>
      Math.floor(
        (size + pads[d] + pads[d + kernel.length] - (kernel[d] - 1) * dilations[d] - 1) / strides[d],
      ) + 1,
  );
  const shape = [batch, out, ...sides];
  const all = [x, w, ...(c === undefined ? [] : [c])];
  return [
    derived(all, shape, () => {
      const [image, weight, bias] = [x.data(), w.data(), c?.data()];
      const y = new Float64Array(sizeOf(shape));
      const ofInput = stridesOf(input);
      const pixels = sizeOf(input);
      const taps = sizeOf(kernel);
      forPlaces(shape, ([n, o, ...place], to) => {
        const first = Math.floor(o / (out / groups)) * perGroup;
        let sum = bias?.[o] ?? 0;
        forPlaces(kernel, (tap, t) => {
          let from = 0;
          for (let d = 0; d < kernel.length; d++) {
            const p = place[d] * strides[d] - pads[d] + tap[d] * dilations[d];
            if (p < 0 || p >= input[d]) return;
            from += p * ofInput[d];
          }
          for (let i = 0; i < perGroup; i++)
            sum += image[(n * channels + first + i) * pixels + from] * weight[(o * perGroup + i) * taps + t];
        });
        y[to] = sum;
      });
      return y;
    }),
  ];
};

const convTranspose: Evaluate = ([a, b, c], at) => {
  const [x, w] = [a!, b!];
  const [channels, perGroup, ...kernel] = w.shape;
  const { strides, dilations, pads, groups } = slidingOf(at, kernel);
  const more = at.has('output_padding') ? at.numbers('output_padding') : kernel.map(() => 0);
  if (at.has('output_shape')) throw onnxProblem('ConvTranspose to a given shape');
  const [batch, own, ...input] = x.shape;
  if (own !== channels) throw onnxProblem('a kernel for another image');
  const sides = input.map(
    (size, d) =>
      (size - 1) * strides[d] +
      more[d] +
      (kernel[d] - 1) * dilations[d] +
      1 -
      pads[d] -
      pads[d + kernel.length],
  );
  const out = perGroup * groups;
  const shape = [batch, out, ...sides];
  const all = [x, w, ...(c === undefined ? [] : [c])];
  return [
    derived(all, shape, () => {
      const [image, weight, bias] = [x.data(), w.data(), c?.data()];
      const y = new Float64Array(sizeOf(shape));
      const pixels = sizeOf(sides);
      for (let i = 0; i < y.length; i++) y[i] = bias?.[Math.floor(i / pixels) % out] ?? 0;
      const steps = stridesOf(sides);
      const taps = sizeOf(kernel);
      forPlaces(x.shape, ([n, i, ...place], from) => {
        const group = Math.floor(i / (channels / groups));
        forPlaces(kernel, (tap, t) => {
          let to = 0;
          for (let d = 0; d < kernel.length; d++) {
            const p = place[d] * strides[d] - pads[d] + tap[d] * dilations[d];
            if (p < 0 || p >= sides[d]) return;
            to += p * steps[d];
          }
          for (let o = 0; o < perGroup; o++)
            y[(n * out + group * perGroup + o) * pixels + to] +=
              image[from] * weight[(i * perGroup + o) * taps + t];
        });
      });
      return y;
    }),
  ];
};

/** Each place from the nearest, or from the two around it in each dimension. */
const resize: Evaluate = (operands, at, opset) => {
  const x = operands[0]!;
  const sizes = operands[3];
  const old = opset < 11;
  const scales = old ? operands[1] : operands[2];
  const shape =
    sizes !== undefined && sizes.size > 0
      ? wholes(sizes, 'Resize')
      : x.shape.map((size, d) => Math.floor(size * wholes(scales!, 'Resize')[d]));
  const told = sizes !== undefined && sizes.size > 0 ? undefined : wholes(scales!, 'Resize');
  const mode = at.text('mode', 'nearest');
  const how = at.text('coordinate_transformation_mode', old ? 'asymmetric' : 'half_pixel');
  const nearest = at.text('nearest_mode', old ? 'floor' : 'round_prefer_floor');
  const known = ['half_pixel', 'pytorch_half_pixel', 'asymmetric', 'align_corners'];
  if (!['nearest', 'linear'].includes(mode) || !known.includes(how) || shape.length !== x.shape.length)
    throw onnxProblem(`Resize by ${mode}, ${how}`);
  const place = (to: number, d: number): number => {
    const [size, wide] = [x.shape[d], shape[d]];
    if (how === 'align_corners') return wide === 1 ? 0 : (to * (size - 1)) / (wide - 1);
    const scale = told?.[d] ?? wide / size;
    if (how === 'asymmetric') return to / scale;
    return how === 'pytorch_half_pixel' && wide === 1 ? 0 : (to + 0.5) / scale - 0.5;
  };
  const round = (p: number): number =>
    nearest === 'floor'
      ? Math.floor(p)
      : nearest === 'ceil'
        ? Math.ceil(p)
        : nearest === 'round_prefer_ceil'
          ? Math.floor(p + 0.5)
          : Math.ceil(p - 0.5);
  return [
    derived([x], shape, () => {
      const from = x.data();
      const steps = stridesOf(x.shape);
      const y = new Float64Array(sizeOf(shape));
      const within = (p: number, d: number): number => Math.min(Math.max(p, 0), x.shape[d] - 1);
      forPlaces(shape, (to, i) => {
        let points: { at: number; share: number }[] = [{ at: 0, share: 1 }];
        to.forEach((t, d) => {
          if (shape[d] === x.shape[d]) {
            points = points.map(({ at, share }) => ({ at: at + t * steps[d], share }));
            return;
          }
          const p = place(t, d);
          if (mode === 'nearest') {
            points = points.map(({ at, share }) => ({ at: at + within(round(p), d) * steps[d], share }));
            return;
          }
          const low = Math.floor(p);
          points = points.flatMap(({ at, share }) => [
            { at: at + within(low, d) * steps[d], share: share * (1 - (p - low)) },
            { at: at + within(low + 1, d) * steps[d], share: share * (p - low) },
          ]);
        });
        for (const { at, share } of points) y[i] += share * from[at];
      });
      return y;
    }),
  ];
};

/** Letters of the operands and of the result. */
function letters(
  at: Attributes,
  count: number,
): { readonly inputs: readonly string[]; readonly output: string } {
  const [left, right] = at.text('equation').replace(/\s/g, '').split('->');
  const inputs = left.split(',');
  if (right === undefined || inputs.length !== count || /[^a-zA-Z]/.test(inputs.join('') + right))
    throw onnxProblem(`Einsum ${left}`);
  return { inputs, output: right };
}

const einsum: Evaluate = (operands, at) => {
  const arrays = operands.map(one => one!);
  const { inputs, output } = letters(at, arrays.length);
  const sizes = new Map<string, number>();
  inputs.forEach((names, i) => {
    if (names.length !== arrays[i].shape.length) throw onnxProblem(`Einsum: ${names}`);
    for (const [d, name] of [...names].entries()) sizes.set(name, arrays[i].shape[d]);
  });
  const order = [...output, ...[...sizes.keys()].filter(name => !output.includes(name))];
  const all = order.map(name => sizes.get(name)!);
  const shape = [...output].map(name => sizes.get(name)!);
  return [
    derived(arrays, shape, () => {
      const y = new Float64Array(sizeOf(shape));
      const rest = sizeOf(all) / Math.max(1, y.length);
      const data = arrays.map(one => one.data());
      const steps = inputs.map((names, i) => {
        const own = stridesOf(arrays[i].shape);
        return order.map(name => (names.includes(name) ? own[names.indexOf(name)] : 0));
      });
      forPlaces(all, (place, i) => {
        let value = 1;
        steps.forEach((own, k) => {
          let from = 0;
          for (let d = 0; d < place.length; d++) from += place[d] * own[d];
          value *= data[k][from];
        });
        y[Math.floor(i / rest)] += value;
      });
      return y;
    }),
  ];
};

const FOREIGN: Readonly<Record<string, Evaluate>> = {
  Conv: conv,
  ConvTranspose: convTranspose,
  Resize: resize,
  Einsum: einsum,
};

/** How a digital unit computes an operator; undefined: nobody here knows. */
export const foreignRule = (op: string): Evaluate | undefined =>
  Object.hasOwn(FOREIGN, op) ? FOREIGN[op] : Object.hasOwn(EVALUATE, op) ? EVALUATE[op] : undefined;

/** Products that it takes; 0 for what multiplies nothing. */
export function foreignMacs(
  op: string,
  operands: readonly (Nd | undefined)[],
  out: number,
  at: Attributes,
): number {
  const [x, w] = operands;
  if (op === 'Conv') return out * sizeOf(w!.shape.slice(1));
  if (op === 'ConvTranspose') return x!.size * sizeOf(w!.shape.slice(1));
  if (op === 'MatMul') return out * x!.shape[x!.shape.length - 1];
  if (op !== 'Einsum' || operands.length < 2) return 0;
  const { inputs } = letters(at, operands.length);
  const sizes = new Map(
    inputs.flatMap((names, i) => [...names].map((name, d) => [name, operands[i]!.shape[d]] as const)),
  );
  return sizeOf([...sizes.values()]);
}
