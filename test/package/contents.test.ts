/** What `npm pack` would publish: all that runs, the types of the library, and nothing else; it works away from this folder. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { importsOf, lateImportsOf } from './bundle.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const json = JSON.parse(read('package.json'));

interface Packed {
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

const [packed] = JSON.parse(
  execFileSync('npm pack --dry-run --json --ignore-scripts', { cwd: ROOT, encoding: 'utf8', shell: true }),
) as Packed[];
const files = packed.files.map(({ path }) => path);

const folder = mkdtempSync(join(tmpdir(), 'trex-package-'));
const installed = join(folder, 'node_modules', 'trex-sim');
for (const file of files) cpSync(join(ROOT, file), join(installed, file));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

test('chips, technologies, networks and what runs are there; sources, tests and modules one by one are not', t => {
  for (const kind of ['arch', 'tech', 'models'])
    for (const name of readdirSync(join(ROOT, kind))) t.true(files.includes(`${kind}/${name}`), name);
  for (const name of ['trex', 'index', 'mvm-worker', 'train-worker', 'error-worker'])
    t.true(files.includes(`dist/node/${name}.js`), name);
  for (const file of ['dist/browser/index.js', 'dist/node/gpu.cjs', 'dist/LICENSES.txt', 'LICENSE'])
    t.true(files.includes(file), file);
  const others = files.filter(file =>
    /^(src|test|bench|studies|scripts|tools)\/|^dist\/(test|bench|studies)\//.test(file),
  );
  t.deepEqual(others, []);
  t.deepEqual(
    files.filter(file => file.startsWith('dist/src/') && !file.endsWith('.d.ts')),
    [],
  );
  t.true(packed.unpackedSize < 11e6, `${packed.unpackedSize} bytes`);
});

test('nothing that runs is looked up in node_modules but what is optional', t => {
  const builtin = new Set(builtinModules.flatMap(name => [name, `node:${name}`]));
  const scripts = files.filter(file => /^dist\/(node|browser)\/.*\.js$/.test(file));
  t.true(scripts.length > 10);
  for (const script of scripts) {
    const text = read(script);
    const late = lateImportsOf(text);
    for (const from of [...importsOf(text), ...late]) {
      if (/^\.\.?\//.test(from))
        t.true(files.includes(posix.join(dirname(script), from)), `${script}: ${from}`);
      else {
        const isOptional = late.includes(from) && json.peerDependenciesMeta[from]?.optional === true;
        t.true((builtin.has(from) || isOptional) && script.startsWith('dist/node/'), `${script}: ${from}`);
      }
    }
  }
});

test('the types lead to nothing but the package and what it depends on', t => {
  const seen = new Set<string>();
  const follow = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    t.true(files.includes(file), file);
    for (const [, from] of read(file).matchAll(/(?:from|import\()\s*["']([^"' ]+)["']/g)) {
      const name = from.split('/')[0];
      if (name === '.' || name === '..') follow(posix.join(dirname(file), from.replace(/\.[jt]s$/, '.d.ts')));
      else t.true(name in json.dependencies, `${file}: ${from}`);
    }
  };
  const { node, types } = json.exports['.'];
  for (const file of [node.types, types]) follow(posix.normalize(file));
  t.true(seen.size > 50);
});

const run = (...args: string[]): { code: number | null; out: string; err: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
};
const trex = (...args: string[]) => run(join(installed, json.bin.trex), ...args);

test('installed alone it runs, to the figures of the paper', t => {
  const { code, out, err } = trex('run', 'trex', '--model', 'deit-s', '--json', '--quiet');
  t.is(code, 0, err);
  const { latency_s, energy_J } = JSON.parse(out);
  t.is((1e3 * latency_s).toPrecision(4), '10.92');
  t.is((1e6 * energy_J).toPrecision(4), '131.8');
});

test('installed alone it has its threads, and the kernels of GPU.js, to the same bits', t => {
  const options = [
    'mvm',
    '--rows',
    '48',
    '--cols',
    '8',
    '--tokens',
    '4',
    '--trials',
    '2',
    '--json',
    '--quiet',
  ];
  const results = [
    ['--backend', 'wasm', '--threads', '2'],
    ['--backend', 'gpu', '--gpu-mode', 'cpu'],
    ['--backend', 'gpu', '--gpu-mode', 'webasm'],
  ].map(backend => {
    const { code, out, err } = trex(...options, ...backend);
    t.is(code, 0, err);
    const { backend: ran, ...result } = JSON.parse(out);
    t.true(backend.includes(ran.name));
    return result;
  });
  for (const result of results) t.deepEqual(result, results[0]);
  const xbar = trex(
    'xbar',
    '--rows',
    '64',
    '--adc',
    '5',
    '--trials',
    '2',
    '--threads',
    '2',
    '--json',
    '--quiet',
  );
  t.is(xbar.code, 0, xbar.err);
});

test('installed alone the library is imported by its name', t => {
  writeFileSync(
    join(folder, 'use.mjs'),
    `import { run, nodeFiles } from 'trex-sim';
const { result } = await run({ arch: 'trex', model: 'deit-t' }, { files: nodeFiles });
console.log(result.model);\n`,
  );
  const { code, out, err } = run('use.mjs');
  t.is(code, 0, err);
  t.is(out, 'deit-t\n');
});
