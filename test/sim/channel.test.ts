/** Channels: serialisation, latency, credits. */
import test from 'ava';
import fc from 'fast-check';
import { Channel, type ChannelParams } from '../../src/sim/channel.ts';
import { Kernel } from '../../src/sim/kernel.ts';
import { Phase } from '../../src/sim/tick.ts';

const params: ChannelParams = { latency: 3_000, cycle: 1_000, widthBits: 32 };

function channel(more: Partial<ChannelParams> = {}): {
  kernel: Kernel;
  link: Channel;
  got: [number, number][];
} {
  const kernel = new Kernel();
  const got: [number, number][] = [];
  const link = new Channel(kernel, { ...params, ...more }, arg => got.push([kernel.now, arg]));
  return { kernel, link, got };
}

test('a message takes its cycles, then the latency: not there at t - 1, there at t', t => {
  const { kernel, link, got } = channel();
  t.is(link.send(7, 33), 2 * 1_000 + 3_000);
  kernel.run(4_999);
  t.deepEqual(got, []);
  kernel.run(5_000);
  t.deepEqual(got, [[5_000, 7]]);
});

test('messages share the wires one after another and overlap in the latency', t => {
  const { link } = channel();
  t.deepEqual(
    [64, 32, 1].map(bits => link.send(0, bits)),
    [5_000, 6_000, 7_000],
  );
  t.deepEqual([link.bits, link.transfers, link.busyTime], [97, 3, 4_000]);
  t.is(link.freeAt(), 4_000);
});

test('a message arrives before anything computes in that tick', t => {
  const { kernel, link, got } = channel();
  const seen: number[] = [];
  kernel.at(
    4_000,
    Phase.Compute,
    kernel.handler(() => seen.push(got.length)),
    0,
  );
  link.send(0, 32);
  kernel.run();
  t.deepEqual(seen, [1]);
});

test('without a credit nothing is sent, and a released one is back after the latency', t => {
  const { kernel, link, got } = channel({ credits: 2 });
  t.deepEqual([link.send(1, 32), link.send(2, 32), link.send(3, 32)], [4_000, 5_000, -1]);
  kernel.run(10_000);
  t.deepEqual(
    got.map(([, arg]) => arg),
    [1, 2],
  );
  link.release();
  kernel.run(12_999);
  t.is(link.send(3, 32), -1);
  kernel.run(13_000);
  t.is(link.send(3, 32), 17_000);
});

test('the sender hears of a credit when it may use it', t => {
  const { kernel, link } = channel({ credits: 1 });
  const sent: number[] = [];
  link.onCredit = () => sent.push(link.send(2, 32));
  link.send(1, 32);
  kernel.run(5_000);
  link.release();
  kernel.run();
  t.deepEqual(sent, [12_000]);
});

test('a credit that was not taken cannot be released', t => {
  const { link } = channel({ credits: 1 });
  t.throws(() => link.release(), { instanceOf: RangeError });
  link.send(0, 1);
  link.release();
  t.throws(() => link.release(), { instanceOf: RangeError });
});

test('a channel without credits never holds its sender back', t => {
  const { link } = channel();
  for (let i = 1; i <= 100; i++) t.is(link.send(i, 32), i * 1_000 + 3_000);
  link.release();
  t.is(link.credits, Number.POSITIVE_INFINITY);
});

test('messages arrive once, in order, and credits are never lost nor made', t => {
  const ops = fc.array(
    fc.record({ pause: fc.integer({ min: 0, max: 5_000 }), bits: fc.integer({ min: 1, max: 100 }) }),
    { maxLength: 80 },
  );
  const law = fc.property(fc.integer({ min: 1, max: 5 }), ops, (credits, list) => {
    const { kernel, link, got } = channel({ credits });
    const sent: number[] = [];
    let released = 0;
    for (const [id, { pause, bits }] of list.entries()) {
      kernel.run(kernel.now + pause);
      if (link.send(id, bits) >= 0) sent.push(id);
      if (id % 3 === 0 && released < got.length) {
        link.release();
        released++;
      }
      // Held by the sender, on their way in either direction, or held by the receiver.
      if (link.credits < 0 || link.credits > credits) return false;
    }
    kernel.run();
    return (
      link.credits === credits - (sent.length - released) && got.map(([, arg]) => arg).join() === sent.join()
    );
  });
  t.notThrows(() => fc.assert(law));
});

test('a channel without latency, cycle, width or credits is refused, and so is an empty message', t => {
  for (const wrong of [{ latency: 0 }, { cycle: 0 }, { widthBits: 0 }, { credits: 0 }]) {
    t.throws(() => channel(wrong), { instanceOf: RangeError }, Object.keys(wrong)[0]);
  }
  t.throws(() => channel().link.send(0, 0), { instanceOf: RangeError });
});
