/** From a graph's functions to their layers: who answers for each function that says `kernel`, and what cannot be trained. */
import type { Op, VectorOp } from '../../workload/op.ts';
import { secondBackward } from '../../workload/second-operand.ts';
import { type DeclaredFunction, functionOf, type KernelFunction } from '../../workload/vector-functions.ts';
import {
  activationLayer,
  addLayer,
  type LearnedAt,
  layerNormLayer,
  plainLayer,
  scaleLayer,
  softmaxLayer,
} from './functions.ts';
import { embedLayer } from './inputs.ts';
import type { Layer, Wiring } from './layer.ts';
import { matrixLayer } from './matrix-layer.ts';

/** What a function finds when a thread builds its network. */
export interface FunctionContext {
  readonly wiring: Wiring;
  /** The shared memory. */
  readonly floats: Float32Array;
  readonly learned: (key: string) => LearnedAt;
  /** The network learns such values. */
  readonly has: (key: string) => boolean;
  /** Address of what `rowStats` asked for. */
  readonly stats: number;
  /** Lengths of the batch's texts; absent for images. */
  readonly lengths: Int32Array | undefined;
  /** Words and segment types of the batch. */
  readonly ids: { readonly words: Int32Array; readonly types: Int32Array };
}

/** How training computes a function with kernels. */
interface FunctionKernel<Name extends KernelFunction = KernelFunction> {
  /** Those that the layer reads: all that the function declares, or it does not compile. */
  readonly options: Extract<DeclaredFunction, { readonly name: Name }>['options'];
  readonly layer: (op: VectorOp, context: FunctionContext) => Layer;
  /** Floats that the forward pass keeps for each row. */
  readonly rowStats?: number;
  /** Knows where texts end: what comes out of it is zero for their padding. */
  readonly masksPadding?: true;
}

const KERNELS = {
  add: {
    options: ['scale', 'second'],
    layer(op, context) {
      const { wiring, learned } = context;
      if (op.second === undefined)
        return addLayer(op, wiring, op.parameters > 0 ? learned(op.id) : undefined);
      const { scale = 1 } = op;
      const backward = secondBackward(
        op,
        () => 1,
        () => scale,
      );
      return matrixLayer(op, backward, context);
    },
  },
  embed: {
    options: ['first'],
    layer(op, { wiring, floats, ids, learned, has }) {
      const words = learned(`${op.id}.words`);
      const table = (name: string, first = 0): number | undefined =>
        has(`${op.id}.${name}`) ? learned(`${op.id}.${name}`).offset / 4 + first * op.rowLength : undefined;
      const tables = {
        words: words.offset / 4,
        positions: table('positions', op.first),
        types: table('types'),
      };
      return embedLayer(op, wiring, floats, { ids, vector: words.at - words.offset, tables });
    },
  },
  gelu: {
    options: ['approximate'],
    layer: (op, { wiring }) =>
      op.approximate === 'tanh'
        ? activationLayer('geluTanh', 'geluTanhBackward', wiring)
        : activationLayer('gelu', 'geluBackward', wiring),
  },
  layernorm: {
    options: ['eps'],
    layer: (op, { wiring, learned, stats }) =>
      layerNormLayer(op, wiring, learned(`${op.id}.gain`), learned(`${op.id}.shift`), stats),
    rowStats: 2,
  },
  relu: { options: [], layer: (_, { wiring }) => activationLayer('relu', 'reluBackward', wiring) },
  scale: { options: ['scale', 'offset'], layer: (op, { wiring, floats }) => scaleLayer(op, wiring, floats) },
  softmax: {
    options: ['scale'],
    layer: (op, { wiring, lengths }) => softmaxLayer(op, wiring, lengths),
    masksPadding: true,
  },
  tanh: { options: [], layer: (_, { wiring }) => activationLayer('tanh', 'tanhBackward', wiring) },
} as const satisfies { readonly [Name in KernelFunction]: FunctionKernel<Name> };

/** The kernels of an op's function; undefined where it has none. */
function kernelOf(op: VectorOp): FunctionKernel | undefined {
  const declared = functionOf(op);
  return declared.gradient === 'kernel' ? KERNELS[declared.name] : undefined;
}

/** Floats that the forward pass keeps for each row of an op. */
export const rowStats = (op: VectorOp): number => kernelOf(op)?.rowStats ?? 0;

/** Why an op cannot be trained; undefined where it can. */
export const untrainable = (op: VectorOp): string | undefined =>
  functionOf(op).gradient === 'refused' ? `${op.fn} has no derivative` : undefined;

/** An op whose rows are zero where a text is padding. */
export const masksPadding = (op: Op): boolean => op.kind === 'vector' && kernelOf(op)?.masksPadding === true;

/** The function of one op. @throws Error for one without a derivative: `untrainable` says so before. */
export function functionLayer(op: VectorOp, context: FunctionContext): Layer {
  const { gradient } = functionOf(op);
  if (gradient === 'refused') throw new Error(`${op.id}: no derivative of ${op.fn}`);
  if (typeof gradient === 'object' && 'backward' in gradient)
    return matrixLayer(op, gradient.backward(op), context);
  if (gradient !== 'kernel') return plainLayer(op, gradient, context.wiring, context.floats);
  return kernelOf(op)!.layer(op, context);
}
