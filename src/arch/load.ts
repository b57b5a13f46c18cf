/** Loads a chip: the architecture file, the technology of its crossbars and that of its digital blocks, with every origin. */

import { nocKindOf } from '../hw/noc/registry.ts';
import type { Devices } from '../tech/devices.ts';
import { circuitSchema, type Device, macroSchema, type TechFile, techSchema } from '../tech/schema.ts';
import { checkArch, checkMemories, checkNodes, checkShared, checkShares, checkWords } from './check.ts';
import { checkTech } from './check-tech.ts';
import { checkClock } from './clocked-paths.ts';
import type { ArchConfig } from './config.ts';
import { configNotes, withoutPlace } from './config-notes.ts';
import { derivedOrigins } from './derived.ts';
import { idleFindings } from './effects.ts';
import { error, type Finding } from './finding.ts';
import { idleDeviceFindings } from './idle-device.ts';
import { type Loaded, loadTree, loadYaml, locate, once } from './load-yaml.ts';
import type { Origin } from './origins.ts';
import { invalidFile, problemLine } from './problem.ts';
import { atPoint, type LoadedFor } from './published.ts';
import { readBits } from './read-bits.ts';
import { archSchema } from './schema.ts';
import {
  flagOverride,
  type Override,
  parseOverride,
  type RoutedOverrides,
  routeOverrides,
  splitOverrides,
} from './set.ts';
import { type FileHash, type FileRef, type Files, uniqueFiles } from './source-files.ts';
import { type Branch, type Leaf, nodeAt, type Path, textAt } from './tree.ts';
import { readFileTree, resolveFrom } from './use.ts';
import { isShipped, type Written, writtenIn } from './written.ts';

/** Top-level keys of crossbars that no architecture file has. */
const DEVICE_KEYS = new Set(
  [...Object.keys(macroSchema.shape), ...Object.keys(circuitSchema.shape)].filter(
    key => !Object.hasOwn(archSchema.shape, key),
  ),
);

/** Whether a first key can only be meant for a technology of crossbars. */
export const isDeviceKey = (key: string): boolean => DEVICE_KEYS.has(key);

/** What stands on top of an architecture file. */
export interface LoadArchOptions {
  /** Technology of the crossbars instead of the file's: a name or a path. */
  readonly tech?: string | undefined;
  /** `path=value` texts on top of the files. */
  readonly set?: readonly string[] | undefined;
}

/** A chip, with where every value is from. */
export interface LoadedArch {
  readonly arch: ArchConfig;
  /** One per value: the architecture's, then `tech.*`, `digital.*`, `derived.*`. */
  readonly origins: readonly Origin[];
  /** Every file that was read, once. */
  readonly files: readonly FileHash[];
  /** Of what the user wrote, chose or put together. */
  readonly warnings: readonly string[];
  /** The same, and what shipped files say of themselves. */
  readonly notes: readonly string[];
  /** Paths of the values that the user wrote for this chip. */
  readonly written: readonly string[];
}

/** A technology, with where every value is from. */
export interface LoadedTech {
  readonly tech: TechFile;
  /** What crossbars are made of; undefined for a technology of digital blocks. */
  readonly devices: Devices | undefined;
  readonly origins: readonly Origin[];
  readonly files: readonly FileHash[];
  /** As of a chip. */
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
}

/** @throws TrexError: missing file (4), invalid file with all its problems (3), bad overrides (2). */
export function loadArchFrom(files: Files, name: string, options: LoadArchOptions = {}): LoadedArch {
  const { tech: techName, set = [] } = options;
  const overrides = toDevices(routeOverrides(set.map(w => parseOverride(w))));
  const flags = techName === undefined ? [] : [flagOverride('tech', techName, '--tech')];
  const main = loadYaml(files, 'arch', name, archSchema, {
    set: [...flags, ...overrides.arch],
    sourced: true,
    check: checkArch,
  });
  const techOf = (key: 'tech' | 'digital'): TechParts =>
    loadTechAt({ files, purpose: 'costs' }, reference(files, main, [key], key), overrides[key], [key]);
  const [tech, digital] = [techOf('tech'), techOf('digital')];
  if (tech.devices === undefined)
    throw misfit(main.tree, ['tech'], 'level macro, circuit or hybrid', tech.tech);
  if (digital.tech.level !== 'digital') throw misfit(main.tree, ['digital'], 'level digital', digital.tech);
  const memories = checkMemories(main.value, digital.tech);
  if (memories.length > 0) throw invalidFile(locate(memories, main.tree));
  const read = readBits(tech.devices, main.value);
  const unread = read.findings.filter(finding => finding.severity === 'error');
  if (unread.length > 0) throw invalidFile(locate(unread, main.tree));
  const { tech: _tech, digital: _digital, ...rest } = main.value;
  const arch: ArchConfig = {
    ...rest,
    noc: { ...rest.noc, kind: nocKindOf(rest.noc.kind) },
    techName: tech.tech.name,
    devices: read.devices,
    digital: digital.tech,
  };
  const words = checkWords(arch);
  if (words.length > 0) throw invalidFile(locate(words, main.tree));
  const shared = [...checkShares(arch), ...checkShared(arch)];
  if (shared.length > 0) throw invalidFile(locate(shared, main.tree));
  const whole = [...read.findings, ...checkNodes(arch.devices, arch.digital), ...checkClock(arch)];
  const mixed = locate(whole, main.tree).map(problemLine);
  const noted = configNotes(files, main.ref);
  const { idle, written } = idleWarnings(files, { main, tech, digital }, arch, new Set(noted.written));
  const isOwn = overrides.arch.length === 0 && isShipped(files, 'arch', main.ref);
  const isWholeOwn =
    isOwn && techName === undefined && overrides.tech.length + overrides.digital.length === 0;
  const isSaid = (warning: string): boolean => !noted.unsaid.includes(withoutPlace(warning));
  return {
    arch,
    written,
    origins: [...main.origins(), ...tech.origins, ...digital.origins, ...derivedOrigins(arch)],
    files: uniqueFiles([...main.files, ...tech.files, ...digital.files]),
    warnings: [
      ...(isOwn ? [] : main.warnings),
      ...tech.warnings,
      ...digital.warnings,
      ...(isWholeOwn ? [] : [...mixed, ...idle]),
    ].filter(isSaid),
    notes: [...main.warnings, ...tech.notes, ...digital.notes, ...mixed, ...idle],
  };
}

