/** What is held to the byte on every Node: commands of every path that gives numbers, each of a second or so. */
import { writeTinyNetwork } from '../accuracy/read-out.ts';

const QUIET = ['--json', '--quiet'];
const SMALL = ['--rows', '64', ...QUIET];

/** The words of each, by a name. */
export const CASES: Readonly<Record<string, readonly string[]>> = {
  run: ['run', 'trex', '--model', 'deit-s', ...QUIET],
  'run whole': ['run', 'trex-full', '--model', 'deit-t', '--reuse', 'strided:5', ...QUIET],
  'xbar nodes': ['xbar', '--tech', 'sram-32nm,rram-32nm', '--node', '28nm,65nm', '--trials', '0', ...SMALL],
  'xbar supply': ['xbar', '--vdd', '0.8,0.9', '--temperature', '300,350', '--trials', '0', ...SMALL],
  'xbar survey': ['xbar', '--adc', '4..8', '--set', 'tech.adc.law=survey', '--trials', '0', ...SMALL],
  'xbar errors': ['xbar', '--tech', 'rram-32nm', '--trials', '1', '--threads', '1', ...SMALL],
  mvm: ['mvm', '--rows', '96', '--cols', '64', '--trials', '2', '--written', '--threads', '1', ...QUIET],
  noc: ['noc', '--mesh', '4x4', '--measure', '2000', ...QUIET],
  compare: ['compare', 'fefet-32nm', 'sram-32nm', '--model', 'deit-t', '--trials', '1', ...QUIET],
  optimize: ['optimize', '--model', 'deit-s', '--arch', 'trex', '--target-delay', '7ms', ...QUIET],
  explain: ['explain', 'trex-full', '--json'],
  accuracy: [
    ...['accuracy', '--model', 'tiny', '--model-name', './tiny/model.yaml', '--data', 'tiny/x.npy'],
    ...['--set', 'tech.adc.bits=8', '--images', '12', '--draws', '1', '--sweep', 'sigmaRead=0,0.1'],
    ...['--threads', '1', ...QUIET],
  ],
};

/** What the commands read, written into `folder`. */
export const writeInputs = (folder: string): Promise<void> => writeTinyNetwork(`${folder}/tiny`);
