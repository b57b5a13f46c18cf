/** An evaluator that is a program of the user: one JSON line in, the JSON line with the same id out (docs/bring-your-own-trainer.md). */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { TrexError } from '../../base/errors.ts';
import { atExit } from '../../run/node/at-exit.ts';
import type { ReusePlan } from '../../workload/reuse.ts';
import { type Evaluation, EvaluationFailed, type EvaluationJob, type Evaluator } from '../evaluator.ts';
import { type Answer, evaluationOf } from './answer.ts';
import { LineReader } from './line-reader.ts';

/** How often a wait looks whether the user wants to stop. */
const LOOK_MS = 100;
/** After end of input, before the program is killed. */
const LEAVE_MS = 2000;

export interface ProcessOptions {
  /** Run by the shell, in the working directory. */
  readonly command: string;
  /** For one answer, seconds. */
  readonly timeout_s: number;
  /** Absolute paths: the model file, the weights of the network without reuse, and where weights may be left. */
  readonly network: string;
  readonly weights: string | null;
  readonly folder: string;
  /** Whether weights are those of the network with this reuse; throws what is wrong. */
  readonly checkWeights: (weights: Uint8Array, plan: ReusePlan) => void;
  /** Lines of the program that are no answers. */
  readonly onChatter?: (line: string) => void;
}

/** What the program reads; one line per job. */
interface Request extends Omit<EvaluationJob, 'plan' | 'fraction' | 'epochs'> {
  readonly version: 1;
  readonly network: string;
  readonly reuse: readonly number[];
  readonly pattern: string;
  readonly budget: { readonly fraction: number; readonly epochs: number };
  readonly weights: string | null;
  readonly folder: string;
}

/**
 * Starts the program at the first job and keeps it. After a time-out, a crash or an answer that makes no sense it is
 * killed with all that it started, and the next job starts it again.
 */
export function processEvaluator(options: ProcessOptions): Evaluator {
  let program: Program | undefined;
  const stop = (): void => {
    program?.kill();
    program = undefined;
  };
  // What is not in our group would outlive us.
  const stay = atExit(stop);
  return {
    async evaluate(job, { pause, onStep }) {
      onStep(0, 1);
      const running = (program ??= new Program(options));
      try {
        running.send(requestOf(job, options));
        const answer = await answerOf(running, job.id, options.timeout_s, pause);
        if (answer.weights !== null) checked(() => options.checkWeights(answer.weights!, job.plan));
        onStep(1, 1);
        return answer;
      } catch (error) {
        stop();
        throw error;
      }
    },
    async close() {
      stay();
      await program?.leave();
      stop();
    },
  };
}

function checked(check: () => void): void {
  try {
    check();
  } catch (error) {
    if (error instanceof TrexError) throw new EvaluationFailed(error.message);
    throw error;
  }
}

function requestOf(job: EvaluationJob, { network, weights, folder }: ProcessOptions): Request {
  const { plan, fraction, epochs, ...rest } = job;
  const { encoders: reuse, pattern } = plan;
  return { version: 1, ...rest, network, reuse, pattern, budget: { fraction, epochs }, weights, folder };
}

async function answerOf(
  program: Program,
  id: string,
  timeout_s: number,
  pause: () => Promise<void>,
): Promise<Evaluation> {
  const stopAt = performance.now() + timeout_s * 1000;
  const answer = program.answer(id);
  // A failure may come while nobody waits.
  answer.catch(() => {});
  for (;;) {
    const left = stopAt - performance.now();
    if (left <= 0) throw new EvaluationFailed(`no answer in ${timeout_s} s`);
    const given = await Promise.race([answer, sleep(Math.min(left, LOOK_MS), undefined)]);
    await pause();
    if (given !== undefined) return evaluationOf(given);
  }
}

/** The running program. */
class Program {
  readonly #child: ChildProcess;
  readonly #lines: LineReader;
  #ended: string | undefined;

  constructor({ command, onChatter = () => {} }: ProcessOptions) {
    this.#lines = new LineReader(onChatter);
    // A group of its own: the shell's children end with it, and Ctrl-C is ours to handle.
    this.#child = spawn(command, {
      shell: true,
      detached: true,
      windowsHide: true,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const ended = (how: string): void => {
      this.#ended ??= how;
      this.#lines.fail(new EvaluationFailed(this.#ended));
    };
    this.#child.on('error', error => ended(`it cannot be started: ${error.message}`));
    this.#child.on('close', (code, signal) =>
      ended(signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`),
    );
    // It may end before it has read all: the end tells.
    this.#child.stdin!.on('error', () => {});
    this.#child.stdout!.on('data', (bytes: Buffer) => this.#lines.push(bytes));
  }

  send(request: Request): void {
    if (this.#ended !== undefined) throw new EvaluationFailed(this.#ended);
    this.#child.stdin!.write(`${JSON.stringify(request)}\n`);
  }

  answer(id: string): Promise<Answer> {
    return this.#lines.answer(id);
  }

  /** Lets it end by itself. */
  async leave(): Promise<void> {
    this.#child.stdin!.end();
    const stopAt = performance.now() + LEAVE_MS;
    while (this.#ended === undefined && performance.now() < stopAt) await sleep(LOOK_MS / 5);
  }

  kill(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    // Windows has no groups that can be signalled, but knows who started whom.
    if (process.platform === 'win32') spawnSync('taskkill', ['/pid', `${pid}`, '/t', '/f']);
    else {
      try {
        process.kill(-pid, 'SIGKILL');
      } catch {
        // It has ended already.
      }
    }
  }
}
