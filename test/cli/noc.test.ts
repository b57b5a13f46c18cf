import test from 'ava';
import yargs from 'yargs';
import { EXIT, TrexError } from '../../src/base/errors.ts';
import { nocCommand } from '../../src/cli/noc.ts';
import { runNoc } from '../../src/hw/noc/run.ts';

/** Parses options as the command line does; returns what goes to stdout. */
async function trexNoc(...args: string[]): Promise<string> {
  const { write } = process.stdout;
  let out = '';
  process.stdout.write = (text: string | Uint8Array) => {
    out += text;
    return true;
  };
  try {
    await yargs(['noc', ...args])
      .command(nocCommand)
      .strict()
      .fail(false)
      .exitProcess(false)
      .parseAsync();
  } finally {
    process.stdout.write = write;
  }
  return out;
}

test.serial('noc --json prints one object with the setup and the figures', async t => {
  const out = JSON.parse(
    await trexNoc('--mesh', '3x5', '--rate', '0.2', '--packet', '2', '--seed', '9', '--json'),
  );
  t.like(out, {
    mesh: '3x5',
    traffic: 'uniform',
    rate: 0.2,
    packetFlits: 2,
    routerStages: 3,
    seed: 9,
    stable: true,
  });
  t.like(out, { warmup_cycles: 3000, measured_cycles: 7000 });
  t.true(Math.abs(out.acceptedFlitRate - 0.2) < 0.01);
  t.true(out.packetLatency_cycles >= out.networkLatency_cycles);
  t.deepEqual(out, await runNoc({ mesh: '3x5', rate: 0.2, packet: 2, seed: 9 }));
});

test.serial('noc without --json prints a line per figure', async t => {
  const lines = (await trexNoc('--mesh', '2x2', '--measure', '1000', '--warmup', '0')).trimEnd().split('\n');
  t.is(lines[0], 'mesh                       2x2');
  t.true(lines.includes('stable                     true'));
});

test.serial('an unstable run says so', async t => {
  const out = await trexNoc('--rate', '1', '--mesh', '4x4');
  t.regex(out, /stable +false/);
  t.regex(out, /^unstable: /m);
});

test.serial('noc --zero-load lists every pair alone', async t => {
  const pairs = JSON.parse(
    await trexNoc('--mesh', '2x3', '--zero-load', '--packet', '3', '--router', '4', '--json'),
  );
  t.is(pairs.length, 36);
  t.deepEqual(pairs[5], { src: 0, dst: 5, hops: 3, latency_cycles: 7 + 15 + 2 });
});

test.serial('noc --batch reports the cycles until all has arrived', async t => {
  const out = JSON.parse(await trexNoc('--batch', '20', '--traffic', 'hotspot', '--hotspot', '5', '--json'));
  t.like(out, { packetsPerNode: 20, packets: 320 });
  t.true(out.completion_cycles > 320 && out.completion_cycles < 345);
});

test('light traffic is measured for longer', async t => {
  const result = await runNoc({ mesh: '4x4', rate: 0.02, packet: 2, warmup: 0 });
  t.like(result, { measured_cycles: 32_000, stable: true });
});

test('nonsense is refused with a usage error that names the option', async t => {
  const refused: [Parameters<typeof runNoc>[0], RegExp][] = [
    [{ mesh: '0x3' }, /--mesh 0x3/],
    [{ mesh: '4' }, /--mesh 4: expected ROWSxCOLS/],
    [{ mesh: '4x4x4' }, /--mesh/],
    [{ rate: -0.1 }, /--rate -0.1/],
    [{ rate: 1.01 }, /--rate 1.01/],
    [{ rate: Number.NaN }, /--rate NaN/],
    [{ packet: 0 }, /--packet 0/],
    [{ packet: 1.5 }, /--packet 1.5/],
    [{ vcs: 0 }, /--vcs 0/],
    [{ depth: -1 }, /--depth -1/],
    [{ router: 5 }, /--router 5/],
    [{ seed: -1 }, /--seed -1/],
    [{ warmup: -1 }, /--warmup -1/],
    [{ measure: 0 }, /--measure 0/],
    [{ batch: 0 }, /--batch 0/],
    [{ batch: 3, zeroLoad: true }, /exclude each other/],
    [{ traffic: 'transpos' }, /did you mean transpose/],
    [{ traffic: 'transpose', mesh: '4x2' }, /4, 16, 64/],
    [{ traffic: 'bitcomp', mesh: '3x3' }, /power of two/],
    [{ traffic: 'shuffle', mesh: '3x3' }, /power of two/],
    [{ traffic: 'bitrev', mesh: '3x4' }, /power of two/],
    [{ traffic: 'asymmetric', mesh: '3x3' }, /even number/],
    [{ traffic: 'hotspot', hotspots: [16] }, /hot spot 16/],
    [{ hotspots: [1] }, /--hotspot needs/],
    [{ mesh: '1024x1024', depth: 4096 }, /at most/],
    [{ mesh: '40x40', zeroLoad: true }, /at most 1024 nodes/],
  ];
  for (const [options, message] of refused) {
    const error = await t.throwsAsync(runNoc(options), { instanceOf: TrexError, message });
    t.is(error?.exitCode, EXIT.usage);
  }
});

test.serial('a malformed hot spot is a usage error', async t => {
  await t.throwsAsync(trexNoc('--traffic', 'hotspot', '--hotspot', 'x'), {
    instanceOf: TrexError,
    message: /--hotspot x/,
  });
});
