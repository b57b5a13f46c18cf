/** What stands between images that a chip works on at the same time: cells that are still read, and results that nobody has taken. */
import type { Step } from './program.ts';

/** A job for image i waits until `step` has done all its jobs for image i - `behind`, and so for those before it. */
export interface ImageDep {
  readonly step: number;
  readonly behind: number;
}

/**
 * By step. A matrix of an image is written when the one before has been read (write after read). A step is at most one
 * image ahead of the step that takes its results first: one image's are taken while those of the next come.
 */
export function imageDeps(steps: readonly Step[]): ImageDep[][] {
  const takers = new Map<number, number>();
  for (const { index, after } of steps)
    for (const { step } of after) {
      const known = takers.get(step);
      // Steps that take turns tile by tile wait for each other: who comes later takes.
      if (index > step && (known === undefined || index < known)) takers.set(step, index);
    }
  return steps.map(({ index, kind, layer }): ImageDep[] => {
    const taker = takers.get(index);
    const deps = taker === undefined ? [] : [{ step: taker, behind: 2 }];
    if (kind !== 'write') return deps;
    const reads = steps.filter(other => other.kind === 'read' && other.layer === layer);
    return [...deps, ...reads.map(read => ({ step: read.index, behind: 1 }))];
  });
}
