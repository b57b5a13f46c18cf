import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { TrexError } from '../../../src/base/errors.ts';
import { checkOutputDir, writeOutputDir } from '../../../src/cli/io/output-dir.ts';

/** A folder of its own for each test. */
function place(t: { teardown(action: () => void): void }): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'trex-output-')));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const read = (dir: string): Record<string, string> =>
  Object.fromEntries(readdirSync(dir).map(name => [name, readFileSync(join(dir, name), 'utf8')]));

/** A folder with one result, as an earlier run leaves it. */
function earlier(dir: string): void {
  mkdirSync(dir);
  writeFileSync(join(dir, 'result.json'), 'old');
  writeFileSync(join(dir, 'extra.txt'), 'old too');
}

test('the files appear in a new folder, below folders that were not there, and nothing else is left', t => {
  const folder = place(t);
  writeOutputDir(join(folder, 'a', 'b'), { 'result.json': '{}', 'layers.csv': 'x' });
  t.deepEqual(read(join(folder, 'a', 'b')), { 'result.json': '{}', 'layers.csv': 'x' });
  t.deepEqual(readdirSync(folder), ['a']);
  t.deepEqual(readdirSync(join(folder, 'a')), ['b']);
});

test('an empty folder is filled', t => {
  const folder = place(t);
  mkdirSync(join(folder, 'out'));
  writeOutputDir(join(folder, 'out'), { 'result.json': '{}' });
  t.deepEqual(read(join(folder, 'out')), { 'result.json': '{}' });
});

test('a folder with files is refused and stays as it was', t => {
  const out = join(place(t), 'out');
  earlier(out);
  const error = t.throws(() => writeOutputDir(out, { 'result.json': 'new' }), { instanceOf: TrexError });
  t.is(error?.message, `${out}: exists and is not empty; --force replaces it`);
  t.is(error?.exitCode, 1);
  t.deepEqual(read(out), { 'result.json': 'old', 'extra.txt': 'old too' });
});

test('--force replaces an earlier output whole', t => {
  const folder = place(t);
  const out = join(folder, 'out');
  earlier(out);
  writeOutputDir(out, { 'result.json': 'new' }, { force: true });
  t.deepEqual(read(out), { 'result.json': 'new' });
  t.deepEqual(readdirSync(folder), ['out']);
});

test('--force does not replace a folder that is no output', t => {
  const out = join(place(t), 'thesis');
  mkdirSync(out);
  writeFileSync(join(out, 'chapter-1.tex'), 'years of work');
  t.throws(() => writeOutputDir(out, { 'result.json': 'new' }, { force: true }), {
    instanceOf: TrexError,
    message: `${out}: has no result.json, so it is no earlier output: not even --force replaces it`,
  });
  t.deepEqual(read(out), { 'chapter-1.tex': 'years of work' });
});

test('the working directory and what holds it are not replaced', t => {
  t.throws(() => checkOutputDir('.', { force: true }), {
    message: '.: the working directory cannot be replaced',
  });
  t.throws(() => checkOutputDir('..', { force: true }), {
    message: '..: the working directory cannot be replaced',
  });
});

for (const force of [false, true]) {
  test(`a failure leaves the place as it was (${force ? 'with' : 'without'} an earlier output)`, t => {
    const folder = place(t);
    const out = join(folder, 'new', 'out');
    if (force) {
      mkdirSync(join(folder, 'new'));
      earlier(out);
    }
    const missing = join(folder, 'nowhere');
    t.throws(
      () => writeOutputDir(out, { 'result.json': 'new' }, { force, moved: { 'trace.json.gz': missing } }),
      {
        instanceOf: TrexError,
        message: /out: cannot be written: ENOENT/,
      },
    );
    t.deepEqual(readdirSync(folder), force ? ['new'] : []);
    if (force) t.deepEqual(read(out), { 'result.json': 'old', 'extra.txt': 'old too' });
  });
}

test('a file that lies elsewhere is moved', t => {
  const folder = place(t);
  writeFileSync(join(folder, 'trace'), 'events');
  writeOutputDir(
    join(folder, 'out'),
    { 'result.json': '{}' },
    { moved: { 'trace.json.gz': join(folder, 'trace') } },
  );
  t.deepEqual(read(join(folder, 'out')), { 'result.json': '{}', 'trace.json.gz': 'events' });
  t.false(existsSync(join(folder, 'trace')));
});

test('a file in the way is named', t => {
  const folder = place(t);
  const file = join(folder, 'file');
  writeFileSync(file, '');
  t.throws(() => checkOutputDir(file, { force: true }), {
    message: `${file}: a file of that name is in the way`,
  });
  const below = join(file, 'out');
  t.throws(() => checkOutputDir(below), { message: `${below}: ${file} is a file, not a folder` });
  t.throws(() => checkOutputDir(''), { message: 'the output folder needs a name' });
});

// Nobody can make a folder in /proc, not even root.
if (existsSync('/proc/self'))
  test('a place that takes no new folder is refused with a message', t => {
    t.throws(() => writeOutputDir('/proc/trex/out', { 'result.json': '' }), {
      instanceOf: TrexError,
      message: /^\/proc\/trex\/out: cannot be written: E/,
    });
  });

test('a link stays a link: what it points to is replaced', t => {
  const folder = place(t);
  earlier(join(folder, 'real'));
  symlinkSync(join(folder, 'real'), join(folder, 'link'));
  writeOutputDir(join(folder, 'link'), { 'result.json': 'new' }, { force: true });
  t.deepEqual(read(join(folder, 'real')), { 'result.json': 'new' });
  t.deepEqual(readdirSync(folder), ['link', 'real']);
});

test('a name with a folder in it is a mistake of the caller', t => {
  const out = join(place(t), 'out');
  t.throws(() => writeOutputDir(out, { '../result.json': '' }), { instanceOf: RangeError });
});