/** What stands on top of a technology file. */
export interface LoadTechOptions {
  readonly set?: readonly string[] | undefined;
  /**
   * For `costs`, published figures away from the point that they were measured at are refused, as a chip does; default
   * `errors`, which no cost enters: a warning.
   */
  readonly purpose?: LoadedFor | undefined;
}

/** Loads one technology; overrides begin with `tech.`, or are of keys that only crossbars have. @throws TrexError as `loadArchFrom`. */
export function loadTechFrom(files: Files, name: string, options: LoadTechOptions = {}): LoadedTech {
  const { set = [], purpose = 'errors' } = options;
  const overrides = toDevices(routeOverrides(set.map(w => parseOverride(w))));
  const at: TechSource = { files, purpose };
  const parts = loadTechAt(at, files.resolve('tech', name), overrides.tech, ['tech']);
  const { tech, devices, files: read, warnings, notes } = parts;
  return {
    tech,
    devices,
    get origins() {
      return parts.origins;
    },
    files: read,
    warnings,
    notes,
  };
}

/** What was written for this chip and does nothing there, file by file. @throws TrexError for what is refused. */
function idleWarnings(
  files: Files,
  { main, tech, digital }: { main: Loaded<unknown>; tech: TechParts; digital: TechParts },
  arch: ArchConfig,
  noted: ReadonlySet<string>,
): { readonly idle: string[]; readonly written: string[] } {
  const checked = [...tech.parts, ...digital.parts].map(({ loaded, prefix }) => {
    const written = writtenIn(loaded, prefix, isShipped(files, 'tech', loaded.ref), noted);
    const found = [...idleFindings(written, arch), ...idleDevice(loaded, written, arch)];
    return { loaded, prefix, found, written };
  });
  const written = writtenIn(main, [], isShipped(files, 'arch', main.ref), noted);
  const all = [{ loaded: main, prefix: [], found: idleFindings(written, arch), written }, ...checked];
  const idle = all.flatMap(({ loaded, prefix, found }) => {
    const errors = found.filter(finding => finding.severity === 'error');
    if (errors.length > 0) throw invalidFile(locate(errors, loaded.tree, prefix));
    return locate(found, loaded.tree, prefix).map(problemLine);
  });
  return { idle, written: all.flatMap(part => part.written.map(({ path }) => path.join('.'))) };
}

/** What does nothing in the file of a device; nothing is said of other files. */
function idleDevice(
  { value, tree, layers }: Loaded<TechFile>,
  written: readonly Written[],
  arch: ArchConfig,
): Finding[] {
  if (value.level !== 'macro' && value.level !== 'circuit') return [];
  return idleDeviceFindings({ device: value, tree, layers: [...layers, tree] }, written, arch);
}

/** A technology with each of its files, and where that stands in the chip. */
interface TechParts extends LoadedTech {
  readonly parts: readonly { readonly loaded: Loaded<TechFile>; readonly prefix: Path }[];
}

/** Where technologies are read from, and what for. */
interface TechSource {
  readonly files: Files;
  readonly purpose: LoadedFor;
}

