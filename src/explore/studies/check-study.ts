/** `trex check` of a study: its file, the paths in it, and whether its conditions leave a point. */

import { TrexError } from '../../base/errors.ts';
import type { OtherKind } from '../../run/check.ts';
import type { Shard } from './blocks-of.ts';
import { allPoints } from './points.ts';
import { loadStudy, type Study } from './study.ts';

export const studyKind: OtherKind = {
  isOne: keys => keys.includes('metrics') || keys.includes('vary'),
  check(files, path) {
    checkNotEmpty(loadStudy(files, path));
    return [];
  },
};

/** @throws TrexError for conditions that leave out every point */
function checkNotEmpty({ points, file }: Study): void {
  if (allPoints(points).next().done === true) throw noPoint(file.name);
}

export const noPoint = (file: string, shard?: Shard): TrexError =>
  new TrexError(
    shard === undefined
      ? `${file}: no point is left: its conditions leave all out`
      : `${file}: shard ${shard.index}/${shard.count} has no point: there are more shards than points`,
  );
