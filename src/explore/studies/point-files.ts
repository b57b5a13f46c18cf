/**
 * The files that points read. Which they are follows from the names among a point's values, not from its numbers: points with
 * the same names read the same files, and those are looked up once.
 */
import { type FileHash, type Files, type StoredFile, uniqueFiles } from '../../arch/source-files.ts';
import { TrexError } from '../../base/errors.ts';
import { metricOf } from './metric-names.ts';
import { type Hash, inputsHash } from './point-id.ts';
import { Routes } from './routes.ts';
import type { Study } from './study.ts';
import { canonical, measureOf, type Value, type Values } from './value.ts';

/** What a point reads. */
export interface PointFiles {
  readonly files: readonly StoredFile[];
  /** Of all of them. */
  readonly inputs: string;
}

/** A number, alone or with its unit, and a switch name no file. */
const isName = (value: Value): boolean =>
  typeof value === 'string'
    ? measureOf(value) === undefined || /\.(ya?ml|csv)$/i.test(value)
    : typeof value === 'object' && value !== null;

export class FileLookup {
  readonly #study: Pick<Study, 'metrics' | 'iso'>;
  readonly #files: Files;
  readonly #hash: Hash;
  readonly #routes: Routes;
  readonly #known = new Map<string, PointFiles>();
  readonly #all = new Map<string, FileHash>();

  constructor(study: Pick<Study, 'metrics' | 'iso'>, files: Files, hash: Hash) {
    this.#study = study;
    this.#files = snapshot(files);
    this.#hash = hash;
    this.#routes = new Routes(study.metrics);
  }

  /** Every file that a point has needed so far. */
  get all(): readonly FileHash[] {
    return [...this.#all.values()];
  }

  /** Of the point with these values on top of what stays. */
  of(point: Values): PointFiles {
    const names: Record<string, Value> = {};
    for (const [path, value] of Object.entries(point)) if (isName(value)) names[path] = value;
    const key = canonical(names);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found = this.#read(names);
    for (const { path, sha256 } of found.files) this.#all.set(path, { path, sha256 });
    this.#known.set(key, found);
    return found;
  }

  /** What is read with these values. A point that cannot be loaded has read what its error depends on. */
  #read(point: Values): PointFiles {
    const read: StoredFile[] = [];
    const recording: Files = {
      list: kind => this.#files.list(kind),
      resolve: (kind, name, from) => this.#files.resolve(kind, name, from),
      read: ref => {
        const found = this.#files.read(ref);
        read.push({ path: ref.name, sha256: found.sha256, text: found.text });
        return found;
      },
    };
    for (const name of this.#study.metrics) {
      const input = this.#routes.inputOf(name, { ...this.#study.iso, ...point }, 1);
      try {
        metricOf(name).read(input, recording);
      } catch (error) {
        if (!(error instanceof TrexError)) throw error;
      }
    }
    const files = uniqueFiles(read) as StoredFile[];
    return { files, inputs: inputsHash(files, this.#hash) };
  }
}

/** Files as they are when they are read first: a study is of one state of them. */
function snapshot(files: Files): Files {
  const texts = new Map<string, ReturnType<Files['read']>>();
  return {
    list: kind => files.list(kind),
    resolve: (kind, name, from) => files.resolve(kind, name, from),
    read(ref) {
      const known = texts.get(ref.path) ?? files.read(ref);
      texts.set(ref.path, known);
      return known;
    },
  };
}
