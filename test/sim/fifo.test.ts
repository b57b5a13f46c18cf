/** Bounded buffers. */
import test from 'ava';
import fc from 'fast-check';
import { Fifo } from '../../src/sim/fifo.ts';

test('a full fifo refuses a value and keeps what it has', t => {
  const fifo = new Fifo(2);
  t.deepEqual([fifo.push(1), fifo.push(2), fifo.push(3)], [true, true, false]);
  t.deepEqual([fifo.size, fifo.full, fifo.peek()], [2, true, 1]);
  t.deepEqual([fifo.pop(), fifo.pop(), fifo.empty], [1, 2, true]);
});

test('a fifo behaves as an array of bounded length', t => {
  const ops = fc.array(fc.option(fc.double({ noNaN: true }), { nil: undefined }), { maxLength: 200 });
  const law = fc.property(fc.integer({ min: 1, max: 6 }), ops, (capacity, list) => {
    const fifo = new Fifo(capacity);
    const model: number[] = [];
    let most = 0;
    for (const value of list) {
      if (value !== undefined) {
        if (fifo.push(value) !== model.length < capacity) return false;
        if (model.length < capacity) model.push(value);
      } else if (model.length > 0 && fifo.pop() !== model.shift()) return false;
      most = Math.max(most, model.length);
      if (fifo.size !== model.length) return false;
    }
    return fifo.highWater === most;
  });
  t.notThrows(() => fc.assert(law));
});

test('the writer hears of room only when the buffer was full, and finds the room', t => {
  const fifo = new Fifo(2);
  const heard: boolean[] = [];
  fifo.onSpace = () => heard.push(fifo.push(9));
  fifo.push(1);
  fifo.pop();
  t.deepEqual(heard, []);
  fifo.push(1);
  fifo.push(2);
  fifo.pop();
  t.deepEqual(heard, [true]);
  t.deepEqual([fifo.pop(), fifo.full], [2, true]);
});

test('an empty fifo has nothing to give', t => {
  t.throws(() => new Fifo(1).pop(), { instanceOf: RangeError });
  t.throws(() => new Fifo(1).peek(), { instanceOf: RangeError });
  t.throws(() => new Fifo(0), { instanceOf: RangeError });
});
