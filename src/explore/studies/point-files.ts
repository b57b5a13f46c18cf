/**
 * The files that points read. Which they are follows from the names among a point's values, not from its numbers: points with
 * the same names read the same files, and those are looked up once.
 */
import {
  type FileHash,
  type Files,
  type RecordedFile,
  type StoredFile,
  uniqueFiles,
} from '../../arch/source-files.ts';
import { textAt } from '../../arch/tree.ts';
import { parseFile } from '../../arch/yaml-source.ts';
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

/** A file with what it says of where its numbers are from. */
export interface SourcedFile extends FileHash {
  /** Its own `source:`; absent where it has none. */
  readonly source?: string;
}

function sourced({ path, sha256, text }: RecordedFile): SourcedFile {
  const { tree } = text !== undefined && /\.ya?ml$/i.test(path) ? parseFile(path, text) : {};
  const source = tree && textAt(tree, 'source')?.value;
  return { path, sha256, ...(typeof source === 'string' && { source }) };
}

/** How a host hashes what points read. */
export interface Hashing {
  readonly hash: Hash;
  /** Of a file or a folder of weights or data, hexadecimal. */
  hashPath(path: string): string;
}

export class FileLookup {
  readonly #study: Pick<Study, 'metrics' | 'iso'>;
  readonly #files: Files;
  readonly #hashing: Hashing;
  readonly #routes: Routes;
  readonly #known = new Map<string, PointFiles>();
  readonly #all = new Map<string, SourcedFile>();
  readonly #inputs = new Map<string, readonly string[]>();

  constructor(study: Pick<Study, 'metrics' | 'iso'>, files: Files, hashing: Hashing) {
    this.#study = study;
    this.#files = snapshot(files);
    this.#hashing = hashing;
    this.#routes = new Routes(study.metrics);
  }

  /** Every file that a point has needed so far. */
  get all(): readonly SourcedFile[] {
    return [...this.#all.values()];
  }

  /** The names of the files behind each hash of inputs so far. */
  get inputs(): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries(this.#inputs);
  }

  /** Of the point with these values on top of what stays. */
  of(point: Values): PointFiles {
    const names: Record<string, Value> = {};
    for (const path of Object.keys(point)) if (isName(point[path])) names[path] = point[path];
    const key = canonical(names);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found = this.#read(names);
    // A point that only its numbers make sound is looked up with them.
    if (!found.isWhole) return this.#read(point);
    this.#known.set(key, found);
    return found;
  }

  /** What is read with these values. A point that cannot be loaded has read what its error depends on. */
  #read(point: Values): PointFiles & { readonly isWhole: boolean } {
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
    const values = { ...this.#study.iso, ...point };
    let isWhole = true;
    for (const name of this.#study.metrics) {
      try {
        metricOf(name).read(this.#routes.inputOf(name, values, 1), recording);
      } catch (error) {
        if (!(error instanceof TrexError)) throw error;
        isWhole = false;
      }
    }
    const files = uniqueFiles(read) as StoredFile[];
    const all = [...files, ...this.#pathsOf(values)];
    for (const file of all) if (!this.#all.has(file.path)) this.#all.set(file.path, sourced(file));
    const inputs = inputsHash(all, this.#hashing.hash);
    if (!this.#inputs.has(inputs))
      this.#inputs.set(
        inputs,
        all.map(({ path }) => path),
      );
    return { files, inputs, isWhole };
  }

  /** Weights and data, which stay where they are. */
  #pathsOf(values: Values): FileHash[] {
    return Object.entries(values).flatMap(([path, value]) =>
      typeof value === 'string' && this.#routes.isPath(path)
        ? [{ path: value, sha256: this.#hashing.hashPath(value) }]
        : [],
    );
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
