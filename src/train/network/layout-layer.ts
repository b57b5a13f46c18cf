/** Values in another order in training: a derivative goes back to where its value came from. */
import { orderOf } from '../../numerics/execute/vector/layout.ts';
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

/** Gathers forward, and scatters back. */
export function layoutLayer(
  op: LayoutOp,
  { inputs, output, gradient, inputGradients }: Wiring,
  floats: Float32Array,
): Layer {
  const routes = routesOf(op);
  const size = floatsOf(output);
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
