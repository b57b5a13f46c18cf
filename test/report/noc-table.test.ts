import test from 'ava';
import { runNoc } from '../../src/hw/noc/run.ts';
import { nocTable } from '../../src/report/noc-table.ts';

test('pairs of nodes stand in a table with a heading', async t => {
  const lines = nocTable(await runNoc({ mesh: '1x2', zeroLoad: true })).split('\n');
  t.deepEqual(lines, [
    'src  dst  hops  latency_cycles',
    '0    0    0     6',
    '0    1    1     10',
    '1    0    1     10',
    '1    1    0     6',
  ]);
});

test('a run is a line per figure, numbers with six digits, and a dash where nothing was measured', async t => {
  const idle = nocTable(await runNoc({ mesh: '2x2', rate: 0, measure: 1000 })).split('\n');
  t.true(idle.includes('packetLatency_cycles       -'));
  const busy = nocTable(await runNoc({ mesh: '4x4', rate: 1, measure: 1000 }));
  t.regex(busy, /^acceptedFlitRate +0\.\d{1,6}$/m);
  t.regex(busy, /\nunstable: the mesh accepts less than it is offered; [\s\S]*$/);
});

test('a latency that depends on the length of the run says so', async t => {
  const rising = nocTable(await runNoc({ mesh: '4x4', traffic: 'transpose', rate: 0.39 }));
  t.regex(rising, /^verdict +rising$/m);
  t.regex(rising, /\nrising: latency grew over the measurement, [\s\S]*$/);
});
