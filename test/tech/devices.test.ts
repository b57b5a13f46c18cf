/** Which device a layer's crossbars are made of. */
import test from 'ava';
import { allDevices, deviceOf, unusedExceptions } from '../../src/tech/devices.ts';
import { chip } from '../helpers/chips.ts';

const [a, b, c] = ['fefet-32nm', 'sram-32nm', 'rram-32nm'].map(tech => chip('trex', { tech }).devices.static);

test('known weights lie on the static device, matmuls of activations on the dynamic one', t => {
  t.is(deviceOf({ static: a, dynamic: b }, 'e0.q', false), a);
  t.is(deviceOf({ static: a, dynamic: b }, 'e0.qk', true), b);
});

test('a pattern names exceptions: the first that matches counts', t => {
  const layers = [
    { match: 'e1.fc*', device: c },
    { match: 'e*.*', device: b },
  ];
  const devices = { static: a, dynamic: a, layers };
  t.is(deviceOf(devices, 'e1.fc2', false), c);
  t.is(deviceOf(devices, 'e11.fc2', false), b);
  t.is(deviceOf(devices, 'head', false), a);
  // A dot is a dot.
  t.is(deviceOf({ static: a, dynamic: a, layers: [{ match: 'e.q', device: b }] }, 'e0q', false), a);
});

test('every device is counted once', t => {
  t.deepEqual(allDevices({ static: a, dynamic: a }), [a]);
  t.deepEqual(allDevices({ static: a, dynamic: b, layers: [{ match: '*', device: b }] }), [a, b]);
});

test('an exception that no layer takes is named, with the reason', t => {
  const layers = [
    { match: 'e0.*', device: b },
    { match: 'e0.fc1', device: c },
    { match: 'e0_fc1', device: c },
  ];
  t.deepEqual(unusedExceptions({ static: a, dynamic: a, layers }, ['e0.q', 'e0.fc1', 'head']), [
    'layers.1.match: e0.fc1 matches only layers that earlier exceptions take',
    'layers.2.match: e0_fc1 matches no layer of the network: did you mean e0.fc1?',
  ]);
  t.deepEqual(unusedExceptions({ static: a, dynamic: a }, ['e0.q']), []);
});