/** A technology file with overrides on top, its published figures at the point that it then is. */
function loadAtPoint(
  { files, purpose }: TechSource,
  ref: FileRef,
  set: readonly Override[],
  prefix: Path,
): Loaded<TechFile> {
  const read = readFileTree(files, 'tech', ref);
  const loaded = loadTree(read, techSchema, {
    set,
    prefix,
    sourced: true,
    check: (tech, tree) => checkTech(tech, tree, purpose),
  });
  const { value, findings, origins } = atPoint(loaded, [...read.layers, loaded.tree], { purpose, prefix });
  const errors = findings.filter(finding => finding.severity === 'error');
  if (errors.length > 0) throw invalidFile(locate(errors, loaded.tree, prefix));
  const name = (path: string): string => [...prefix, path].join('.');
  return {
    ...loaded,
    value,
    origins: once(() => {
      const scaled = new Map(
        [...origins].map(([path, origin]) => [name(path), { ...origin, path: name(path) }]),
      );
      return loaded.origins().map(origin => scaled.get(origin.path) ?? origin);
    }),
    warnings: [...loaded.warnings, ...locate(findings, loaded.tree, prefix).map(problemLine)],
  };
}

/** A technology file; a hybrid brings two more, which overrides below `static` and `dynamic` reach into. */
function loadTechAt(
  source: TechSource,
  ref: FileRef,
  overrides: readonly Override[],
  prefix: Path,
): TechParts {
  const isHybrid = textAt(readFileTree(source.files, 'tech', ref).tree, 'level')?.value === 'hybrid';
  const known = splitOverrides(isHybrid ? overrides : [], 'static');
  const made = splitOverrides(known.rest, 'dynamic');
  const main = loadAtPoint(source, ref, isHybrid ? made.rest : overrides, prefix);
  const { value: tech } = main;
  const isOwn = overrides.length === 0 && isShipped(source.files, 'tech', main.ref);
  if (tech.level !== 'hybrid') {
    const devices = tech.level === 'digital' ? undefined : { static: tech, dynamic: tech };
    const { files, warnings: notes } = main;
    return {
      tech,
      devices,
      get origins() {
        return main.origins();
      },
      files,
      warnings: isOwn ? [] : notes,
      notes,
      parts: [{ loaded: main, prefix }],
    };
  }
  const statics = loadDevice(source, main, ['static'], known.below, prefix);
  const dynamics = loadDevice(source, main, ['dynamic'], made.below, prefix);
  const layers = (tech.layers ?? []).map(({ match }, i) => {
    return { match, loaded: loadDevice(source, main, ['layers', i, 'tech'], [], prefix) };
  });
  const all = [main, statics, dynamics, ...layers.map(layer => layer.loaded)];
  return {
    tech,
    devices: {
      static: statics.value,
      dynamic: dynamics.value,
      ...(layers.length > 0 && {
        layers: layers.map(({ match, loaded }) => ({ match, device: loaded.value })),
      }),
    },
    get origins() {
      return all.flatMap(part => part.origins());
    },
    files: uniqueFiles(all.flatMap(part => part.files)),
    warnings: isOwn ? [] : all.flatMap(part => part.warnings),
    notes: all.flatMap(part => part.warnings),
    parts: [
      { loaded: main, prefix },
      { loaded: statics, prefix: [...prefix, 'static'] },
      { loaded: dynamics, prefix: [...prefix, 'dynamic'] },
    ],
  };
}

/** One of the devices of a hybrid. */
function loadDevice(
  source: TechSource,
  hybrid: Loaded<TechFile>,
  key: Path,
  set: readonly Override[],
  prefix: Path,
): Loaded<Device> {
  const ref = reference(source.files, hybrid, key, [...prefix, ...key].join('.'));
  const below = key.length === 1 ? key : key.slice(0, -1);
  const device = loadAtPoint(source, ref, set, [...prefix, ...below]);
  const { value } = device;
  if (value.level !== 'macro' && value.level !== 'circuit') {
    throw misfit(hybrid.tree, key, 'level macro or circuit', value);
  }
  return { ...device, value };
}

/** The file that a value of a loaded file names. */
function reference(files: Files, from: Loaded<unknown>, key: Path, path: string): FileRef {
  const leaf = nodeAt(from.tree, key) as Leaf;
  return resolveFrom(files, 'tech', leaf, leaf.span.source.kind === 'flag' ? path : key.join('.'), from.ref);
}

/** The value names a technology file of the wrong kind. */
function misfit(tree: Branch, key: Path, expected: string, got: TechFile): Error {
  const message = `expected a technology of ${expected}, got ${got.name} of level ${got.level}`;
  return invalidFile(locate([error(key, message)], tree));
}

/** Overrides that only a device's file can mean, such as `crossbar.rows=128`, go to the technology as if they began with `tech.`. */
function toDevices(overrides: RoutedOverrides): RoutedOverrides {
  const meant = overrides.arch.filter(({ path: [key] }) => isDeviceKey(key));
  return {
    ...overrides,
    arch: overrides.arch.filter(w => !meant.includes(w)),
    tech: [...overrides.tech, ...meant],
  };
}
