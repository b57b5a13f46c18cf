/** `xbar`: one crossbar with its periphery, by the circuit laws: the row of `trex xbar`. */
import * as z from 'zod';
import { parseAdcRange } from '../../../accuracy/device-options.ts';
import { usageError } from '../../../base/errors.ts';
import { count as wholeCount } from '../../../base/fields.ts';
import type { XbarError } from '../../../report/xbar-row.ts';
import type { EncodingName } from '../../../tech/encodings.ts';
import { ENCODING_NAMES } from '../../../tech/encodings.ts';
import { xbarError } from '../../xbar/error.ts';
import { xbarRow } from '../../xbar/evaluate.ts';
import { loadedTech, planLoaded, refuseDesign, type SweptOptions, xbarPoints } from '../../xbar/plan.ts';
import { parseNodes, parseQuantities } from '../../xbar/ranges.ts';
import { rowSchema } from '../../xbar/row-schema.ts';
import { errorPoint } from '../../xbar/rows.ts';
import { XBAR_DEFAULTS } from '../../xbar/xbar.ts';
import { cached, type Metric, type MetricInput, textOf } from '../metric.ts';

const MOST_SIZE = 4096;
const count = (most: number) => wholeCount(1, most);
const quantity = z.union([z.number(), z.string()]);

/** One crossbar. Absent: as the technology says; a square one of the rows that it has. */
function sweptOptions({ options }: MetricInput, ownRows: number): Omit<SweptOptions, 'set' | 'techs'> {
  const one = (name: string): number[] => (options[name] === undefined ? [] : [Number(options[name])]);
  const text = (name: string): string | undefined => textOf(options[name]);
  const [node, encoding] = [text('node'), text('encoding')];
  const quantities = (flag: 'vdd' | 'temperature', unit: 'V' | 'K'): number[] => {
    const value = options[flag];
    if (typeof value === 'number' && value > 0) return [value];
    const given = text(flag);
    return given === undefined ? [] : parseQuantities(given, { flag, unit });
  };
  const { weightBits, inputBits } = XBAR_DEFAULTS;
  return {
    rows: options.rows === undefined ? [ownRows] : one('rows'),
    cols: one('cols'),
    adcBits: one('adc'),
    cellBits: one('cell-bits'),
    mux: one('mux'),
    nodes_m: node === undefined ? [] : parseNodes(node),
    weightBits: options['weight-bits'] === undefined ? weightBits : one('weight-bits'),
    inputBits: options['input-bits'] === undefined ? inputBits : one('input-bits'),
    encodings: encoding === undefined ? [] : [encoding as EncodingName],
    vdds_V: quantities('vdd', 'V'),
    temperatures_K: quantities('temperature', 'K'),
  };
}

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
    trials: { schema: wholeCount(0, 10_000) },
    'adc-range': { schema: quantity },
  },
  isCheap: options => !options.includes('trials'),
  output: rowSchema,
  read({ words, set }, files) {
    loadedTech(files, textOf(words.tech)!, set);
  },
  async measure(input, { files, backend, cache }) {
    const { options, words, set, seed } = input;
    const name = textOf(words.tech)!;
    const tech = cached(cache, `xbar ${name} ${set.join('\n')}`, () => loadedTech(files, name, set));
    const plan = planLoaded([tech], sweptOptions(input, tech.devices?.static.crossbar.rows ?? 1));
    if (plan.points !== 1)
      throw usageError(`${name}: has ${plan.points} devices: an xbar point is of one, name its file`);
    const [point] = xbarPoints(plan);
    refuseDesign(point.of.name, point.design);
    const trials = Number(options.trials ?? 0);
    const rowWith = (error: XbarError | null) => {
      const row = xbarRow(point, error);
      return { ...row, warnings: [...plan.warnings, ...row.warnings] };
    };
    if (trials === 0) return rowWith(null);
    if (backend === undefined) throw usageError('xbar.trials: there is no back end of crossbars here');
    const adcRange = parseAdcRange(textOf(options['adc-range']) ?? 'layer');
    const opened = await backend();
    try {
      return rowWith(await xbarError(opened, errorPoint(point), { trials, seed, adcRange }));
    } finally {
      await opened.dispose();
    }
  },
};
