/** A graph as a thread trains it: buffers for every value and derivative, and the layers bound to them. */
import type { KnownOp } from '../../workload/matmul.ts';
import type { GroupedOp, Op, StaticOp } from '../../workload/op.ts';
import type { Kernels } from '../wasm/kernels.ts';
import { KEY_BYTES } from '../wasm/noise.ts';
import { featuresOf } from './classifier.ts';
import { RECORD_FLOATS } from './crossbar-record.ts';
import { functionLayer } from './function-layer.ts';
import { groupedLayer } from './grouped.ts';
import { innerWindows, windowsOf } from './inputs.ts';
import type { Chunk, CrossbarWiring, Layer, Value, Wiring } from './layer.ts';
import type { Layout } from './layout.ts';
import { CODE_ZERO, CODES, keysPerOp } from './layout.ts';
import { layoutLayer } from './layout-layer.ts';
import { linearLayer } from './linear.ts';
import { planOf, workspaceBytes } from './plan.ts';
import { productLayer } from './product.ts';
import { keepLayer, prependLayer, sliceLayer } from './tokens.ts';

/** A network on one thread. Derivatives by logits and features are the caller's to write before `backward`. */
export interface Program {
  readonly logits: Value;
  readonly features: Value;
  readonly logitsGradient: number;
  readonly featuresGradient: number;
  /** Value of an op's output, and of what streams into a matmul. */
  output(opId: string): Value;
  streamed(opId: string): Value;
  forward(chunk: Chunk): void;
  backward(chunk: Chunk): void;
}

