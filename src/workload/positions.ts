/** Rows of a text network's position embedding. */

interface Positions {
  readonly maxTokens: number;
  readonly padding?: number | undefined;
  readonly positions?: 'learned' | 'none';
  readonly positionOffset?: number;
}

/** RoBERTa's positions begin behind the padding token's, whose row and those before it no other token has; OPT's behind two rows; rotary ones have none. */
export const positionRows = ({ maxTokens, padding, positions, positionOffset = 0 }: Positions): number =>
  positions === 'none' ? 0 : maxTokens + positionOffset + (padding === undefined ? 0 : padding + 1);
