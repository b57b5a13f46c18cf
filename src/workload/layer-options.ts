/** A layer as a model file has it, and what is wrong with one. */

/** A layer of a model file, as its kind's schema has checked it. */
export interface LayerOptions {
  readonly kind: string;
  readonly name?: string | undefined;
}

/** A layer that cannot stand where it stands; `path` leads to it in the model file. */
export class LayerProblem extends Error {
  readonly path: readonly PropertyKey[];

  constructor(path: readonly PropertyKey[], message: string) {
    super(message);
    this.path = path;
  }
}
