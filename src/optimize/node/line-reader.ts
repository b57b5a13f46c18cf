/** Cuts what a program prints into lines, and finds the answer to the job at work: the JSON object that repeats its id. */
import { EvaluationFailed } from '../evaluator.ts';
import { type Answer, answerIn } from './answer.ts';

/** A longer line is no answer. */
const MOST_CHARS = 2 ** 20;

interface Waiting {
  readonly id: string;
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

export class LineReader {
  readonly #onChatter: (line: string) => void;
  readonly #decoder = new TextDecoder();
  readonly #answered = new Set<string>();
  #rest = '';
  #hinted = false;
  #failure: Error | undefined;
  #waiting: Waiting | undefined;

  /** `onChatter` hears every line that is not the answer to the job at work. */
  constructor(onChatter: (line: string) => void) {
    this.#onChatter = onChatter;
  }

  push(bytes: Uint8Array): void {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) this.#take(line.trim());
    if (this.#rest.length > MOST_CHARS) {
      this.#rest = '';
      this.fail(new EvaluationFailed(`it prints lines of more than ${MOST_CHARS} characters`));
    }
  }

  /** Nothing more will come. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#waiting?.reject(this.#failure);
    this.#waiting = undefined;
  }

  /** The answer to the job `id`, which is asked for now: what was printed before cannot be it. */
  answer(id: string): Promise<Answer> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting = { id, resolve, reject };
    });
  }

  #take(line: string): void {
    if (line === '') return;
    const answer = answerIn(line);
    const waiting = this.#waiting;
    if (answer === undefined || waiting === undefined) {
      this.#onChatter(line);
      return;
    }
    const { id } = answer;
    if (id === waiting.id) {
      this.#answered.add(id);
      this.#waiting = undefined;
      waiting.resolve(answer);
    } else if (answer.loss === undefined && answer.error === undefined) {
      this.#onChatter(line);
    } else if (id === undefined && answer.isMeant) {
      this.#waiting = undefined;
      waiting.reject(
        new EvaluationFailed(
          `its answer has no id: an answer has "id": ${JSON.stringify(waiting.id)}, as the job has`,
        ),
      );
    } else if (id === undefined) {
      this.#onChatter(line);
      if (!this.#hinted)
        this.#onChatter(
          `  that is no answer: an answer has "id": ${JSON.stringify(waiting.id)}, as the job has`,
        );
      this.#hinted = true;
    } else if (typeof id === 'string' && this.#answered.has(id)) {
      this.#onChatter(line);
      this.#onChatter(`  that is no answer: ${JSON.stringify(id)} has been answered`);
    } else {
      this.#waiting = undefined;
      waiting.reject(
        new EvaluationFailed(
          `its answer is for ${JSON.stringify(id)}, not for ${JSON.stringify(waiting.id)}`,
        ),
      );
    }
  }
}
