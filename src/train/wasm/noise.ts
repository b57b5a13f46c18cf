/** Kernels of noise: counter-based normal numbers as in `src/random.ts`, and weights, written operands and column sums that carry them. */
import { WINDOW, Z_BITS, Z_TABLE } from '../../numerics/noise/normal-table.ts';
import {
  abs,
  add,
  all,
  allInts,
  bitAnd,
  block,
  type Code,
  div,
  iAdd,
  intAdd,
  intMul,
  intShr,
  iShl,
  KernelBuilder,
  type Local,
  laneInt,
  lanes,
  load,
  loadAll,
  loadLane,
  max,
  min,
  mul,
  nearest,
  splat,
  splatInt,
  store,
  sub,
  times,
  toInts,
  when,
} from '../../wasm/expression.ts';
import { alongRow } from './along-row.ts';

const ROUNDS = 7;
/** Bytes of the table of normal numbers that the kernels read, and of a key. */
export const NORMAL_BYTES = (Z_TABLE.length - WINDOW) * 4;
export const KEY_BYTES = ROUNDS * 4;

/** The table as floats: sums of two entries are standard normal. */
export const normalFloats = (): Float32Array =>
  Float32Array.from(Z_TABLE.subarray(0, Z_TABLE.length - WINDOW), z => z / 2 ** Z_BITS);

/** Four standard normal numbers at a time: `draw(z)` sets `z` and moves on; keys are read once, before the loop. */
function normalCode(
  f: KernelBuilder,
  key: Local,
  counter: Local,
  table: Local,
): { begin: Code; draw: (z: Local) => Code } {
  const [at] = f.ints(1);
  const keys = f.vectors(ROUNDS);
  const [left, right, t, second] = f.vectors(4);
  const low = allInts(4095);
  const round = (i: number): Code =>
    block(
      t.set(bitAnd(intAdd(left.get, keys[i].get), low)),
      t.set(intShr(intMul(t.get, intAdd(t.get, allInts(1))), 6)),
      t.set(bitAnd(intAdd(right.get, t.get), low)),
      right.set(left.get),
      left.set(t.get),
    );
  const gather = (to: Local, index: Local): Code =>
    block(
      ...[0, 1, 2, 3].map(lane =>
        block(
          at.set(iAdd(table.get, iShl(laneInt(index.get, lane), 2))),
          to.set(loadLane(at.get, to.get, lane)),
        ),
      ),
    );
  return {
    begin: block(...keys.map((k, i) => k.set(loadAll(key.get, 4 * i)))),
    draw: z =>
      block(
        t.set(intAdd(splatInt(counter.get), lanes(0, 1, 2, 3))),
        left.set(bitAnd(intShr(t.get, 12), low)),
        right.set(bitAnd(t.get, low)),
        ...Array.from({ length: ROUNDS }, (_, i) => round(i)),
        counter.step(4),
        gather(z, left),
        gather(second, right),
        z.set(add(z.get, second.get)),
      ),
  };
}

/** normals(to, vectors, key, counter, table): standard normal numbers of counter, counter + 1, ... */
function normals(): KernelBuilder {
  const f = new KernelBuilder();
  const [to, count, key, counter, table] = f.args(5);
  const normal = normalCode(f, key, counter, table);
  const [z] = f.vectors(1);
  return f.emit(normal.begin, times(count, normal.draw(z), store(to.get, z.get), to.step(16)));
}

/**
 * addNoise(y, stride, rows, width, factors, means, key, counter, table, unit, sigma):
 * y(i, j) += unit factors[j] (means[j] + sigma z); stride in bytes.
 */
function addNoise(): KernelBuilder {
  const f = new KernelBuilder();
  const [y, stride, rows, width, factors, means, key, counter, table] = f.args(9);
  const [unit, sigma] = f.scalars(2);
  const normal = normalCode(f, key, counter, table);
  const [count, to, factor, mean] = f.ints(4);
  const [z] = f.vectors(1);
  return f.emit(
    normal.begin,
    times(
      rows,
      to.set(y.get),
      factor.set(factors.get),
      mean.set(means.get),
      alongRow(count, width.get, [to, factor, mean], w =>
        block(
          normal.draw(z),
          z.set(add(w.read(mean), mul(splat(sigma.get), z.get))),
          z.set(mul(mul(w.read(factor), splat(unit.get)), z.get)),
          w.write(to, add(w.read(to), z.get)),
        ),
      ),
      y.step(stride.get),
    ),
  );
}

