/** The command line is a user of the library: what it imports, others can import too. */
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { readTree } from '../../scripts/architecture/imports.ts';
import * as library from '../../src/index.node.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const tree = readTree(join(ROOT, 'src'));

/** Rooms that print and parse for people: what they take and give is the library's. */
const OWN = /^(cli|report|base)\//;

/** What a user of the library has of his own: each with the reason. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'accuracy/job-schema.ts jobSchema': 'the library hands over records: who calls it keeps them as he likes',
  'explore/xbar/row-schema.ts rowSchema': 'the same',
  'run/node/state-log.ts openStateLog': 'the same',
  'run/node/state-log.ts storedValues': 'the same',
  'run/node/read-file.ts readBytes': 'files of the user: who calls the library reads them with node:fs',
  'run/node/read-file.ts statOf': 'the same',
  'run/node/read-file.ts hashOf': 'the same',
  'run/node/at-exit.ts atExit': 'a process is whose it is: who calls the library ends his own',
  'run/node/write-file.ts attemptWrite': 'the library gives texts and bytes: who calls it writes them',
  'run/node/write-file.ts checkResumable': 'the same',
  'run/node/write-file.ts checkTarget': 'the library gives texts and bytes: who calls it writes them',
  'run/node/write-file.ts writeWhole': 'the same',
};

/** Imports of a file: what is imported, by the name that its own file gives it. */
function importsOf(file: string, text: string): { path: string; name: string }[] {
  const statements = text.matchAll(/^(?:import|export) (type )?\{([^}]*)\} from '(\.[^']*)';/gm);
  return [...statements].flatMap(([, , list, from]) =>
    list
      .split(',')
      .map(
        item =>
          item
            .trim()
            .replace(/^type /, '')
            .split(' as ')[0],
      )
      .filter(name => name !== '')
      .map(name => ({ path: posix.join(posix.dirname(file), from), name })),
  );
}

const exported = new Set(
  ['index.ts', 'index.node.ts'].flatMap(file =>
    importsOf(file, tree.get(file)!).map(({ path, name }) => `${path} ${name}`),
  ),
);
const values = new Set<unknown>(Object.values(library));

const imported = [...tree]
  .filter(([file]) => file.startsWith('cli/'))
  .flatMap(([file, text]) => importsOf(file, text));

test('what the command line takes from the library, the library exports', async t => {
  t.true(imported.length > 50);
  const missing = new Set<string>();
  for (const { path, name } of imported) {
    const what = `${path} ${name}`;
    if (OWN.test(path) || exported.has(what) || what in EXCEPTIONS) continue;
    // A file may hand on what another one declares: then it is the same value.
    const { [name]: value } = (await import(`../../src/${path.replace(/ts$/, 'js')}`)) as Record<
      string,
      unknown
    >;
    if (!(typeof value === 'function' && values.has(value))) missing.add(what);
  }
  t.deepEqual([...missing], []);
});

test('every exception is one', t => {
  const asked = new Set(imported.map(({ path, name }) => `${path} ${name}`));
  t.deepEqual(
    Object.keys(EXCEPTIONS).filter(what => !asked.has(what) || exported.has(what)),
    [],
  );
});
