/** What a measurement of language modelling gives, and its table. */
import type { FileHash } from '../arch/source-files.ts';
import { csv } from './csv.ts';
import { table } from './table.ts';

/** How well the next token is foretold. */
export interface LanguageScores {
  /** Mean cross-entropy, nats a token. */
  readonly loss: number;
  /** e to the loss. */
  readonly perplexity: number;
  /** Share of tokens that are the likeliest one. */
  readonly top1: number;
}

/** Chips at one value of a sweep; null where nothing is swept. */
export interface LanguagePoint {
  readonly value: number | null;
  readonly draws: readonly LanguageScores[];
  /** Means of loss and top-1, and the perplexity of that loss. */
  readonly mean: LanguageScores;
}

/** The result of `languageAccuracy`. */
export interface LanguageResult {
  readonly schemaVersion: 1;
  readonly version: string;
  readonly task: 'lm';
  readonly model: string;
  readonly reuse: string;
  readonly tech: string;
  /** In words. */
  readonly assumed: string;
  readonly backend: { readonly name: string; readonly mode: string; readonly device: string };
  readonly data: {
    readonly name: string;
    readonly windows: number;
    /** Tokens of a window. */
    readonly context: number;
    /** Tokens that were foretold. */
    readonly predicted: number;
  };
  /** How keys and values are kept; null: as K^T and V of other networks. */
  readonly cache: {
    readonly keyBits?: number | undefined;
    readonly valueBits?: number | undefined;
    readonly clip?: number | undefined;
    readonly prune?: number | undefined;
  } | null;
  readonly sweep: { readonly parameter: string; readonly label: string } | null;
  readonly float32: LanguageScores;
  readonly int8: LanguageScores;
  readonly points: readonly LanguagePoint[];
  readonly files: readonly FileHash[];
  readonly warnings: readonly string[];
}

const row = (name: string, { loss, perplexity, top1 }: LanguageScores): string[] => [
  name,
  loss.toFixed(4),
  perplexity.toFixed(3),
  `${(100 * top1).toFixed(1)} %`,
];

/** A table of `width` characters. */
export function languageTable(result: LanguageResult, width: number): string {
  const { model, tech, data, sweep, points } = result;
  const draws = points[0].draws.length;
  const title = `${model} on ${data.name}: ${data.predicted} tokens in ${data.windows} windows of ${data.context}; ${tech}, ${draws} ${draws === 1 ? 'draw' : 'draws'}`;
  const rows = [
    ['', 'loss', 'perplexity', 'top-1'],
    row('float32', result.float32),
    row('int8', result.int8),
    ...points.map(({ value, mean }) => row(sweep === null ? 'crossbars' : `${sweep.label} ${value}`, mean)),
  ];
  const scores = table(rows, { width, align: ['left', 'right', 'right', 'right'] });
  return `${title}\n\n${scores}\n\n${table([['assumed', result.assumed]], { width })}`;
}

/** A row for float32, for integers, and for each chip at each value. */
export function languageCsv({ float32, int8, points, sweep }: LanguageResult): string {
  const cells = ({ loss, perplexity, top1 }: LanguageScores) => [loss, perplexity, top1];
  const parameter = sweep?.parameter ?? null;
  return csv([
    ['parameter', 'value', 'precision', 'draw', 'loss', 'perplexity', 'top1'],
    [null, null, 'float32', null, ...cells(float32)],
    [null, null, 'int8', null, ...cells(int8)],
    ...points.flatMap(({ value, draws }) =>
      draws.map((scores, draw) => [parameter, value, 'analog', draw, ...cells(scores)]),
    ),
  ]);
}
