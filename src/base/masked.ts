/** The text with the password of every URL in it masked: `redis://user:***@host`. */
export const masked = (text: string): string =>
  text.replace(/([a-z][a-z0-9+.-]*:\/\/[^\s:/?#]*):[^\s/?#]*@/gi, '$1:***@');
