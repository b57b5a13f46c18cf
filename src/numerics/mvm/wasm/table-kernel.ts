/** Emits the builder of subset-sum tables (the method of four Russians): all 2^n sums of n rows, for 16 columns at a time. */

import { log2 } from '../../../base/math.ts';
import { FunctionBuilder } from '../../../wasm/function-builder.ts';
import { BLOCK_COLS } from './block.ts';
import type { GroupBits } from './shape.ts';

/** Entries of the first two rows are made in registers; from then on four at a time. */
const FIRST_ROWS = 2;
const TURN = 4;

/** Bytes of cells and of numbers in the table, and from entry to entry. */
export interface TableShape {
  readonly groupBits: GroupBits;
  readonly cellBytes: 2 | 4;
  readonly numberBytes: 2 | 4;
  readonly entryBytes: number;
}

/**
 * build(rows, table, groups): `rows` is the address of the first row's 16 cells, one row behind the other. Entry e of a
 * group's table is the sum of the rows whose bit is set in e.
 */
export function tableKernel({
  groupBits,
  cellBytes,
  numberBytes,
  entryBytes: entry,
}: TableShape): FunctionBuilder {
  const rowBytes = BLOCK_COLS * cellBytes;
  const vectors = Array.from({ length: (BLOCK_COLS * numberBytes) / 16 }, (_, i) => i);
  const add = numberBytes === 4 ? 'add' : 'add16';
  const f = new FunctionBuilder(['i32', 'i32', 'i32']);
  const [rows, table, groups] = f.params.keys();
  const [bit, turns, bytes, from, to] = f.locals('i32', 5);
  const first = Array.from({ length: TURN - 1 }, () => f.locals('v128', vectors.length));
  const row = f.locals('v128', vectors.length);

  const loadRow = (index: number, into: readonly number[]): void => {
    for (const v of vectors) {
      f.get(rows);
      if (cellBytes === numberBytes) f.at('v128_load', index * rowBytes + 16 * v);
      else f.at('v128_load16x4_s', index * rowBytes + 8 * v);
      f.set(into[v]);
    }
  };

  f.countDown(groups, () => {
    loadRow(0, first[0]);
    loadRow(1, first[1]);
    for (const v of vectors) f.get(first[0][v], first[1][v]).op(add).set(first[2][v]);
    for (const v of vectors) {
      f.get(table)
        .lanes(0, 0, 0, 0)
        .at('v128_store', 16 * v);
      first.forEach((e, i) => {
        f.get(table, e[v]).at('v128_store', (i + 1) * entry + 16 * v);
      });
    }
    f.advance(rows, FIRST_ROWS * rowBytes);
    f.i32(TURN * entry).set(bytes);
    f.i32(groupBits - FIRST_ROWS).set(bit);
    f.countDown(bit, () => {
      loadRow(0, row);
      // The entries so far doubled: each new one is an earlier one plus this row.
      f.get(table).set(from).get(table, bytes).op('i32_add').set(to);
      f.get(bytes)
        .i32(log2(TURN * entry))
        .op('i32_shr_u')
        .set(turns);
      f.countDown(turns, () => {
        for (let e = 0; e < TURN; e++) {
          for (const v of vectors) {
            const offset = e * entry + 16 * v;
            f.get(to, from).at('v128_load', offset).get(row[v]).op(add).at('v128_store', offset);
          }
        }
        for (const pointer of [from, to]) f.advance(pointer, TURN * entry);
      });
      f.get(bytes).i32(1).op('i32_shl').set(bytes);
      f.advance(rows, rowBytes);
    });
    f.advance(table, 2 ** groupBits * entry);
  });
  return f;
}
