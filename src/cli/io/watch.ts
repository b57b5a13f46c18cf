/** `--watch`: does the work again whenever a file that it has read changes, until Ctrl-C. */
import { type FSWatcher, statSync, watch as watchFolder } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { type Files, isPath } from '../../arch/source-files.ts';
import { EXIT, TrexError } from '../../base/errors.ts';
import type { DataFiles } from '../../data/data-files.ts';
import { diskFiles } from '../../data/node/disk-files.ts';
import { nodeFiles } from '../../run/node/files.ts';
import { flag } from './flags.ts';
import { keeps } from './interrupt.ts';

/** An editor writes a file in several steps. */
const DEBOUNCE_MS = 100;

export const watchFlag = flag('Again whenever a file that was read changes, until Ctrl-C', 'Run:');

/** Where a command reads; watched, if it is. */
export interface Sources {
  readonly files: Files;
  readonly disk: DataFiles;
}

const plainSources: Sources = { files: nodeFiles, disk: diskFiles };

/** When a file was last written; undefined for one that is not there. */
type Stamps = Map<string, number | undefined>;

function stampOf(path: string): number | undefined {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return undefined;
  }
}

/** The same sources; every path that is asked for is stamped, also of a file that is not there or cannot be read. */
function stamping(stamps: Stamps): Sources {
  const stamp = (path: string): void => {
    const full = resolve(path);
    if (!stamps.has(full)) stamps.set(full, stampOf(full));
  };
  return {
    files: {
      list: kind => nodeFiles.list(kind),
      resolve(kind, name, from) {
        if (isPath(name)) stamp(from === undefined ? name : resolve(dirname(from.path), name));
        return nodeFiles.resolve(kind, name, from);
      },
      read(ref) {
        stamp(ref.path);
        return nodeFiles.read(ref);
      },
    },
    disk: {
      stat: path => diskFiles.stat(path),
      list: path => diskFiles.list(path),
      read(path, maxBytes) {
        stamp(path);
        return diskFiles.read(path, maxBytes);
      },
    },
  };
}

/**
 * `work` once, or with `--watch` again and again: a failure is printed, and what was read until then is watched.
 * @throws TrexError of the work without `--watch`, and (130) after Ctrl-C in its midst.
 */
export async function watched(
  isOn: boolean,
  work: (sources: Sources) => Promise<void> | void,
): Promise<void> {
  if (!isOn) {
    await work(plainSources);
    return;
  }
  keeps('what was printed is whole');
  for (;;) {
    const stamps: Stamps = new Map();
    try {
      await work(stamping(stamps));
    } catch (error) {
      if (!(error instanceof TrexError) || error.exitCode === EXIT.interrupted) throw error;
      // Nothing to wait for.
      if (stamps.size === 0) throw error;
      process.stderr.write(`${error.message}\n`);
    }
    const files = stamps.size === 1 ? '1 file' : `${stamps.size} files`;
    process.stderr.write(`watching ${files}; Ctrl-C ends\n`);
    await changed(stamps);
  }
}

/** Until one of them is not what it was. Folders are watched: an editor puts a new file in the place of the old one. */
async function changed(stamps: Stamps): Promise<void> {
  const names = new Map<string, Set<string>>();
  for (const path of stamps.keys()) {
    const folder = dirname(path);
    names.set(folder, (names.get(folder) ?? new Set()).add(basename(path)));
  }
  const isOther = (): boolean => [...stamps].some(([path, stamp]) => stampOf(path) !== stamp);
  const watchers: FSWatcher[] = [];
  await new Promise<void>(done => {
    let timer: NodeJS.Timeout | undefined;
    const look = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => isOther() && done(), DEBOUNCE_MS);
    };
    for (const [folder, own] of names) {
      try {
        const watcher = watchFolder(folder, (_event, name) => {
          if (name === null || own.has(name)) look();
        });
        watcher.on('error', look);
        watchers.push(watcher);
      } catch {
        // A folder that is not there: nothing in it changes before it is.
      }
    }
    // What has changed while the work went on.
    look();
  });
  for (const watcher of watchers) watcher.close();
}
