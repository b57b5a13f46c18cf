/** Probe points. */
import test from 'ava';
import { ProbePoint } from '../../src/sim/probe.ts';

test('a probe sees every event from its attachment to its removal', t => {
  const point = new ProbePoint();
  const seen: [number, number][] = [];
  point.emit(0, 0);
  const detach = point.attach((a, b) => seen.push([a, b]));
  for (let i = 1; i <= 3; i++) point.emit(i, 10 * i);
  detach();
  point.emit(4, 40);
  t.deepEqual(seen, [
    [1, 10],
    [2, 20],
    [3, 30],
  ]);
});

test('a point is unattached before the first listener and after the last', t => {
  const point = new ProbePoint();
  t.false(point.attached);
  const [first, second] = [point.attach(() => {}), point.attach(() => {})];
  first();
  t.true(point.attached);
  second();
  second();
  t.false(point.attached);
});

test('listeners hear in the order of attachment, one function twice if attached twice', t => {
  const point = new ProbePoint();
  const heard: string[] = [];
  const a = (): number => heard.push('a');
  const detach = point.attach(a);
  point.attach(() => heard.push('b'));
  point.attach(a);
  point.emit(0);
  t.deepEqual(heard, ['a', 'b', 'a']);
  detach();
  point.emit(0);
  t.deepEqual(heard.slice(3), ['b', 'a']);
});

test('a listener that removes itself does not keep the next one from hearing', t => {
  const point = new ProbePoint();
  let heard = 0;
  const detach = point.attach(() => detach());
  point.attach(() => heard++);
  point.emit(0);
  t.is(heard, 1);
});
