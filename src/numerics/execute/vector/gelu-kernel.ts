/** GELU in WebAssembly SIMD, emitted at run time: the same float64 steps as `gelu` with `erf`, two lanes at a time. */
import { ERF_LIMIT, ERF_NODES_PER_UNIT, ERF_TERMS, erfTable } from '../../../base/erf.ts';
import { FunctionBuilder } from '../../../wasm/function-builder.ts';
import { standalone } from '../../../wasm/standalone.ts';
import { gelu } from '../../../workload/functions/gelu.ts';
import type { Matrix } from '../../../workload/matrix.ts';

/** Values of one turn. */
const TURN = 4;

type GeluKernel = (values: Float32Array) => Float32Array;

let kernel: GeluKernel | null | undefined;

/** GELU with the exact normal distribution; without WebAssembly, in a plain loop with the same bits. */
export function fastGelu(x: Matrix): Matrix {
  if (kernel === undefined) kernel = geluKernel();
  return { ...x, data: kernel === null ? x.data.map(gelu) : kernel(x.data) };
}

/** A kernel with its own memory, which grows to the largest array that it was given; null without WebAssembly SIMD. */
function geluKernel(): GeluKernel | null {
  const module = standalone([{ name: 'gelu', build: geluFunction() }] as const);
  if (module === null) return null;
  const valuesAt = Math.ceil(erfTable.byteLength / 16) * 16;
  new Float64Array(module.reserve(valuesAt), 0, erfTable.length).set(erfTable);
  return values => {
    const turns = Math.ceil(values.length / TURN);
    const buffer = module.reserve(valuesAt + turns * TURN * 4);
    const place = new Float32Array(buffer, valuesAt, values.length);
    place.set(values);
    if (turns > 0) module.kernels.gelu(valuesAt, turns);
    return place.slice();
  };
}

/** gelu(values, turns): four values a turn, in their place. The table of erf lies at address 0. */
function geluFunction(): FunctionBuilder {
  const f = new FunctionBuilder(['i32', 'i32']);
  const [values, turns] = f.params.keys();
  const [x, v, u, size, node, d, sum, term, half] = f.locals('v128', 9);
  const at = f.locals('i32', 2);

  /** GELU of the two values in `v`, float64; leaves them on the stack as float32. */
  const pair = (): void => {
    f.get(v).doubles(Math.SQRT1_2).op('f64_mul').set(u);
    f.get(u).op('f64_abs').set(size);
    f.get(size).doubles(ERF_NODES_PER_UNIT).op('f64_mul').doubles(0.5).op('f64_add', 'i32_from_f64');
    // Sizes beyond the table are put right below; until then they must not read behind it.
    f.i32(ERF_LIMIT * ERF_NODES_PER_UNIT)
      .op('i32_splat', 'min_s')
      .set(node);
    f.get(size)
      .get(node)
      .op('f64_from_i32')
      .doubles(1 / ERF_NODES_PER_UNIT)
      .op('f64_mul', 'f64_sub')
      .set(d);
    at.forEach((address, lane) => {
      f.get(node)
        .extractLane(lane)
        .i32(ERF_TERMS * 8)
        .op('i32_mul')
        .set(address);
    });
    for (let k = ERF_TERMS - 1; k >= 0; k--) {
      f.get(at[0])
        .at('v128_load64', 8 * k)
        .set(term);
      f.get(at[1])
        .get(term)
        .loadLane64(1, 8 * k);
      if (k < ERF_TERMS - 1) f.get(sum, d).op('f64_mul', 'f64_add');
      f.set(sum);
    }
    f.doubles(1).get(sum, size).doubles(ERF_LIMIT).op('f64_reaches', 'select').set(sum);
    // The sign of the argument.
    f.get(sum, u).doubles(-0).op('and', 'xor').set(sum);
    f.doubles(0.5).get(v).op('f64_mul').doubles(1).get(sum).op('f64_add', 'f64_mul', 'f32_from_f64');
  };

  f.countDown(turns, () => {
    f.get(values).at('v128_load').set(x);
    f.get(x).op('f64_from_f32').set(v);
    pair();
    f.set(half);
    f.upperHalf(x).op('f64_from_f32').set(v);
    f.get(values, half);
    pair();
    f.lowerHalves().at('v128_store');
    f.advance(values, TURN * 4);
  });
  return f;
}
