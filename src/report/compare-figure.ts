/** The figure of a comparison: energy, latency and area by component, and EDAP, a bar per subject. */
import { formatQuantity, MJ_MS_MM2, significant } from '../base/units.ts';
import { type Bar, type BarPanel, barChart } from './bar-chart.ts';
import type { Attribution, Comparison, Difference } from './comparison.ts';

export function compareFigure(comparison: Comparison): string {
  const { model, tokens, reuse, input } = comparison;
  const one = input === 'image' ? 'an image' : 'a sequence';
  const reused = reuse === 'none' ? '' : `, reuse ${reuse}`;
  return barChart(`${model}, ${tokens} tokens${reused}`, [
    stackedPanel(comparison, `Energy of ${one}`, 'energy_J', why => why.energy, 'J'),
    stackedPanel(comparison, `Latency of ${one}`, 'latency_s', why => why.latency, 's'),
    stackedPanel(comparison, 'Area', 'area_m2', why => why.area, 'm2'),
    edapPanel(comparison),
  ]);
}

function stackedPanel(
  comparison: Comparison,
  title: string,
  key: 'energy_J' | 'latency_s' | 'area_m2',
  of: (why: Attribution) => Difference,
  unit: string,
): BarPanel {
  const { subjects, why } = comparison;
  const partsOf = (i: number): Bar['parts'] =>
    of(why[Math.max(0, i - 1)]).rows.map(row => ({ name: row.name, value: i === 0 ? row.first : row.other }));
  const bars = subjects.map(({ name, figures, ratios }, i) => ({
    name,
    label: labelText(formatQuantity(figures[key], unit, 4), ratios[key], i),
    parts: partsOf(i),
  }));
  return { title, bars };
}

function edapPanel({ subjects }: Comparison): BarPanel {
  const bars = subjects.map(({ name, figures, ratios }, i) => {
    const value = figures.edap_Jsm2 * MJ_MS_MM2;
    return {
      name,
      label: labelText(significant(value, 4), ratios.edap_Jsm2, i),
      parts: [{ name: 'EDAP', value }],
    };
  });
  return { title: 'EDAP, mJ ms mm2', bars };
}

const labelText = (value: string, ratio: number | null, i: number): string =>
  i === 0 || ratio === null ? value : `${value}, ${significant(ratio, 3)}x`;
