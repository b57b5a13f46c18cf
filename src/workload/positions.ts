/** Rows of a text network's position embedding. */

interface Positions {
  readonly maxTokens: number;
  readonly padding?: number | undefined;
}

/** RoBERTa's positions begin behind the padding token's, whose row and those before it no other token has. */
export const positionRows = ({ maxTokens, padding }: Positions): number =>
  maxTokens + (padding === undefined ? 0 : padding + 1);
