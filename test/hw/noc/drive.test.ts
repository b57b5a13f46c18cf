import test from 'ava';
import { driveBatch, driveOpenLoop, type OpenLoopResult } from '../../../src/hw/noc/drive.ts';
import { trafficPattern } from '../../../src/hw/noc/traffic.ts';

function openLoop(
  rows: number,
  cols: number,
  traffic: string,
  rate: number,
  packetFlits = 1,
  seed = 1,
): Promise<OpenLoopResult> {
  return driveOpenLoop({
    mesh: { rows, cols },
    traffic: trafficPattern(traffic, { rows, cols }),
    rate,
    packetFlits,
    seed,
    warmup_cycles: 3000,
    measure_cycles: 7000,
    latencyLimit_cycles: 500,
    drainLimit_cycles: 20_000,
  });
}

const near = (value: number, expected: number, tolerance: number): boolean =>
  Math.abs(value - expected) <= tolerance * expected;

test('uniform traffic on 4x4 saturates at 0.74 flits per node and cycle, within 5 %', async t => {
  // BookSim 2, 4 VCs of 8 flits: 0.73 - 0.75.
  t.true((await openLoop(4, 4, 'uniform', 0.7)).stable);
  const beyond = await openLoop(4, 4, 'uniform', 1);
  t.false(beyond.stable);
  t.true(near(beyond.acceptedFlitRate, 0.74, 0.05), `${beyond.acceptedFlitRate}`);
});

test('transpose on 4x4 saturates where 0.378 flits per node and cycle are accepted, within 5 %', async t => {
  // BookSim 2 calls a run stable up to a mean latency of 500 cycles. Links of full rows carry 3 nodes, so 0.333 of each.
  const last = await openLoop(4, 4, 'transpose', 0.39);
  const first = await openLoop(4, 4, 'transpose', 0.42);
  t.deepEqual([last.stable, first.stable], [true, false]);
  t.true(near(last.acceptedFlitRate, 0.378, 0.05), `${last.acceptedFlitRate}`);
  t.true(near(first.acceptedFlitRate, 0.378, 0.05), `${first.acceptedFlitRate}`);
});

test('transpose at full load: 4 nodes to themselves, 4 full links with 3 or 2 nodes behind them, 2 nodes alone', async t => {
  // Rows 0 and 3: one link each (1 flit per cycle). Rows 1 and 2: one link for two nodes, one for one. (4+2+4)/16.
  t.true(near((await openLoop(4, 4, 'transpose', 1)).acceptedFlitRate, 10 / 16, 0.01));
});

test('below saturation what is offered is accepted, and latency grows with the load', async t => {
  let before = 0;
  for (const rate of [0.05, 0.2, 0.4, 0.6, 0.7]) {
    const { acceptedFlitRate, packetLatency_cycles, networkLatency_cycles, stable } = await openLoop(
      4,
      4,
      'uniform',
      rate,
    );
    t.true(stable);
    t.true(near(acceptedFlitRate, rate, 0.03), `${rate}: ${acceptedFlitRate}`);
    t.true(packetLatency_cycles! > before);
    t.true(packetLatency_cycles! >= networkLatency_cycles!);
    before = packetLatency_cycles!;
  }
});

test('at a low rate the latency is that of an empty mesh', async t => {
  const { packetLatency_cycles, hops_average } = await openLoop(8, 8, 'uniform', 0.005, 4);
  t.true(near(packetLatency_cycles!, 6 + 4 * hops_average! + 3, 0.02), `${packetLatency_cycles}`);
});

test('neighbor traffic takes one step right and one down, around the edge', async t => {
  // 4x4: 9 of 16 nodes 2 hops, 6 nodes 1 + 3 hops, 1 node 3 + 3 hops.
  t.true(near((await openLoop(4, 4, 'neighbor', 0.1)).hops_average!, (9 * 2 + 6 * 4 + 6) / 16, 0.03));
});

test('the packets of a source that lags behind keep their time of creation', async t => {
  // One node that sends to itself: 0.9 flits per cycle in packets of 3 flits leave no queue in the network itself.
  const { packetLatency_cycles, networkLatency_cycles, stable } = await openLoop(1, 1, 'uniform', 0.9, 3);
  t.true(stable);
  t.true(packetLatency_cycles! > networkLatency_cycles! + 5);
  t.true(near(networkLatency_cycles!, 8, 0.35), `${networkLatency_cycles}`);
});

test('the same seed gives the same result, another seed another one', async t => {
  t.deepEqual(await openLoop(3, 5, 'uniform', 0.3, 2, 7), await openLoop(3, 5, 'uniform', 0.3, 2, 7));
  t.notDeepEqual(await openLoop(3, 5, 'uniform', 0.3, 2, 7), await openLoop(3, 5, 'uniform', 0.3, 2, 8));
});

