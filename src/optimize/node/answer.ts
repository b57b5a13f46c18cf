/** The answer of a program to a job: which lines are answers, and which answers make sense. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod';
import { type Evaluation, EvaluationFailed } from '../evaluator.ts';

const MOST_CHARS = 60;

/** A JSON object that a program prints: its answer, or a line of its log. */
export interface Answer {
  /** Of the job, where it is repeated. */
  readonly id?: unknown;
  readonly loss?: unknown;
  readonly accuracy?: unknown;
  readonly weights?: unknown;
  readonly error?: unknown;
  readonly text: string;
  /** It has no key but those of an answer: it is meant as one, with an id or without. */
  readonly isMeant: boolean;
}

const KEYS = new Set(['id', 'loss', 'accuracy', 'weights', 'error']);

const answerSchema = z.looseObject({});

/** The answer that a line may be; undefined for what is no JSON object. */
export function answerIn(line: string): Answer | undefined {
  if (!line.startsWith('{')) return undefined;
  const value = answerSchema.safeParse(parsed(line)).data;
  if (value === undefined) return undefined;
  const { id, loss, accuracy, weights, error } = value;
  const isMeant = Object.keys(value).every(key => KEYS.has(key));
  return { id, loss, accuracy, weights, error, text: line, isMeant };
}

/** JSON as Python writes it: a loss that left the numbers is `NaN` there, and must not pass for a line of the log. */
function parsed(line: string): unknown {
  for (const text of [line, line.replaceAll(/(?<=[:[,]\s*)(-?Infinity|NaN)(?=\s*[,}\]])/g, '"$1"')]) {
    try {
      return JSON.parse(text);
    } catch {
      // The next reading, or none.
    }
  }
  return undefined;
}

/** @throws EvaluationFailed, saying what is wrong with it. */
export function evaluationOf({
  loss,
  accuracy = null,
  weights = null,
  error = null,
  text,
}: Answer): Evaluation {
  const quoted = text.length > MOST_CHARS ? `${text.slice(0, MOST_CHARS)}...` : text;
  if (error !== null) throw new EvaluationFailed(typeof error === 'string' ? error : JSON.stringify(error));
  if (typeof loss !== 'number' || !Number.isFinite(loss))
    throw new EvaluationFailed(`its answer has no loss that is a number: ${quoted}`);
  if (loss < 0) throw new EvaluationFailed(`its loss is ${loss}: a cross-entropy is at least 0`);
  if (accuracy !== null && (typeof accuracy !== 'number' || accuracy < -1 || accuracy > 1))
    throw new EvaluationFailed(`its accuracy is no number from -1 to 1: ${quoted}`);
  if (weights !== null && typeof weights !== 'string')
    throw new EvaluationFailed(`its weights are no path: ${quoted}`);
  return { loss, accuracy, lossHistory: [], weights: weights === null ? null : read(weights), warnings: [] };
}

function read(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(resolve(path)));
  } catch (error) {
    throw new EvaluationFailed(`its weights cannot be read: ${(error as Error).message}`);
  }
}
