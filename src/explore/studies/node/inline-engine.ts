/** Points on the thread that asks, one after another. */
import { evaluateBlock } from '../evaluate.ts';
import type { SealedRow } from '../job.ts';
import type { Engine } from './engine.ts';
import { evaluationHost } from './evaluation-host.ts';

/** Milliseconds between two looks at signals. */
const STEP_MS = 50;

/** Points on this thread; rows that come fast are kept together. */
export const inlineEngine = (): Engine => ({
  async run(blocks, { onRows, pause }) {
    let last = performance.now();
    const look = async (): Promise<void> => {
      if (performance.now() - last < STEP_MS) return;
      await pause?.();
      last = performance.now();
    };
    for await (const block of blocks) {
      // Rows that come fast are kept together, slow ones one by one.
      let rows: SealedRow[] = [];
      let kept = performance.now();
      const keep = async (): Promise<void> => {
        await onRows(rows);
        rows = [];
        kept = performance.now();
      };
      try {
        for await (const row of evaluateBlock(block, { ...evaluationHost, pause: look })) {
          rows.push(row);
          if (performance.now() - kept >= STEP_MS) await keep();
          await look();
        }
      } finally {
        // What is done is kept, whatever has stopped the next one.
        if (rows.length > 0) await keep();
      }
    }
  },
  close: async () => {},
});
