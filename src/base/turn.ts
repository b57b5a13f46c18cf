/** Long work that lets others in: signals and timers, or a caller who looks how long it has been. */

/** Gives signals and timers a turn: what is awaited without it, such as a promise that is kept already, does not. */
export const turn = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 0));

/** What work in steps ends with, with a pause between them. */
export async function finishedWith<T>(steps: Generator<void, T>, pause: () => Promise<void>): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    await pause();
  }
}

/** What work in steps ends with, without a pause between them. */
export function finished<T>(steps: Generator<void, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
