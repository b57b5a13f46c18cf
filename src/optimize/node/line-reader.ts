/** Cuts what a program prints into lines, and keeps those that are answers: JSON objects. */
import { EvaluationFailed } from '../evaluator.ts';

/** A longer line is no answer. */
const MOST_CHARS = 2 ** 20;

export class LineReader {
  readonly #onChatter: (line: string) => void;
  readonly #decoder = new TextDecoder();
  readonly #answers: string[] = [];
  #rest = '';
  #failure: Error | undefined;
  #waiting: { resolve(line: string): void; reject(error: Error): void } | undefined;

  /** `onChatter` hears the lines that do not begin with a brace. */
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

  /** Nothing more will come; answers that came before are still given. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#waiting?.reject(this.#failure);
    this.#waiting = undefined;
  }

  /** The next answer. */
  next(): Promise<string> {
    const answer = this.#answers.shift();
    if (answer !== undefined) return Promise.resolve(answer);
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  #take(line: string): void {
    if (!line.startsWith('{')) {
      if (line !== '') this.#onChatter(line);
    } else if (this.#waiting !== undefined) {
      this.#waiting.resolve(line);
      this.#waiting = undefined;
    } else {
      this.#answers.push(line);
    }
  }
}
