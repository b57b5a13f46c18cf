/** Decoders that write and read: generation by seed, loss of the next token, texts that are refused. */
import test from 'ava';
import { generate } from '../../src/accuracy/generate.ts';
import { infer } from '../../src/accuracy/infer.ts';
import { languageAccuracy } from '../../src/accuracy/language.ts';
import { nextToken } from '../../src/accuracy/next-token.ts';
import { uniformStream } from '../../src/base/random.ts';
import { referenceBackend } from '../../src/numerics/mvm/reference.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { writeNpy } from '../../src/workload/import/npy-writer.ts';
import { writeSafetensors } from '../../src/workload/import/safetensors-writer.ts';
import { memoryFiles } from '../data/memory-files.ts';

const CONFIG = {
  model_type: 'gpt2',
  n_embd: 8,
  n_layer: 1,
  n_head: 2,
  vocab_size: 19,
  n_positions: 12,
};

/** A GPT-2 of random values, as transformers writes it. */
function hooks(more: Record<string, string | Uint8Array> = {}) {
  const [d, hidden] = [CONFIG.n_embd, 4 * CONFIG.n_embd];
  const layer = (name: string, ...shape: number[]): [string, number[]][] => [
    [`${name}.weight`, shape],
    [`${name}.bias`, shape.slice(-1)],
  ];
  const shapes = [
    ['wte.weight', [CONFIG.vocab_size, d]] as [string, number[]],
    ['wpe.weight', [CONFIG.n_positions, d]] as [string, number[]],
    ...layer('h.0.ln_1', d),
    ...layer('h.0.attn.c_attn', d, 3 * d),
    ...layer('h.0.attn.c_proj', d, d),
    ...layer('h.0.ln_2', d),
    ...layer('h.0.mlp.c_fc', d, hidden),
    ...layer('h.0.mlp.c_proj', hidden, d),
    ...layer('ln_f', d),
  ];
  const next = uniformStream(3, 'gpt2');
  const tensors = shapes.map(([name, shape]) => {
    const size = shape.reduce((all, side) => all * side, 1);
    return [
      `transformer.${name}`,
      { shape, data: Float32Array.from({ length: size }, () => 2 * next() - 1) },
    ] as const;
  });
  return {
    disk: memoryFiles({
      'model.safetensors': writeSafetensors(new Map(tensors)),
      'config.json': JSON.stringify(CONFIG),
      'p.npy': writeNpy(Int32Array.of(1, 2, 3, 4, 5, 6), [2, 3]),
      't.json': JSON.stringify([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
      'x.txt': 'hello',
      'bad.json': '[1, 19]',
      ...more,
    }),
    files: nodeFiles,
    backend: referenceBackend(),
  };
}

const network = { model: 'model.safetensors' };

test('greedy tokens are the likeliest of what infer gives for the whole text; sampled ones go by the seed', async t => {
  const from = hooks();
  const { tokens, shape, texts } = await generate({ ...network, input: 'p.npy', generate: 4 }, from);
  t.deepEqual([...shape], [2, 4]);
  t.is(texts, null);
  const text = [1, 2, 3, ...tokens.subarray(0, 4)];
  const whole = hooks({ 'whole.json': JSON.stringify(text) });
  const { logits } = await infer({ ...network, input: 'whole.json' }, whole);
  for (let i = 2; i < 6; i++) {
    const row = [...logits.subarray(i * 19, (i + 1) * 19)];
    t.is(row.indexOf(Math.max(...row)), text[i + 1]);
  }
  const sampled = async (seed: number) =>
    [
      ...(await generate({ ...network, input: 'p.npy', generate: 4, temperature: 2, seed }, from)).tokens,
    ].join();
  t.is(await sampled(1), await sampled(1));
  t.not(await sampled(1), await sampled(2));
});

test('the next token is drawn from the likeliest k, in proportion to e to the logit over the temperature', t => {
  const logits = Float32Array.of(0, Math.log(3), -50, 0);
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 400; i++)
    counts[nextToken(logits, { temperature: 1, topK: 2 }, () => (i + 0.5) / 400)]++;
  t.deepEqual(counts, [100, 300, 0, 0]);
  t.is(
    nextToken(logits, { temperature: 0 }, () => 0),
    1,
  );
});

test('loss is the mean cross-entropy of the next token; integers are close, and chips are worse', async t => {
  const from = hooks();
  const request = { ...network, data: 't.json', context: 6, draws: 1 };
  const { float32, int8, data, points } = await languageAccuracy(request, from);
  t.deepEqual([data.windows, data.predicted], [2, 10]);
  t.is(float32.perplexity, Math.exp(float32.loss));
  t.true(Math.abs(int8.loss - float32.loss) < 0.05 && int8.loss !== float32.loss);
  t.not(points[0].mean.loss, int8.loss);
  const clipped = await languageAccuracy(
    { ...request, cacheKeyBits: 2, cacheValueBits: 2, cacheClip: 0.5 },
    from,
  );
  t.true(Math.abs(clipped.int8.loss - float32.loss) > Math.abs(int8.loss - float32.loss));
  t.is(clipped.float32.loss, float32.loss);
  const refused = (more: object, message: string) =>
    t.throwsAsync(languageAccuracy({ ...request, ...more }, from), { message });
  await refused({ context: 13 }, '--context 13: gpt2 has positions for 12');
  await refused(
    { data: 'p.npy' },
    'p.npy: no text of 6 tokens, which a window has; give a longer text, or a shorter --context',
  );
  await refused(
    { cacheClip: 2 },
    '--cache-clip 2: expected a share of the largest magnitude, above 0 and up to 1',
  );
});

test('prompts that do not fit are refused by name', async t => {
  const from = hooks();
  const refused = (more: object, message: RegExp) =>
    t.throwsAsync(generate({ ...network, input: 'p.npy', generate: 2, ...more }, from), { message });
  await refused({ generate: 11 }, /^p\.npy: prompt 0 of 3 tokens and 11 more: gpt2 has positions for 12$/);
  await refused({ generate: 0 }, /^--generate 0: expected a whole number of at least 1$/);
  await refused({ input: 'bad.json' }, /^bad\.json: token 1 is 19; gpt2 has token ids 0 to 18$/);
  await refused({ input: 'x.txt' }, /no tokenizer of gpt2 lies in \. .*: give token ids/);
  await refused({ temperature: -1 }, /--temperature -1: expected a number of at least 0/);
  await refused({ cacheKeyBits: 4 }, /a cache of float32 has no bits: precision int8 or analog/);
  await refused({ modelName: 'deit-s' }, /those of Hugging Face GPT-2, but deit-s is a model of family vit/);
});
