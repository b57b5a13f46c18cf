/** One process of a fuzz run: does one case after another as its parent asks, and says how each ended. */
import { EXIT, TrexError } from '../../src/base/errors.ts';
import { uniformStream } from '../../src/base/random.ts';
import { COMMANDS, commandLine } from '../../src/cli/command-line.ts';
import { declarationOf } from '../../src/cli/io/declaration.ts';
import { NONSENSE } from './format.ts';
import { FORMATS } from './formats.ts';
import { mutateBytes, mutateText, pick } from './mutate.ts';
import { wordCase } from './word-cases.ts';

export type FuzzKind = 'words' | 'files';

/** What the parent asks for. */
export interface Ask {
  readonly kind: FuzzKind;
  readonly seed: number;
  readonly number: number;
}

/** How a case ended. */
export interface Answer extends Ask {
  /** The words, or the format. */
  readonly what: string;
  /** `taken`, `exit 2`, `interrupted`; a fault begins with `FAULT`. */
  readonly outcome: string;
  readonly megabytes: number;
}

const EXITS: readonly number[] = Object.values(EXIT);
const DRAWN = FORMATS.flatMap(format => Array.from({ length: format.weight }, () => format));
/** A result has no NaN, which a message may repeat. */
const NO_NUMBER = /\bundefined\b|\[object |\bNaN\b/;

const declarations = await Promise.all(
  Object.values(COMMANDS).map(async load => declarationOf(await load())),
);

async function words({ seed, number }: Ask): Promise<Pick<Answer, 'what' | 'outcome'>> {
  const args = wordCase(uniformStream(seed, 'words', number), declarations);
  const what = JSON.stringify(args);
  let [out, err] = ['', ''];
  const { write } = process.stdout;
  const writeError = process.stderr.write;
  process.stdout.write = ((text: string) => {
    if (out.length < 1e6) out += text;
    return true;
  }) as typeof write;
  process.stderr.write = ((text: string) => {
    err += text;
    return true;
  }) as typeof write;
  for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal);
  try {
    const code = await commandLine(args);
    if (!EXITS.includes(code)) return { what, outcome: `FAULT exit ${code}` };
    if (code !== 0 && err.trim() === '') return { what, outcome: `FAULT exit ${code} without a word` };
    const nonsense = NONSENSE.exec(err) ?? NO_NUMBER.exec(out);
    if (nonsense !== null) {
      const text = err + out;
      const at = text.indexOf(nonsense[0]);
      return { what, outcome: `FAULT says ${JSON.stringify(text.slice(Math.max(0, at - 80), at + 80))}` };
    }
    return { what, outcome: code === 0 ? 'taken' : `exit ${code}` };
  } catch (error) {
    return { what, outcome: fault(error) };
  } finally {
    process.stdout.write = write;
    process.stderr.write = writeError;
  }
}

async function files({ seed, number }: Ask): Promise<Pick<Answer, 'what' | 'outcome'>> {
  const random = uniformStream(seed, 'files', number);
  const format = pick(random, DRAWN);
  const right = pick(random, format.seeds);
  const bytes = format.text
    ? new TextEncoder().encode(mutateText(new TextDecoder().decode(right), random))
    : mutateBytes(right, random);
  try {
    await format.read(bytes);
    return { what: format.name, outcome: 'taken' };
  } catch (error) {
    if (error instanceof TrexError) {
      const nonsense = NONSENSE.exec(error.message);
      if (nonsense === null) return { what: format.name, outcome: `exit ${error.exitCode}` };
      return { what: format.name, outcome: `FAULT says ${JSON.stringify(error.message.slice(0, 300))}` };
    }
    return { what: format.name, outcome: fault(error) };
  }
}

const fault = (error: unknown): string =>
  `FAULT ${error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 5).join(' | ') : String(error)}`;

process.on('message', async (ask: Ask) => {
  const { what, outcome } = await (ask.kind === 'words' ? words(ask) : files(ask));
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  process.send!({
    kind: ask.kind,
    seed: ask.seed,
    number: ask.number,
    what,
    outcome,
    megabytes,
  } satisfies Answer);
});
process.send!('ready');
