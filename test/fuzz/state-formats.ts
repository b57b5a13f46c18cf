/** What a run leaves for a later one: logs, checkpoints, locks, results, and the answers of a user's program. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT, TrexError } from '../../src/base/errors.ts';
import { sealedBytes, sealedLine } from '../../src/base/sealed.ts';
import { openProgress } from '../../src/cli/io/progress-file.ts';
import { openRows, storedRows } from '../../src/cli/io/rows-file.ts';
import { EvaluationFailed } from '../../src/optimize/evaluator.ts';
import { evaluationOf } from '../../src/optimize/node/answer.ts';
import { openStore } from '../../src/optimize/node/folder-store.ts';
import { LineReader } from '../../src/optimize/node/line-reader.ts';
import { lockFolder } from '../../src/run/node/lock.ts';
import { readState, stateBytes } from '../../src/train/state.ts';
import { decode, encode, type FuzzedFormat, hear, json } from './format.ts';

/** `read` in a folder of its own that holds the file. */
async function inFolder(
  name: string,
  bytes: Uint8Array,
  read: (dir: string) => Promise<void>,
): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'trex-fuzz-state-'));
  try {
    writeFileSync(join(dir, name), bytes);
    await read(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Each line that is a JSON object behind a right checksum: what a schema has to hold. */
const sealedAnew = (text: string): Uint8Array =>
  encode(
    text
      .split('\n')
      .map(line => {
        try {
          const value: unknown = JSON.parse(line);
          return typeof value === 'object' && value !== null ? sealedLine(value) : `${line}\n`;
        } catch {
          return `${line}\n`;
        }
      })
      .join(''),
  );

/** A log, damaged as it stands and with its checksums set right again. */
function log(name: string, entries: readonly object[], read: (dir: string) => Promise<void>): FuzzedFormat[] {
  const plain = entries.map(entry => `${JSON.stringify(entry)}\n`).join('');
  const [command, file] = name.split(': ');
  return [
    {
      name: `${command} log`,
      text: false,
      weight: 3,
      seeds: [sealedAnew(plain)],
      read: bytes => inFolder(file, bytes, read),
    },
    {
      name: `${command} log, sealed anew`,
      text: true,
      weight: 6,
      seeds: [encode(plain)],
      read: bytes => inFolder(file, sealedAnew(decode(bytes)), read),
    },
  ];
}

const begin = { schemaVersion: 1, version: '1', run: { seed: 1 }, files: [] } as const;
const accuracyBegin = { ...begin, backend: {}, data: 'glyphs' } as const;
const tally = { images: 4, top1: 2, top5: 4, loss: 3.5, confusion: [1, 0, 1, 2] };
const row = {
  tech: 'fefet-32nm',
  node_m: 32e-9,
  rows: 16,
  cols: 16,
  cellBits: 2,
  weightBits: 8,
  inputBits: 8,
  encoding: 'offset',
  vdd_V: 0.9,
  temperature_K: 300,
  adc: { kind: 'sar', bits: 5, columns: 8 },
  area_m2: 1e-9,
  areaBreakdown: { cells: 1e-9 },
  read: { energy_J: 1e-12, time_s: 1e-9, breakdown: { adc: 1e-12 }, timeBreakdown: { adc: 1e-9 } },
  write: { energy_J: 1e-9, time_s: 1e-6 },
  leakage_W: 0,
  topsPerWatt: 1,
  topsPerMm2: 1,
  weightsPerMm2: 1,
  energyPerStep_J: null,
  losslessAdcBits: 6,
  error: { trials: 1, rmse: { mean: 1, interval95: null }, snr_dB: null, effectiveBits: null, assumed: 'x' },
  warnings: [],
};
const trained = { loss: 1.5, accuracy: 0.5, lossHistory: [2, 1.5], warnings: [] };

const values = Float32Array.of(1, 2, 3, 4);
const STATE = stateBytes({
  fingerprint: 'abc',
  epoch: 1,
  step: 10,
  best: 1,
  history: [{ epoch: 1, loss: 2.5, accuracy: 0.25, validationLoss: 2 }],
  vector: values,
  first: values,
  second: values,
  bestVector: values,
});
const BEHIND_SEAL = STATE.indexOf(10) + 1;

const ANSWERS = 'epoch 1\n{"epoch": 1, "loss": 9}\n{"id": "a", "loss": 1.06, "accuracy": 0.5}\n';
const FAILED = '{"id": "a", "error": "out of memory"}\n{"id": "a", "loss": NaN}\n';

/** As the program's stdout: what is no answer within it is its end. */
async function answered(bytes: Uint8Array): Promise<void> {
  const reader = new LineReader(hear);
  const answer = reader.answer('a');
  reader.push(bytes);
  reader.fail(new EvaluationFailed('it ended'));
  try {
    evaluationOf(await answer);
  } catch (error) {
    throw error instanceof EvaluationFailed ? new TrexError(error.message, EXIT.failed) : error;
  }
}

export const STATE_FORMATS: readonly FuzzedFormat[] = [
  ...log(
    'accuracy: progress.ndjson',
    [
      { command: 'trex accuracy', begin: accuracyBegin },
      { key: 'exact/0', value: { tally } },
      { key: 'analog/0/0/16', value: { tally, noise: { 'enc0.q': { count: 4, ratio: 0.1 } } } },
    ],
    async dir => (await openProgress(dir, { begin: accuracyBegin, force: false, onDamage: hear })).close(),
  ),
  ...log(
    'xbar: rows.ndjson',
    [
      { command: 'trex xbar', begin },
      { key: '0', value: row },
      { key: '1', value: { ...row, error: null } },
    ],
    async dir => {
      const options = { head: begin, force: false, onRow: async () => {}, onDamage: hear };
      (await openRows(dir, options)).close();
      for await (const one of storedRows(dir)) JSON.stringify(one);
    },
  ),
  ...log(
    'optimize: progress.ndjson',
    [
      { command: 'trex optimize', begin },
      { key: 'partial a', value: { outcome: trained, stage: 'partial', weights: null } },
      { key: 'final a', value: { outcome: trained, stage: 'final', weights: '00000000' } },
      { key: 'partial b', value: { outcome: { failed: 'no' }, stage: 'partial', weights: null } },
      { key: 'CKA', value: { measured: [[1, 0.5]] } },
    ],
    async dir => {
      const options = { dir, command: 'trex optimize', begin, force: false, results: [], onDamage: hear };
      (await openStore(options)).close();
    },
  ),
  { name: 'checkpoint', text: false, weight: 8, seeds: [STATE], read: bytes => readState(bytes, 'abc', 4) },
  {
    name: 'checkpoint, sealed anew',
    text: false,
    weight: 10,
    seeds: [STATE.slice(BEHIND_SEAL)],
    read: bytes => readState(sealedBytes(bytes), 'abc', 4),
  },
  {
    name: 'lock',
    text: true,
    weight: 1,
    // No process has this number on Linux.
    seeds: [json({ pid: 2 ** 22 + 1, host: hostname(), port: 1 })],
    read: bytes => inFolder('.trex-lock-1', bytes, async dir => (await lockFolder(dir)).release()),
  },
  {
    name: 'answers of an evaluator',
    text: true,
    weight: 10,
    seeds: [encode(ANSWERS + FAILED), encode(ANSWERS)],
    read: answered,
  },
];
