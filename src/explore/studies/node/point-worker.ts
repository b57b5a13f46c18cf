/** A worker thread that evaluates blocks of points; its numerics have no threads of their own. */
import type { MessagePort } from 'node:worker_threads';
import { evaluateBlock } from '../evaluate.ts';
import type { Block, SealedRow } from '../job.ts';
import { evaluationHost } from './evaluation-host.ts';

export interface PointTask {
  readonly block: Block;
  /** Closes when this thread ends, however it ends. */
  readonly alive: MessagePort;
}

/** The rows of a block. */
export async function evaluate({ block, alive }: PointTask): Promise<SealedRow[]> {
  const rows: SealedRow[] = [];
  for await (const row of evaluateBlock(block, evaluationHost)) rows.push(row);
  alive.close();
  return rows;
}
