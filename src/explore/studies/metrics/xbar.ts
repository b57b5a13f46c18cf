/** `xbar`: one crossbar with its periphery, by the circuit laws: the row of `trex xbar`. */
import * as z from 'zod';
import { parseAdcRange } from '../../../accuracy/device-options.ts';
import { usageError } from '../../../base/errors.ts';
import { loadTechFrom } from '../../../run/load.ts';
import type { EncodingName } from '../../../tech/encodings.ts';
import { ENCODING_NAMES } from '../../../tech/encodings.ts';
import { xbarError } from '../../xbar/error.ts';
import { xbarRow } from '../../xbar/evaluate.ts';
import { planXbar, type SweptOptions, xbarPoints } from '../../xbar/plan.ts';
import { parseNodes, parseQuantities } from '../../xbar/ranges.ts';
import { rowSchema } from '../../xbar/row-schema.ts';
import { errorPoint } from '../../xbar/rows.ts';
import { XBAR_DEFAULTS } from '../../xbar/xbar.ts';
import { type Metric, type MetricInput, textOf } from '../metric.ts';
import type { Value } from '../value.ts';

const MOST_SIZE = 4096;
const count = (most: number) => z.int().min(1).max(most);
const quantity = z.union([z.number(), z.string()]);

/** One crossbar. Absent: as the technology says; a square one of the rows that it has. */
function sweptOptions({ words, set, options }: MetricInput, ownRows: () => number): SweptOptions {
  const one = (name: string): number[] => (options[name] === undefined ? [] : [Number(options[name])]);
  const text = (name: string): string | undefined => textOf(options[name]);
  const { node, vdd, temperature, encoding } = {
    node: text('node'),
    vdd: text('vdd'),
    temperature: text('temperature'),
    encoding: text('encoding'),
  };
  return {
    techs: [textOf(words.tech)!],
    rows: options.rows === undefined ? [ownRows()] : one('rows'),
    cols: one('cols'),
    adcBits: one('adc'),
    cellBits: one('cell-bits'),
    mux: one('mux'),
    nodes_m: node === undefined ? [] : parseNodes(node),
    weightBits: options['weight-bits'] === undefined ? XBAR_DEFAULTS.weightBits : one('weight-bits'),
    inputBits: options['input-bits'] === undefined ? XBAR_DEFAULTS.inputBits : one('input-bits'),
    encodings: encoding === undefined ? [] : [encoding as EncodingName],
    vdds_V: vdd === undefined ? [] : parseQuantities(vdd, { flag: 'vdd', unit: 'V' }),
    temperatures_K:
      temperature === undefined ? [] : parseQuantities(temperature, { flag: 'temperature', unit: 'K' }),
    set,
  };
}

const trialsOf = (value: Value | undefined): number => (value === undefined ? 0 : Number(value));

export const metric: Metric = {
  name: 'xbar',
  describe: 'one crossbar by the circuit laws: area, time, energy; its error where xbar.trials is above 0',
  words: ['tech'],
  needs: ['tech'],
  roots: ['tech'],
  options: {
    rows: { schema: count(MOST_SIZE) },
    cols: { schema: count(MOST_SIZE) },
    adc: { schema: count(16) },
    'cell-bits': { schema: count(8) },
    mux: { schema: count(1024) },
    node: { schema: z.string() },
    'weight-bits': { schema: count(16) },
    'input-bits': { schema: count(16) },
    encoding: { schema: z.enum(ENCODING_NAMES) },
    vdd: { schema: quantity },
    temperature: { schema: quantity },
    trials: { schema: z.int().min(0).max(10_000) },
    'adc-range': { schema: quantity },
  },
  isCheap: options => !options.includes('trials'),
  output: rowSchema,
  read({ words, set }, files) {
    loadTechFrom(files, textOf(words.tech)!, { set, purpose: 'costs' });
  },
  async measure(input, { files, backend }) {
    const { options, words, set, seed } = input;
    const ownRows = (): number => {
      const { devices } = loadTechFrom(files, textOf(words.tech)!, { set, purpose: 'costs' });
      return devices?.static.crossbar.rows ?? 1;
    };
    const plan = planXbar(files, sweptOptions(input, ownRows));
    if (plan.points !== 1)
      throw usageError(
        `${textOf(words.tech)}: has ${plan.points} devices: an xbar point is of one, name its file`,
      );
    if (plan.warnings.length > 0) throw usageError(plan.warnings.join('; '));
    const [point] = xbarPoints(plan);
    const trials = trialsOf(options.trials);
    if (trials === 0 || backend === undefined) return { ...xbarRow(point, null) };
    const adcRange = parseAdcRange(textOf(options['adc-range']) ?? 'layer');
    const opened = await backend();
    try {
      return { ...xbarRow(point, await xbarError(opened, errorPoint(point), { trials, seed, adcRange })) };
    } finally {
      await opened.dispose();
    }
  },
};
