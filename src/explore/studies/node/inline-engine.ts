/** Points on the thread that asks, one after another. */
import { evaluateBlock } from '../evaluate.ts';
import type { Engine } from './engine.ts';
import { evaluationHost } from './evaluation-host.ts';

/** Milliseconds between two looks at signals. */
const STEP_MS = 50;

export const inlineEngine = (): Engine => ({
  name: '1 thread',
  async run(blocks, { onRow, pause }) {
    let last = performance.now();
    const look = async (): Promise<void> => {
      if (performance.now() - last < STEP_MS) return;
      await pause?.();
      last = performance.now();
    };
    for await (const block of blocks)
      for await (const row of evaluateBlock(block, { ...evaluationHost, pause: look })) {
        await onRow(row);
        await look();
      }
  },
  close: async () => {},
});
