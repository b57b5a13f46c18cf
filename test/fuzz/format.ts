/** A kind of file that the product reads: right ones to be damaged, and who reads them. */
export interface FuzzedFormat {
  readonly name: string;
  readonly text: boolean;
  /** How often it is drawn: what takes long is drawn less. */
  readonly weight: number;
  readonly seeds: readonly Uint8Array[];
  read(bytes: Uint8Array): unknown;
}

/** What no message should say. */
export const NONSENSE = /\bundefined\b|\[object |\n\s+at /;

export const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
export const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
export const json = (value: unknown): Uint8Array => encode(JSON.stringify(value, null, 1));

/** A warning on the way, which is a message like others. */
export function hear(message: string): void {
  if (NONSENSE.test(message)) throw new Error(`says ${message}`);
}
