/** Logs that a later run goes on from: whatever byte is changed, they are refused, or their damaged lines are missing. */
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import * as z from 'zod';
import { EXIT, TrexError } from '../../../src/base/errors.ts';
import { sealedLine } from '../../../src/base/sealed.ts';
import { openStateLog, type StateLog } from '../../../src/run/node/state-log.ts';

const root = mkdtempSync(join(tmpdir(), 'trex-state-'));
test.after.always(() => rmSync(root, { recursive: true, force: true }));

const schema = z.strictObject({ loss: z.number() });
type Value = z.infer<typeof schema>;

interface Opened {
  readonly log: StateLog<Value>;
  readonly entries: Map<string, Value>;
  readonly damage: string[];
}

async function open(dir: string, more: { ordered?: boolean; force?: boolean; seed?: number } = {}) {
  const { ordered = false, force = false, seed = 1 } = more;
  const [entries, damage] = [new Map<string, Value>(), [] as string[]];
  const log = await openStateLog({
    dir,
    name: 'log.ndjson',
    command: 'trex test',
    begin: { version: '1', run: { seed } },
    force,
    results: ['result.json'],
    schema,
    ordered,
    onEntry: (key, value) => void entries.set(key, value),
    onDamage: message => damage.push(message),
  });
  return { log, entries, damage } satisfies Opened;
}

/** A folder with a log of five entries. */
async function whole(ordered: boolean): Promise<{ dir: string; path: string; text: Buffer }> {
  const dir = mkdtempSync(join(root, 'f'));
  const { log } = await open(dir, { ordered });
  for (let i = 0; i < 5; i++) log.append(`${i}`, { loss: i / 4 });
  log.close();
  const path = join(dir, 'log.ndjson');
  return { dir, path, text: readFileSync(path) };
}

const failure = async (opening: Promise<unknown>): Promise<TrexError> => {
  try {
    await opening;
  } catch (error) {
    if (error instanceof TrexError) return error;
    throw error;
  }
  throw new Error('it was opened');
};

test('what was appended is there again, and goes on', async t => {
  const { dir, path, text } = await whole(false);
  const again = await open(dir);
  t.deepEqual(
    [...again.entries],
    [0, 1, 2, 3, 4].map(i => [`${i}`, { loss: i / 4 }]),
  );
  again.log.append('5', { loss: 9 });
  again.log.flush();
  t.is(readFileSync(path, 'utf8'), text.toString() + sealedLine({ key: '5', value: { loss: 9 } }));
  await t.throwsAsync(open(dir), { message: /is at work there/ });
  again.log.close();
  const forced = await open(dir, { force: true });
  t.is(forced.entries.size, 0);
  forced.log.close();
});

for (const ordered of [false, true])
  test(`any changed byte is refused or done again (${ordered ? 'in' : 'without'} order)`, async t => {
    const { dir, path, text } = await whole(ordered);
    const firstLine = text.indexOf(10);
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const other = Buffer.from(text);
        other[at] ^= flip;
        writeFileSync(path, other);
        if (at <= firstLine) {
          const { message, exitCode } = await failure(open(dir, { ordered }));
          t.is(exitCode, EXIT.invalidFile);
          t.regex(message, /log\.ndjson:1: has (no )?checksum.*; --force begins anew$/);
          return;
        }
        const { log, entries, damage } = await open(dir, { ordered });
        // What is left is right, and the run that does the rest again ends with all of it.
        for (const [key, { loss }] of entries) t.is(loss, Number(key) / 4);
        t.true(entries.size < 5);
        t.true(damage.length > 0 || other[text.length - 1] !== 10);
        for (const line of damage) t.regex(line, /log\.ndjson:[2-6]: .* done again$/);
        for (let i = 0; i < 5; i++) if (!entries.has(`${i}`)) log.append(`${i}`, { loss: i / 4 });
        log.close();
        const last = await open(dir, { ordered });
        t.deepEqual([last.entries.size, last.damage], [5, []]);
        last.log.close();
      }),
      { numRuns: 300, seed: 3 },
    );
  });

