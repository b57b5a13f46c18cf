/** What is kept of the rows of a microbenchmark while they stream by: the Pareto front, points to draw, warnings. */
import { type Scatter, scatterChart } from '../../report/scatter-chart.ts';
import { XBAR_METRICS, type XbarMetricName, type XbarRow } from '../../report/xbar-row.ts';
import { ParetoFront } from './pareto.ts';

/** More points make no better picture; the front is of all. */
const MOST_DRAWN = 20_000;
const MOST_WARNINGS = 20;

/** What is kept of rows that stream by. */
export class XbarSummary {
  readonly #x: XbarMetricName;
  readonly #y: XbarMetricName;
  readonly #front: ParetoFront<XbarRow>;
  readonly #drawn = new Map<string, number[]>();
  readonly #warnings = new Map<string, number>();
  #rows = 0;
  #count = 0;

  constructor(x: XbarMetricName, y: XbarMetricName) {
    this.#x = x;
    this.#y = y;
    this.#front = new ParetoFront(XBAR_METRICS[x], XBAR_METRICS[y]);
  }

  /** "area and tops-per-watt". */
  get axes(): string {
    return `${this.#x} and ${this.#y}`;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Rows that no other beats in both figures. */
  get front(): readonly XbarRow[] {
    return this.#front.items;
  }

  /** Each sentence of the laws once, with the number of rows that it holds for. */
  get warnings(): string[] {
    return [...this.#warnings].map(([text, count]) => (count === 1 ? text : `${text} (${count} points)`));
  }

  /** One more row. */
  add(row: XbarRow): void {
    this.#rows++;
    for (const warning of row.warnings) {
      const text = `${row.tech}: ${warning}`;
      const count = this.#warnings.get(text);
      if (count !== undefined || this.#warnings.size < MOST_WARNINGS)
        this.#warnings.set(text, (count ?? 0) + 1);
    }
    const [x, y] = [XBAR_METRICS[this.#x].of(row), XBAR_METRICS[this.#y].of(row)];
    if (x === undefined || y === undefined || !Number.isFinite(x) || !Number.isFinite(y)) return;
    this.#front.add(x, y, row);
    if (this.#count >= MOST_DRAWN) return;
    this.#count++;
    const points = this.#drawn.get(row.tech);
    if (points === undefined) this.#drawn.set(row.tech, [x, y]);
    else points.push(x, y);
  }

  /** Undefined where no row has both figures. */
  figure(): string | undefined {
    if (this.#count === 0) return undefined;
    const [x, y] = [XBAR_METRICS[this.#x], XBAR_METRICS[this.#y]];
    const front: Scatter['front'] = this.front.map(row => ({
      x: x.of(row) as number,
      y: y.of(row) as number,
      label: `${row.rows}x${row.cols}, ${row.cellBits} b, ADC ${row.adc.bits}, ${row.weightBits}x${row.inputBits} b`,
    }));
    const shown = this.#count < this.#rows ? `, ${this.#count} drawn` : '';
    return scatterChart({
      title: `Crossbars, ${this.#rows} points${shown}`,
      xLabel: x.label,
      yLabel: y.label,
      series: [...this.#drawn].map(([name, xy]) => ({ name, xy })),
      front,
    });
  }
}
