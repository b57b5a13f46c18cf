/** The memory that matrices share. */
import test from 'ava';
import fc from 'fast-check';
import { Arena } from '../../src/wasm/arena.ts';

test('places do not overlap, are aligned to cache lines, and never at address 0', t => {
  const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 5000 }), fc.nat({ max: 9 })), { maxLength: 60 });
  fc.assert(
    fc.property(steps, all => {
      const arena = new Arena(false, 'full');
      let held: { at: number; bytes: number }[] = [];
      for (const [bytes, drop] of all) {
        const at = arena.take(bytes);
        const end = at + Math.max(1, bytes);
        t.true(at > 0 && at % 64 === 0 && end <= arena.memory.buffer.byteLength);
        t.true(held.every(one => end <= one.at || one.at + one.bytes <= at));
        held.push({ at, bytes });
        if (drop >= held.length) continue;
        const [gone] = held.splice(drop, 1);
        arena.free(gone.at, gone.bytes);
      }
      for (const { at, bytes } of held) arena.free(at, bytes);
      held = [];
      return arena.used === 0;
    }),
    { numRuns: 60 },
  );
});

test('what was freed side by side is one place again', t => {
  const arena = new Arena(false, 'full');
  const [a, b, c, d] = [100, 200, 300, 64].map(bytes => arena.take(bytes));
  arena.free(a, 100);
  arena.free(c, 300);
  arena.free(b, 200);
  // 128 + 256 + 320 bytes in units of 64.
  t.is(arena.take(704), a);
  arena.free(a, 704);
  arena.free(d, 64);
  t.is(arena.used, 0);
  t.is(arena.take(1), a);
});
