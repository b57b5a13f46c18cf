/** Threads that share memories with the calling one and work on one job at a time, each taking items until none is left. */

/** All threads but the calling one. Messages wait for a thread that is at work, in their order. */
export interface ThreadPool<Note, Job> {
  /** Tells every thread what later jobs need. */
  tell(note: Note): void;
  /**
   * Every thread works until no item is left. What is `patient` makes way for what is not and comes later. A job ends when
   * every thread has stopped, well or not: from then on nobody touches its memory.
   */
  run(job: Job, patient?: boolean): Promise<void>;
  /** Ends the threads. */
  close(): Promise<void>;
}

/** What one of the threads does. */
export interface ThreadWork<Note, Job> {
  note(note: Note): void;
  /** A job with what it needs of the notes so far. What it gives works on at most `most` items; whether none is left. */
  accept(job: Job): (most: number) => boolean;
}
