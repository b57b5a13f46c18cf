/** Values of a crossbar's technology that change nothing of what it costs: the laws of its cell and converter do not ask for them. */
import { designErrors } from '../tech/circuit/laws.ts';
import { type CrossbarUse, crossbarCost } from '../tech/crossbar-cost.ts';
import { designOf } from '../tech/design-of.ts';
import { type Device, techSchema } from '../tech/schema.ts';
import { type AccountingSwitch, chargedElsewhere, counts } from './accounting.ts';
import { type Finding, valueAt, warning } from './finding.ts';
import type { ArchFile } from './schema.ts';
import { type Branch, type Entry, nodeAt, type Path, plain, type Tree } from './tree.ts';
import type { Written } from './written.ts';

/** What describes, and what errors, lifetimes and the choice of laws depend on. */
const FREE = ['name', 'description', 'use', 'level', 'scaling', 'noise', 'driftCompensation'];
const FREE_BELOW: Readonly<Record<string, readonly string[]>> = {
  cell: ['endurance', 'retention', 'device', 'law'],
  adc: ['law', 'kind'],
};

/** Switches that decide what of a crossbar's figures a chip counts. */
const HIDING = ['leakage', 'inputBitPlanes', 'interconnect', 'buffers', 'accumulators'] as const;

type Accounting = ArchFile['accounting'];

interface LoadedDevice {
  readonly device: Device;
  readonly tree: Branch;
  /** The files that it is made of, from the lowest to the topmost, then with the command line on top. */
  readonly layers: readonly Branch[];
}

/** A value does nothing if the crossbar costs the same with what stood there before. */
export function idleDeviceFindings(
  { device, tree, layers }: LoadedDevice,
  written: readonly Written[],
  arch: Pick<ArchFile, 'accounting' | 'precision'>,
): Finding[] {
  // Scaled figures follow every value that they depend on.
  if (device.scaling !== 'none') return [];
  const costs = (value: Device): string => costText(value, arch);
  /** The switch of the accounting behind which a value hides that would cost something. */
  const hidden = (before: Device, now: Device): string | undefined =>
    HIDING.filter(name => !counts(arch.accounting, name)).find(name => {
      const counted = { precision: arch.precision, accounting: withCounted(arch.accounting, name) };
      return costText(before, counted) !== costText(now, counted);
    });
  let own: string | undefined;
  return written.flatMap(({ below: path, flag }) => {
    const [key, inner] = path.map(String);
    if (FREE.includes(key) || FREE_BELOW[key]?.includes(inner)) return [];
    // A macro's settings are of the point that its figures belong to.
    if (device.level === 'macro' && !['read', 'write', 'area', 'leakage', 'shares'].includes(key)) return [];
    const base = layers.at(flag === undefined ? -3 : -2);
    const before = base && deviceOf(withNode(tree, path, nodeAt(base, path)));
    const now = deviceOf(tree);
    if (before === undefined || now === undefined || valueAt(before, path) === valueAt(now, path)) return [];
    own ??= costs(now);
    if (costs(before) !== own) return [];
    const hiding = hidden(before, now);
    const why =
      hiding === undefined
        ? 'on what a crossbar of this cell and converter costs'
        : `while accounting.${hiding} is omitted`;
    return [warning(path, `has no effect ${why}`)];
  });
}

const withCounted = (accounting: Accounting, name: AccountingSwitch): Accounting =>
  Object.assign({}, accounting, { [name]: 'counted' });

function costText(
  device: Device,
  { accounting, precision }: Pick<ArchFile, 'accounting' | 'precision'>,
): string {
  const planes = counts(accounting, 'inputBitPlanes');
  const leaks = counts(accounting, 'leakage');
  const { weights, inputs } = precision;
  // Known weights, and activations that are written.
  const costs = [weights, inputs].map(stored => {
    // What cannot be costs something else than what can.
    const impossible =
      device.level === 'circuit' ? designErrors(designOf(device, { weights: stored, inputs })) : [];
    if (impossible.length > 0) return impossible;
    const cost = crossbarCost(device, { weights: stored, inputs }, planes, chargedElsewhere(accounting));
    const { rows, columns } = cost;
    const part = cost.filled({ rows: Math.ceil(rows / 2), cols: Math.ceil(columns / 2) });
    const standing = cost.standing
      .map(one => (leaks ? one : { ...one, leakage_W: 0 }))
      .filter(one => one.area_m2 > 0 || one.leakage_W > 0);
    return [
      { ...cost, ...used(cost), standing, name: '', leakage_W: leaks ? cost.leakage_W : 0 },
      used(part),
    ];
  });
  return JSON.stringify(costs);
}

/** Planes overlap where there is something to drive meanwhile. */
function used({ planes, readTime, plane, readParts, writeTime, writeEnergy_J }: CrossbarUse): CrossbarUse {
  const drives = plane !== undefined && plane.drive + plane.hold > 0;
  const timing = plane && { ...plane, overlap: plane.overlap && drives };
  return { planes, readTime, plane: timing, readParts, writeTime, writeEnergy_J };
}

function deviceOf(tree: Branch): Device | undefined {
  const { success, data } = techSchema.safeParse({ name: 'before', ...(plain(tree) as object) });
  return success && (data.level === 'macro' || data.level === 'circuit') ? data : undefined;
}

/** The tree with another node at a path, or none. */
function withNode(tree: Branch, [key, ...rest]: Path, node: Tree | undefined): Branch {
  const entries = new Map(tree.entries);
  const entry = entries.get(String(key));
  const inner = entry?.node;
  const next = rest.length > 0 && inner?.type === 'map' ? withNode(inner, rest, node) : node;
  if (next === undefined || entry === undefined) entries.delete(String(key));
  else entries.set(String(key), { key: entry.key, node: next } satisfies Entry);
  return { ...tree, entries };
}
