/** `trex doctor`: what is installed, which back ends and GPU modes work here, and how to add the rest. */
import { availableParallelism } from 'node:os';
import type { CommandModule } from 'yargs';
import { EXIT } from '../base/errors.ts';
import { VERSION } from '../base/version.ts';
import { type BackendCheck, checkBackends } from '../numerics/mvm/node/doctor.ts';
import { nodeFiles } from '../run/node/files.ts';
import { type SetVariable, trexVariables } from './io/environment.ts';
import type { FormatArguments } from './io/output-format.ts';
import { commandOutput } from './io/print.ts';

interface Findings {
  readonly version: string;
  readonly node: string;
  readonly platform: string;
  readonly cores: number;
  /** Shipped files that were found. */
  readonly files: { readonly arch: number; readonly tech: number; readonly models: number };
  /** TREX_* that are set: options of all commands. */
  readonly variables: readonly SetVariable[];
  readonly backends: readonly BackendCheck[];
}

const output = commandOutput<Findings>({
  formats: { json: { describe: 'One JSON object', value: findings => findings } },
  text: ({ version, node, platform, cores, files, variables, backends }) =>
    [
      `trex-sim ${version}, Node ${node}, ${platform}, ${cores} cores`,
      `files  ${files.arch} chips, ${files.tech} technologies, ${files.models} networks`,
      ...variables.map(({ name, value, means }) => `${name}=${value}  ${means}`),
      'Back ends, each held against the reference on a noisy matrix:',
      ...backends.map(backendLine),
      '',
    ].join('\n'),
});

/** `--backend` and `--gpu-mode` as they are written. */
const backendLine = ({ name, works, detail, add }: BackendCheck): string =>
  `  ${name.padEnd(15)}${works ? `works: ${detail}` : add === null ? `FAILS: ${detail}` : `absent; ${add}`}`;

async function handler(args: FormatArguments): Promise<void> {
  const backends = await checkBackends();
  const count = (kind: 'arch' | 'tech' | 'models'): number => nodeFiles.list(kind).length;
  output.print(args, {
    version: VERSION,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
    files: { arch: count('arch'), tech: count('tech'), models: count('models') },
    variables: trexVariables(process.env),
    backends,
  });
  // What nothing can be added to is part of the package.
  if (backends.some(({ works, add }) => !works && add === null)) process.exitCode = EXIT.failed;
}

export const doctorCommand: CommandModule<object, FormatArguments> = {
  command: 'doctor',
  describe: 'Which back ends and GPU modes work here, and how to add the rest',
  builder: yargs => yargs.options(output.flags).example('$0 doctor', 'After the installation'),
  handler,
};
