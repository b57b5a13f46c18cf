/** A result is run again from what it holds: elsewhere, after its files changed, and not at all when it is damaged. */
import test from 'ava';
import fc from 'fast-check';
import type { Files } from '../../src/arch/source-files.ts';
import { TrexError } from '../../src/base/errors.ts';
import { jsonText } from '../../src/base/json-text.ts';
import { sha256Hex } from '../../src/base/sha256.ts';
import { optimizeFiles } from '../../src/optimize/node/optimize-files.ts';
import { optimizeDefaults } from '../../src/optimize/options.ts';
import { memoryFiles } from '../../src/run/memory-files.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { rerunOf } from '../../src/run/rerun.ts';
import { loadRun } from '../../src/run/run.ts';
import { recorded, withTexts } from '../../src/run/stored-files.ts';

const shipped = (kind: 'arch' | 'tech' | 'models', name: string): string =>
  nodeFiles.read(nodeFiles.resolve(kind, name)).text;

const OWN = {
  'tech/trex-fefet-32nm.yaml': shipped('tech', 'trex-fefet-32nm'),
  'tech/cmos-32nm.yaml': shipped('tech', 'cmos-32nm'),
  'arch/trex.yaml': shipped('arch', 'trex'),
  'models/deit-t.yaml': shipped('models', 'deit-t'),
  'my/chip.yaml': 'name: mine\nuse: ./base.yaml\ntech: ../cells/cell.yaml\n',
  'my/base.yaml': 'name: base\nuse: trex\nsource: assumed\npe: { adcBanks: 4 }\n',
  'cells/cell.yaml':
    'name: cell\nuse: trex-fefet-32nm\nnoise: { measured: { file: ./table/states.csv, source: assumed } }\n',
  'cells/table/states.csv': 'target (uS), mean (uS), sigma (uS)\n0, 0.5, 0.4\n10, 10, 1.5\n',
};
const REQUEST = {
  arch: 'my/chip.yaml',
  model: 'deit-t',
  reuse: 'count:2',
  images: 2,
  set: ['pe.crossbars=4'],
};

/** A result of these files, as far as it is read again. */
async function saved(): Promise<{ host: Files; result: Record<string, unknown> }> {
  const host = await memoryFiles(OWN);
  const { options, files } = loadRun(REQUEST, host);
  return { host, result: { schemaVersion: 1, version: '0.1.0', run: options, files, energy_J: 1 } };
}

const rerun = (result: unknown, host: Files) =>
  rerunOf('r.json', new TextEncoder().encode(typeof result === 'string' ? result : jsonText(result)), host);

test('files that use each other, tables and networks come from the result alone, wherever it is run', async t => {
  const { host, result } = await saved();
  const before = loadRun(REQUEST, host);
  const nowhere = await memoryFiles({});
  const { run, files, warnings } = await rerun(result, nowhere);
  t.deepEqual(loadRun(run, files), before);
  t.is(warnings.length, 1);
  t.regex(
    warnings[0],
    /^not here as r\.json read it: my\/chip\.yaml, .*; it runs with the text that it holds$/,
  );
});

test('files that are still the same are not spoken of, each that changed is', async t => {
  const { host, result } = await saved();
  t.deepEqual((await rerun(result, host)).warnings, []);
  const texts = { ...OWN, 'cells/table/states.csv': `${OWN['cells/table/states.csv']}20, 20, 2\n` };
  const { run, files, warnings } = await rerun(result, await memoryFiles(texts));
  t.regex(warnings[0], /read it: cells\/table\/states\.csv; it runs/);
  t.is(loadRun(run, files).arch.arch.devices.static.noise?.measured?.points?.length, 2);
});

test('a result without texts, as an earlier version wrote, runs with the files that are here, and says what changed', async t => {
  const { host, result } = await saved();
  const files = (result.files as { path: string; sha256: string }[]).map(({ path, sha256 }) => ({
    path,
    sha256,
  }));
  t.is((await rerun({ ...result, files }, host)).files, host);
  const changed = files.map(file =>
    file.path === 'my/base.yaml' ? { ...file, sha256: '0'.repeat(64) } : file,
  );
  const { warnings } = await rerun({ ...result, files: changed }, host);
  t.deepEqual(warnings, ['not here as r.json read it: my/base.yaml; it runs with what is here now']);
});

