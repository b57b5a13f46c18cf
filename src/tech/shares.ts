/** What a macro's published totals are divided into, and what of it the file does not say. */
import { type Macro, macroSchema } from './schema.ts';

type Shares = Macro['shares'];
export type ShareTotal = 'energy' | 'area';

/** A part of a total; `undivided` is what no share of the file is of. */
export type ShareName = Exclude<keyof Shares['energy'] | keyof Shares['area'], 'source'> | 'undivided';

/** Shares are printed percentages; their rounding may leave this much of the total. */
export const SHARE_TOLERANCE = 0.001 + 1e-9;

export interface Division {
  readonly parts: readonly { readonly name: ShareName; readonly share: number }[];
  /** Names whose share is unknown: not given, and the others leave something for them. */
  readonly missing: readonly ShareName[];
}

/** How the file divides a total; shares are as it gives them. */
export function divisionOf(macro: Macro, total: ShareTotal): Division {
  const given = macro.shares[total] as Readonly<Record<string, unknown>>;
  const names = Object.keys(macroSchema.shape.shares.unwrap().shape[total].unwrap().shape).filter(
    (name): name is ShareName => name !== 'source',
  );
  const parts = names.flatMap(name => {
    const share = given[name];
    return typeof share === 'number' ? [{ name, share }] : [];
  });
  const rest = 1 - parts.reduce((sum, { share }) => sum + share, 0);
  const absent = names.filter(name => given[name] === undefined);
  if (absent.length === 0 || rest <= SHARE_TOLERANCE) return { parts, missing: [] };
  return { parts: [...parts, { name: 'undivided', share: rest }], missing: absent };
}