/** columnPeaks(w, stride, rows, vectors, to): the largest magnitude of each of 4 x vectors columns; stride in bytes. */
function columnPeaks(): KernelBuilder {
  const f = new KernelBuilder();
  const [w, stride, rows, count, to] = f.args(5);
  const [from, left] = f.ints(2);
  const [peak] = f.vectors(1);
  return f.emit(
    times(
      count,
      from.set(w.get),
      left.set(rows.get),
      peak.set(all(0)),
      times(left, peak.set(max(peak.get, abs(load(from.get)))), from.step(stride.get)),
      store(to.get, peak.get),
      w.step(16),
      to.step(16),
    ),
  );
}

/** Adds sigmas[code] z to four whole numbers in `value`; `sigmas` points at the entry of code 0. */
function cellNoise(f: KernelBuilder, sigmas: Local): (value: Local, z: Local) => Code {
  const [codes, sigma] = f.vectors(2);
  const [at] = f.ints(1);
  return (value, z) =>
    block(
      codes.set(toInts(value.get)),
      ...[0, 1, 2, 3].map(lane =>
        block(
          at.set(iAdd(sigmas.get, iShl(laneInt(codes.get, lane), 2))),
          sigma.set(loadLane(at.get, sigma.get, lane)),
        ),
      ),
      value.set(add(value.get, mul(sigma.get, z.get))),
    );
}

/**
 * programWeights(w, to, rows, vectors, peaks, sigmas, key, counter, table, high): each of 4 x vectors columns in whole steps of
 * peak / high, with the noise of its cells. `sigmas` points at the entry of code 0, 0 for no noise. Rows lie 16 x vectors bytes apart.
 */
function programWeights(): KernelBuilder {
  const f = new KernelBuilder();
  const [w, to, rows, vectors, peaks, sigmas, key, counter, table] = f.args(9);
  const [high] = f.scalars(1);
  const [count, peak] = f.ints(2);
  const normal = normalCode(f, key, counter, table);
  const noise = cellNoise(f, sigmas);
  const [value, step, z] = f.vectors(3);
  return f.emit(
    normal.begin,
    times(
      rows,
      count.set(vectors.get),
      peak.set(peaks.get),
      times(
        count,
        // A column of zeros has no step: any will do.
        step.set(div(max(load(peak.get), all(1e-30)), splat(high.get))),
        value.set(nearest(div(load(w.get), step.get))),
        when(sigmas.get, block(normal.draw(z), noise(value, z))),
        store(to.get, mul(value.get, step.get)),
        ...[w, to, peak].map(p => p.step(16)),
      ),
    ),
  );
}

/** writeCells(x, to, vectors, sigmas, key, counter, table, step, high): x in whole steps up to +-high, with the noise of its cells. */
function writeCells(): KernelBuilder {
  const f = new KernelBuilder();
  const [x, to, count, sigmas, key, counter, table] = f.args(7);
  const [step, high] = f.scalars(2);
  const normal = normalCode(f, key, counter, table);
  const noise = cellNoise(f, sigmas);
  const [value, z] = f.vectors(2);
  return f.emit(
    normal.begin,
    times(
      count,
      value.set(div(load(x.get), splat(step.get))),
      value.set(nearest(min(max(value.get, sub(all(0), splat(high.get))), splat(high.get)))),
      when(sigmas.get, block(normal.draw(z), noise(value, z))),
      store(to.get, mul(value.get, splat(step.get))),
      x.step(16),
      to.step(16),
    ),
  );
}

export const noiseKernels = () => ({
  normals: normals(),
  addNoise: addNoise(),
  columnPeaks: columnPeaks(),
  programWeights: programWeights(),
  writeCells: writeCells(),
});
