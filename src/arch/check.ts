/** Checks of an architecture beyond its schema, and of its devices against each other. */

import { formatQuantity, PS } from '../base/units.ts';
import { nocKindOf } from '../hw/noc/registry.ts';
import { toTicks } from '../sim/tick.ts';
import { designErrors } from '../tech/circuit/laws.ts';
import { crossbarCost } from '../tech/crossbar-cost.ts';
import { designOf } from '../tech/design-of.ts';
import { allDevices, type Devices } from '../tech/devices.ts';
import type { Digital } from '../tech/schema.ts';
import { divisionOf, type ShareName } from '../tech/shares.ts';
import { chargedElsewhere, counts } from './accounting.ts';
import { bufferPlaces, type WithBuffers } from './buffers.ts';
import type { ArchConfig } from './config.ts';
import { error, type Finding, timeFindings, warning } from './finding.ts';
import { type ArchFile, archSchema } from './schema.ts';
import { type Branch, nodeAt } from './tree.ts';

/** Findings on the file alone. */
export function checkArch(arch: ArchFile, tree: Branch): Finding[] {
  const { crossbars, adcBanks, writeDrivers } = arch.pe;
  const findings = timeFindings(tree, archSchema, arch);
  for (const [key, units] of Object.entries({ adcBanks, writeDrivers })) {
    if (units > crossbars) {
      findings.push(warning(['pe', key], `${units} for ${crossbars} crossbars of a PE: the rest stay idle`));
    }
  }
  if (arch.softmax.units !== 'per-head' && !counts(arch.accounting, 'softmaxArea')) {
    const message =
      'buys time without area up to the heads of a network, nothing beyond: accounting.softmaxArea is omitted';
    findings.push(warning(['softmax', 'units'], message));
  }
  findings.push(...checkBroadcast(arch, tree), ...checkFlits(arch), ...checkCycle(arch));
  for (const [i, { name }] of (arch.extras ?? []).entries()) {
    const first = arch.extras?.findIndex(other => other.name === name);
    if (first !== i) findings.push(error(['extras', i, 'name'], `${name} is listed twice`));
  }
  const levels = (arch.buffers ?? []).map(({ name }) => name);
  for (const [i, name] of levels.entries()) {
    if (levels.indexOf(name) < i) findings.push(error(['buffers', i, 'name'], `${name} is listed twice`));
  }
  if (arch.precision.partialSums < arch.precision.outputs) {
    const { partialSums, outputs } = arch.precision;
    findings.push(
      warning(['precision', 'partialSums'], `${partialSums} bit < ${outputs} bit of the outputs`),
    );
  }
  return findings;
}

/** Rounding of a cycle to picoseconds that nobody sees. */
const CYCLE_TOLERANCE = 1e-3;

/** A cycle is a whole number of picoseconds. */
function checkCycle({ chip: { clock } }: ArchFile): Finding[] {
  const cycle = toTicks(1 / clock);
  const path = ['chip', 'clock'];
  if (clock * PS > 1) {
    return [error(path, 'expected at most 1 THz: a cycle of 1 ps is the step of simulated time')];
  }
  if (Math.abs(cycle * PS * clock - 1) <= CYCLE_TOLERANCE) return [];
  return [warning(path, `${formatQuantity(clock, 'Hz')} is rounded to a cycle of ${cycle} ps`)];
}

/** Flits of a port in flip-flops beyond which a designer would take SRAM. */
const MANY_FLITS = 64;

function checkFlits({ noc }: ArchFile): Finding[] {
  const { virtualChannels, depth } = noc;
  const flits = virtualChannels * depth;
  if (!nocKindOf(noc.kind).options.includes('depth') || flits <= MANY_FLITS) return [];
  const message = `a port holds ${virtualChannels} x ${depth} = ${flits} flits in flip-flops, as the law of routers has them: SRAM would be smaller`;
  return [warning(['noc', 'depth'], message)];
}

/**
 * A broadcast that the kind of network does not know is refused where it was meant for it: given by an override, or in the
 * file that names the kind. What a file takes over from another may stay idle.
 */
function checkBroadcast({ noc }: ArchFile, tree: Branch): Finding[] {
  const { name, broadcasts } = nocKindOf(noc.kind);
  const sourceOf = (key: string) => nodeAt(tree, ['noc', key])?.span.source;
  const meant =
    sourceOf('broadcast')?.kind === 'flag' || sourceOf('broadcast')?.name === sourceOf('kind')?.name;
  if (broadcasts.includes(noc.broadcast) || !meant) return [];
  const expected = `expected ${broadcasts.join(' or ')} on a network of kind ${name}`;
  return [error(['noc', 'broadcast'], `${expected}, got ${noc.broadcast}`)];
}