/** Builds the network of thread `thread` on the shared memory. */
export function buildProgram(
  layout: Layout,
  memory: ArrayBuffer | SharedArrayBuffer,
  kernels: Kernels,
  thread: number,
): Program {
  const { spec, parameters, vector } = layout;
  const { graph, batch } = spec;
  const plan = planOf(layout, layout.workspaces + thread * workspaceBytes(layout));
  const floats = new Float32Array(memory);
  const ints = new Int32Array(memory);
  const text = !('imageSize' in graph.model);
  const perInput = graph.model.tokens;
  const ids = {
    words: ints.subarray(layout.inputs / 4, layout.inputs / 4 + batch * perInput),
    types: ints.subarray(layout.types / 4, layout.types / 4 + batch * perInput),
  };
  const lengths = ints.subarray(layout.lengths / 4, layout.lengths / 4 + batch);
  const offset = (key: string): number => parameters.arrays.get(key)!.offset * 4;
  const learned = (key: string) => ({ at: vector + offset(key), offset: offset(key) });
  const cut = new Map<string, (chunk: Chunk) => void>();
  const paste = new Map<string, (chunk: Chunk) => void>();

  const wiring = (op: Op): Wiring => ({
    kernels,
    inputs: op.deps.map(dep => plan.values.get(dep.op)!),
    output: plan.values.get(op.id)!,
    gradient: plan.gradients.get(op.id) ?? 0,
    inputGradients: plan.slots.get(op.id) ?? [],
    scratch: plan.scratch,
    crossbar: spec.variation ? crossbarWiring(layout, memory, op) : undefined,
  });

  const linear = (op: StaticOp): Layer => {
    const packed = layout.packed.get(op.weightId)!;
    const weights = {
      forwardPanels: packed.forward,
      backwardPanels: packed.backward,
      bias: op.bias ? vector + offset(`${op.weightId}.bias`) : 0,
      weightOffset: offset(`${op.weightId}.weight`),
      biasOffset: op.bias ? offset(`${op.weightId}.bias`) : 0,
    };
    return linearLayer(op, onWindows(op), weights);
  };

  /** Of a layer of known weights: its operand, or the windows that are cut out of it. */
  const onWindows = (op: KnownOp): Wiring => {
    const windows = plan.windows.get(op.id);
    const wired = wiring(op);
    if (windows === undefined || op.conv === undefined) return wired;
    if (op.deps.length === 0) {
      cut.set(op.id, windowsOf(op.conv, floats.subarray(layout.inputs / 4), floats, windows));
      return { ...wired, inputs: [windows], inputGradients: [{ at: 0, accumulate: 0 }] };
    }
    const slot = wired.inputGradients[0] ?? { at: 0, accumulate: 0 };
    const derivative = plan.scratch.windows;
    const inner = innerWindows(op.conv, wired.inputs[0], slot, { floats, windows, derivative });
    cut.set(op.id, inner.forward);
    paste.set(op.id, inner.backward);
    const asked = slot.at === 0 ? 0 : derivative;
    return { ...wired, inputs: [windows], inputGradients: [{ at: asked, accumulate: 0 }] };
  };

  const grouped = (op: GroupedOp): Layer =>
    groupedLayer(op, onWindows(op), floats, {
      weight: learned(`${op.weightId}.weight`),
      bias: op.bias ? learned(`${op.weightId}.bias`) : undefined,
    });

  const layerOf = (op: Op): Layer => {
    switch (op.kind) {
      case 'static':
        return linear(op);
      case 'dynamic':
        return productLayer(op, wiring(op));
      case 'tokens':
        if (op.change === 'prepend') return prependLayer(op, wiring(op), floats, learned(op.id));
        if (op.change === 'rest' || op.change === 'route') throw new Error(`${op.id}: no derivative`);
        return op.change === 'keep'
          ? keepLayer(op, wiring(op), floats, layout.chunkSamples)
          : sliceLayer(op, wiring(op), floats);
      case 'grouped':
        return grouped(op);
      case 'layout':
        return layoutLayer(op, wiring(op), floats, layout.inputs);
      case 'vector':
        return functionLayer(op, {
          wiring: wiring(op),
          floats,
          learned,
          has: key => parameters.arrays.has(key),
          stats: plan.stats.get(op.id) ?? 0,
          lengths: text ? lengths : undefined,
          ids,
        });
    }
  };

  const layers = graph.ops.map(op => ({ op, layer: layerOf(op) }));
  const reversed = layers.toReversed().filter(({ op }) => plan.gradients.has(op.id));
  const last = graph.ops.at(-1)!.id;
  const features = featuresOf(graph).id;
  return {
    logits: plan.values.get(last)!,
    features: plan.values.get(features)!,
    logitsGradient: plan.gradients.get(last)!,
    featuresGradient: plan.gradients.get(features)!,
    output: id => plan.values.get(id)!,
    streamed: id => plan.windows.get(id) ?? plan.values.get(graph.ops.find(op => op.id === id)!.deps[0].op)!,
    forward(chunk) {
      for (const { op, layer } of layers) {
        cut.get(op.id)?.(chunk);
        layer.forward(chunk);
      }
    },
    backward(chunk) {
      for (const { op, layer } of reversed) {
        layer.backward(chunk);
        paste.get(op.id)?.(chunk);
      }
    },
  };
}

function crossbarWiring(
  layout: Layout,
  memory: ArrayBuffer | SharedArrayBuffer,
  op: Op,
): CrossbarWiring | undefined {
  const index = layout.matmuls.findIndex(o => o.id === op.id);
  if (index < 0 || (op.kind !== 'static' && op.kind !== 'dynamic')) return undefined;
  const perOp = keysPerOp(layout.parts);
  const key = (place: number): number => layout.keys + (index * perOp + place) * KEY_BYTES;
  return {
    record: new Float32Array(memory, layout.records + index * RECORD_FLOATS * 4, RECORD_FLOATS),
    factors: op.kind === 'static' ? layout.packed.get(op.weightId)!.scales : layout.ones,
    means: layout.means + index * layout.widest * 4,
    sigmas: layout.sigmas + (index * CODES + CODE_ZERO) * 4,
    normals: layout.normals,
    readKey: part => key(1 + 2 * part),
    writeKey: part => key(2 + 2 * part),
  };
}
