/** Networks whose work depends on the input: what one input leaves of the patches and of the attention, and the network that does just that. */
import { usageError } from '../base/errors.ts';
import type { LayerOptions } from './layer-options.ts';
import { keepThreshold } from './layers/keep.ts';
import { type ModelConfig, modelSchema } from './model.ts';
import { patchCount } from './model-fields.ts';
import { type Pruning, prunesAnywhere, pruningThreshold } from './pruning.ts';
import { patchesProblem, type Threshold } from './token-rule.ts';

/** What one input makes the network do. */
export interface InputWork {
  /** Patches that go on at the places of a profile, in their order; empty: as the model file says. */
  readonly patches: readonly number[];
  /** Encoders whose attention is skipped, rising. */
  readonly skip: readonly number[];
}

/** What inputs can change in a network. */
export interface InputSpace {
  readonly model: ModelConfig;
  /** The encoders at which patches can go. */
  readonly places: readonly number[];
  /** A profile may name some of them; else all or none. */
  readonly anywhere: boolean;
  /** Patches before the first place. */
  readonly patches: number;
  /** By what a patch goes on, where a threshold decides; undefined: none can. */
  readonly threshold: Threshold | undefined;
  /** Why no attention can be skipped; undefined: it can. */
  readonly unskippable: string | undefined;
  /** The network of one input; patches are those of `at`. @throws TrexError (usage) for what the network cannot do. */
  modelOf(work: InputWork, at: readonly number[]): ModelConfig;
}

/** @throws TrexError (usage) for a network on which no input can have an influence. */
export function inputSpace(model: ModelConfig): InputSpace {
  if (model.family === 'layers') return ofLayers(model);
  const pruning = 'pruning' in model ? model.pruning : undefined;
  const places = pruning === undefined ? [] : placesOf(pruning, model.encoders);
  return {
    model,
    places,
    anywhere: pruning !== undefined && prunesAnywhere(pruning),
    patches: 'patchSize' in model ? patchCount(model) : 0,
    threshold: pruning && pruningThreshold(pruning),
    unskippable: model.family === 'onnx' ? 'its encoders are those of a graph of ONNX nodes' : undefined,
    modelOf(work, at) {
      checkSkip(work, model);
      const skipped = withSkips(model, work.skip);
      if (pruning === undefined || work.patches.length === 0 || !('patchSize' in model)) return skipped;
      checkPatches(work.patches, at, patchCount(model), pruning.fuse);
      const { keep: _, of: __, ...rule } = pruning;
      const where = pruning.before === undefined ? { within: at } : { before: at };
      return { ...skipped, pruning: { ...rule, ...where, patches: work.patches } } as ModelConfig;
    },
  };
}

/** In A-ViT's networks patches may go before every encoder but the first. */
const placesOf = (pruning: Pruning, encoders: number): readonly number[] =>
  prunesAnywhere(pruning)
    ? Array.from({ length: encoders - 1 }, (_, i) => i + 1)
    : (pruning.before ?? pruning.within ?? []);

function checkSkip({ skip }: InputWork, { encoders }: ModelConfig): void {
  const beyond = skip.find(encoder => encoder >= encoders);
  if (beyond !== undefined) throw usageError(`skip: encoder ${beyond} of ${encoders} encoders (0-based)`);
}

function checkPatches(
  counts: readonly number[],
  at: readonly number[],
  image: number,
  fuse: boolean | undefined,
): void {
  const problem = patchesProblem(counts, image, fuse);
  if (problem !== undefined) throw usageError(`patches.${at[problem.stage]}: ${problem.message}`);
}

/** Without attention in these encoders, whatever they have else. */
function withSkips(model: ModelConfig, skip: readonly number[]): ModelConfig {
  if (skip.length === 0 || model.family === 'layers' || model.family === 'onnx') return model;
  const others = (model.attentionExceptions ?? []).flatMap(({ encoders, attention }) => {
    const left = encoders.filter(encoder => !skip.includes(encoder));
    return left.length === 0 ? [] : [{ encoders: left, attention }];
  });
  const none = { encoders: [...skip], attention: { kind: 'none' } };
  return { ...model, attentionExceptions: [...others, none] } as ModelConfig;
}

/** What stands in no model file: it follows from the layers. */
const DERIVED: readonly string[] = ['image', 'encoders', 'dim', 'heads', 'hidden', 'tokens'];

type Layers = Extract<ModelConfig, { readonly family: 'layers' }>;

/** Layers of kind `keep` of the body are its places, by the encoders before them. */
function ofLayers(model: Layers): InputSpace {
  const keeps = model.body.flatMap((layer, i) => (layer.kind === 'keep' ? [i] : []));
  const places = keeps.map(i => rebuilt(model, model.body.slice(0, i), []).encoders);
  return {
    model,
    places,
    anywhere: false,
    // One class token stands in front of them, or the layer is refused.
    patches: model.tokens - 1,
    threshold: keeps.length === 0 ? undefined : keepThreshold,
    unskippable: `${model.name} is a list of layers, whose attention cannot be skipped one by one`,
    modelOf({ patches }, at) {
      if (patches.length === 0) return model;
      const body = model.body.map((layer, i) => {
        const place = keeps.indexOf(i);
        if (place < 0) return layer;
        const { share: _, ...rest } = layer as LayerOptions & { readonly share?: number };
        return { ...rest, count: patches[at.indexOf(places[place])] };
      });
      return rebuilt(model, body, model.head);
    },
  };
}

/** The network with other layers. @throws TrexError (usage) for layers that cannot stand there. */
function rebuilt(model: Layers, body: readonly LayerOptions[], head: readonly LayerOptions[]): ModelConfig {
  // Without a head there are no classes.
  const left = head.length === 0 ? [...DERIVED, 'classes'] : DERIVED;
  const written = Object.entries(model).filter(([key]) => !left.includes(key));
  const built = modelSchema.safeParse({ ...Object.fromEntries(written), body, head });
  if (!built.success) throw usageError(built.error.issues[0].message);
  return built.data;
}
