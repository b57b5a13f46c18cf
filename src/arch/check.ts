/** Checks of an architecture beyond its schema, and of its devices against each other. */

import { formatQuantity } from '../base/units.ts';
import { allDevices, type Devices } from '../tech/devices.ts';
import type { Digital } from '../tech/schema.ts';
import { BUFFER_PLACES } from './buffers.ts';
import { error, type Finding, timeFindings, warning } from './finding.ts';
import { type ArchFile, archSchema } from './schema.ts';
import type { Branch } from './tree.ts';

/** Findings on the file alone. */
export function checkArch(arch: ArchFile, tree: Branch): Finding[] {
  const { crossbars, adcBanks, writeDrivers } = arch.pe;
  const findings = timeFindings(tree, archSchema, arch);
  for (const [key, units] of Object.entries({ adcBanks, writeDrivers })) {
    if (units > crossbars) {
      findings.push(warning(['pe', key], `${units} for ${crossbars} crossbars of a PE: the rest stay idle`));
    }
  }
  for (const [i, { name }] of (arch.extras ?? []).entries()) {
    const first = arch.extras?.findIndex(other => other.name === name);
    if (first !== i) findings.push(error(['extras', i, 'name'], `${name} is listed twice`));
  }
  if (arch.precision.partialSums < arch.precision.outputs) {
    const { partialSums, outputs } = arch.precision;
    findings.push(
      warning(['precision', 'partialSums'], `${partialSums} bit < ${outputs} bit of the outputs`),
    );
  }
  return findings;
}

/** A buffer of eDRAM needs its costs. */
export function checkMemories(arch: ArchFile, { name, edram }: Digital): Finding[] {
  if (edram !== undefined) return [];
  return Object.values(BUFFER_PLACES)
    .filter(({ of }) => of(arch).memory === 'edram')
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
