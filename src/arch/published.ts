/** Published figures know what they were measured for: settings that a later file or the command line moves away from that point. */
import { formatQuantity } from '../base/units.ts';
import { awayFrom, type Scaled } from '../tech/published.ts';
import { type Circuit, type Device, type Macro, type TechFile, techSchema } from '../tech/schema.ts';
import { error, type Finding, valueAt, warning } from './finding.ts';
import type { Loaded } from './load-yaml.ts';
import type { Origin } from './origins.ts';
import { dimensionOf, schemaAt } from './schema-walk.ts';
import { type Branch, leaves, nodeAt, type Path, plain } from './tree.ts';

/** What a technology is loaded for: a chip's costs, or errors alone, which no published cost enters. */
export type LoadedFor = 'costs' | 'errors';

/** What is a figure itself, or what none depends on. */
const FREE = [
  'name',
  'description',
  'use',
  'scaling',
  'noise',
  'pipeline',
  'given',
  'shares',
  'area',
  'leakage',
];
const FREE_BELOW: Readonly<Record<string, readonly string[]>> = {
  cell: ['endurance', 'retention'],
  adc: ['energy', 'time', 'area'],
  read: ['energy', 'time', 'inputBits'],
  write: ['energy', 'time'],
};

export interface AtPoint {
  readonly value: TechFile;
  readonly findings: readonly Finding[];
  /** Of figures that were scaled. */
  readonly origins: ReadonlyMap<string, Origin>;
}

/**
 * The device at the point that its files and the command line say. A figure belongs to the point of the file that gives it;
 * `layers` are the files from the lowest to the topmost, then with overrides. What a file below moves is refused where it is for
 * costs, or scaled by the circuit laws.
 */
export function atPoint(
  loaded: Loaded<TechFile>,
  layers: readonly Branch[],
  { purpose, prefix }: { readonly purpose: LoadedFor; readonly prefix: Path },
): AtPoint {
  const { value, tree } = loaded;
  const still = { value, findings: [], origins: new Map() };
  if (value.level !== 'macro' && value.level !== 'circuit') return still;
  const scaled = new Map<string, { figure: Scaled; measured: Device }>();
  for (const [i, layer] of layers.slice(0, -1).entries()) {
    const measured = deviceOf(layer, value);
    if (measured === undefined) continue;
    for (const figure of awayFrom(measured, value)) {
      // Given by this file, and by none above it.
      const node = nodeAt(tree, figure.path);
      const below = i === 0 ? undefined : nodeAt(layers[i - 1], figure.path);
      if (node !== undefined && node === nodeAt(layer, figure.path) && node !== below)
        scaled.set(figure.path.join('.'), { figure, measured });
    }
  }
  const moved = [...scaled.keys()].filter(name => !name.startsWith('shares.'));
  const names = namesOf(moved);
  if (names === undefined) return still;
  const [are, were] = moved.length === 1 ? ['is', 'was'] : ['are', 'were'];
  const they = moved.length === 1 ? 'it' : 'they';
  const all = [...scaled.values()];
  const unknown = all.find(({ figure }) => Number.isNaN(figure.factor));
  const points = movedPoints(tree, all[0].measured, value);
  if (value.scaling === 'none' || unknown !== undefined) {
    const refuse = purpose === 'costs' ? error : warning;
    const aside = purpose === 'costs' ? '' : ', costs that no error depends on,';
    const findings = points.map(({ path, was, is }) =>
      refuse(
        path,
        `${is}, but ${names}${aside} ${were} published for ${was}: ${remedy(value.scaling, prefix)}`,
      ),
    );
    return { value, findings, origins: still.origins };
  }
  const where = points.map(({ path, was, is }) => `${path.join('.')} ${was} to ${is}`).join(', ');
  const origins = new Map<string, Origin>();
  const copy = structuredClone(value) as Macro | Circuit;
  for (const [name, { figure }] of scaled) {
    const [path, factor] = [figure.path, figure.factor];
    const scaledValue = (valueAt(copy, path) as number) * factor;
    (valueAt(copy, path.slice(0, -1)) as Record<string, number>)[path[path.length - 1]] = scaledValue;
    const unit = dimensionOf(schemaAt(techSchema, tree, path)) ?? '';
    const text = formatQuantity(scaledValue, unit);
    const how = `published figure x ${factor.toPrecision(4)} by the circuit laws: ${where}`;
    const exact = unit === '%' ? `${scaledValue * 100} %` : `${scaledValue} ${unit}`.trim();
    origins.set(name, { path: name, value: scaledValue, text, exact, origin: { kind: 'derived', how } });
  }
  const said = warning(
    points[0]?.path ?? ['scaling'],
    `${names} ${are} scaled by the circuit laws from the point that ${they} ${were} published for: ${where}`,
  );
  return { value: copy, findings: [said], origins };
}

const remedy = (scaling: Device['scaling'], prefix: Path): string =>
  scaling === 'none'
    ? `give the figures of this point, or scale them with ${[...prefix, 'scaling'].join('.')}=circuit-laws`
    : 'the circuit laws do not know this cell or node; give the figures of this point';

/** What the file below said of costs, as a device; undefined if it is none by itself. Noise has none, and may name a table. */
function deviceOf(layer: Branch, { name }: TechFile): Device | undefined {
  const known = measuredDevices.get(layer);
  if (known?.name === name) return known.device;
  const device = newDevice(layer, name);
  measuredDevices.set(layer, { name, device });
  return device;
}

/** Layers are those of files, which many points have in common. */
const measuredDevices = new WeakMap<Branch, { readonly name: string; readonly device: Device | undefined }>();

function newDevice(layer: Branch, name: string): Device | undefined {
  const entries = new Map([...layer.entries].filter(([key]) => key !== 'noise'));
  const { success, data } = techSchema.safeParse({ ...(plain({ ...layer, entries }) as object), name });
  return success && (data.level === 'macro' || data.level === 'circuit') ? data : undefined;
}

/** Settings that are not where they were when the figures were published. */
function movedPoints(
  tree: Branch,
  measured: Device,
  value: Device,
): { path: Path; was: string; is: string }[] {
  return [...leaves(tree)].flatMap(({ path, leaf }) => {
    const [key, inner] = path.map(String);
    if (FREE.includes(key) || FREE_BELOW[key]?.includes(inner)) return [];
    const [was, is] = [valueAt(measured, path), valueAt(value, path)];
    if (was === is || was === undefined) return [];
    const unit = dimensionOf(schemaAt(techSchema, tree, path));
    const text = typeof was === 'number' && unit !== undefined ? formatQuantity(was, unit, 4) : String(was);
    return [{ path, was: text, is: leaf.text }];
  });
}

/** "read.energy, area and 4 more figures". */
function namesOf(names: readonly string[]): string | undefined {
  const [first, second, ...more] = names;
  if (more.length > 0) return `${first}, ${second} and ${more.length} more`;
  return second === undefined ? first : `${first} and ${second}`;
}
