/** Named cases on benchmark.js: median rates, a table, and a timer for asynchronous work. */
import Benchmark from 'benchmark';

/** One measured case. */
export interface Rate {
  group: string;
  name: string;
  /** Median over the samples. */
  opsPerSecond: number;
  /** Relative margin of error of the mean, in percent. */
  rme: number;
}

/** Cases are timed in the order in which they were added. */
export class Bench {
  readonly #cases: { group: string; name: string; operations: number; setup: () => () => number }[] = [];
  /** The sum of what the cases returned, so that no compiler can drop their work. */
  sink = 0;

  /** Adds a case: `setup` builds its state just before it is timed; each call of the result does `operations` operations. */
  add(group: string, name: string, operations: number, setup: () => () => number): this {
    this.#cases.push({ group, name, operations, setup });
    return this;
  }

  /** Times each case for about `seconds`. */
  run(seconds = 1, onRate: (rate: Rate) => void = () => {}): Rate[] {
    return this.#cases.map(({ group, name, operations, setup }) => {
      const body = setup();
      const bench = new Benchmark(name, () => {
        this.sink += body();
      });
      // The types of benchmark 2.1.5 promise readonly options; the library reads them when it runs.
      Object.assign((bench as unknown as { options: object }).options, {
        maxTime: seconds,
        minSamples: 7,
        initCount: 1,
      });
      bench.run();
      if (bench.error !== undefined) throw bench.error;
      const rate = {
        group,
        name,
        opsPerSecond: operations / median(bench.stats.sample),
        rme: bench.stats.rme,
      };
      onRate(rate);
      return rate;
    });
  }
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Runs an asynchronous function `times` times: median seconds, and the peak resident memory of the process in bytes. */
export async function timeAsync(
  fn: () => Promise<unknown>,
  times = 5,
): Promise<{ seconds: number; peakRss_bytes: number }> {
  const samples: number[] = [];
  for (let i = 0; i < times; i++) {
    const begin = performance.now();
    await fn();
    samples.push((performance.now() - begin) / 1e3);
  }
  return { seconds: median(samples), peakRss_bytes: process.resourceUsage().maxRSS * 1024 };
}

/** Rows under a header, numbers and words aligned to the right except in the first column. */
export function printTable(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map(row => row[column].length)));
  for (const row of all) {
    console.log(
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '),
    );
  }
}
