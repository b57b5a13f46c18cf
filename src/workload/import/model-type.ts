/** What a `model_type` of Hugging Face declares, so that its config.json is read; one file each in model-types/. */
import type { FamilyName } from '../model.ts';
import type { ConfigReader } from './config-reader.ts';

/** Fields of a model file that are the family's own. */
export interface TypeFields {
  readonly family: FamilyName;
  readonly [field: string]: unknown;
}

/** What the fields of a type are made for. */
export interface TypeContext<Head extends string = string> {
  /** What stands at the output: tensors show it, or the class that saved the checkpoint does. */
  readonly head: Head;
  /** Outputs of the classifier by its tensor. */
  readonly classes: number | undefined;
  /** Sequence length that was asked for. */
  readonly tokens: number | undefined;
}

/** Names of the fields that all types share, where a type calls them otherwise or has another default. */
export interface StackFields {
  readonly dim?: readonly [field: string, absent: number];
  readonly encoders?: readonly [field: string, absent: number];
  readonly heads?: readonly [field: string, absent: number];
  readonly activation?: readonly [field: string, absent: string];
  /** A number: the type has no such field. */
  readonly normEps?: readonly [field: string, absent: number] | number;
  /** Width of the MLP; absent: `intermediate_size`. */
  readonly hidden?: (reader: ConfigReader, dim: number) => number;
}

export interface ModelType<Head extends string = string> {
  /** That of its file, and the `model_type`. */
  readonly name: string;
  /** The field with the network's own fields; absent: they stand at the top. */
  readonly inside?: string;
  /** Heads by the class of transformers that saved the checkpoint; a class that is not here computes something else. The first of several is that without tensors. */
  readonly architectures: Readonly<Record<string, Head | readonly Head[]>>;
  /** The head where no tensor shows one. */
  readonly bare: Head;
  readonly stack: StackFields;
  /** Fields that change nothing of what this network gives, and why. */
  readonly noEffect: Readonly<Record<string, string>>;
  fields(reader: ConfigReader, context: TypeContext<Head>): TypeFields;
}
