/** Walks along a row of any length: vectors of four, then what is left one by one. */
import {
  bitAnd,
  block,
  type Code,
  iAnd,
  int,
  iShr,
  type Local,
  lanes,
  load,
  loadOne,
  store,
  storeOne,
  times,
} from '../../wasm/expression.ts';

/** How a pass over a row reads and writes: four values at a time, or the last ones one by one. */
export interface Width {
  readonly read: (at: Local) => Code;
  readonly write: (at: Local, value: Code) => Code;
  /** Clears the lanes that hold no value. */
  readonly keep: (value: Code) => Code;
}

const FOUR: Width = {
  read: at => load(at.get),
  write: (at, value) => store(at.get, value),
  keep: value => value,
};
const ONE: Width = {
  read: at => loadOne(at.get),
  write: (at, value) => storeOne(at.get, value),
  keep: value => bitAnd(value, lanes(-1, 0, 0, 0)),
};

/** One pass over `length` values at each of `pointers`, which end behind them. */
export function alongRow(
  count: Local,
  length: Code,
  pointers: readonly Local[],
  body: (width: Width) => Code,
): Code {
  return block(
    count.set(iShr(length, 2)),
    times(count, body(FOUR), ...pointers.map(p => p.step(16))),
    count.set(iAnd(length, int(3))),
    times(count, body(ONE), ...pointers.map(p => p.step(4))),
  );
}
