/** Text on a terminal: how wide it is, and how it is cut into lines. */

const ZERO_WIDTH = /\p{Mn}|\p{Me}|\p{Cf}/u;
/** Two columns wide on a terminal (Unicode annex 11, wide and fullwidth; emoji). */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** Columns that a text takes on a terminal. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const char of text) width += ZERO_WIDTH.test(char) ? 0 : WIDE.test(char) ? 2 : 1;
  return width;
}

/** Lines of at most `width` columns, cut between words; only a word that is longer is cut itself. Lines but the first are indented. */
export function wrap(text: string, width: number, indent = 0): string[] {
  const room = Math.max(1, width - indent);
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    const most = lines.length < 2 ? width : room;
    if (line !== undefined && displayWidth(`${line} ${word}`) <= most)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(...pieces(word, lines.length === 0 ? width : room));
  }
  return lines.map((line, i) => (i === 0 ? line : ' '.repeat(indent) + line));
}

/** A word in lines, cut behind signs that part names and paths, or anywhere where there are none. */
function pieces(word: string, width: number): string[] {
  const cut = [''];
  for (const part of word.split(/(?<=[-/.,:;_=])/))
    for (const piece of displayWidth(part) <= width ? [part] : part) {
      const last = cut.length - 1;
      if (cut[last] !== '' && displayWidth(cut[last] + piece) > width) cut.push(piece);
      else cut[last] += piece;
    }
  return cut;
}
