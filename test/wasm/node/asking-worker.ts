/** A thread for tests that answers numbers. */
import { usageError } from '../../../src/base/errors.ts';
import { serve } from '../../../src/wasm/node/serve.ts';

serve<number, number>(async value => {
  if (value === 0) throw usageError('zero is refused');
  if (value < 0) throw new RangeError('a bug');
  if (value > 99) process.exit(1);
  return 2 * value;
});
