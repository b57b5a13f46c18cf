/** docs/commands.md: the help of every command with all its options, from the declarations that the command line reads. */
import { COMMANDS, helpOf } from './command-line.ts';

const WIDTH = 100;

const HEADER = `# Commands

What \`trex COMMAND --help-all\` prints, for all commands; \`--help\` leaves rare options out. Written by \`npm run build\`.

An option of any command can stand in the environment, as \`TREX_\` and its name in capitals: \`TREX_SEED=7\`, \`TREX_WEIGHT_BITS=6\`.
It is given to the commands that have it; a word on the command line wins. A variable \`TREX_...\` that is no option is refused with the nearest name;
\`trex doctor\` shows those that are set. \`trex\` prints no colours, so that \`NO_COLOR\` has nothing to switch off. \`COLUMNS\` sets the width of tables.

Exit codes: 0 ok, 1 failed, 2 usage, 3 invalid file, 4 missing file, 130 interrupted.
`;

export async function commandsPage(): Promise<string> {
  const parts = [HEADER];
  for (const name of Object.keys(COMMANDS).sort()) {
    const text = (await helpOf(name, WIDTH)).replace(/ +$/gm, '').trim();
    parts.push(`## trex ${name}\n\`\`\`text\n${text}\n\`\`\`\n`);
  }
  return parts.join('\n');
}
