/** Files on disk: finds shipped and user files, reads them with their SHA-256. The only place that loads through node:fs. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, posix, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type FileKind,
  type FileRef,
  type Files,
  type FileText,
  fileNames,
  isPath,
  shownPath,
  unknownFile,
} from '../../arch/source-files.ts';
import { EXIT, missingError, nearest, TrexError } from '../../base/errors.ts';
import { diskBytes } from '../../data/node/disk-bytes.ts';
import { readOnnx } from '../../workload/import/onnx/model-file.ts';
import type { StoredTensor } from '../../workload/import/onnx/tensor-proto.ts';
import { onnxModelText } from '../onnx/model-fields.ts';
import { tensorSource } from '../onnx/tensor-source.ts';

/** A real file has a few KiB; more is a mistake, and would keep the parser busy for long. */
const MAX_BYTES = 2 ** 20;
/** Files name others anywhere on the disk, but of these kinds alone: no message shows what stands in other files. */
const READABLE = /\.(ya?ml|csv|onnx)$/i;
/** A network with its weights, which is read as the model file that it means. */
const ONNX = /\.onnx$/i;
/** The bound of its format. */
const MAX_ONNX_BYTES = 2 ** 31 - 1;
/** A network of transformers comes with its weights: those decide what its configuration leaves open. */
const JSON_HINT =
  '; the config.json of a checkpoint is read with its weights: trex accuracy or infer --model WEIGHTS --config FILE';
/** The package: the first folder above this file, wherever a build has put it, that has a package.json. */
export const PACKAGE = packageFolder(dirname(fileURLToPath(import.meta.url)));

function packageFolder(folder: string): string {
  const above = dirname(folder);
  return above === folder || stat(join(folder, 'package.json')) !== undefined ? folder : packageFolder(above);
}

/**
 * Finds a file by its name in the package, or by its path, which is relative to `from` or the working directory.
 * @throws TrexError (missing) with the nearest name.
 */
export function resolveFile(kind: FileKind, nameOrPath: string, from?: FileRef): FileRef {
  if (isPath(nameOrPath)) {
    const path = from === undefined ? resolve(nameOrPath) : resolve(dirname(from.path), nameOrPath);
    const shown = shownPath(nameOrPath, from);
    const stats = stat(path);
    if (stats === undefined) throw missingPath(path, shown);
    if (stats.isFile() && !READABLE.test(path))
      throw invalid(
        `${shown}: expected a file that ends in .yaml, .yml or .onnx${/\.json$/i.test(path) ? JSON_HINT : ''}`,
      );
    // No file of the user is shown as one of the package.
    const shipped = join(PACKAGE, shown);
    const name =
      shipped !== path && isShippedName(shown) && stat(shipped) !== undefined ? `./${shown}` : shown;
    return { path, name };
  }
  const path = join(PACKAGE, kind, `${nameOrPath}.yaml`);
  if (nameOrPath !== '' && stat(path) !== undefined) return { path, name: `${kind}/${nameOrPath}.yaml` };
  const folder = from === undefined ? '.' : dirname(from.path);
  const beside = fileNames(nameOrPath).find(file => stat(join(folder, file))?.isFile());
  throw unknownFile(kind, nameOrPath, listFiles(kind), beside);
}

const isShippedName = (name: string): boolean => /^(arch|tech|models)\/[^/]+\.yaml$/.test(name);

/** Names of the package's files of a kind, sorted. */
export const listFiles = (kind: FileKind): string[] =>
  yamlFiles(join(PACKAGE, kind))
    .map(file => basename(file, '.yaml'))
    .sort();

/**
 * The text of a file and its SHA-256.
 * @throws TrexError: missing or unreadable (4), a directory, over 1 MiB or not UTF-8 text (3).
 */
export function readText({ path, name }: FileRef): FileText {
  if (ONNX.test(path)) return readModel(path, name);
  const bytes = readBytes(path, name);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalid(`${name}: not a text file: its bytes are not UTF-8`);
  }
  if (text.includes('\0')) throw invalid(`${name}: not a text file: it holds zero bytes`);
  return { text, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** The files of this machine. */
export const nodeFiles: Files = { resolve: resolveFile, read: readText, list: listFiles };

function readBytes(path: string, name: string): Buffer {
  checkFile(path, name);
  try {
    return readFileSync(path);
  } catch (error) {
    throw missingError(`${name}: cannot be read: ${(error as Error).message}`);
  }
}

/** @throws TrexError for what is no plain file, or too large. */
function checkFile(path: string, name: string): void {
  const stats = stat(path);
  if (stats === undefined) throw missingPath(path, name);
  if (stats.isDirectory()) throw invalid(`${name}: expected a file, got a directory`);
  if (!stats.isFile()) throw invalid(`${name}: expected a plain file, got a device or a pipe`);
  const most = ONNX.test(path) ? MAX_ONNX_BYTES : MAX_BYTES;
  if (stats.size <= most) return;
  const fix = ONNX.test(path) ? ': export it with its weights in a file beside it (external data)' : '';
  throw invalid(`${name}: ${stats.size} bytes, more than the ${most} that a file may have${fix}`);
}

/** An .onnx file as a model file; its weights stay where they are. */
function readModel(path: string, name: string): FileText {
  checkFile(path, name);
  const own = diskBytes(path);
  const file = readOnnx(own, name);
  checkExternal(file.tensors.values(), path, name);
  const folder = dirname(path);
  const source = tensorSource(file.tensors, name, ({ location, offset }, need) =>
    (location === undefined ? own : diskBytes(join(folder, location))).read(offset, need),
  );
  return { text: onnxModelText(file, name, source), sha256: own.hash() };
}

/** What lies beside an ONNX file is there and long enough. @throws TrexError (missing, invalid file) */
function checkExternal(tensors: Iterable<StoredTensor>, path: string, name: string): void {
  const sizes = new Map<string, number>();
  for (const { external, name: tensor, need } of tensors) {
    if (external === undefined) continue;
    const { location, offset } = external;
    if (location === undefined) continue;
    const size = sizes.get(location) ?? stat(join(dirname(path), location))?.size;
    if (size === undefined)
      throw missingError(
        `${name}: its external data '${location}', which tensor ${tensor} names, is not there`,
      );
    sizes.set(location, size);
    if (offset + need > size)
      throw invalid(
        `${name}: tensor ${tensor} ends at byte ${offset + need} of '${location}', which has ${size}: truncated?`,
      );
  }
}

/** Undefined for what is not there, or cannot even be asked for. */
function stat(path: string) {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function missingPath(path: string, name: string): TrexError {
  const near = nearest(basename(path), yamlFiles(dirname(path)));
  return missingError(
    `${name}: no such file${near === undefined ? '' : `, did you mean ${posix.join(posix.dirname(name), near)}?`}`,
  );
}

function yamlFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter(file => /\.ya?ml$/i.test(file))
      .sort();
  } catch {
    return [];
  }
}
const invalid = (message: string): TrexError => new TrexError(message, EXIT.invalidFile);
