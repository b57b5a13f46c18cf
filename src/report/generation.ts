/** A decoder writes a text: what is asked for, and what it took. */

/** What a decoder is asked to write: `batch` texts side by side, each a prompt and the tokens behind it. */
export interface Generation {
  /** Tokens of the prompt, which run together. */
  readonly prefill: number;
  /** Tokens behind it, which run one after another. */
  readonly decode: number;
  /** Texts at the same time, each with a cache of its own. */
  readonly batch: number;
}

/** Its options, as a command and a study name them. */
export const GENERATION_OPTIONS = [
  'prefill',
  'decode',
  'batch',
] as const satisfies readonly (keyof Generation)[];

/** Those of them that are given. */
export const generationIn = (
  options: {
    readonly [key in keyof Generation]?: number | undefined;
  },
): Partial<Generation> =>
  Object.fromEntries(
    GENERATION_OPTIONS.filter(name => options[name] !== undefined).map(name => [name, options[name]]),
  );

/** What writing a text took, beside what every run has. */
export interface GenerationFigures {
  /** From the first step of the prompt to the words behind it. */
  readonly timeToFirstToken_s: number;
  /** Mean of the tokens behind the prompt. */
  readonly timePerOutputToken_s: number;
  /** Tokens behind the prompts, of all texts, over the time that they take. */
  readonly tokensPerSecond: number;
  /** Mean of the tokens behind the prompts, of one of them. */
  readonly energyPerToken_J: number;
  /** Keys and values of all texts at their end. */
  readonly kvCache_bytes: number;
  /** As `writes.lifetime_s`: one such batch of texts after another. */
  readonly lifetime_s: number | null;
  readonly generation: Generation & {
    /** Positions of a text by where their keys and values are. */
    readonly kvCache: {
      readonly crossbars: number;
      readonly buffers: number;
      readonly dram: number;
      /** Of all crossbars of the chip, those that keys and values have. */
      readonly arrays: number;
    };
    /** Lines of keys and values that one more token of one text programs: two for each layer and head of keys on crossbars. */
    readonly linesPerToken: number;
    /** Each token behind the prompt, all texts together: the growth with its position. */
    readonly tokens: readonly {
      readonly position: number;
      readonly time_s: number;
      readonly energy_J: number;
    }[];
  };
}
