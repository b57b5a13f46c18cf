import test from 'ava';
import { firstDifference } from '../../../src/run/node/difference.ts';

const begin = {
  version: '1',
  run: { seed: 1, sweep: null as string | null, set: ['a'] },
  files: [
    { path: 'tech/x.yaml', sha256: 'a' },
    { path: 'net.safetensors', sha256: 'b' },
  ],
};

test('what differs is named', t => {
  const cases: [object, string | undefined][] = [
    [{}, undefined],
    [{ version: '2' }, 'its version is "1", now "2"'],
    [{ run: { ...begin.run, seed: 2 } }, 'its seed is 1, now 2'],
    [{ run: { ...begin.run, sweep: 'adc=4' } }, 'its sweep is null, now "adc=4"'],
    [{ run: { ...begin.run, set: ['a', 'b'] } }, 'its set is ["a"], now ["a","b"]'],
    [{ run: { ...begin.run, more: 1 } }, 'its more is absent, now 1'],
    [{ files: [begin.files[0], { path: 'net.safetensors', sha256: 'c' }] }, 'net.safetensors has changed'],
    [{ files: [begin.files[0]] }, 'its net.safetensors is {"sha256":"b"}, now absent'],
    [{ run: undefined }, 'its run is {"seed":1,"sweep":null,"set":["a"]}, now absent'],
  ];
  for (const [change, found] of cases) t.is(firstDifference(begin, { ...begin, ...change }), found);
  t.regex(firstDifference({ begin: null }, { begin }) ?? '', /^its begin is null, now /);
});