test('a line that was cut off while it was written is done again, without a word', async t => {
  const { dir, path, text } = await whole(false);
  for (let length = 0; length < text.length; length += 7) {
    writeFileSync(path, text.subarray(0, length));
    const { log, entries, damage } = await open(dir);
    t.deepEqual(
      [entries.size, damage],
      [Math.max(0, text.subarray(0, length).toString().split('\n').length - 2), []],
    );
    log.close();
  }
});

test('a line that is missing or out of place ends the rows that are taken', async t => {
  const { dir, path, text } = await whole(true);
  const lines = text.toString().split('\n');
  writeFileSync(path, lines.toSpliced(3, 1).join('\n'));
  const { log, entries, damage } = await open(dir, { ordered: true });
  t.is(entries.size, 2);
  t.deepEqual(damage, [`${path}:4: is entry 3, expected 2; what stood there and behind it is done again`]);
  log.close();
});

test('sealed nonsense is named by its schema', async t => {
  const { dir, path } = await whole(false);
  appendFileSync(path, sealedLine({ key: 'a', value: { loss: 'x' } }));
  appendFileSync(path, sealedLine({ key: 'b', value: 7 }));
  appendFileSync(path, sealedLine({ outcome: 7 }));
  appendFileSync(path, sealedLine({ key: 'c', value: {} }));
  const { log, entries, damage } = await open(dir);
  log.close();
  t.is(entries.size, 5);
  t.regex(damage[0], /log\.ndjson:7: value\.loss: expected a number, got "x"; /);
  t.regex(damage[1], /log\.ndjson:8: value: expected a block with loss, got 7; /);
  t.regex(damage[2], /log\.ndjson:9: key: missing, expected a text; /);
  t.regex(damage[3], /log\.ndjson:10: value\.loss: missing, expected a number; /);
});

test('a beginning that names no command, or holds none, is refused', async t => {
  const { dir, path } = await whole(false);
  writeFileSync(path, sealedLine({ begin: null }));
  const nameless = await failure(open(dir));
  t.is(nameless.message, `${path}:1: is no beginning of a log: it names no command; --force begins anew`);
  t.is(nameless.exitCode, EXIT.invalidFile);
});

test('a log of other options, of another command or of an older version is refused with what to do', async t => {
  const { dir, path } = await whole(false);
  const other = await failure(open(dir, { seed: 2 }));
  t.is(other.message, `${path}:1: its seed is 1, now 2: not the same run; --force begins anew`);
  t.is(other.exitCode, EXIT.failed);
  writeFileSync(path, sealedLine({ command: 'trex xbar', begin: null }));
  t.regex((await failure(open(dir))).message, /:1: is a log of trex xbar, not of trex test; --force/);
  writeFileSync(path, sealedLine({ command: 'trex test', begin: null }));
  t.regex((await failure(open(dir))).message, /:1: .* is null, now .*: not the same run; --force/);
  writeFileSync(path, '{"schemaVersion":1,"version":"0.1.0"}\n{"key":"float32/0"}\n');
  const old = await failure(open(dir));
  t.is(old.exitCode, EXIT.invalidFile);
  t.regex(old.message, /:1: has no checksum: .*not written by this version of trex; --force begins anew$/);
});

test('what a killed process leaves is no reason to refuse a folder; a file of somebody else is', async t => {
  const dir = join(root, 'left');
  mkdirSync(dir);
  writeFileSync(join(dir, 'log.ndjson.4711.tmp'), 'x');
  writeFileSync(join(dir, '.trex-lock-1'), '');
  (await open(dir)).log.close();
  const mine = join(root, 'mine');
  mkdirSync(mine);
  writeFileSync(join(mine, 'thesis.txt'), 'x');
  await t.throwsAsync(open(mine), { message: /is not empty and has no log\.ndjson/ });
});
