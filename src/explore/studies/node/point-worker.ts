/** A worker thread that evaluates blocks of points; its numerics have no threads of their own. */
import type { MessagePort } from 'node:worker_threads';
import { evaluateBlock } from '../evaluate.ts';
import type { Block, SealedRow } from '../job.ts';
import { type DataPlace, hostWith } from './evaluation-host.ts';

export interface PointTask {
  readonly block: Block;
  readonly data: DataPlace;
  /** Closes when this thread ends, however it ends. */
  readonly alive: MessagePort;
}

/** The rows of a block. */
export async function evaluate({ block, data, alive }: PointTask): Promise<SealedRow[]> {
  const rows: SealedRow[] = [];
  for await (const row of evaluateBlock(block, hostWith(data))) rows.push(row);
  alive.close();
  return rows;
}