test('a result of another version says so', async t => {
  const { host, result } = await saved();
  const { warnings } = await rerun({ ...result, version: '9.9.9' }, host);
  t.regex(warnings[0], /r\.json is a result of trex 9\.9\.9, this is \d/);
});

async function refusal(result: unknown, host: Files): Promise<TrexError> {
  const error = await rerun(result, host).then(
    () => undefined,
    (e: unknown) => e,
  );
  if (error instanceof TrexError) return error;
  throw error ?? new Error('not refused');
}

test('values that no result has are refused by name and line, one for each', async t => {
  const { host, result } = await saved();
  const run = result.run as object;
  const [file] = result.files as object[];
  const cases: [unknown, RegExp][] = [
    [{ ...result, run: { ...run, reuse: 5 } }, /^r\.json:\d+:\d+ {2}run\.reuse: expected a text, got 5$/],
    [{ ...result, run: { ...run, set: 'x' } }, /^r\.json:\d+:\d+ {2}run\.set: expected a list, got "x"$/],
    [{ ...result, run: { ...run, images: 0 } }, /run\.images: expected a number of at least 1, got 0$/],
    [{ ...result, run: { ...run, images: 1.5 } }, /run\.images: expected an integer, got 1\.5$/],
    [{ ...result, run: { ...run, tokens: '9' } }, /run\.tokens: expected a number, got "9"$/],
    [{ ...result, run: { ...run, seeds: 1 } }, /run\.seeds: unknown key, did you mean seed\?$/],
    [{ ...result, files: [null] }, /files\.0: expected a block.*got nothing$/],
    [{ ...result, files: [] }, /files: expected at least one entry, got an empty list/],
    [{ ...result, files: [{ ...file, sha256: 'x' }] }, /files\.0\.sha256: expected 64 hexadecimal digits/],
    [
      { ...result, files: [{ ...file, text: 'name: x' }] },
      /^r\.json: the text of my\/chip\.yaml is not what/,
    ],
    [{ ...result, schemaVersion: 2 }, /schemaVersion: expected 1, got 2$/],
    [{ ...result, run: null }, /run: expected a block/],
    [[result], /^r\.json: not a result of trex run/],
    ['{"run": {', /^r\.json: not a result: /],
    ['3', /^r\.json: not a result of trex run/],
  ];
  for (const [damaged, message] of cases) {
    const { message: text, exitCode } = await refusal(damaged, host);
    t.regex(text.split('\n')[0], message);
    t.is(exitCode, 3);
  }
});

test('a file that the run needs and the result lacks is refused by name', async t => {
  const { host, result } = await saved();
  const files = (result.files as { path: string }[]).filter(({ path }) => path !== 'my/base.yaml');
  const { run, files: stored } = await rerun({ ...result, files }, host);
  const error = t.throws(() => loadRun(run, stored), { instanceOf: TrexError });
  t.regex(error.message, /r\.json: has no text of the architecture '\.\/base\.yaml'/);
});

test('whatever stands in place of a value, it is read or refused', async t => {
  const { host, result } = await saved();
  const paths = ['schemaVersion', 'version', 'run', 'files'];
  const inRun = Object.keys(result.run as object);
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom(null, -1, 0, 1e300, '', '__proto__', [null], {}));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths, ...inRun), value, async (key, other) => {
      const damaged = inRun.includes(key)
        ? { ...result, run: { ...(result.run as object), [key]: other } }
        : { ...result, [key]: other };
      try {
        const { run, files } = await rerun(damaged, host);
        loadRun(run, files);
      } catch (error) {
        if (!(error instanceof TrexError)) throw error;
        t.notRegex(error.message, /undefined|\[object/);
      }
    }),
    { numRuns: 150 },
  );
});

test('an optimisation holds the texts of its chip and network', async t => {
  const { result } = await optimizeFiles({ ...optimizeDefaults, model: 'deit-t', targetArea: '1m2' });
  t.true(result.files.length >= 3);
  for (const { path, text = '', sha256 } of result.files)
    t.is(await sha256Hex(new TextEncoder().encode(text)), sha256, path);
});

test('weights and data have their hash alone', t => {
  const files = recorded(nodeFiles);
  const ref = files.resolve('models', 'deit-t');
  const { text, sha256 } = files.read(ref);
  const weights = { path: 'w.safetensors', sha256: '00' };
  t.deepEqual(withTexts([{ path: ref.name, sha256 }, weights], files), [
    { path: ref.name, sha256, text },
    weights,
  ]);
});
