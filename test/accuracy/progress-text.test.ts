import test from 'ava';
import type { JobRecord } from '../../src/accuracy/jobs.ts';
import {
  headerLine,
  type ProgressHeader,
  parseProgress,
  recordLine,
} from '../../src/accuracy/progress-text.ts';
import { EXIT, TrexError } from '../../src/base/errors.ts';

const begin: ProgressHeader = {
  schemaVersion: 1,
  version: '0.1.0',
  run: { model: 'a', seed: 1, sweep: null },
  backend: { name: 'wasm' },
  files: [{ path: 'a', sha256: '00' }],
  data: '11',
};
const record = (key: string): JobRecord => ({
  key,
  tally: { images: 1, top1: 1, top5: 1, loss: 0.1 + 0.2, confusion: [] },
});
const text = headerLine(begin) + recordLine(record('float32/0')) + recordLine(record('int8/0'));

test('what is written is read back, to the last digit', t => {
  const { records, whole } = parseProgress(text, begin, 'p');
  t.deepEqual([...records.values()], [record('float32/0'), record('int8/0')]);
  t.is(whole, text.length);
});

test('a line that was cut off anywhere is not there', t => {
  const last = recordLine(record('int8/0')).length;
  for (let cut = 1; cut <= last; cut++) {
    const { records, whole } = parseProgress(text.slice(0, -cut), begin, 'p');
    t.deepEqual([...records.keys()], ['float32/0']);
    t.is(whole, text.length - last);
  }
  t.is(parseProgress(headerLine(begin).slice(0, 9), begin, 'p').whole, 0);
});

test('other inputs are refused, with what changed', t => {
  const changes: [Partial<ProgressHeader>, RegExp][] = [
    [{ version: '0.2.0' }, /version 0\.1\.0 of trex, now 0\.2\.0/],
    [{ run: { ...begin.run, seed: 2 } }, /seed was 1, now 2/],
    [{ run: { ...begin.run, sweep: 'adc=4..8' } }, /sweep was null, now "adc=4\.\.8"/],
    [{ backend: { name: 'gpu' } }, /backend name was "wasm", now "gpu"/],
    [{ files: [{ path: 'a', sha256: '01' }] }, /a has changed/],
    [{ files: [] }, /other files/],
    [{ data: '12' }, /the data have changed/],
  ];
  for (const [change, message] of changes)
    t.throws(() => parseProgress(text, { ...begin, ...change }, 'p'), { instanceOf: TrexError, message });
});

test('another file is an invalid one', t => {
  for (const other of [
    '{}\n',
    'junk\n',
    '[]\n',
    'null\n',
    `${headerLine(begin)}{"key":1}\n`,
    `${headerLine(begin)}x\n`,
  ]) {
    const error = t.throws(() => parseProgress(other, begin, 'p'), { instanceOf: TrexError });
    t.is(error?.exitCode, EXIT.invalidFile, other);
  }
});
