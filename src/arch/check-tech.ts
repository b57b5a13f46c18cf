/** Checks of a technology file beyond its schema: do the shares sum up, can the ADC resolve a column, does a device make sense. */

import { significant } from '../base/units.ts';
import { evaluateCrossbar } from '../tech/circuit/evaluate.ts';
import { designErrors, tooManyColumns } from '../tech/circuit/laws.ts';
import { conversionOf, deviceLosslessBits, summedBits } from '../tech/conversion-of.ts';
import { BYTES, designOf } from '../tech/design-of.ts';
import { driftProblems } from '../tech/drift-compensation.ts';
import { noiseProblems } from '../tech/noise-problems.ts';
import { deviceFindings } from '../tech/one-device.ts';
import { type Circuit, type Device, type Macro, type TechFile, techSchema } from '../tech/schema.ts';
import { divisionOf, SHARE_TOLERANCE } from '../tech/shares.ts';
import { error, type Finding, timeFindings, warning } from './finding.ts';
import type { LoadedFor } from './published.ts';
import type { Branch } from './tree.ts';

/** All findings on one technology file; `tree` gives the written times. Noise that does not hold is refused where errors are computed. */
export function checkTech(tech: TechFile, tree: Branch, purpose: LoadedFor): Finding[] {
  const findings = timeFindings(tree, techSchema, tech);
  if (tech.level === 'macro') return [...findings, ...checkDevice(tech, purpose), ...checkMacro(tech)];
  if (tech.level === 'circuit') return [...findings, ...checkDevice(tech, purpose), ...checkCircuit(tech)];
  return findings;
}

function checkDevice(device: Device, purpose: LoadedFor): Finding[] {
  const { adc, cell, crossbar } = device;
  const findings: Finding[] = [];
  const { rows: summed, bits: inputs } = conversionOf(device);
  const needed = deviceLosslessBits(device, BYTES.weights);
  if (adc.bits < needed) {
    const steps = inputs > 1 ? ` x ${inputs}-bit inputs` : '';
    const merged = device.level === 'circuit' && device.merge !== undefined;
    const cells = merged
      ? `${summedBits(device, BYTES.weights)} bits of merged slices`
      : `${cell.bits}-bit cells`;
    const array = `${summed} rows x ${cells}${steps}`;
    findings.push(
      warning(['adc', 'bits'], `ADC ${adc.bits} bit < ${needed} bit needed for lossless ${array}`),
    );
  }
  if (device.level === 'macro' && adc.columns > crossbar.cols) {
    findings.push(error(['adc', 'columns'], tooManyColumns(crossbar.cols, adc.columns)));
  } else if (crossbar.cols % adc.columns !== 0) {
    const message = `${crossbar.cols} columns are not a multiple of ${adc.columns} columns per ADC: the last ADC has fewer`;
    findings.push(warning(['adc', 'columns'], message));
  }
  const activeRows = device.level === 'circuit' ? device.activeRows : undefined;
  if (activeRows !== undefined && activeRows > crossbar.rows) {
    const message = `expected at most the ${crossbar.rows} rows of the crossbar, got ${activeRows}`;
    findings.push(error(['activeRows'], message));
  }
  const cut = conversionOf(device);
  if (cut.arrayRows < crossbar.rows) {
    const left = crossbar.rows - cut.arrayRows;
    const message = `${crossbar.rows} rows are read in groups of ${cut.rows}: ${left} of them hold no weights`;
    findings.push(warning(['activeRows'], message));
  }
  const { onResistance, offResistance } = cell;
  if (onResistance !== undefined && offResistance !== undefined && offResistance <= onResistance) {
    findings.push(error(['cell', 'offResistance'], 'expected more than cell.onResistance'));
  }
  const described = [...deviceFindings(device), ...driftProblems(device)];
  findings.push(...described.map(({ path, message }) => warning(path, message)));
  // Of a device that is none, its noise has nothing to hold for.
  if (findings.some(({ severity }) => severity === 'error')) return findings;
  const noisy = purpose === 'errors' ? error : warning;
  return [...findings, ...noiseProblems(device).map(({ path, message }) => noisy(path, message))];
}

/** What the circuit laws refuse; else where they are stretched. */
function checkCircuit(circuit: Circuit): Finding[] {
  const design = designOf(circuit);
  const errors = designErrors(design);
  if (errors.length > 0) return errors.map(({ path, message }) => error(path, message));
  const { warnings } = evaluateCrossbar(design);
  return warnings.map(({ path, message }) => warning(path, message));
}

function checkMacro(macro: Macro): Finding[] {
  const findings = [
    ...atLeastOnePicosecond(['read', 'time'], macro.read.time),
    ...atLeastOnePicosecond(['write', 'time'], macro.write.time),
  ];
  for (const total of ['energy', 'area'] as const) {
    const sum = divisionOf(macro, total).parts.reduce((s, { share }) => s + share, 0);
    if (Math.abs(sum - 1) > SHARE_TOLERANCE) {
      findings.push(
        error(['shares', total], `expected shares that sum to 100 %, got ${significant(sum * 100, 4)} %`),
      );
    }
  }
  return findings;
}

/** A crossbar that reads or writes in no time at all is nonsense. */
function atLeastOnePicosecond(path: readonly string[], time: number): Finding[] {
  return time > 0 ? [] : [error(path, 'expected at least 1 ps, the step of simulated time, got 0')];
}
