/** Energy, latency and area as bars, one level of a tree at a time. */
import { barsFigure } from '../figures/bars.ts';
import { shown, titleOf } from '../figures/quantity.ts';
import type { RunReport } from '../html/run-report.ts';
import type { Tree, TreeNode } from '../html/trees.ts';
import { chart } from './chart.ts';
import { button, choice, element, find } from './dom.ts';

const SHARE_DIGITS = 3;

export function breakdown({ trees }: RunReport): void {
  const metrics = [...new Set(trees.map(tree => tree.metric))];
  let metric: Tree['metric'] = metrics[0];
  let by: Tree['by'] = 'hardware';
  let path: TreeNode[] = [];
  const tree = (): Tree => trees.find(each => each.metric === metric && each.by === by)!;
  const node = (): TreeNode => path.at(-1) ?? tree().root;
  const share = (value: number): string =>
    `${((100 * value) / tree().root.value).toPrecision(SHARE_DIGITS)} %`;
  const titles = (): string => [tree().root, ...path].map(each => each.name).join(' > ');
  const crumbs = element('nav', { 'aria-label': 'Where in the breakdown', class: 'crumbs' });
  const note = element('p', { 'aria-live': 'polite' });
  const open = (depth: number): void => {
    path = path.slice(0, depth);
    show();
  };
  const view = chart({
    id: 'breakdown',
    draw: style =>
      barsFigure(
        `${titleOf(metric)} of ${titles()}: ${shown(metric, node().value)}`,
        (node().children ?? []).map((child, i) => ({
          name: child.name,
          value: child.value,
          label: `${shown(metric, child.value)}, ${share(child.value)}`,
          ...(child.children !== undefined && { key: String(i) }),
        })),
        style,
      ),
    rows: () => [
      ['part', metric, 'share'],
      ...(node().children ?? []).map(child => [child.name, child.value, child.value / tree().root.value]),
    ],
    onDrawn: place => {
      for (const bar of place.querySelectorAll<SVGElement>('[data-key]')) {
        const into = (): void => {
          path = [...path, node().children![Number(bar.dataset.key)]];
          show();
          const next = find('[data-chart=breakdown]').querySelector<SVGElement>('[data-key]');
          (next ?? crumbs.querySelector<HTMLElement>('[aria-current]'))?.focus();
        };
        bar.addEventListener('click', into);
        bar.addEventListener('keydown', event => {
          if (event.key === 'Enter' || event.key === ' ') {
            event.preventDefault();
            into();
          }
        });
      }
    },
  });
  function show(): void {
    const all = [tree().root, ...path];
    crumbs.replaceChildren(
      ...all.map((each, depth) =>
        button(each.name, () => open(depth), depth === all.length - 1 ? { 'aria-current': 'true' } : {}),
      ),
    );
    note.textContent = tree().adds ? '' : 'Parts overlap in time here: they do not add up to the whole.';
    view.redraw();
  }
  find('[data-controls=breakdown]').append(
    choice(
      'Figure',
      metrics.map(name => [name, titleOf(name)] as const),
      metric,
      value => {
        metric = value;
        open(0);
      },
    ),
    choice(
      'Divided by',
      [
        ['hardware', 'by chip'],
        ['network', 'by network'],
      ] as const,
      by,
      value => {
        by = value;
        open(0);
      },
    ),
    crumbs,
    note,
  );
  show();
}
