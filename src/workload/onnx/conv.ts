/** Convolutions and pools of images; one dimension is an image of one line. */

import type { ConvWindow } from '../conv-window.ts';
import { areaOf, type Size } from '../size.ts';
import { reshaped, transposed } from './arrays.ts';
import type { OnnxNode } from './graph.ts';
import type { Lowering } from './lowering.ts';
import { type Nd, uniform, values, wholes } from './nd.ts';
import { reduced } from './norm.ts';
import { times } from './pointwise.ts';
import { onnxProblem } from './problem.ts';
import { picked } from './reshape.ts';
import { axisOf } from './shapes.ts';
import { type Atom, atom, shapeOf, type View } from './view.ts';

/** An image as pixels x channels: [1, C, H, W], or [1, C, W] as one line. */
interface Image {
  readonly view: View;
  readonly channels: number;
  readonly size: Size;
  readonly line: boolean;
}

function imageOf(l: Lowering, given: View): Image {
  const shape = shapeOf(given);
  if (shape.length !== 3 && shape.length !== 4)
    throw onnxProblem(`an image of [${shape.join(', ')}]: two dimensions of pixels, or one, are known`);
  const line = shape.length === 3;
  const view = l.ops.unscaled(given);
  const [, channels, ...pixels] = view.dims;
  const own = view.op === null ? view : l.ops.arrange(view, pixels.flat(), channels);
  const size = { height: line ? 1 : shape[2], width: shape[shape.length - 1] };
  return { view: own, channels: shape[1], size, line };
}

/** Kernel, stride and padding of a node, and the pixels that come out. */
function windowOf(l: Lowering, node: OnnxNode, image: Image, told: readonly number[]): ConvWindow {
  const at = l.attributes(node);
  const rank = image.line ? 1 : 2;
  const list = (name: string, absent: number): number[] =>
    at.has(name) ? at.numbers(name) : new Array<number>(rank).fill(absent);
  const size = (sides: readonly number[], one: number): Size =>
    rank === 1 ? { height: one, width: sides[0] } : { height: sides[0], width: sides[1] };
  const kernel = size(told, 1);
  const stride = size(list('strides', 1), 1);
  if (list('dilations', 1).some(d => d !== 1)) throw onnxProblem('dilations are not supported');
  const auto = at.text('auto_pad', 'NOTSET');
  const pads = at.has('pads') ? at.numbers('pads') : new Array<number>(2 * rank).fill(0);
  const side = (name: keyof Size, d: number): { readonly before: number; readonly out: number } => {
    const [own, k, s] = [image.size[name], kernel[name], stride[name]];
    if (auto === 'SAME_UPPER' || auto === 'SAME_LOWER') {
      const out = Math.ceil(own / s);
      const all = Math.max(0, (out - 1) * s + k - own);
      return { before: auto === 'SAME_UPPER' ? Math.floor(all / 2) : Math.ceil(all / 2), out };
    }
    const [before, after] = auto === 'VALID' || d < 0 ? [0, 0] : [pads[d], pads[d + rank]];
    const room = (own + before + after - k) / s;
    if (at.number('ceil_mode', 0) !== 1) return { before, out: Math.floor(room) + 1 };
    // No window begins behind the image: it would hold padding alone.
    const most = Math.ceil(room);
    return { before, out: most * s >= own + before ? most : most + 1 };
  };
  const [down, across] = [side('height', rank === 1 ? -1 : 0), side('width', rank - 1)];
  if (down.out < 1 || across.out < 1)
    throw onnxProblem(
      `a kernel of ${told.join(' x ')} does not fit ${image.size.height} x ${image.size.width} pixels`,
    );
  return {
    kernel,
    stride,
    padding: { height: down.before, width: across.before },
    inChannels: image.channels,
    input: image.size,
    output: { height: down.out, width: across.out },
  };
}

/** What comes out: pixels x channels as [1, C, H, W]. */
function pixelView(op: string, { height, width }: Size, channels: number, line: boolean): View {
  const one = (size: number): Atom[] => (size > 1 ? [atom(size)] : []);
  const [h, w, c] = [height, width, channels].map(one);
  return { op, rows: [...h, ...w], columns: c, dims: line ? [[], c, w] : [[], c, h, w], factor: 1 };
}

