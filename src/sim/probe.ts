/** A place where tracers and counters may listen to a block; without a listener it costs one check. */

/** What a listener is told: up to three numbers whose meaning the block documents at its probe point. */
export type Listener = (a: number, b: number, c: number) => void;

/** Blocks declare `readonly onCode = new ProbePoint()` and call `emit`; models hold no tracing code. */
export class ProbePoint {
  #listeners: readonly Listener[] | undefined;

  /** True when somebody listens, for blocks whose arguments cost something to compute. */
  get attached(): boolean {
    return this.#listeners !== undefined;
  }

  /** Tells every listener, in the order of attachment. */
  emit(a: number, b = 0, c = 0): void {
    if (this.#listeners !== undefined) for (const listen of this.#listeners) listen(a, b, c);
  }

  /** Adds a listener; the function that comes back removes it. */
  attach(listener: Listener): () => void {
    // A fresh wrapper keeps two attachments of one function apart; a fresh array keeps a running emit() whole.
    const listen: Listener = (a, b, c) => listener(a, b, c);
    this.#listeners = [...(this.#listeners ?? []), listen];
    return () => {
      const rest = this.#listeners?.filter(other => other !== listen) ?? [];
      this.#listeners = rest.length > 0 ? rest : undefined;
    };
  }
}