test('rate 0 measures nothing and is stable', async t => {
  t.like(await openLoop(2, 2, 'uniform', 0), {
    packetLatency_cycles: null,
    acceptedFlitRate: 0,
    stable: true,
    measuredPackets: 0,
  });
});

test('an overloaded run ends, is called unstable, and reports what it accepts', async t => {
  const { stable, acceptedFlitRate, simulated_cycles } = await openLoop(4, 4, 'hotspot', 0.5);
  t.false(stable);
  t.true(near(acceptedFlitRate, 1 / 16, 0.001));
  t.is(simulated_cycles, 10_000);
});

test('a batch takes at least what its busiest link needs, and ends with the cycle of its last tail', async t => {
  const shape = { rows: 4, cols: 4 };
  const batch = (name: string, packetFlits: number, packetsPerNode: number) =>
    driveBatch({ mesh: shape, traffic: trafficPattern(name, shape), packetFlits, packetsPerNode, seed: 1 });
  // Every node to node 0, one flit per cycle there; the head needs 6 cycles, the first cycle counts.
  const gather = await batch('hotspot', 2, 10);
  t.is(gather.packets, 160);
  t.is(gather.flits, 320);
  t.true(
    gather.completion_cycles >= 320 + 6 && gather.completion_cycles < 340,
    `${gather.completion_cycles}`,
  );
  // 3 nodes of row 3 share the link into column 3.
  const transpose = await batch('transpose', 1, 200);
  t.true(
    transpose.completion_cycles >= 600 && transpose.completion_cycles < 660,
    `${transpose.completion_cycles}`,
  );
  // A 1x1 mesh: packets of one flit follow each other without a gap.
  const one = { rows: 1, cols: 1 };
  const loop = await driveBatch({
    mesh: one,
    traffic: trafficPattern('uniform', one),
    packetFlits: 1,
    packetsPerNode: 1,
    seed: 1,
  });
  t.is(loop.completion_cycles, 7);
});

test('the interval of the mean gets narrower with a longer measurement, and covers the mean of a run ten times as long', async t => {
  const of = (measure_cycles: number, rate: number, seed: number): Promise<OpenLoopResult> =>
    driveOpenLoop({
      mesh: { rows: 4, cols: 4 },
      traffic: trafficPattern('uniform', { rows: 4, cols: 4 }),
      rate,
      packetFlits: 1,
      seed,
      warmup_cycles: 2000,
      measure_cycles,
      latencyLimit_cycles: 500,
      drainLimit_cycles: 20_000,
    });
  const long = await of(50_000, 0.6, 100);
  let covered = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const short = await of(5000, 0.6, seed);
    t.true(short.packetLatency_ci95_cycles! > long.packetLatency_ci95_cycles!);
    const off = Math.abs(short.packetLatency_cycles! - long.packetLatency_cycles!);
    if (off <= short.packetLatency_ci95_cycles! + long.packetLatency_ci95_cycles!) covered++;
  }
  t.true(covered >= 18, `${covered} of 20`);
  t.is(long.verdict, 'steady');
});

test('a load beyond saturation that is not yet unstable is called rising, an unstable one saturated, without an interval', async t => {
  // Three nodes of a row share one link, so that 1/3 is the most; see above.
  const beyond = await openLoop(4, 4, 'transpose', 0.39);
  t.like(beyond, { stable: true, verdict: 'rising' });
  t.true(beyond.packetLatency_ci95_cycles! > 0.05 * beyond.packetLatency_cycles!);
  t.like(await openLoop(4, 4, 'transpose', 0.6), {
    stable: false,
    verdict: 'saturated',
    packetLatency_ci95_cycles: null,
  });
  t.is((await openLoop(4, 4, 'transpose', 0.3)).verdict, 'steady');
});

test('a run pauses every 1000 cycles, changes nothing by that, and ends where a pause throws', async t => {
  const options = {
    mesh: { rows: 4, cols: 4 },
    traffic: trafficPattern('uniform', { rows: 4, cols: 4 }),
    rate: 0.3,
    packetFlits: 2,
    seed: 3,
    warmup_cycles: 1500,
    measure_cycles: 3000,
    latencyLimit_cycles: 500,
    drainLimit_cycles: 20_000,
  };
  const seen: number[][] = [];
  const paused = await driveOpenLoop(options, { pause: (done, of) => void seen.push([done, of]) });
  t.deepEqual(seen.slice(0, 5), [
    [1000, 4500],
    [2000, 4500],
    [3000, 4500],
    [4000, 4500],
    [4500, 4500],
  ]);
  t.deepEqual(paused, await driveOpenLoop(options));
  const stop = (): never => {
    throw new Error('stop');
  };
  await t.throwsAsync(driveOpenLoop(options, { pause: stop }), { message: 'stop' });
});
