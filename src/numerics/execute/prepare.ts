/** Makes a graph and its weights ready to run in float32, in integers, on crossbars, or in a mix of them. */
import { usageError } from '../../base/errors.ts';
import type { Graph } from '../../workload/graph.ts';
import type { ModelWeights } from '../../workload/import/model-weights.ts';
import { isMatmul, type MatmulOp } from '../../workload/matmul.ts';
import type { MvmBackend } from '../mvm/backend.ts';
import type { Quantisation } from '../quantize/quantisation.ts';
import { analogArithmetic } from './analog-arithmetic.ts';
import { codedWeights } from './coded-weights.ts';
import { type AnalogOptions, checkLayers } from './crossbar-device.ts';
import { floatArithmetic } from './float-arithmetic.ts';
import { intArithmetic } from './int-arithmetic.ts';
import { Network } from './network.ts';
import { SharedLayers } from './shared-layers.ts';
import type { Arithmetic, Compute, Unit } from './unit.ts';
import { vectorUnit } from './vector-op.ts';

/** How the matmuls of a network are computed. */
export interface NetworkOptions {
  /** How matmuls are computed; default float32. */
  readonly compute?: Compute;
  /** Exceptions, by op id or by stage (`stem`, `head`, `qk` ...); an op id wins. */
  readonly layers?: Readonly<Record<string, Compute>>;
  /** Needed for int8 and analog. */
  readonly quantisation?: Quantisation;
  /** Needed for analog. */
  readonly analog?: AnalogOptions;
  /** Its threads compute large float32 products; absent: the calling thread does. */
  readonly floatOn?: MvmBackend | undefined;
}

/**
 * Takes the learned values out of `weights` and quantises them. Crossbars are programmed when an op first runs, by idle threads before; another
 * arithmetic that a run asks for (`crossbars`, `snrAgainst`) is made when it does. With `shared`, known layers are those of
 * an earlier graph with the same weights and options, and `shared` frees them, not the network.
 * @throws TrexError (usage) for options that do not fit the graph.
 */
export function prepare(
  graph: Graph,
  weights: ModelWeights,
  options: NetworkOptions = {},
  shared?: SharedLayers,
): Network {
  const { compute = 'float32', layers = {}, analog } = options;
  checkLayers(graph, layers);
  checkLayers(graph, analog?.layers);
  const computeOf = (op: MatmulOp): Compute => layers[op.id] ?? layers[op.stage] ?? compute;

  const own = codedWeights(graph, weights);
  const known = shared ?? new SharedLayers();
  const arithmetic = (name: Compute): Arithmetic =>
    known.arithmetic(name, () => makeArithmetic(name, own, options));

  const units = new Map<string, Unit>();
  const matmul = (op: MatmulOp, name: Compute): Unit => {
    const id = `${name}/${op.id}`;
    if (op.kind === 'static') return known.unit(id, () => arithmetic(name).static(op));
    if (op.kind === 'grouped') return known.unit(id, () => arithmetic(name).grouped(op));
    let unit = units.get(id);
    if (unit === undefined) units.set(id, (unit = arithmetic(name).dynamic(op)));
    return unit;
  };

  const vectors = new Map<string, Unit>();
  for (const op of graph.ops) {
    if (isMatmul(op)) matmul(op, computeOf(op));
    else vectors.set(op.id, vectorUnit(op, graph, weights));
  }
  const dispose = (): void => {
    if (shared === undefined) known.dispose();
  };
  return new Network({ graph, computeOf, matmul, vectors, dispose });
}

/** @throws TrexError (usage) for an arithmetic without what it needs. */
function makeArithmetic(
  name: Compute,
  weights: ModelWeights,
  { quantisation, analog, floatOn }: NetworkOptions,
): Arithmetic {
  if (name === 'float32') return floatArithmetic(weights, floatOn);
  if (quantisation === undefined) throw usageError(`${name} needs a quantisation: calibrate first`);
  if (name === 'int8') return intArithmetic(weights, quantisation);
  if (analog === undefined) throw usageError('analog needs crossbars: a back end and a device');
  return analogArithmetic(weights, quantisation, analog);
}