export function conv(l: Lowering, node: OnnxNode): void {
  const { ops } = l;
  const weight = l.known(node, 1);
  const bias = l.constant(node, 2);
  const image = imageOf(l, l.view(node));
  const [out, perGroup, ...sides] = weight.shape;
  const groups = l.attributes(node).number('group', 1);
  if (perGroup * groups !== image.channels || out % groups !== 0)
    throw onnxProblem(
      `a kernel of [${weight.shape.join(', ')}] in ${groups} groups on ${image.channels} channels`,
    );
  const window = windowOf(l, node, image, sides);
  const taps = perGroup * areaOf(window.kernel);
  const place = ops.place();
  const flat = transposed(reshaped(weight, [out, taps]), [1, 0]);
  const own = groups === 1 ? flat : groupedWeight(weight, groups, taps);
  ops.holds(place, own, bias);
  const rows = areaOf(window.output);
  const pointwise =
    areaOf(window.kernel) * areaOf(window.stride) === 1 && areaOf(window.output) === areaOf(window.input);
  let id: string;
  if (groups === 1) {
    const input = image.view.op;
    id =
      pointwise && input !== null
        ? ops.b.linear(place, input, { rows, in: taps, out, bias: bias !== undefined })
        : ops.b.conv(place, conved(l, image), window, out, bias !== undefined);
  } else {
    const shape = { rows, groups, in: taps, out: out / groups, bias: bias !== undefined };
    const input = ops.arrange(image.view, image.view.dims.slice(2).flat(), image.view.dims[1]).op!;
    id = ops.b.grouped(place, input, pointwise ? shape : { ...shape, conv: window });
  }
  l.give(node, pixelView(id, window.output, out, image.line));
}

/** The network's own image is read as it is; it lies as pixels x channels. */
function conved(l: Lowering, { view, channels, size }: Image): string | null {
  if (view.op !== null) return view.op;
  const model = l.graph.inputs[0];
  const [, c, ...pixels] = model.shape;
  const same = pixels.length >= 1 && c === channels && pixels[pixels.length - 1] === size.width;
  return same && view.dims.length === 4
    ? null
    : l.ops.arrange(view, view.dims.slice(2).flat(), view.dims[1]).op;
}

/** [out, in / groups, taps] as in x (groups out): what group g takes to its outputs, side by side. */
const groupedWeight = (weight: Nd, groups: number, taps: number): Nd =>
  reshaped(transposed(reshaped(weight, [groups, weight.shape[0] / groups, taps]), [2, 0, 1]), [
    taps,
    weight.shape[0],
  ]);

export function pool(l: Lowering, node: OnnxNode, fn: 'maxpool' | 'avgpool'): void {
  const { ops } = l;
  if (node.out.length > 1 && node.out[1] !== '') throw onnxProblem('the places of the largest values');
  const image = imageOf(l, l.view(node));
  const at = l.attributes(node);
  const window = windowOf(l, node, image, at.numbers('kernel_shape'));
  const { padding, kernel, stride, input, output } = window;
  const beyond = (name: keyof Size): boolean =>
    padding[name] > 0 || (output[name] - 1) * stride[name] + kernel[name] - padding[name] > input[name];
  const view = ops.arrange(image.view, image.view.dims.slice(2).flat(), image.view.dims[1]);
  const { rows, rowLength } = ops.sizes(view);
  const id = ops.b.vector(ops.place(fn), fn, [view.op!], { rows, rowLength, window });
  const y = pixelView(id, output, image.channels, image.line);
  if (fn === 'maxpool' || (!beyond('height') && !beyond('width'))) {
    l.give(node, y);
    return;
  }
  // A mean over the whole kernel, times the places of the kernel over those that count.
  const pads = at.has('pads') ? at.numbers('pads') : [];
  const after = image.line
    ? { height: 0, width: pads[1] ?? 0 }
    : { height: pads[2] ?? 0, width: pads[3] ?? 0 };
  const whole = at.number('count_include_pad', 0) === 1;
  const counted = (name: keyof Size): number[] =>
    Array.from({ length: output[name] }, (_, i) => {
      const start = i * stride[name] - padding[name];
      const [least, most] = whole ? [-padding[name], input[name] + after[name]] : [0, input[name]];
      return Math.min(start + kernel[name], most) - Math.max(start, least);
    });
  const [down, across] = [counted('height'), counted('width')];
  const factors = down.flatMap(h => across.map(w => areaOf(kernel) / (h * w)));
  const shape = image.line ? [1, 1, output.width] : [1, 1, output.height, output.width];
  l.give(node, times(l, y, values(shape, factors)));
}

