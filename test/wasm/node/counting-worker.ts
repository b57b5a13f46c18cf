/** A thread of a pool for tests: takes items from a counter in the memory that it was told of, and adds its number to each. */
import { serveThread } from '../../../src/wasm/node/serve.ts';

export interface Counting {
  /** [next item, sum of what was noted when the job was told, items ...]. */
  readonly memory: SharedArrayBuffer;
  readonly items: number;
  readonly fails?: string;
}

serveThread<number, Counting>(thread => {
  let noted = 0;
  return {
    note: value => {
      noted += value;
    },
    accept({ memory, items, fails }) {
      if (fails === 'accept') throw new Error('not accepted');
      const ints = new Int32Array(memory);
      Atomics.add(ints, 1, noted);
      return most => {
        if (fails === 'work' && thread === 1) throw new Error('not done');
        for (let done = 0; done < most; done++) {
          const item = Atomics.add(ints, 0, 1);
          if (item >= items) return true;
          Atomics.add(ints, 2 + item, thread);
        }
        return false;
      };
    },
  };
});
