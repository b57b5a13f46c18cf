/** The library as a browser gets it: one bundle, in a context that has what the web has and nothing of Node. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createContext, Script } from 'node:vm';
import test from 'ava';
import { type BuildOptions, build } from 'esbuild';
import type * as Library from '../src/index.ts';
import { nodeFiles } from '../src/run/node/files.ts';
import { type Run, run } from '../src/run/run.ts';

const ROOT = new URL('../../', import.meta.url);
const path = (file: string): string => fileURLToPath(new URL(file, ROOT));

/** `gl` and `webgpu` are optional parts of gpu.js, for Node alone. */
const OPTIONS: BuildOptions = {
  bundle: true,
  platform: 'browser',
  format: 'iife',
  globalName: 'trex',
  external: ['gl', 'webgpu'],
  write: false,
  logLevel: 'silent',
};

/** The shipped files, as a page would fetch them. */
function shipped(): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const kind of ['arch', 'tech', 'models'])
    for (const name of readdirSync(path(kind)).filter(file => file.endsWith('.yaml')))
      texts[`${kind}/${name}`] = readFileSync(path(`${kind}/${name}`), 'utf8');
  return texts;
}

test('the library bundles for a browser, and runs there to the byte as on Node', async t => {
  const { outputFiles, warnings } = await build({ ...OPTIONS, entryPoints: [path('dist/src/index.js')] });
  t.deepEqual(warnings, []);
  const [{ text }] = outputFiles!;
  t.notRegex(text, /["'`]node:/);

  const web = { TextEncoder, TextDecoder, crypto, performance, URL, setTimeout, clearTimeout };
  const context = createContext({ ...web, texts: shipped() });
  for (const name of ['process', 'Buffer', 'require'])
    t.is(new Script(`typeof ${name}`).runInContext(context), 'undefined', name);
  new Script(text).runInContext(context);
  const question = "{ arch: 'trex', model: 'glyph-vit', reuse: 'count:1' }";
  const json: string = await new Script(
    `trex.memoryFiles(texts).then(files => trex.run(${question}, { files })).then(JSON.stringify)`,
  ).runInContext(context);
  const { result, layers, stats, config } = JSON.parse(json) as Run;
  const onNode = await run({ arch: 'trex', model: 'glyph-vit', reuse: 'count:1' }, { files: nodeFiles });
  t.is(JSON.stringify(result), JSON.stringify(onNode.result));
  t.is(JSON.stringify(layers), JSON.stringify(onNode.layers));
  t.is(JSON.stringify(stats), JSON.stringify(onNode.stats));
  t.is(config, onNode.config);

  // A crossbar with its noise, on the wasm back end and one thread.
  const trex = new Script('trex').runInContext(context) as typeof Library;
  await t.throwsAsync(trex.wasmBackend({ threads: 2 }), { message: /nothing here can start any/ });
});

test('what touches a disk does not bundle for a browser', async t => {
  const node = build({ ...OPTIONS, entryPoints: [path('dist/src/index.node.js')] });
  await t.throwsAsync(node, { message: /Could not resolve "node:/ });
});