/** Zeros around an image: its windows of one pixel, some of them beyond the edges. */
export function pad(l: Lowering, node: OnnxNode): void {
  const { ops } = l;
  const at = l.attributes(node);
  const mode = at.text('mode', 'constant');
  const given = l.view(node);
  const shape = shapeOf(given);
  const told = l.constant(node, 1);
  const axes = l.constant(node, 3);
  const listed = told === undefined ? at.numbers('pads') : wholes(told, 'Pad');
  const pads = new Array<number>(2 * shape.length).fill(0);
  const places =
    axes === undefined ? shape.map((_, d) => d) : wholes(axes, 'Pad').map(a => axisOf(a, shape.length));
  places.forEach((d, i) => {
    pads[d] = listed[i];
    pads[d + shape.length] = listed[i + places.length];
  });
  if (pads.every(one => one === 0)) {
    l.give(node, given);
    return;
  }
  if ((mode === 'reflect' || mode === 'edge') && pads.every(one => one >= 0)) {
    l.give(node, mirrored(l, given, pads, mode));
    return;
  }
  const value = l.constant(node, 2);
  const filler = value === undefined ? at.number('value', 0) : uniform(value);
  if (mode !== 'constant' || filler !== 0 || pads.some(one => one < 0))
    throw onnxProblem('padding with something else than zeros');
  const image = imageOf(l, given);
  const rank = shape.length;
  if (pads[0] + pads[1] + pads[rank] + pads[rank + 1] > 0) throw onnxProblem('padding of channels');
  const [top, left] = image.line ? [0, pads[2]] : [pads[2], pads[3]];
  const [bottom, right] = image.line ? [0, pads[rank + 2]] : [pads[rank + 2], pads[rank + 3]];
  const { size, channels } = image;
  const output = { height: size.height + top + bottom, width: size.width + left + right };
  const view = ops.arrange(image.view, image.view.dims.slice(2).flat(), image.view.dims[1]);
  const one = { height: 1, width: 1 };
  const window = {
    kernel: one,
    stride: one,
    padding: { height: top, width: left },
    inChannels: channels,
    input: size,
    output,
  };
  const rows = areaOf(output);
  const id = ops.layout([view.op!], {
    parts: [ops.sizes(view)].map(({ rows, rowLength }) => ({ rows, columns: rowLength })),
    join: 'columns',
    window,
    dims: [rows, channels],
    axes: [0, 1],
    rows,
    columns: channels,
  });
  l.give(node, pixelView(id, output, channels, image.line));
}

/** The values at the edges again, or those behind them in turn. */
function mirrored(l: Lowering, given: View, pads: readonly number[], mode: 'reflect' | 'edge'): View {
  let view = given;
  shapeOf(given).forEach((size, d, { length: rank }) => {
    const [before, after] = [pads[d], pads[d + rank]];
    if (before + after === 0) return;
    const place = (p: number): number => {
      if (mode === 'edge') return Math.min(Math.max(p, 0), size - 1);
      return p < 0 ? -p : p >= size ? 2 * (size - 1) - p : p;
    };
    const places = Array.from({ length: size + before + after }, (_, i) => place(i - before));
    view = picked(l, view, d, places);
  });
  return view;
}

export function globalPool(l: Lowering, node: OnnxNode, kind: 'mean' | 'max'): void {
  const x = l.view(node);
  l.give(node, reduced(l, x, x.dims.map((_, d) => d).slice(2), kind));
}
