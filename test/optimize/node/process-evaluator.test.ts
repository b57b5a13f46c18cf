import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { EXIT, TrexError } from '../../../src/base/errors.ts';
import type { Evaluation, EvaluationJob } from '../../../src/optimize/evaluator.ts';
import { processEvaluator } from '../../../src/optimize/node/process-evaluator.ts';

const dir = mkdtempSync(join(tmpdir(), 'trex-evaluator-'));
test.after.always(() => rmSync(dir, { recursive: true, force: true }));

/** A program that answers each line as `body` says; `job`, `say` and `n`, the number of the job, are its words. */
function program(name: string, body: string): string {
  const path = join(dir, `${name}.mjs`);
  writeFileSync(
    path,
    `import { createInterface } from 'node:readline';
import { appendFileSync, writeFileSync } from 'node:fs';
let n = 0;
const say = value => process.stdout.write((typeof value === 'string' ? value : JSON.stringify(value)) + '\\n');
for await (const line of createInterface({ input: process.stdin })) {
  const job = JSON.parse(line);
  n++;
  ${body}
}
`,
  );
  return `"${process.execPath}" "${path}"`;
}

const job = (id: string): EvaluationJob => ({
  id,
  stage: 'partial',
  plan: { encoders: [1, 3], pattern: 'strided:2,sl=2,start=1' },
  fraction: 0.2,
  epochs: 5,
  variation: false,
  seed: 7,
});

const hooks = (pause: () => Promise<void> = async () => {}) => ({
  checkpoint: { load: () => undefined, save: () => {} },
  onStep: () => {},
  pause,
});

const open = (command: string, timeout_s = 60, chatter: string[] = []) =>
  processEvaluator({
    command,
    timeout_s,
    network: '/n/network.yaml',
    weights: null,
    folder: dir,
    checkWeights: bytes => {
      if (bytes.length !== 3) throw new TrexError(`${bytes.length} bytes are no weights`);
    },
    onChatter: line => chatter.push(line),
  });

/** The answer to each id, or the message of its failure. */
async function ask(
  command: string,
  ids: readonly string[],
  timeout_s?: number,
): Promise<(Evaluation | string)[]> {
  const evaluator = open(command, timeout_s);
  const answers: (Evaluation | string)[] = [];
  for (const id of ids) {
    answers.push(
      await evaluator.evaluate(job(id), hooks()).catch((error: Error) => `${error.name}: ${error.message}`),
    );
  }
  await evaluator.close();
  return answers;
}

test('a job is one JSON line, an answer another; the program stays for the next job', async t => {
  const log = join(dir, 'requests');
  const command = program(
    'good',
    `appendFileSync(${JSON.stringify(log)}, line + '\\n'); say({ id: job.id, loss: n });`,
  );
  const answers = (await ask(command, ['a', 'b'])) as Evaluation[];
  t.deepEqual(
    answers.map(a => [a.loss, a.accuracy, a.weights]),
    [
      [1, null, null],
      [2, null, null],
    ],
  );
  const [first] = readFileSync(log, 'utf8').split('\n');
  t.deepEqual(JSON.parse(first), {
    version: 1,
    id: 'a',
    stage: 'partial',
    variation: false,
    seed: 7,
    network: '/n/network.yaml',
    reuse: [1, 3],
    pattern: 'strided:2,sl=2,start=1',
    budget: { fraction: 0.2, epochs: 5 },
    weights: null,
    folder: dir,
  });
});

test('what is no JSON object is chatter; weights come as a file', async t => {
  const command = program(
    'chatty',
    "say('epoch 1'); const weights = job.folder + '/w.bin'; writeFileSync(weights, 'abc'); say({ id: job.id, loss: 0.5, accuracy: 0.75, weights });",
  );
  const chatter: string[] = [];
  const evaluator = open(command, 60, chatter);
  const { loss, accuracy, weights } = await evaluator.evaluate(job('a'), hooks());
  await evaluator.close();
  t.deepEqual([loss, accuracy, [...weights!]], [0.5, 0.75, [97, 98, 99]]);
  t.deepEqual(chatter, ['epoch 1']);
});

