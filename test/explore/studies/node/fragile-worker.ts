/** A worker that ends at some points, and gives empty rows for the others. */

import { ROW_SCHEMA_VERSION, type SealedRow, sealedRow } from '../../../../src/explore/studies/job.ts';
import type { PointTask } from '../../../../src/explore/studies/node/point-worker.ts';

export async function evaluate({ block, alive }: PointTask): Promise<SealedRow[]> {
  const rows = block.jobs.map(({ id, point, seed, inputs }) => {
    if (point.ends === true) process.exit(1);
    return sealedRow({
      schemaVersion: ROW_SCHEMA_VERSION,
      id,
      point,
      seed,
      provenance: { version: block.version, inputs },
    });
  });
  alive.close();
  return rows;
}
