/**
 * Bundles the program and the library straight from TypeScript, without checking types: dist/node holds the command `trex`, the
 * library on Node and the scripts of its threads, dist/browser the library for a browser. What several of them need, and what is
 * loaded late, stands in files of its own beside them. All that runs is inside: nothing is looked up in node_modules but the
 * packages of OPTIONAL and QUEUE. `node scripts/bundle.mjs [--licenses]`
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const require = createRequire(import.meta.url);

/** Scripts of threads are started by their file, so each stands alone; `siblingScript` finds them beside the file that asks. */
const NODE_ENTRIES = {
  trex: 'src/cli/trex.ts',
  index: 'src/index.node.ts',
  'mvm-worker': 'src/numerics/mvm/node/mvm-worker.ts',
  'train-worker': 'src/train/node/train-worker.ts',
  'error-worker': 'src/explore/xbar/node/error-worker.ts',
  'system-worker': 'src/explore/systems/node/system-worker.ts',
  'point-worker': 'src/explore/studies/node/point-worker.ts',
  // Tinypool starts its threads by this file, which it looks for below its own.
  'entry/worker': 'node_modules/tinypool/dist/entry/worker.js',
};

/** GPU.js uses these where they are installed. */
const OPTIONAL = ['gl', 'webgpu'];
/** Studies over several machines use these where they are installed. */
const QUEUE = ['bullmq', 'ioredis'];

const SHARED = {
  absWorkingDir: ROOT,
  bundle: true,
  // Names stay as they are: the trace of a fault is to be read.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
};

const MODULES = { format: 'esm', splitting: true, chunkNames: '[name]-[hash]', target: 'es2023' };

/** GPU.js is CommonJS that calls `require`, and large: a file of its own, loaded when a mode of it is asked for. */
const gpuApart = {
  name: 'gpu-apart',
  setup: ({ onResolve }) => onResolve({ filter: /^gpu\.js$/ }, () => ({ path: './gpu.cjs', external: true })),
};

/** What packages do at their start and few commands need, a tenth of a run's time: here when it is asked for. */
const LATE = [
  // yargs lays out the help of a command before it runs it.
  {
    filter: /yargs[\\/]build[\\/]lib[\\/]command\.js$/,
    eager: 'yargs.getInternalMethods().getUsageInstance().cacheHelpMessage();',
    late: '',
  },
  // Widths of words in that help.
  {
    filter: /string-width[\\/]index\.js$/,
    eager: 'const segmenter = new Intl.Segmenter();',
    late: 'let made; const segmenter = { segment: text => (made ??= new Intl.Segmenter()).segment(text) };',
  },
];

const lateWork = {
  name: 'late-work',
  setup: ({ onLoad }) => {
    for (const { filter, eager, late } of LATE)
      onLoad({ filter }, ({ path }) => {
        const text = readFileSync(path, 'utf8');
        const contents = text.replace(eager, late);
        if (contents === text) throw new Error(`${path}: no longer has ${eager}`);
        return { contents };
      });
  },
};

const BUILDS = [
  {
    ...MODULES,
    entryPoints: NODE_ENTRIES,
    outdir: 'dist/node',
    platform: 'node',
    external: QUEUE,
    // The package's own choice for Node is CommonJS, which cannot be taken apart.
    alias: { yaml: join(dirname(require.resolve('yaml/package.json')), 'browser/dist/index.js') },
    plugins: [gpuApart, lateWork],
  },
  {
    stdin: { contents: "export { GPU, Input, WebGPUContext } from 'gpu.js';", resolveDir: ROOT },
    outfile: 'dist/node/gpu.cjs',
    format: 'cjs',
    platform: 'node',
    external: OPTIONAL,
  },
  // The script inside a report, which `trex report` writes into the page.
  {
    entryPoints: { 'report-page': 'src/report/page/main.ts' },
    outdir: 'dist/node',
    format: 'iife',
    target: 'es2022',
    platform: 'browser',
    minify: true,
  },
  {
    ...MODULES,
    // The charts apart: a page that draws needs nothing of the simulator before a run.
    entryPoints: { index: 'src/index.ts', charts: 'src/report/charts.ts' },
    outdir: 'dist/browser',
    platform: 'browser',
    external: OPTIONAL,
  },
];

/** Writes dist/node and dist/browser; gives the files that went into them, relative to the root. */
export async function bundle() {
  for (const folder of ['node', 'browser'])
    rmSync(join(ROOT, 'dist', folder), { recursive: true, force: true });
  const built = await Promise.all(BUILDS.map(options => build({ ...SHARED, ...options })));
  return built.flatMap(({ metafile }) => Object.keys(metafile.inputs));
}

/** The licences of the packages whose code is inside. */
function licenses(inputs) {
  const folders = new Set(inputs.flatMap(file => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []));
  return [...folders]
    .sort()
    .map(folder => {
      const { name, version, license } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
      const file = readdirSync(join(ROOT, folder)).find(entry => /^licen[cs]e/i.test(entry));
      const text = file === undefined ? '' : readFileSync(join(ROOT, folder, file), 'utf8').trim();
      return `${name} ${version} (${license})\n\n${text}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n`);
}

if (process.argv[1] !== undefined && relative(fileURLToPath(import.meta.url), process.argv[1]) === '') {
  const inputs = await bundle();
  if (process.argv.includes('--licenses')) writeFileSync(join(ROOT, 'dist/LICENSES.txt'), licenses(inputs));
}
