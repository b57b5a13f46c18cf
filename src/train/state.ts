/** The state of a run at the end of an epoch, as bytes (safetensors behind a checksum): what a later process needs to go on to the same result. */
import * as z from 'zod';
import { EXIT, TrexError } from '../base/errors.ts';
import { openedBytes, sealedBytes } from '../base/sealed.ts';
import { parseSafetensors } from '../workload/import/safetensors.ts';
import { writeSafetensors } from '../workload/import/safetensors-writer.ts';

const VERSION = 2;

/** One epoch, as the history keeps it. */
export interface EpochRecord {
  readonly epoch: number;
  /** Mean training loss over its steps. */
  readonly loss: number;
  /** On the validation data, with the crossbars if there are any; null without such data. */
  readonly accuracy: number | null;
  readonly validationLoss: number | null;
}

/** Plain numbers of a state. */
interface StateHeader {
  /** Names the run: a state of other settings is refused. */
  readonly fingerprint: string;
  /** Epochs and steps that are done. */
  readonly epoch: number;
  readonly step: number;
  readonly history: readonly EpochRecord[];
  /** Epoch whose weights are the best so far; 0: none. */
  readonly best: number;
}

export interface TrainState extends StateHeader {
  /** Learned values, and AdamW's two moments of them. */
  readonly vector: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
  /** Learned values of the best epoch. */
  readonly bestVector: Float32Array;
}

/** The same state gives the same bytes. */
export function stateBytes(state: TrainState): Uint8Array {
  const { vector, first, second, bestVector, fingerprint, epoch, step, history, best } = state;
  const header: StateHeader = { fingerprint, epoch, step, history, best };
  const tensors = Object.entries({ vector, first, second, bestVector }).map(
    ([name, data]) => [name, { shape: [data.length], data }] as const,
  );
  const metadata = { version: String(VERSION), state: JSON.stringify(header) };
  return sealedBytes(writeSafetensors(new Map(tensors), metadata));
}

/**
 * A state from its bytes. @throws TrexError (invalid file) for other bytes; (usage) for the state of a run with other settings.
 */
export function readState(bytes: Uint8Array, fingerprint: string, size: number): TrainState {
  const bad = (why: string): TrexError =>
    new TrexError(`checkpoint: ${why}: remove it to begin anew`, EXIT.invalidFile);
  const opened = openedBytes(bytes);
  if ('wrong' in opened) throw bad(opened.wrong);
  const { tensors, metadata } = parseSafetensors(opened.content, 'checkpoint');
  if (metadata.get('version') !== String(VERSION)) throw bad('not a training checkpoint of this version');
  const header = headerOf(metadata.get('state') ?? '');
  if (header === undefined) throw bad('its header is not that of a training');
  if (header.fingerprint !== fingerprint)
    throw new TrexError(
      'checkpoint: it belongs to a run with other data or settings: remove it, or go back to those',
      EXIT.usage,
    );
  const values = (name: string): Float32Array => {
    const tensor = tensors.get(name);
    if (tensor === undefined || tensor.size !== size) throw bad(`no tensor ${name} of ${size} values`);
    return tensor.data();
  };
  return {
    ...header,
    vector: values('vector'),
    first: values('first'),
    second: values('second'),
    bestVector: values('bestVector'),
  };
}

const headerSchema: z.ZodType<StateHeader> = z.strictObject({
  fingerprint: z.string(),
  epoch: z.int().min(0),
  step: z.int().min(0),
  history: z.array(
    z.strictObject({
      epoch: z.int().min(1),
      loss: z.number(),
      accuracy: z.number().nullable(),
      validationLoss: z.number().nullable(),
    }),
  ),
  best: z.int().min(0),
});

function headerOf(text: string): StateHeader | undefined {
  try {
    return headerSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
