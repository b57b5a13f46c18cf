/** How an option is called in the environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

export const PREFIX = 'TREX_';

/** As an option without a word of its own is given: TREX_WEIGHT_BITS. */
export const variableOf = (option: string): string => `${PREFIX}${option.replaceAll('-', '_').toUpperCase()}`;
