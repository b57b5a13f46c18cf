/** Text to stdout in batches, at the speed of whoever reads it: memory does not grow with what is printed. */
import { once } from 'node:events';

const BATCH = 65536;

export interface Printer {
  print(text: string): Promise<void>;
  flush(): Promise<void>;
}

export function stdoutPrinter(): Printer {
  let batch = '';
  const flush = async (): Promise<void> => {
    const text = batch;
    batch = '';
    if (text !== '' && !process.stdout.write(text)) await once(process.stdout, 'drain');
  };
  return {
    async print(text) {
      batch += text;
      if (batch.length >= BATCH) await flush();
    },
    flush,
  };
}
