/** Values in another order in training: a derivative goes back to where its value came from. */
import { NOTHING, orderOf } from '../../numerics/execute/vector/layout.ts';
import type { LayoutOp } from '../../workload/op.ts';
import { floatsOf, type Layer, type Wiring } from './layer.ts';

/** Of each operand: the places of its values, and where they come out. */
function routesOf(op: LayoutOp): { from: Uint32Array; to: Uint32Array }[] {
  const order = orderOf(op);
  // Operand and place of each of the joined values.
  const owner: [number, number][] = [];
  if (op.join === 'rows')
    for (const [i, { rows, columns }] of op.parts.entries())
      for (let at = 0; at < rows * columns; at++) owner.push([i, at]);
  else
    for (let row = 0; row < op.parts[0].rows; row++)
      for (const [i, { columns }] of op.parts.entries())
        for (let j = 0; j < columns; j++) owner.push([i, row * columns + j]);
  return op.parts.map((_, part) => {
    const to = Uint32Array.from(order.keys()).filter(i => owner[order[i]]?.[0] === part);
    return { from: to.map(i => owner[order[i]][1]), to };
  });
}

/** Gathers forward, and scatters back. `images`: address of the batch's images, channel by channel, where the op reads them. */
export function layoutLayer(
  op: LayoutOp,
  { inputs, output, gradient, inputGradients }: Wiring,
  floats: Float32Array,
  images: number,
): Layer {
  const size = floatsOf(output);
  if (op.deps.length === 0) return imageLayer(op, images / 4, output.at / 4, size, floats);
  const routes = routesOf(op);
  return {
    forward({ samples }) {
      // What windows see beyond the edges of an image.
      if (op.window !== undefined) floats.fill(0, output.at / 4, output.at / 4 + samples * size);
      for (const [part, { from, to }] of routes.entries())
        for (let sample = 0; sample < samples; sample++) {
          const [source, target] = [
            inputs[part].at / 4 + sample * floatsOf(inputs[part]),
            output.at / 4 + sample * size,
          ];
          for (let i = 0; i < to.length; i++) floats[target + to[i]] = floats[source + from[i]];
        }
    },
    backward({ samples }) {
      for (const [part, { from, to }] of routes.entries()) {
        const { at, accumulate } = inputGradients[part];
        if (at === 0) continue;
        const own = floatsOf(inputs[part]);
        if (accumulate === 0) floats.fill(0, at / 4, at / 4 + samples * own);
        for (let sample = 0; sample < samples; sample++) {
          const [target, source] = [at / 4 + sample * own, gradient / 4 + sample * size];
          for (let i = 0; i < to.length; i++) floats[target + from[i]] += floats[source + to[i]];
        }
      }
    },
  };
}

/** Of the network's input, which gets no derivative. */
function imageLayer(op: LayoutOp, images: number, to: number, size: number, floats: Float32Array): Layer {
  const [{ rows: pixels, columns: channels }] = op.parts;
  // The op counts pixel by pixel.
  const from = Int32Array.from(orderOf(op), at =>
    at === NOTHING ? -1 : (at % channels) * pixels + Math.floor(at / channels),
  );
  return {
    forward({ first, samples }) {
      for (let sample = 0; sample < samples; sample++) {
        const [source, target] = [images + (first + sample) * pixels * channels, to + sample * size];
        for (let i = 0; i < size; i++) floats[target + i] = from[i] < 0 ? 0 : floats[source + from[i]];
      }
    },
    backward: () => {},
  };
}
