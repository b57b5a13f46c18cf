/**
 * `npm run fuzz [-- --words 20000 --files 100000 --seed 1]`: command lines and files at random. Each case ends in a result or in one
 * message with a documented exit code: no stack, no 10 s of computing without an answer to Ctrl-C, no GB of memory, and nothing
 * half-written in the folder. Prints what did not, with the seed and the number that give the case again, and exits 1. Ctrl-C ends
 * it after the case at work, with the counts so far.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeNpy } from '../../src/workload/import/npy-writer.ts';
import { writeSafetensors } from '../../src/workload/import/safetensors-writer.ts';
import type { Answer, Ask, FuzzKind } from './child.ts';

const CHILD = fileURLToPath(new URL('./child.js', import.meta.url));
/** Processor seconds after which a command is interrupted, as by Ctrl-C, and that it may take from then on: a busy machine is no fault. */
const PATIENCE_S = 1;
const MOST_CPU_S = 10;
/** For what waits and computes nothing. */
const MOST_WAIT_MS = 120_000;
const LOOK_MS = 250;
const MOST_MEGABYTES = 1024;

const { values } = parseArgs({
  options: {
    words: { type: 'string', default: '20000' },
    files: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    first: { type: 'string', default: '0' },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'trex-fuzz-'));
const counts = new Map<string, number>();
const faults: string[] = [];
let child: ChildProcess | undefined;
let largest = 0;
let stopped = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    stopped = true;
  });

/** What the command lines name. */
function writeInputs(): void {
  writeFileSync(join(folder, 'chip.yaml'), 'use: trex\nname: chip\nsource: assumed\npe: { adcBanks: 2 }\n');
  writeFileSync(join(folder, 'bad.yaml'), 'use: ./bad.yaml\n? [\n');
  writeFileSync(join(folder, 'vocab.txt'), '[PAD]\n[UNK]\n[CLS]\n[SEP]\n');
  writeFileSync(join(folder, 'profile.csv'), 'skip,count\n1,9\n,1\n');
  writeFileSync(join(folder, 'result.json'), '{"run":{"arch":"trex","model":"deit-t"},"files":[]}');
  writeFileSync(join(folder, 'x.npy'), writeNpy(new Float32Array(12), [1, 3, 2, 2]));
  writeFileSync(
    join(folder, 'w.safetensors'),
    writeSafetensors(new Map([['a', { shape: [1], data: Float32Array.of(1) }]])),
  );
}

const newChild = (): Promise<ChildProcess> =>
  new Promise((resolve, reject) => {
    const started = fork(CHILD, [], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    started.once('message', () => resolve(started));
    started.once('error', reject);
  });

/** Processor seconds that a process has used; the time that has passed where the system does not tell. */
function cpuSeconds({ pid }: ChildProcess): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return performance.now() / 1000;
  }
}

/** Asks, interrupts after a while, and ends the process if that does not help. */
async function answerOf(ask: Ask): Promise<Answer> {
  child ??= await newChild();
  const asked = child;
  return new Promise(resolve => {
    const lost = (outcome: string): void => {
      child = undefined;
      end({ ...ask, what: '', outcome, megabytes: 0 });
    };
    const [begun, beganAt] = [cpuSeconds(asked), performance.now()];
    let interrupted = false;
    const timer = setInterval(() => {
      const used = cpuSeconds(asked) - begun;
      const waited = performance.now() - beganAt;
      if (!interrupted && used > PATIENCE_S) {
        interrupted = true;
        asked.kill('SIGINT');
      } else if (used > PATIENCE_S + MOST_CPU_S || waited > MOST_WAIT_MS) {
        asked.kill('SIGKILL');
        lost(`FAULT no end after ${used.toFixed(0)} s of computing in ${(waited / 1000).toFixed(0)} s`);
      }
    }, LOOK_MS);
    const onExit = (code: number | null, signal: string | null): void =>
      lost(signal === 'SIGINT' ? 'interrupted' : `FAULT the process ended: ${code ?? signal}`);
    const end = (answer: Answer): void => {
      clearInterval(timer);
      asked.off('message', end);
      asked.off('exit', onExit);
      resolve(answer);
    };
    asked.on('message', end);
    asked.on('exit', onExit);
    asked.send(ask);
  });
}

function note(answer: Answer): void {
  const { kind, seed, number, what, outcome, megabytes } = answer;
  largest = Math.max(largest, megabytes);
  const isFault = outcome.startsWith('FAULT');
  const key = `${kind}: ${isFault ? 'FAULT' : outcome}`;
  counts.set(key, (counts.get(key) ?? 0) + 1);
  if (isFault) {
    faults.push(outcome);
    console.log(`${kind} seed ${seed} number ${number} ${what}\n   ${outcome}`);
  }
  if (megabytes <= MOST_MEGABYTES) return;
  console.log(`${kind} seed ${seed} number ${number} ${what}\n   FAULT ${megabytes} MB`);
  faults.push('memory');
  child?.kill();
  child = undefined;
}

/** Temporary names that a command has left. */
const leftOvers = (): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => /\.tmp\b|\.partial\b/.test(name));

async function fuzz(kind: FuzzKind, count: number): Promise<void> {
  const seed = Number(values.seed);
  for (let number = Number(values.first); !stopped && number < Number(values.first) + count; number++) {
    note(await answerOf({ kind, seed, number }));
    if (number % 500 === 499) {
      const left = leftOvers();
      if (left.length > 0) {
        faults.push('half-written');
        console.log(`${kind} before number ${number}: FAULT left behind ${left.join(', ')}`);
        for (const name of left) rmSync(join(folder, name), { recursive: true, force: true });
      }
    }
  }
}

writeInputs();
try {
  await fuzz('files', Number(values.files));
  await fuzz('words', Number(values.words));
} finally {
  child?.kill();
  rmSync(folder, { recursive: true, force: true });
}
for (const [key, count] of [...counts].sort()) console.log(`${key}: ${count}`);
console.log(`most memory of a process: ${largest} MB; ${faults.length} faults`);
if (faults.length > 0) process.exitCode = 1;
