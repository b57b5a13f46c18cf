/** Variables TREX_* of the environment: options of all commands that have them; anything else with that name is a slip. */
import { nearest, usageError } from '../../base/errors.ts';
import { masked } from '../../base/masked.ts';
import { OPTION_NEEDS, optionsOf } from './option-needs.ts';
import { type Environment, PREFIX, variableOf } from './variable-of.ts';
import { shown } from './words.ts';

/** What is no option, by name. */
const OWN: Readonly<Record<string, string>> = {
  TREX_BIN: 'the program that the Python package starts',
  TREX_GPU_MODULES: 'folder of the package webgpu, of the checks of GPU modes',
};

/** A variable that is set, and what it means. */
export interface SetVariable {
  readonly name: string;
  readonly value: string;
  readonly means: string;
}

/** The options of all commands, once each, from the table that a test holds against what the commands declare. */
function meanings(): Map<string, string> {
  const options = Object.values(OPTION_NEEDS).flatMap(optionsOf);
  return new Map([
    ...options.map(option => [variableOf(option), `--${option} of the commands that have it`] as const),
    ...Object.entries(OWN),
  ]);
}

/** What holds a password is shown without it, and not at all where it is no URL. */
const withoutSecrets = (name: string, value: string): string =>
  name === variableOf('engine') && !URL.canParse(value) ? '***' : masked(value);

/** What the environment says to `trex`, by name. @throws TrexError (usage) for a variable that says nothing, with the nearest that does. */
export function trexVariables(env: Environment): SetVariable[] {
  const set = Object.entries(env).filter(([name, value]) => name.startsWith(PREFIX) && value !== undefined);
  if (set.length === 0) return [];
  const known = meanings();
  return set
    .map(([name, value]) => {
      const means = known.get(name);
      if (means !== undefined) return { name, value: withoutSecrets(name, String(value)), means };
      const near = nearest(name, [...known.keys()]);
      const hint = near === undefined ? 'TREX_SEED stands for --seed, and so on' : `did you mean ${near}?`;
      throw usageError(`${shown(name)}: no variable of trex: ${hint}`);
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
