/** One run of a decoder: a prompt, or the tokens behind those whose keys and values stand in its cache. */
/** Which tokens a run of a decoder is for. */
export interface DecoderStep {
  /** Tokens before those of this run: their keys and values are in the cache. 0: there are none. */
  readonly past: number;
  /** The words of which tokens are computed: the last one's, from which the next token is drawn, or all. */
  readonly logits: 'last' | 'all';
}

/** The same where it is asked for: a prompt by itself, and its last token's words, unless they say more. */
export interface StepOptions {
  readonly past?: number | undefined;
  readonly logits?: DecoderStep['logits'] | undefined;
}
