/** What a run is asked for when a decoder is to write: in full, in one place, and again from its own result. */
import test from 'ava';
import { runSummary } from '../../../src/report/summary.ts';
import { nodeFiles } from '../../../src/run/node/files.ts';
import { requestOfConfig, rerunOf } from '../../../src/run/rerun.ts';
import { run, runOptions } from '../../../src/run/run.ts';

const request = { arch: 'trex', model: 'gpt2-small', set: ['model.encoders=1'], prefill: 3, decode: 2 };

test('half of a text, and what says the same in other words, is refused', t => {
  const refused = (more: object, message: RegExp) =>
    t.throws(() => runOptions({ ...request, ...more }), { message });
  refused({ decode: undefined }, /^prefill needs decode/);
  refused({ prefill: undefined }, /^decode needs prefill/);
  refused({ prefill: undefined, decode: undefined, batch: 2 }, /^batch has no effect/);
  refused({ tokens: 4 }, /^tokens has no effect beside prefill/);
  refused({ images: 2 }, /^images has no effect beside prefill/);
});

test('a text runs again from its result, and its summary says how long a token takes', async t => {
  const { result, config } = await run(request, { files: nodeFiles });
  t.like(result.run, { prefill: 3, decode: 2, batch: 1 });
  t.regex(config, /prefill: 3\n {2}decode: 2\n {2}batch: 1\n/);
  const again = await rerunOf('result.json', new TextEncoder().encode(JSON.stringify(result)), nodeFiles);
  t.deepEqual((await run(again.run, { files: again.files })).result, result);
  const summary = runSummary(result);
  t.regex(summary, /\(3 \+ 2 tokens\)/);
  t.regex(summary, /per token .* at position 4, .* at position 5/);
  t.is(requestOfConfig('trex', nodeFiles), undefined);
});
