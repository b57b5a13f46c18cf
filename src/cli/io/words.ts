/**
 * The words of a command line, read once for all commands against what the command declares: an option is known, given once, and
 * has a value of its kind, which may begin with a minus. What comes out is for yargs: one word for each option.
 */
import type { Options } from 'yargs';
import { nearest, type TrexError, usageError } from '../../base/errors.ts';
import type { Declaration, Positional } from './declaration.ts';
import { HELP_ALL } from './short-help.ts';
import { type Environment, variableOf } from './variable-of.ts';

/** A number in digits: no other base, no infinity. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** `-3ms` is a value, `-q` would be an option. */
const VALUE = /^([^-]|-[\d.]|-$)/;
const SWITCHES = ['true', 'false'];
export const ASKS_HELP: readonly string[] = ['--help', HELP_ALL, '-h', '--version'];

const camelCase = (name: string): string => name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());

/** Whether the environment gives an option, and no word does: it is given to whatever command has it. */
export const fromEnvironment =
  (words: readonly string[], env: Environment) =>
  (name: string): boolean =>
    env[variableOf(name)] !== undefined &&
    ![`--${name}`, `--no-${name}`, `--${camelCase(name)}`].some(
      own => words.includes(own) || words.some(word => word.startsWith(`${own}=`)),
    );

/**
 * `words` are those behind the command. An option that stands in none is taken from the environment, where there is one.
 * @throws TrexError (usage)
 */
export function readWords(declared: Declaration, words: readonly string[], env: Environment = {}): string[] {
  const { options } = declared;
  const names = new Map(
    [...options.keys()].flatMap(name => [[name, name] as const, [camelCase(name), name] as const]),
  );
  const given = new Map<string, string[]>();
  const plain: string[] = [];
  const rest = words.indexOf('--');
  const before = rest < 0 ? words : words.slice(0, rest);

  const take = (name: string, said: string, value: string): void => {
    const option = options.get(name)!;
    checkValue(said, option, value);
    const earlier = given.get(name) ?? [];
    checkRepeat(said, option, value, earlier);
    given.set(name, [...earlier, value]);
  };

  for (let i = 0; i < before.length; i++) {
    const word = before[i];
    if (VALUE.test(word) || word === '') {
      plain.push(word);
      continue;
    }
    const [, dashes, said, , value] = /^(--?)([^=]*)(=([\s\S]*))?$/.exec(word)!;
    const off = said.startsWith('no-') ? names.get(said.slice(3)) : undefined;
    // An option of one letter stands in the help with one dash.
    const name = dashes === '--' || said.length === 1 ? (names.get(said) ?? off) : undefined;
    if (name === undefined) throw unknownOption(declared, word.split('=')[0]);
    const option = options.get(name)!;
    if (option.type === 'boolean') {
      const next = value ?? (SWITCHES.includes(before[i + 1]) ? before[++i] : 'true');
      const reversed = !names.has(said);
      if (reversed && value !== undefined) throw usageError(`--${said} takes no value`);
      take(name, `--${said}`, reversed ? 'false' : next);
    } else if (!names.has(said)) throw unknownOption(declared, `--${said}`);
    else if (value !== undefined) take(name, `--${said}`, value);
    else take(name, `--${said}`, valueBehind(`--${said}`, before[++i]));
  }
  for (const [name] of options) {
    const value = env[variableOf(name)];
    if (value !== undefined && !given.has(name)) take(name, variableOf(name), value);
  }
  plain.push(...(rest < 0 ? [] : words.slice(rest + 1)));
  checkPositionals(declared, plain);
  for (const [name, { demandOption }] of options)
    if (demandOption && !given.has(name))
      throw usageError(`trex ${declared.command} needs --${name}; see --help`);
  const written = [...given].flatMap(([name, values]) => values.map(value => `--${name}=${guarded(value)}`));
  return [...plain, ...written];
}

function unknownOption({ command, options }: Declaration, said: string): TrexError {
  const near = nearest(said.replace(/^-+/, '').slice(0, LONGEST), [...options.keys()]);
  const hint = near === undefined ? `see trex ${command} --help` : `did you mean --${near}?`;
  return usageError(`unknown option ${shown(said)} of trex ${command}: ${hint}`);
}

function valueBehind(said: string, next: string | undefined): string {
  if (next === undefined || next.startsWith('--')) throw usageError(`${said} needs a value`);
  if (next !== '' && !VALUE.test(next))
    throw usageError(`${said} needs a value; one that begins with a minus: ${said}=${next}`);
  return next;
}

/** yargs takes a pair of quotes off a value behind "=": one that has a pair of its own gets another. */
const guarded = (value: string): string => (/^(["']).*\1$/s.test(value) ? `"${value}"` : value);

function checkValue(said: string, { type, choices }: Options, value: string): void {
  if (value.trim() === '') throw usageError(`${said} is empty`);
  if (type === 'boolean' && !SWITCHES.includes(value))
    throw usageError(`${said} ${shown(value)}: expected true or false`);
  if (type === 'number' && !(NUMBER.test(value) && Number.isFinite(Number(value))))
    throw usageError(`${said} ${shown(value)}: expected a number`);
  if (choices !== undefined) checkChoice(said, choices.map(String), value);
}

function checkChoice(said: string, choices: readonly string[], value: string): void {
  if (choices.includes(value)) return;
  const near = choices.some(choice => NUMBER.test(choice))
    ? undefined
    : nearest(value.slice(0, LONGEST), choices);
  const hint = near === undefined ? `expected one of ${choices.join(', ')}` : `did you mean ${near}?`;
  throw usageError(`${said} ${shown(value)}: ${hint}`);
}

/** An option with a list takes one word each time, and no key of `key=value` twice. */
function checkRepeat(said: string, { array }: Options, value: string, earlier: readonly string[]): void {
  if (earlier.length === 0) return;
  if (array !== true) throw usageError(`${said} is given more than once`);
  const keyOf = (text: string): string => text.split('=')[0].trim();
  if (earlier.some(text => keyOf(text) === keyOf(value)))
    throw usageError(`${said} ${shown(keyOf(value))} is given more than once`);
}

function checkPositionals({ command, positionals }: Declaration, words: readonly string[]): void {
  const most = positionals.some(({ many }) => many) ? Infinity : positionals.length;
  if (words.length > most)
    throw usageError(`trex ${command}: unexpected ${shown(words[most])}; see trex ${command} --help`);
  positionals.forEach((positional, i) => {
    const own = positional.many ? words.slice(i) : words.slice(i, i + 1);
    checkPositional(command, positional, own);
  });
}

function checkPositional(
  command: string,
  { name, required, choices }: Positional,
  words: readonly string[],
): void {
  if (required && words.length === 0) {
    const known = choices === undefined ? '' : `: ${choices.join(', ')}`;
    throw usageError(`trex ${command} needs <${name}>${known}; see trex ${command} --help`);
  }
  for (const word of words) {
    if (word.trim() === '') throw usageError(`trex ${command}: <${name}> is empty`);
    if (word.startsWith('-'))
      throw usageError(`trex ${command}: <${name}> begins with a minus; a file: ./${shown(word)}`);
    if (choices !== undefined) checkChoice(`trex ${command}`, choices, word);
  }
}

/** Longest part of a word that a message repeats. */
const LONGEST = 60;

/** A word in a message: one line, and short. */
export function shown(word: string): string {
  const line = JSON.stringify(word).slice(1, -1);
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}...` : line;
}
