/** What a shell may offer for the word at the cursor: names of files, words of options, paths of `--set`. Loaded when a shell asks. */
import { CALIBRATOR_NAMES } from '../../accuracy/calibration.ts';
import type { FileKind } from '../../arch/source-files.ts';
import { TRAFFIC_NAMES } from '../../hw/noc/traffic.ts';
import { GPU_MODES } from '../../numerics/mvm/gpu/gpu-js.ts';
import { BACKENDS } from '../../numerics/mvm/node/open-backend.ts';
import { nodeFiles } from '../../run/node/files.ts';
import { ENCODING_NAMES } from '../../tech/encodings.ts';
import { patternKinds } from '../../workload/patterns.ts';
import { setPaths } from './set-paths.ts';

type Offer = () => readonly string[];

const files =
  (...kinds: readonly FileKind[]): Offer =>
  () =>
    kinds.flatMap(kind => nodeFiles.list(kind));

/** Options whose values are names; those with `choices` are completed by yargs. */
const OPTIONS: Readonly<Record<string, Offer>> = {
  '--arch': files('arch'),
  '--tech': files('tech'),
  '--model': files('models'),
  '--model-name': files('models'),
  '--reuse': () => ['none', 'count:', ...patternKinds.map(kind => `${kind}:`)],
  '--encoding': () => ENCODING_NAMES,
  '--backend': () => BACKENDS,
  '--gpu-mode': () => ['auto', ...GPU_MODES],
  '--calibrator': () => CALIBRATOR_NAMES,
  '--traffic': () => TRAFFIC_NAMES,
  '--iso': () => ['node', 'precision', 'network', 'area', 'arrays', 'snr=', 'accuracy='],
};

/** Commands whose `--model` is a file of weights. */
const OF_WEIGHTS = new Set(['infer', 'accuracy']);

const POSITIONALS: Readonly<Record<string, Offer>> = {
  run: files('arch'),
  explain: files('arch'),
  compare: files('tech', 'arch'),
  check: files('arch', 'tech', 'models'),
  init: () => [],
};

/** Commands that take any number of files. */
const MANY = new Set(['compare', 'check']);

/** Options that hold a list, with commas. */
const LISTS = new Set(['--tech', '--encoding', '--iso']);

/**
 * Of the words behind `trex`, the last one at the cursor (bash takes `=` for a word of its own). Undefined where yargs knows:
 * names of commands and options, and choices. Empty: the shell offers files.
 */
export function completions(words: readonly string[]): string[] | undefined {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const set = setAt(before, current);
  if (set !== undefined) return set;
  const previous = before.at(-1) ?? '';
  const [command] = words;
  if (previous === '--model' && OF_WEIGHTS.has(command)) return [];
  const offer = Object.hasOwn(OPTIONS, previous) ? OPTIONS[previous] : undefined;
  if (offer !== undefined) {
    const list = LISTS.has(previous) ? current.slice(0, current.lastIndexOf(',') + 1) : '';
    return offer().map(word => list + word);
  }
  const isFree = [current, previous, before.at(-2) ?? ''].every(word => !word.startsWith('-'));
  const isPositional = isFree && (before.length === 1 || (before.length > 1 && MANY.has(command)));
  return isPositional && Object.hasOwn(POSITIONALS, command) ? [...POSITIONALS[command]()] : undefined;
}

/** A word a line; zsh takes what is behind a colon for a description. */
export function completionText(
  words: readonly string[],
  shell = `${process.env.SHELL} ${process.env.ZSH_NAME}`,
): string | undefined {
  const isZsh = shell.includes('zsh');
  return completions(words)
    ?.map(word => `${isZsh ? word.replaceAll(':', '\\:') : word}\n`)
    .join('');
}

/** What the script of bash that yargs writes ends with. */
const BASH_END = '    return 0\n}\ncomplete -o';

/** A script of yargs, made for bash not to put a space behind a word that goes on, such as `pe.adcBanks=`. */
export const withoutSpaces = (script: string): string =>
  script.replace(
    BASH_END,
    `    if [ \${#COMPREPLY[@]} -eq 1 ] && [[ "\${COMPREPLY[0]}" == *[=:,] ]]; then
      compopt -o nospace
    fi

${BASH_END}`,
  );

/** Paths behind `--set`, and behind one and its `=` its choices. */
function setAt(before: readonly string[], current: string): string[] | undefined {
  const at = before.lastIndexOf('--set');
  if (at < 0) return undefined;
  const text = [...before.slice(at + 1), current].join(' ').replace(/ ?= ?/, '=');
  if (text.includes(' ')) return undefined;
  const [path, value] = text.split('=');
  if (value === undefined) return [...setPaths().keys()].map(known => `${known}=`);
  const words = [...(setPaths().get(path) ?? [])];
  // bash completes what is behind `=`, other shells the whole word.
  return current.includes('=') && current !== '=' ? words.map(word => `${path}=${word}`) : words;
}
