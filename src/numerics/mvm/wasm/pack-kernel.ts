/** Emits the packing of inputs for the table kernels: where the sum of each row group stands in its table, for every bit of a token. */
import { log2 } from '../../../base/math.ts';
import { FunctionBuilder } from '../../../wasm/function-builder.ts';
import { entryBytes, hasLevels, type KernelShape, mantissaAt, PACK_ROWS, recordBytes } from './shape.ts';

/**
 * pack(x, xStride, chunks, records, tokens, mantissas): inputs of 16 `chunks` rows from `x`, a byte each, `xStride` bytes
 * from token to token. A record is laid out as `recordBytes` says; `mantissas` is the address of an int32 per number of
 * active rows, for noise that depends on it.
 */
export function packKernel(shape: KernelShape): FunctionBuilder {
  const f = new FunctionBuilder(Array.from({ length: 6 }, () => 'i32' as const));
  const [x, xStride, chunks, records, tokens, mantissas] = f.params.keys();
  const [left, from, to, bits] = f.locals('i32', 4);
  const rows = f.local('v128');
  const { bits: planes, groupBits, noise } = shape;
  // Of levels of several bits the squares are summed elsewhere.
  const counts = noise === 'active' && !hasLevels(shape);
  const active = f.locals('i32', counts ? planes : 0);
  const step = recordBytes(shape);
  const shift = log2(entryBytes(shape));
  const groups = PACK_ROWS / groupBits;

  const plane = (p: number): void => {
    // The sign bits of the bytes: bit p of each input, row by row.
    f.get(rows)
      .i32(7 - p)
      .op('shl8', 'bits8')
      .set(bits);
    if (counts) f.get(active[p], bits).op('i32_popcnt', 'i32_add').set(active[p]);
    for (let group = 0; group < groups; group++) {
      f.get(to, bits);
      const down = group * groupBits - shift;
      if (down > 0) f.i32(down).op('i32_shr_u');
      else if (down < 0) f.i32(-down).op('i32_shl');
      f.i32((2 ** groupBits - 1) << shift).op('i32_and');
      f.at('i32_store16', p * step + 2 * group);
    }
  };

  f.countDown(tokens, () => {
    for (const local of active) f.i32(0).set(local);
    f.get(x).set(from).get(records).set(to).get(chunks).set(left);
    f.countDown(left, () => {
      f.get(from).at('v128_load').set(rows);
      for (let p = 0; p < planes; p++) plane(p);
      f.advance(from, PACK_ROWS);
      f.advance(to, 2 * groups);
    });
    active.forEach((local, p) => {
      f.get(records, mantissas, local).i32(2).op('i32_shl', 'i32_add').at('i32_load');
      f.at('i32_store', p * step + mantissaAt(shape));
    });
    f.get(x, xStride).op('i32_add').set(x);
    f.advance(records, planes * step);
  });
  return f;
}
