/** The points that no other point beats in two figures, kept while points come one by one. */

export interface Objective {
  readonly better: 'low' | 'high';
}

export class ParetoFront<T> {
  readonly #x: Objective;
  readonly #y: Objective;
  /** By x, the best first; y then gets better from one to the next. */
  #points: { readonly x: number; readonly y: number; readonly item: T }[] = [];

  constructor(x: Objective, y: Objective) {
    this.#x = x;
    this.#y = y;
  }

  /** Best x first. Of points with equal figures the first stays. */
  get items(): readonly T[] {
    return this.#points.map(point => point.item);
  }

  /** Whether the point is on the front now. */
  add(x: number, y: number, item: T): boolean {
    const [a, b] = [cost(this.#x, x), cost(this.#y, y)];
    // The first point whose x is no better: the one before it has the least y of all that have a better x.
    let low = 0;
    let high = this.#points.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#points[middle].x < a) low = middle + 1;
      else high = middle;
    }
    if (low > 0 && this.#points[low - 1].y <= b) return false;
    const at = this.#points[low];
    if (at !== undefined && at.x === a && at.y <= b) return false;
    let end = low;
    while (end < this.#points.length && this.#points[end].y >= b) end++;
    this.#points.splice(low, end - low, { x: a, y: b, item });
    return true;
  }
}

const cost = ({ better }: Objective, value: number): number => (better === 'low' ? value : -value);
