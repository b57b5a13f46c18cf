/** What a request is told: where to stop, and how to say what is there already. */
export interface Turn {
  /** Lets messages in. @throws where a newer request of the lane is there. */
  pause(): Promise<void>;
  part(part: unknown): void;
}
