/** Loads a chip: the architecture file, the technology of its crossbars and that of its digital blocks, with every origin. */

import { nocKindOf } from '../hw/noc/registry.ts';
import type { Devices } from '../tech/devices.ts';
import { circuitSchema, type Device, macroSchema, type TechFile, techSchema } from '../tech/schema.ts';
import { checkArch, checkMemories, checkNodes, checkShared } from './check.ts';
import { checkTech } from './check-tech.ts';
import { checkClock } from './clocked-paths.ts';
import type { ArchConfig } from './config.ts';
import { derivedOrigins } from './derived.ts';
import { error } from './finding.ts';
import { type Loaded, loadTree, loadYaml, locate } from './load-yaml.ts';
import type { Origin } from './origins.ts';
import { invalidFile, problemLine } from './problem.ts';
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
  readonly warnings: readonly string[];
}

/** A technology, with where every value is from. */
export interface LoadedTech {
  readonly tech: TechFile;
  /** What crossbars are made of; undefined for a technology of digital blocks. */
  readonly devices: Devices | undefined;
  readonly origins: readonly Origin[];
  readonly files: readonly FileHash[];
  readonly warnings: readonly string[];
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
  const tech = loadTechAt(files, reference(files, main, ['tech'], 'tech'), overrides.tech, ['tech']);
  const digital = loadTechAt(files, reference(files, main, ['digital'], 'digital'), overrides.digital, [
    'digital',
  ]);
  if (tech.devices === undefined)
    throw misfit(main.tree, ['tech'], 'level macro, circuit or hybrid', tech.tech);
  if (digital.tech.level !== 'digital') throw misfit(main.tree, ['digital'], 'level digital', digital.tech);
  const memories = checkMemories(main.value, digital.tech);
  if (memories.length > 0) throw invalidFile(locate(memories, main.tree));
  const { tech: _tech, digital: _digital, ...rest } = main.value;
  const arch: ArchConfig = {
    ...rest,
    noc: { ...rest.noc, kind: nocKindOf(rest.noc.kind) },
    techName: tech.tech.name,
    devices: tech.devices,
    digital: digital.tech,
  };
  const shared = checkShared(arch);
  if (shared.length > 0) throw invalidFile(locate(shared, main.tree));
  const whole = [...checkNodes(arch.devices, arch.digital), ...checkClock(arch)];
  const mixed = locate(whole, main.tree).map(problemLine);
  return {
    arch,
    origins: [...main.origins, ...tech.origins, ...digital.origins, ...derivedOrigins(arch)],
    files: uniqueFiles([...main.files, ...tech.files, ...digital.files]),
    warnings: [...main.warnings, ...tech.warnings, ...digital.warnings, ...mixed],
  };
}

/** Loads one technology; overrides begin with `tech.`, or are of keys that only crossbars have. @throws TrexError as `loadArchFrom`. */
export function loadTechFrom(
  files: Files,
  name: string,
  options: { set?: readonly string[] | undefined } = {},
): LoadedTech {
  const overrides = toDevices(routeOverrides((options.set ?? []).map(w => parseOverride(w))));
  return loadTechAt(files, files.resolve('tech', name), overrides.tech, ['tech']);
}

/** A technology file; a hybrid brings two more, which overrides below `static` and `dynamic` reach into. */
function loadTechAt(files: Files, ref: FileRef, overrides: readonly Override[], prefix: Path): LoadedTech {
  const read = readFileTree(files, 'tech', ref);
  const isHybrid = textAt(read.tree, 'level')?.value === 'hybrid';
  const known = splitOverrides(isHybrid ? overrides : [], 'static');
  const made = splitOverrides(known.rest, 'dynamic');
  const main = loadTree(read, techSchema, {
    set: isHybrid ? made.rest : overrides,
    prefix,
    sourced: true,
    check: checkTech,
  });
  const { value: tech } = main;
  if (tech.level !== 'hybrid') {
    const devices = tech.level === 'digital' ? undefined : { static: tech, dynamic: tech };
    return { tech, devices, origins: main.origins, files: main.files, warnings: main.warnings };
  }
  const statics = loadDevice(files, main, ['static'], known.below, prefix);
  const dynamics = loadDevice(files, main, ['dynamic'], made.below, prefix);
  const layers = (tech.layers ?? []).map(({ match }, i) => {
    return { match, loaded: loadDevice(files, main, ['layers', i, 'tech'], [], prefix) };
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
    origins: all.flatMap(part => part.origins),
    files: uniqueFiles(all.flatMap(part => part.files)),
    warnings: all.flatMap(part => part.warnings),
  };
}

/** One of the devices of a hybrid. */
function loadDevice(
  files: Files,
  hybrid: Loaded<TechFile>,
  key: Path,
  set: readonly Override[],
  prefix: Path,
): Loaded<Device> {
  const read = readFileTree(files, 'tech', reference(files, hybrid, key, [...prefix, ...key].join('.')));
  const device = loadTree(read, techSchema, {
    set,
    prefix: [...prefix, ...(key.length === 1 ? key : key.slice(0, -1))],
    sourced: true,
    check: checkTech,
  });
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
