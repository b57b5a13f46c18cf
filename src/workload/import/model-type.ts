/** What a `model_type` of Hugging Face declares, so that its config.json is read; one file each in model-types/. */
import type { FamilyName } from '../model.ts';
import type { ConfigReader } from './config-reader.ts';

/** What stands at the output: nothing, BERT's pooler that is stored and not run, one classifier, or two (distillation). */
export type OutputHead = 'none' | 'pooler' | 'one' | 'two';

/** Fields of a model file that are the family's own. */
export interface TypeFields {
  readonly family: FamilyName;
  readonly [field: string]: unknown;
}

export interface ModelType {
  /** That of its file, and the `model_type`. */
  readonly name: string;
  /** Heads by the class of transformers that saved the checkpoint; a class that is not here computes something else. */
  readonly architectures: Readonly<Record<string, OutputHead>>;
  /** The head where no class is named. */
  readonly unnamed: OutputHead;
  /** `tokens`: sequence length that was asked for. */
  fields(reader: ConfigReader, head: OutputHead, tokens: number | undefined): TypeFields;
}