/** What a bank and a write driver are, for messages. */
const SHARED = {
  adcBanks: { per: 'adcBank', what: 'converters' },
  writeDrivers: { per: 'writeDriver', what: 'write drivers' },
} as const;

/** Shares of a macro's totals that components of the chip charge themselves, by the switch that counts these. */
const CHARGED = {
  interconnect: 'interconnect',
  buffers: 'buffer',
  accumulators: 'accumulator',
} as const satisfies Partial<Record<keyof ArchConfig['accounting'], ShareName>>;

/** Shares of the area that belong to a bank, and to a write driver. */
const BLOCKS = { adcBanks: ['adc', 'accumulator'], writeDrivers: ['other'] } as const;

/** Totals whose parts the file does not give serve a chip that asks for none of these. */
export function checkShares({ pe, accounting, devices }: ArchConfig): Finding[] {
  const macros = [...new Set(allDevices(devices))].filter(device => device.level === 'macro');
  return macros.flatMap(macro => {
    const missing = { energy: divisionOf(macro, 'energy').missing, area: divisionOf(macro, 'area').missing };
    const counted = Object.entries(CHARGED).flatMap(([key, name]) => {
      const totals = (['energy', 'area'] as const).filter(total => missing[total].includes(name));
      if (totals.length === 0 || !counts(accounting, key as keyof typeof CHARGED)) return [];
      const paths = totals.map(total => `shares.${total}.${name}`).join(' and ');
      const message = `expected omitted, or ${paths} in ${macro.name}: its totals may hold what is counted here`;
      return [error(['accounting', key], message)];
    });
    const { included } = macro;
    const shared = (['adcBanks', 'writeDrivers'] as const).flatMap(key => {
      const names = BLOCKS[key].filter(name => missing.area.includes(name));
      if (names.length === 0 || pe[key] * included.crossbars === included[key] * pe.crossbars) return [];
      const paths = names.map(name => `shares.area.${name}`).join(' and ');
      const had = `${included[key]} for ${included.crossbars} crossbars of a PE`;
      const message = `${pe[key]} for ${pe.crossbars} crossbars, but the totals of ${macro.name} hold ${had}: expected its block included to say as here, or ${paths} in its file`;
      return [error(['pe', key], message)];
    });
    return [...counted, ...shared];
  });
}

/** Units that save time and have no area or leakage would be free: a technology that gives none has one. */
export function checkShared({ pe, accounting, precision, devices }: ArchConfig): Finding[] {
  const elsewhere = chargedElsewhere(accounting);
  return allDevices(devices).flatMap(device => {
    const { standing } = crossbarCost(device, precision, true, elsewhere);
    return (['adcBanks', 'writeDrivers'] as const).flatMap(key => {
      const { per, what } = SHARED[key];
      if (pe[key] === 1 || standing.some(part => part.per === per)) return [];
      return [
        error(['pe', key], `expected 1: ${device.name} gives its ${what} no area, more would cost nothing`),
      ];
    });
  });
}

/** A crossbar whose circuits do not fit words of the chip's widths. */
export function checkWords({ precision, devices }: Pick<ArchConfig, 'precision' | 'devices'>): Finding[] {
  const { weights, inputs } = precision;
  const words = [
    ['weights', weights, devices.static],
    ['inputs', inputs, devices.dynamic],
  ] as const;
  return words.flatMap(([key, stored, device]) => {
    if (device.level !== 'circuit') return [];
    const errors = designErrors(designOf(device, { weights: stored, inputs }));
    return errors.map(({ path, message }) =>
      error(['precision', key], `${stored}-bit words in ${device.name}: ${path.join('.')}: ${message}`),
    );
  });
}

/** A buffer of eDRAM needs its costs. */
export function checkMemories(arch: WithBuffers, { name, edram }: Digital): Finding[] {
  if (edram !== undefined) return [];
  return bufferPlaces(arch)
    .filter(({ config }) => config.memory === 'edram')
    .map(({ path }) => error([...path, 'memory'], `expected sram: ${name} has no edram, got edram`));
}

/** Devices of different nodes can stand on one chip only on paper. */
export function checkNodes(devices: Devices, digital: Digital): Finding[] {
  const findings: Finding[] = [];
  const { static: known } = devices;
  for (const other of allDevices(devices).filter(device => device.node !== known.node)) {
    findings.push(warning(['tech'], `${nodeOf(known)} and ${nodeOf(other)} are mixed on one chip`));
  }
  if (known.node !== digital.node) {
    findings.push(warning(['digital'], `${nodeOf(digital)} is mixed with ${nodeOf(known)} on one chip`));
  }
  return findings;
}

const nodeOf = ({ name, node }: { name: string; node: number }): string =>
  `${name} (${formatQuantity(node, 'm', 2)})`;