test('log lines that are JSON, prints and second answers are never taken for the answer to a later job', async t => {
  const command = program(
    'noisy',
    `const losses = { a: 4.9, b: 2, c: 1.06, d: 3 };
  const answers = [{ epoch: 1, loss: 9 }, { id: job.id, loss: losses[job.id] }, { id: job.id, loss: 0.1 }, { loss: 0.2, accuracy: 0.9 }];
  // At once: what comes without an id while the next job waits is meant for that one.
  say(["{'loss': 2.3}", ...answers.map(value => JSON.stringify(value))].join('\\n'));`,
  );
  const answers = (await ask(command, ['a', 'b', 'c', 'd'])) as Evaluation[];
  t.deepEqual(
    answers.map(({ loss }) => loss),
    [4.9, 2, 1.06, 3],
  );
});

test('nonsense is refused by name, and the next job is asked anew', async t => {
  const command = program(
    'nonsense',
    `const said = { negative: { loss: -1 }, much: { loss: 1, accuracy: 1.5 }, other: { id: 'x', loss: 1 }, text: { loss: 'low' } };
  if (job.id === 'nan') say('{"id": "nan", "loss": NaN}');
  else say({ id: job.id, loss: 1, ...said[job.id] });`,
  );
  const answers = await ask(command, ['negative', 'much', 'other', 'text', 'nan', 'good']);
  t.deepEqual(
    answers.slice(0, 5).map(answer => (answer as string).replace(/: \{.*/, '')),
    [
      'EvaluationFailed: its loss is -1: a cross-entropy is at least 0',
      'EvaluationFailed: its accuracy is no number from -1 to 1',
      'EvaluationFailed: its answer is for "x", not for "other"',
      'EvaluationFailed: its answer has no loss that is a number',
      'EvaluationFailed: its answer has no loss that is a number',
    ],
  );
  t.like(answers[5], { loss: 1 });
});

test('weights that do not fit are a failure', async t => {
  const command = program(
    'unfit',
    "writeFileSync(job.folder + '/u', 'abcd'); say({ id: job.id, loss: 1, weights: job.folder + '/u' });",
  );
  t.deepEqual(await ask(command, ['a']), ['EvaluationFailed: 4 bytes are no weights']);
});

test('after a crash the next job starts the program again', async t => {
  const command = program('crash', "if (job.id === 'a') process.exit(3); say({ id: job.id, loss: n });");
  const [crashed, next] = await ask(command, ['a', 'b']);
  t.is(crashed, 'EvaluationFailed: it ended with exit code 3');
  t.like(next, { loss: 1 });
});

test('a program that hangs is killed at the time-out, with what it started, and the search goes on', async t => {
  const beat = join(dir, 'beat');
  const command = program(
    'hang',
    `if (job.id === 'a') { setInterval(() => appendFileSync(${JSON.stringify(beat)}, '.'), 20); await new Promise(() => {}); } say({ id: job.id, loss: n });`,
  );
  // The shell in between must not keep the program alive.
  const [hung, next] = await ask(`${command} | cat`, ['a', 'b'], 1.5);
  t.is(hung, 'EvaluationFailed: no answer in 1.5 s');
  t.like(next, { loss: 1 });
  const beats = readFileSync(beat, 'utf8').length;
  t.true(beats > 0);
  await sleep(200);
  t.is(readFileSync(beat, 'utf8').length, beats);
});

test('a program that is not there, or ends without an answer, is a failure of the candidate', async t => {
  const [missing] = await ask('trex-no-such-program 2>/dev/null', ['a']);
  t.is(missing, 'EvaluationFailed: it ended with exit code 127');
  const [silent] = await ask('true', ['a']);
  t.is(silent, 'EvaluationFailed: it ended with exit code 0');
});

test('Ctrl-C stops the wait and kills the program', async t => {
  const evaluator = open(program('slow', 'await new Promise(() => setInterval(() => {}, 1000));'));
  let looks = 0;
  const pause = async (): Promise<void> => {
    if (++looks === 3) throw new TrexError('interrupted', EXIT.interrupted);
  };
  await t.throwsAsync(evaluator.evaluate(job('a'), hooks(pause)), { message: 'interrupted' });
  await evaluator.close();
});
