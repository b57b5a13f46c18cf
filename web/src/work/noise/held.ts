/** Accuracy of the chips on held inputs, as `trex accuracy` measures it, while it is being measured. */
import { type AccuracyResult, accuracy, type JobRecord, TrexError, wilson95 } from 'trex-sim';
import { filesWith } from '../files.ts';
import type { Turn } from '../turn.ts';
import { setsOf } from './chips.ts';
import { Engine } from './engine.ts';
import { HELD, HELD_IMAGES, MODEL, theNetwork, WEIGHTS } from './network.ts';
import { type BlameRow, type HeldAnswer, type HeldQuestion, type HeldRow, IDEAL } from './protocol.ts';

export const engine = new Engine();

/** A measurement lets a drawn image through, which somebody waits for. */
export const first: { wait: Promise<unknown> } = { wait: Promise.resolve() };

/** Records of networks without crossbars: the same for every chip. */
const common = new Map<string, JobRecord>();
/** Of chips, by what they are: a slider that comes back finds them. */
const measured = new Map<string, Map<string, JobRecord>>();
const KEPT = 24;

const isExact = (key: string): boolean => key.startsWith('float32/') || key.startsWith('int8/');

function rowOf(chip: string, records: Iterable<JobRecord>, prefix: string, problem = ''): HeldRow {
  let [right, done] = [0, 0];
  for (const { key, tally } of records)
    if (key.startsWith(prefix) && key.slice(prefix.length).indexOf('/') < 0) {
      right += tally.top1;
      done += tally.images;
    }
  if (done === 0) return { chip, right, done, share: 0, low: 0, high: 1, problem };
  return Object.assign({ chip, right, done, problem }, wilson95(right, done));
}

const blameOf = ({ layers }: AccuracyResult): BlameRow[] =>
  layers.map(({ op, stage, snr_dB, alone }) => ({
    op,
    stage,
    snr_dB,
    alone: alone === null ? null : alone.lossGained.mean,
  }));

const quoted = (word: string): string => (/^[\w.:,=/-]+$/.test(word) ? word : `'${word}'`);

function commandOf(tech: string, set: readonly string[], alone: boolean): string {
  const words = [
    'trex',
    'accuracy',
    '--model',
    WEIGHTS,
    '--model-name',
    MODEL,
    '--data',
    HELD,
    '--tech',
    tech,
  ];
  words.push('--draws', '1');
  if (alone) words.push('--layers');
  for (const one of set) words.push('--set', one);
  return words.map(quoted).join(' ');
}

export async function held(
  { chips, knobs, alone }: HeldQuestion,
  { pause, part }: Turn,
): Promise<HeldAnswer> {
  const files = await filesWith({});
  const { disk } = await theNetwork(files);
  const rows = new Map<string, HeldRow>();
  const blame: Record<string, readonly BlameRow[]> = {};
  const commands: Record<string, string> = {};
  let progress: HeldAnswer['alone'] = null;
  const answer = (finished: boolean): HeldAnswer => ({
    images: HELD_IMAGES,
    rows: chips.map(chip =>
      chip === IDEAL ? rowOf(IDEAL, common.values(), 'int8/') : (rows.get(chip) ?? rowOf(chip, [], '')),
    ),
    blame: Object.assign({}, blame),
    alone: progress,
    commands: Object.assign({}, commands),
    finished,
  });

  const measure = async (tech: string, layers: boolean): Promise<void> => {
    const set = setsOf(files, tech, knobs);
    commands[tech] = commandOf(tech, set, layers);
    const key = JSON.stringify([tech, set]);
    const own = measured.get(key) ?? new Map<string, JobRecord>();
    measured.delete(key);
    measured.set(key, own);
    for (const old of measured.keys()) if (measured.size > KEPT) measured.delete(old);
    const records = new Map([...common, ...own]);
    const show = (): void => {
      rows.set(tech, rowOf(tech, own.values(), 'analog/0/0/'));
      part(answer(false));
    };
    show();
    const request = {
      model: WEIGHTS,
      modelName: MODEL,
      data: HELD,
      tech,
      set,
      draws: 1,
      images: HELD_IMAGES,
      layers,
    };
    const result = await accuracy(request, {
      files,
      disk,
      backend: await engine.backend(),
      pause: async (what, done, total) => {
        if (layers && what === 'accuracy') progress = { chip: tech, done, total };
        show();
        await first.wait;
        await pause();
      },
      open: () => ({
        records,
        append: record => {
          (isExact(record.key) ? common : own).set(record.key, record);
          show();
        },
      }),
    });
    blame[tech] = blameOf(result);
    show();
  };
  for (const chip of chips.filter(name => name !== IDEAL))
    for (let again = true; again; ) {
      again = false;
      try {
        await measure(chip, false);
      } catch (error) {
        if (engine.fellBack(error as Error)) again = true;
        else if (error instanceof TrexError) rows.set(chip, rowOf(chip, [], '', error.message));
        else throw error;
      }
    }
  if (alone !== null && alone !== IDEAL) await measure(alone, true);
  progress = null;
  return answer(true);
}
