/** Emits the builder of subset-sum tables (the method of four Russians): all 2^n sums of n rows, for 16 columns at a time. */
import { FunctionBuilder } from './assembler.ts';
import { BLOCK_COLS, type KernelShape } from './shape.ts';

/**
 * build(rows, table, groups): `rows` is the address of the first row's 16 conductances, one row behind the other. Entry e of a group's table is the sum of the rows whose bit is set in e. A number has 4 or 2 bytes.
 */
export function tableKernel(shape: KernelShape, numberBytes: 2 | 4): FunctionBuilder {
  const entryBytes = BLOCK_COLS * numberBytes;
  const vectors = Array.from({ length: entryBytes / 16 }, (_, i) => 16 * i);
  const f = new FunctionBuilder(['i32', 'i32', 'i32']);
  const [rows, table, groups] = [0, 1, 2];
  const [bit, entries, bytes, from, to] = f.locals('i32', 5);
  const row = f.locals('v128', vectors.length);
  f.countDown(groups, () => {
    for (const offset of vectors) f.get(table).lanes(0, 0, 0, 0).at('v128_store', offset);
    f.i32(entryBytes).set(bytes).i32(shape.groupBits).set(bit);
    f.countDown(bit, () => {
      vectors.forEach((offset, v) => {
        f.get(rows).at('v128_load', offset).set(row[v]);
      });
      // The upper half of the entries so far doubled: each is an earlier entry plus this row.
      f.get(table).set(from).get(table, bytes).op('i32_add').set(to);
      f.get(to, table).op('i32_sub').i32(Math.log2(entryBytes)).op('i32_shr_u').set(entries);
      f.countDown(entries, () => {
        vectors.forEach((offset, v) => {
          f.get(to, from)
            .at('v128_load', offset)
            .get(row[v])
            .op(numberBytes === 4 ? 'add' : 'add16')
            .at('v128_store', offset);
        });
        f.get(from).i32(entryBytes).op('i32_add').set(from);
        f.get(to).i32(entryBytes).op('i32_add').set(to);
      });
      f.get(bytes).i32(1).op('i32_shl').set(bytes);
      f.get(rows).i32(entryBytes).op('i32_add').set(rows);
    });
    f.get(table)
      .i32(2 ** shape.groupBits * entryBytes)
      .op('i32_add')
      .set(table);
  });
  return f;
}
