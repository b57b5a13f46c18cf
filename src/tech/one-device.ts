/**
 * Whether the parts of a technology file are of one measured device: its cell, its spread and its noise, and what a write
 * takes. A spread of narrow levels that was bought with ten verified pulses is no spread of a cell that is written once.
 */
import { significant } from '../base/units.ts';
import type { DesignFinding } from './circuit/design.ts';
import { TERMS } from './noise-model.ts';
import type { Measured } from './noise-term.ts';
import type { Device } from './schema.ts';

/** Relative difference of highest conductances that is one device still. */
const SAME_CONDUCTANCE = 0.15;

/** What does not belong together, each as a warning at a value of the file. */
export function deviceFindings(device: Device): DesignFinding[] {
  const { cell, noise } = device;
  const measured = TERMS.flatMap(([block, term]) => {
    const file = noise?.[block];
    return file === undefined ? [] : [{ path: ['noise', block], measured: term.measured(file as never) }];
  });
  return [
    ...differentDevices(device, measured),
    ...measured.flatMap(({ path, measured }) => [
      ...unnamedCell(cell, path, measured),
      ...differentCells(cell, path, measured),
      ...unpaidVerify(device, path, measured),
    ]),
  ];
}

interface MeasuredBlock {
  readonly path: readonly string[];
  readonly measured: Measured;
}

function differentDevices({ cell, write }: Device, noise: readonly MeasuredBlock[]): DesignFinding[] {
  const [first, ...others] = [
    { path: ['cell'], measured: { device: cell.measuredOn } },
    { path: ['write'], measured: { device: write.measuredOn } },
    ...noise,
  ].filter(({ measured }) => measured.device !== undefined);
  return others
    .filter(({ measured }) => measured.device !== first.measured.device)
    .map(({ path, measured }) => ({
      path,
      message: `measured on ${measured.device}, but ${first.path.join('.')} on ${first.measured.device}: state, noise, writing and endurance of a file belong to one device`,
    }));
}

/** A spread was measured on some device: the cell has to be it. */
function unnamedCell(
  { measuredOn }: Device['cell'],
  path: readonly string[],
  { device, full_S }: Measured,
): DesignFinding[] {
  if (device === undefined || full_S === undefined || measuredOn !== undefined) return [];
  const message = `measured on ${device}; cell.measuredOn does not say that the cell is one, with its resistances and endurance`;
  return [{ path, message }];
}

function differentCells(
  { device, onResistance }: Device['cell'],
  path: readonly string[],
  { cell, full_S }: Measured,
): DesignFinding[] {
  const findings: DesignFinding[] = [];
  if (cell !== undefined && cell !== device)
    findings.push({ path, message: `measured on ${cell} cells, this is ${device}` });
  if (full_S === undefined || onResistance === undefined) return findings;
  const ratio = full_S * onResistance;
  if (Math.abs(ratio - 1) <= SAME_CONDUCTANCE) return findings;
  const [own, theirs] = [1 / onResistance, full_S].map(s => significant(1e6 * s, 3));
  const message =
    ratio > 1
      ? `measured on cells of up to ${theirs} uS, cell.onResistance is ${own} uS: beside its levels the spread is up to ${significant(ratio, 2)} times as large`
      : `measured on cells of up to ${theirs} uS, cell.onResistance is ${own} uS: levels above were not measured`;
  return [...findings, { path, message }];
}

function unpaidVerify(device: Device, path: readonly string[], { verified }: Measured): DesignFinding[] {
  if (!verified || device.write.verified) return [];
  if (device.level === 'circuit' && device.write.verify > 0) return [];
  const message = `the spread is what program-and-verify leaves, but write has no verify: give its rounds, or write.verified: true where its time and energy hold them`;
  return [{ path, message }];
}
