/** Where a layer's ops stand: names, stage and encoder; and the state that all layers of a network share. */
import { TrexError, unknownName } from '../base/errors.ts';
import type { GraphBuilder, Place } from './builder.ts';
import type { EncoderChain } from './encoder.ts';
import type { EncoderShape } from './encoder-shape.ts';
import type { Features } from './features.ts';
import { type LayerOptions, LayerProblem } from './layer-options.ts';
import type { Stage } from './op.ts';

/** Parts of a network: what is counted as stem, and as head. */
export type Section = 'stem' | 'body' | 'head';

/** What the layers of one network share. */
export interface NetworkState {
  readonly b: GraphBuilder;
  readonly chain: EncoderChain;
  /** Encoders and blocks so far. */
  encoders: number;
  /** Of the first encoder or block with attention, for tables. */
  shape: Pick<EncoderShape, 'dim' | 'heads' | 'hidden' | 'tokens'> | undefined;
  /** Of the ops so far, which have been checked. */
  readonly names: Set<string>;
  /** Features that were stored, by their names. */
  readonly streams: Map<string, Features>;
  /** Outputs of the classifier, as the model file says. */
  readonly classes: number | undefined;
  /** A layer gives them. */
  classified: boolean;
  /** Adds a layer of any kind. */
  readonly add: (scope: LayerScope, x: Features, layer: LayerOptions) => Features;
}

interface Spot {
  readonly section: Section;
  readonly prefix: string;
  readonly encoder: number | null;
  readonly path: readonly PropertyKey[];
}

export class LayerScope {
  readonly state: NetworkState;
  readonly #spot: Spot;

  constructor(state: NetworkState, spot: Spot) {
    this.state = state;
    this.#spot = spot;
  }

  get b(): GraphBuilder {
    return this.state.b;
  }

  /** The encoder or block that the layer is in; null outside. */
  get encoder(): number | null {
    return this.#spot.encoder;
  }

  /** An op of this layer; in the stem and the head all belong to that stage. */
  at(name: string, stage: Stage): Place {
    const { section, prefix, encoder } = this.#spot;
    const id = name === '' ? prefix : `${prefix}.${name}`;
    return { id, stage: section === 'body' ? stage : section, encoder };
  }

  /** @throws LayerProblem, whose place in the file is this layer or one of its fields. */
  refuse(message: string, ...field: PropertyKey[]): never {
    throw new LayerProblem([...this.#spot.path, ...field], message);
  }

  /** What `add` gives, whose refusals become this layer's. @throws LayerProblem */
  refusing<T>(add: () => T, ...field: PropertyKey[]): T {
    try {
      return add();
    } catch (error) {
      if (!(error instanceof TrexError)) throw error;
      return this.refuse(error.message, ...field);
    }
  }

  /** The id of features that an op has made. @throws LayerProblem for the image itself */
  idOf({ id }: Features): string {
    return id ?? this.refuse('a convolution or patches must come first');
  }

  /** What was stored under that name. @throws LayerProblem for what was not, at `field` */
  stream(name: string, field: string): Features {
    const { streams } = this.state;
    const known = [...streams.keys()];
    const why =
      known.length === 0 ? 'no layer before it stores a stream' : unknownName('stream', name, known).message;
    return streams.get(name) ?? this.refuse(why, field);
  }

  /** Adds the layers of `field` one after another; `prefix` stands in front of their names. */
  run(
    layers: readonly LayerOptions[],
    x: Features,
    field: string | readonly PropertyKey[],
    prefix = '',
  ): Features {
    let y = x;
    for (const [i, layer] of layers.entries())
      y = this.state.add(this.#child(layer, i, field, prefix), y, layer);
    return y;
  }

  /** A scope for a part of this layer. */
  within(name: string): LayerScope {
    const { prefix } = this.#spot;
    return new LayerScope(this.state, { ...this.#spot, prefix: prefix === '' ? name : `${prefix}.${name}` });
  }

  /** A scope within the next encoder. */
  nextEncoder(): LayerScope {
    return new LayerScope(this.state, { ...this.#spot, encoder: this.state.encoders++ });
  }

  #child(
    layer: LayerOptions,
    i: number,
    field: string | readonly PropertyKey[],
    between: string,
  ): LayerScope {
    const { prefix, path } = this.#spot;
    const own = layer.name ?? `${layer.kind}${i}`;
    const name = [prefix, between, own].filter(part => part !== '').join('.');
    return new LayerScope(this.state, { ...this.#spot, prefix: name, path: [...path, field, i].flat() });
  }
}
