/** The options of a call have the names of the command line's, in the spelling of the language. */

/** As it is written on the command line, without its dashes: `lowerCase` is `lower-case`. */
export const optionName = (key: string): string =>
  key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
