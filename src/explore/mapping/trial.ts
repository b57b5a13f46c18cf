/** What a run says of a mapping. */
import { sum } from '../../base/sum.ts';
import { formatQuantity, significant } from '../../base/units.ts';
import type { MappingTrial } from '../../report/mapping-result.ts';
import { limitText } from '../../report/pipeline-text.ts';
import type { RunOutput } from '../../report/result.ts';
import { kindOf } from './choice.ts';

/** Its figures, and what takes longest: what limits images that overlap, or the steps of one name with the most time. */
export function trialOf(set: readonly string[], { result, layers }: RunOutput): MappingTrial {
  const { latency_s, throughput_Hz, energy_J, area_m2, edap_Jsm2, tiles, pipeline } = result;
  const figures = { set, latency_s, throughput_Hz, energy_J, area_m2, edap_Jsm2, tiles };
  if (pipeline !== undefined) return Object.assign(figures, { slowest: limitText(pipeline.limit) });
  const kinds = new Map<string, number>();
  for (const { step, start_s, end_s } of layers)
    kinds.set(kindOf(step), (kinds.get(kindOf(step)) ?? 0) + end_s - start_s);
  const [name, time_s] = [...kinds].reduce((most, other) => (other[1] > most[1] ? other : most));
  const share = time_s / sum([...kinds.values()], time => time);
  return Object.assign(figures, {
    slowest: `${name}, ${formatQuantity(time_s, 's')}, ${significant(100 * share, 2)} % of the time of all steps`,
  });
}
