/** Files in memory for the loader's tests: one small sound file of each kind, to be broken line by line. */
import type { FileKind, FileRef, Files } from '../../src/arch/source-files.ts';
import { EXIT, TrexError } from '../../src/base/errors.ts';

/** A macro; line numbers in the tests count from here. */
export const MACRO = `name: cell
source: a test
level: macro
node: 32 nm
cell: { device: fefet, bits: 2 }
crossbar: { rows: 64, cols: 64 }
adc: { kind: sar, bits: 8, columns: 8 }
read: { energy: 25 pJ, time: 20 ns }
write:
  energy: 118 pJ
  time: 3.3 us
area: 0.03 mm2
shares:
  energy: { readCircuit: 20 %, adc: 48 %, accumulator: 19 %, interconnect: 13 %, buffer: 0 % }
  area: { array: 1 %, adc: 58 %, accumulator: 7 %, interconnect: 3 %, buffer: 0 %, other: 31 % }
`;

/** Sources of files by their names, such as "tech/cell.yaml"; paths are the same as names. */
export function memoryFiles(texts: Readonly<Record<string, string>>): Files {
  return {
    resolve(kind: FileKind, word: string, from?: FileRef): FileRef {
      const folder = from?.name.replace(/[^/]*$/, '') ?? '';
      const name = word.endsWith('.yaml') ? folder + word : `${kind}/${word}.yaml`;
      if (name in texts) return { path: name, name };
      throw new TrexError(`no ${kind} file is called '${word}'`, EXIT.missing);
    },
    read: ({ name }) => ({ text: texts[name], sha256: `sha of ${name}` }),
    list: kind =>
      Object.keys(texts)
        .filter(name => name.startsWith(`${kind}/`))
        .map(name => name.slice(kind.length + 1, -'.yaml'.length)),
  };
}

/** The message and exit code of the TrexError that `action` throws. */
export function failure(action: () => unknown): { message: string; exitCode: number } {
  try {
    action();
  } catch (error) {
    if (error instanceof TrexError) return { message: error.message, exitCode: error.exitCode };
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** The macro with one text of it replaced. */
export function macroWith(from: string, to: string): string {
  if (!MACRO.includes(from)) throw new Error(`not in the macro: ${from}`);
  return MACRO.replace(from, to);
}
