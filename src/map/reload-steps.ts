/** Steps of a chip whose layers take turns: reloads where a layer comes, and a batch of images that passes a partition before the next one. */
import type { Layer, Step, StepDep } from '../hw/program.ts';
import type { Turns } from './turns.ts';

/**
 * The steps of `batch` images, from those of one. A reload waits for the steps of the layers whose tiles it takes and for no
 * other, so that it goes on while tiles that stay are at work. With more than one image each partition is passed by all of
 * them, one after another, before the next.
 */
export function withReloads(
  steps: readonly Step[],
  layers: ReadonlyMap<string, Layer>,
  { turns, turnOf, partitions }: Turns,
  batch: number,
): Step[] {
  const starts = batch > 1 ? partitions : [0];
  const bounds = starts.map((start, p) => [start, starts[p + 1] ?? steps.length] as const);
  /** The place of each step of each image, and of each turn's reload. */
  const placeOf = Array.from({ length: batch }, () => new Int32Array(steps.length));
  const reloadAt = new Int32Array(turns.length).fill(-1);
  const byStep = new Map(turns.map((turn, i) => [turn.step, i]));
  const isReload = (turn: number): boolean => turn >= 0 && layers.get(turns[turn].layer)?.dynamic === false;
  let place = 0;
  for (const [from, to] of bounds)
    for (let image = 0; image < batch; image++)
      for (let step = from; step < to; step++) {
        const turn = byStep.get(step) ?? -1;
        if (image === 0 && isReload(turn)) reloadAt[turn] = place++;
        placeOf[image][step] = place++;
      }
  const result: Step[] = [];
  let before: readonly number[] = [];
  for (const [from, to] of bounds)
    for (let image = 0; image < batch; image++) {
      const isInner = ({ step }: StepDep, of: Step): boolean => step >= from && step < to && step < of.index;
      const needed = new Set(
        steps.slice(from, to).flatMap(s => s.after.filter(d => isInner(d, s)).map(d => d.step)),
      );
      for (const step of steps.slice(from, to)) {
        const turn = turnOf[step.index];
        const isFirst = byStep.get(step.index) === turn && turn >= 0;
        if (isFirst && image === 0 && isReload(turn))
          result.push(reloadStep(step, nth(turn), reloadAt[turn], leaving(turn, 'all')));
        const after = step.after.map(dep => ({ step: placeOf[image][dep.step], mode: dep.mode }));
        if (isReload(turn)) after.push({ step: reloadAt[turn], mode: 'all' });
        else if (isFirst) after.push(...leaving(turn, image));
        if (!step.after.some(dep => isInner(dep, step))) after.push(...before.map(allOf));
        const own = { ...step, index: placeOf[image][step.index], after };
        result.push(batch > 1 ? { ...own, image } : own);
      }
      if (batch > 1)
        before = steps
          .slice(from, to)
          .filter(s => !needed.has(s.index))
          .map(s => placeOf[image][s.index]);
    }
  return result;

  /** How often the layer of a turn came before. */
  function nth(turn: number): number {
    return turns.slice(0, turn).filter(({ layer }) => layer === turns[turn].layer).length;
  }

  /** Steps of the layers that leave for a turn: of every image for weights that are known, of its own for others. */
  function leaving(turn: number, image: number | 'all'): StepDep[] {
    const places = image === 'all' ? placeOf : [placeOf[image]];
    return places.flatMap(of => turns[turn].after.map(step => allOf(of[step])));
  }
}

const allOf = (step: number): StepDep => ({ step, mode: 'all' });

const reloadStep = ({ layer, encoder }: Step, before: number, index: number, after: StepDep[]): Step => ({
  index,
  id: `${layer}.reload${before === 0 ? '' : before + 1}`,
  stage: 'reload',
  encoder,
  kind: 'load',
  jobs: 1,
  after,
  inputBits: 0,
  outputBits: 0,
  layer: layer as string,
});
