/** Markdown tables. */

/** A table with a header row; cells are escaped. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map(c => c.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = `|${header.map((_, i) => (i === 0 ? '---' : '---:')).join('|')}|`;
  return [line(header), rule, ...rows.map(line)].join('\n');
}

/** "+12.3 %" of `value` over `base`. */
export function change(value: number, base: number): string {
  const percent = (value / base - 1) * 100;
  return `${percent >= 0 ? '+' : ''}${percent.toFixed(Math.abs(percent) < 0.1 && percent !== 0 ? 3 : 1)} %`;
}
