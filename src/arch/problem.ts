/** What is wrong with a file, said as `file:line:col  path: what was expected, got what`, with the line and a caret. */
import { EXIT, TrexError } from '../base/errors.ts';
import { frame, printable, type Span, where } from './span.ts';

const MOST_SHOWN = 50;

export interface Problem {
  readonly span: Span;
  /** Dotted path of the value, '' for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

/** The message of one problem on one line, without the code frame: also the form of a warning. */
export function problemLine({ span, path, message }: Problem): string {
  const subject = path === '' ? '' : `${printable(path)}: `;
  return `${where(span)}  ${subject}${printable(message)}`;
}

/** One error for all problems of a file, in file order; bad overrides alone exit as usage errors. */
export function invalidFile(problems: readonly Problem[]): TrexError {
  const sorted = [...problems].sort((a, b) => order(a) - order(b) || a.span.start - b.span.start);
  const texts = sorted.slice(0, MOST_SHOWN).map(problem => {
    const code = frame(problem.span);
    return problemLine(problem) + (code === '' ? '' : `\n${code}`);
  });
  if (sorted.length > MOST_SHOWN) texts.push(`... and ${sorted.length - MOST_SHOWN} more`);
  const onlyFlags = sorted.every(p => p.span.source.kind === 'flag');
  return new TrexError(texts.join('\n'), onlyFlags ? EXIT.usage : EXIT.invalidFile);
}

/** Files first, then the command line. */
const order = (problem: Problem): number => (problem.span.source.kind === 'file' ? 0 : 1);
