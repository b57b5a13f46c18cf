/** The two ways to write a function, and the modules that hold them. */
import test from 'ava';
import fc from 'fast-check';
import { MAX_PAGES, type WasmFunction, wasmEngine } from '../../src/wasm/engine.ts';
import {
  add,
  all,
  dot,
  iAdd,
  int,
  intAdd,
  isLess,
  KernelBuilder,
  load,
  loadAll,
  mul,
  select,
  store,
  times,
} from '../../src/wasm/expression.ts';
import { FunctionBuilder } from '../../src/wasm/function-builder.ts';
import { signed, unsigned } from '../../src/wasm/leb128.ts';
import { assembleModule, compileModule, instantiate } from '../../src/wasm/module.ts';
import { standalone } from '../../src/wasm/standalone.ts';

/** to[i] = 2 x[i] + y, for vectors of four. */
function formula(): KernelBuilder {
  const f = new KernelBuilder();
  const [x, y, to, count] = f.args(4);
  const [value] = f.vectors(1);
  return f.emit(
    times(
      count,
      value.set(add(mul(load(x.get), all(2)), loadAll(y.get, 4))),
      store(to.get, value.get),
      x.step(16),
      to.step(16),
    ),
  );
}

test('a formula and the same instructions on the stack are the same bytes', t => {
  const f = new KernelBuilder();
  const [a, b] = f.args(2);
  const [v] = f.vectors(1);
  f.emit(a.set(iAdd(a.get, int(-70000))), v.set(intAdd(v.get, dot(load(a.get, 300), loadAll(b.get, 4)))));
  f.emit(store(b.get, v.get, 16), b.step(16));
  const g = new FunctionBuilder(['i32', 'i32']);
  const w = g.local('v128');
  g.get(0).i32(-70000).op('i32_add').set(0);
  g.get(w).get(0).at('v128_load', 300).get(1).at('v128_load32_splat', 4).op('dot', 'add').set(w);
  g.get(1, w).at('v128_store', 16).advance(1, 16);
  t.deepEqual(f.bytes(), g.bytes());
  t.deepEqual(f.type(), g.type());
});

test('a kernel computes its formula, and none at all for a count of zero', t => {
  const { kernels, reserve } = standalone([{ name: 'formula', build: formula() }] as const)!;
  const floats = new Float32Array(reserve(4096));
  floats.set([1, 2, 3, 4, 5, 6, 7, 8], 16);
  floats[33] = 0.5;
  kernels.formula(64, 128, 256, 0);
  t.true(floats.subarray(64, 72).every(v => v === 0));
  kernels.formula(64, 128, 256, 2);
  t.deepEqual([...floats.subarray(64, 72)], [2.5, 4.5, 6.5, 8.5, 10.5, 12.5, 14.5, 16.5]);
});

test('functions without a name are not exported, and may be called by their index', t => {
  const three = new FunctionBuilder(['i32'], ['i32']).get(0).i32(3).op('i32_mul');
  const f = new FunctionBuilder(['i32', 'i32']).get(0).get(1).call(0).at('i32_store');
  const module = compileModule([{ build: three }, { name: 'triple', build: f }], false)!;
  const memory = new (wasmEngine()!.Memory)({ initial: 1, maximum: MAX_PAGES, shared: false });
  const exports = instantiate<Record<string, WasmFunction>>(module, memory);
  t.deepEqual(Object.keys(exports), ['triple']);
  exports.triple(64, 14);
  t.is(new Int32Array(memory.buffer)[16], 42);
});

test('a selection takes the first value where its condition holds', t => {
  const f = new KernelBuilder(undefined, ['i32']);
  const [a, b] = f.args(2);
  f.emit(select(isLess(a.get, b.get), a.get, b.get));
  const module = compileModule([{ name: 'least', build: f }], false)!;
  const memory = new (wasmEngine()!.Memory)({ initial: 1, maximum: MAX_PAGES, shared: false });
  const { least } = instantiate<{ least: (a: number, b: number) => number }>(module, memory);
  t.deepEqual([least(-2, 5), least(7, -3)], [-2, -3]);
});

test('parameters come before locals', t => {
  const f = new KernelBuilder();
  f.vectors(1);
  t.throws(() => f.args(1), { message: 'parameters come before locals' });
});

test('memory that several threads share is imported as such', t => {
  const functions = [{ name: 'formula', build: formula() }];
  const [own, shared] = [false, true].map(isShared => assembleModule(functions, isShared));
  t.is(own.length, shared.length);
  t.is(own.filter((byte, i) => byte !== shared[i]).length, 1);
  const engine = wasmEngine()!;
  const memory = new engine.Memory({ initial: 1, maximum: 2, shared: false });
  t.throws(() => instantiate(compileModule(functions, true)!, memory));
});

test('LEB128 keeps every int32', t => {
  const value = (bytes: readonly number[]): number => bytes.reduceRight((sum, b) => sum * 128 + (b & 127), 0);
  fc.assert(fc.property(fc.nat(2 ** 32 - 1), n => value(unsigned(n)) === n));
  fc.assert(
    fc.property(fc.integer(), n => {
      const bytes = signed(n);
      const negative = (bytes.at(-1)! & 64) !== 0;
      return value(bytes) - (negative ? 128 ** bytes.length : 0) === n;
    }),
  );
  t.deepEqual(
    [unsigned(624485), signed(-123456)],
    [
      [0xe5, 0x8e, 0x26],
      [0xc0, 0xbb, 0x78],
    ],
  );
});
