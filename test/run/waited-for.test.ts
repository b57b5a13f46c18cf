/** What the latency is made of: moments of units at work, exactly as many as there are. */
import test from 'ava';
import fc from 'fast-check';
import type { ArchConfig } from '../../src/arch/config.ts';
import { simulate } from '../../src/run/simulate.ts';
import { WaitedFor } from '../../src/run/waited-for.ts';
import { toTicks } from '../../src/sim/tick.ts';
import type { ModelConfig } from '../../src/workload/model.ts';
import { parseReuse } from '../../src/workload/reuse.ts';
import { chip, tinyVit } from '../helpers/chips.ts';

async function waits(arch: ArchConfig, model: ModelConfig, images = 1) {
  let waited: WaitedFor | undefined;
  const { result, layers } = await simulate(
    { arch, model, reuse: parseReuse('none', model.encoders), images },
    {
      onBuilt: machine => {
        waited = new WaitedFor(machine);
      },
    },
  );
  return { times: (waited as WaitedFor).times, result, layers };
}

const chips = fc.record({
  base: fc.constantFrom('trex', 'trex-full'),
  tech: fc.constantFrom('trex-fefet-32nm', 'fefet-32nm', 'hybrid-32nm'),
  pipeline: fc.boolean(),
  noc: fc.constantFrom('mesh', 'htree', 'ideal'),
  encoder: fc.constantFrom('sequential', 'token-pipelined'),
  banks: fc.constantFrom(1, 4),
  port: fc.constantFrom('64', '1024'),
});

test('the times sum to the latency, on chips of every kind', async t => {
  t.timeout(120_000);
  const law = fc.asyncProperty(chips, async c => {
    const arch = chip(c.base, {
      tech: c.tech,
      set: [
        `noc.kind=${c.noc}`,
        'noc.broadcast=unicast',
        `schedule.encoder=${c.encoder}`,
        `pe.adcBanks=${c.banks}`,
        `globalBuffer.port=${c.port} bit`,
        ...(c.pipeline && c.tech === 'fefet-32nm' ? ['tech.pipeline=plane'] : []),
      ],
    });
    const { times, result } = await waits(arch, tinyVit(), 2);
    const sum = [...times.values()].reduce((s, v) => s + v, 0);
    if ([...times.values()].some(time => time <= 0)) throw new Error('a row without time');
    // Equal images: the last one is the mean.
    if (sum !== toTicks(result.latency_s)) throw new Error(`${sum} of ${toTicks(result.latency_s)} ps`);
  });
  await t.notThrowsAsync(fc.assert(law, { numRuns: 25, seed: 1 }));
});

test("on the paper's accounting an image waits for reads, writes and softmax, each for its own time", async t => {
  const { times, layers } = await waits(chip('trex'), tinyVit());
  t.deepEqual([...times.keys()].sort(), ['crossbar.read', 'crossbar.write', 'softmax']);
  const writes = layers.filter(({ kind }) => kind === 'write');
  const serial = writes.reduce((sum, row) => sum + toTicks(row.end_s) - toTicks(row.start_s), 0);
  t.is(times.get('crossbar.write'), serial);
});

test('a step that is open behind a slow port is no reason: the port is', async t => {
  const slow = ['globalBuffer.port=1 bit', 'noc.kind=ideal', 'noc.broadcast=unicast'];
  const { times, result, layers } = await waits(chip('trex-full', { set: slow }), tinyVit());
  const share = (times.get('global buffer ports') ?? 0) / toTicks(result.latency_s);
  t.true(share > 0.5, `${share}`);
  // Steps of reads are open for far longer than arrays read.
  const open = layers
    .filter(({ kind }) => kind === 'read')
    .reduce((s, row) => s + row.end_s - row.start_s, 0);
  t.true(toTicks(open) > 2 * (times.get('crossbar.read') ?? 0));
});

test('what is slower sets the pace: links of one bit, or arrays', async t => {
  const of = async (set: string[]) => {
    const { times, result } = await waits(
      chip('trex-full', { set: ['globalBuffer.port=4096 bit', ...set] }),
      tinyVit(),
    );
    const share = (name: string): number => (times.get(name) ?? 0) / toTicks(result.latency_s);
    return { read: share('crossbar.read'), interconnect: share('interconnect') };
  };
  const [wide, narrow] = [await of([]), await of(['noc.flit=1 bit'])];
  t.true(narrow.interconnect > 2 * wide.interconnect);
  t.true(narrow.read < wide.read);
});
