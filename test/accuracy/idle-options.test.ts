/** An option of crossbars that changes none of them is told, with what it needs. */
import test from 'ava';
import { type CrossbarDevices, crossbarDevice, type DeviceOptions } from '../../src/accuracy/device.ts';
import { DEVICE_OPTIONS, idleOptions } from '../../src/accuracy/idle-options.ts';
import { loadTech } from '../../src/run/node/load.ts';

const ofTech = (name: string, written: boolean) => {
  const { devices } = loadTech(name);
  return (options: DeviceOptions): CrossbarDevices[] => {
    const one = crossbarDevice(written ? devices!.dynamic : devices!.static, written, options);
    return [{ static: one, dynamic: one }];
  };
};

const idle = (name: string, written: boolean, options: DeviceOptions): string[] =>
  idleOptions(options, ofTech(name, written), name);

test('write variation on a matrix that is verified has no effect, and on one that is written has', t => {
  t.deepEqual(idle('fefet-32nm', false, { sigmaWrite: 0.1 }), [
    '--sigma-write 0.1 has no effect on fefet-32nm: it needs matrices that are written (trex mvm --written) or --write-noise all, and write variation',
  ]);
  t.deepEqual(idle('fefet-32nm', true, { sigmaWrite: 0.1 }), []);
  t.deepEqual(idle('fefet-32nm', false, { sigmaWrite: 0.1, writeNoise: 'all' }), []);
  t.regex(
    idle('fefet-32nm', false, { writeForm: 'multiplicative' })[0],
    /^--write-form multiplicative has no effect/,
  );
});

test('a converter that is an adder tree has no bits and no range', t => {
  const digital = idle('sram-digital-28nm', false, { adcBits: 5, adcRange: 0.5 });
  t.deepEqual(
    digital.map(line => line.split(' ')[0]),
    ['--adc', '--adc-range'],
  );
  t.deepEqual(idle('fefet-32nm', false, { adcBits: 5, adcRange: 0.5 }), []);
});

test('strips share the noise of a read: without such noise they have no effect', t => {
  t.regex(idle('fefet-32nm', false, { strip: 1 }).join(), /^--strip 1 has no effect/);
  t.deepEqual(idle('fefet-32nm', false, { strip: 1, readNoise: 'read' }), []);
});

test('what says what the technology says anyway is no slip', t => {
  const { devices } = loadTech('fefet-32nm');
  t.deepEqual(idle('fefet-32nm', false, { adcBits: devices!.static.adc.bits, adcRange: 'layer' }), []);
});

test('every option that a command has is held by the rule', t => {
  t.deepEqual(
    Object.values(DEVICE_OPTIONS)
      .map(({ flag }) => flag)
      .sort(),
    [
      ...[
        'adc',
        'adc-range',
        'array-cols',
        'array-rows',
        'cell-bits',
        'drift-compensation',
        'encoding',
        'read-noise',
        'sigma-read',
      ],
      ...['sigma-write', 'strip', 'write-form', 'write-noise'],
    ],
  );
});
