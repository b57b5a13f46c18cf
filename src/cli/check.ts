/** `trex check FILE...`: every error of every file, each with its line. */
import { existsSync } from 'node:fs';
import type { CommandModule } from 'yargs';
import { archSchema } from '../arch/schema.ts';
import type { FileKind, FileRef } from '../arch/source-files.ts';
import { parseFile } from '../arch/yaml-source.ts';
import { EXIT, type ExitCode, nearest, TrexError } from '../base/errors.ts';
import { isPath, listFiles, readText, resolveFile } from '../run/node/files.ts';
import { loadArch, loadModel, loadTech } from '../run/node/load.ts';
import { techSchema } from '../tech/schema.ts';
import { encoderFields, imageFields } from '../workload/model-fields.ts';

const KINDS = { arch: 'arch', tech: 'tech', model: 'models' } as const;
const SHIPPED: readonly FileKind[] = Object.values(KINDS);

export interface CheckReport {
  /** "arch/trex.yaml: ok", one per sound file. */
  readonly lines: readonly string[];
  readonly warnings: readonly string[];
  /** One text per unsound file, with all its errors. */
  readonly errors: readonly string[];
  readonly exitCode: ExitCode;
}

interface CheckArguments {
  files: string[];
  kind: keyof typeof KINDS | undefined;
}

/** Top-level keys of each kind. */
const KEYS: Record<FileKind, ReadonlySet<string>> = {
  arch: new Set(Object.keys(archSchema.shape)),
  tech: new Set(techSchema.options.flatMap(option => Object.keys(option.shape))),
  models: new Set(Object.keys(encoderFields).concat(Object.keys(imageFields))),
};

const LOAD: Record<FileKind, (word: string) => readonly string[]> = {
  arch: word => loadArch(word).warnings,
  tech: word => loadTech(word).warnings,
  models: word => loadModel(word).warnings,
};

/** Checks files, given by name or path, with those that they use. Nothing is thrown for a bad file. */
export function checkFiles(words: readonly string[], kind?: keyof typeof KINDS): CheckReport {
  const lines: string[] = [];
  const warnings = new Set<string>();
  const errors: string[] = [];
  let exitCode: ExitCode = EXIT.ok;
  for (const word of words) {
    try {
      const { name, load } = find(word, kind && KINDS[kind]);
      for (const warning of load()) warnings.add(warning);
      lines.push(`${name}: ok`);
    } catch (error) {
      if (!(error instanceof TrexError)) throw error;
      errors.push(error.message);
      if (exitCode !== EXIT.invalidFile) exitCode = error.exitCode;
    }
  }
  return { lines, warnings: [...warnings], errors, exitCode };
}

export const checkCommand: CommandModule<object, CheckArguments> = {
  command: 'check <files..>',
  describe: 'Check architecture, technology and model files; exit 3 if one is invalid',
  builder: yargs =>
    yargs
      .positional('files', { type: 'string', array: true, demandOption: true, describe: 'Names or paths' })
      .option('kind', {
        choices: ['arch', 'tech', 'model'] as const,
        describe: 'Kind of file  [from its content]',
      })
      .example('$0 check my-chip.yaml', 'All errors of a file, with line and column')
      .example('$0 check trex fefet-32nm deit-s', 'Files that came with the program'),
  handler: ({ files, kind }) => {
    const report = checkFiles(files, kind);
    for (const line of report.lines) process.stdout.write(`${line}\n`);
    for (const warning of report.warnings) process.stderr.write(`warning: ${warning}\n`);
    if (report.errors.length > 0) throw new TrexError(report.errors.join('\n'), report.exitCode);
  },
};

/** The file that a word means, and how to load it: by its kind, or by what it holds. */
function find(word: string, kind?: FileKind): { name: string; load: () => readonly string[] } {
  const named = kind ?? SHIPPED.find(k => !isPath(word) && listFiles(k).includes(word));
  if (named !== undefined) return { name: resolveFile(named, word).name, load: () => LOAD[named](word) };
  const path = isPath(word) ? word : `./${word}`;
  if (!isPath(word) && !existsSync(path)) throw unknown(word);
  const ref = resolveFile('arch', path);
  return { name: ref.name, load: () => LOAD[kindOf(ref)](path) };
}

function unknown(word: string): TrexError {
  const near = nearest(
    word,
    SHIPPED.flatMap(k => listFiles(k)),
  );
  const hint = near === undefined ? '`trex list` shows the names that there are' : `did you mean ${near}?`;
  return new TrexError(`no file is called '${word}': ${hint}`, EXIT.missing);
}

/** By content: `level` is a technology's, `family` a model's; without them, what most of its keys belong to. */
function kindOf(ref: FileRef): FileKind {
  const keys = [...(parseFile(ref.name, readText(ref).text).tree?.entries.keys() ?? [])];
  if (keys.includes('level')) return 'tech';
  if (keys.includes('family')) return 'models';
  const share = (known: ReadonlySet<string>): number => keys.filter(key => known.has(key)).length;
  const shares = { arch: share(KEYS.arch), tech: share(KEYS.tech), models: share(KEYS.models) };
  return (['arch', 'tech', 'models'] as const).reduce((best, k) => (shares[k] > shares[best] ? k : best));
}
