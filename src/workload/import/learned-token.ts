/** The learned tokens of an image network by what they are: a graph numbers them in their order, layouts call them by name. */
import type { ModelConfig } from '../model.ts';

/** A name for layouts, and which row of its tensor a token is. */
interface LearnedToken {
  readonly owner: string;
  readonly part: number;
  readonly of: number;
}

/** `embedding.class.2` of a network with class token and four registers is the second of `embedding.registers`. */
export function learnedToken(owner: string, model: ModelConfig): LearnedToken | undefined {
  const [, digits] = /^embedding\.class\.(\d+)$/.exec(owner) ?? [];
  if (digits === undefined || model.family !== 'vit' || model.registers === 0) return undefined;
  const part = Number(digits) - (model.learned - model.registers);
  return part < 0 ? undefined : { owner: 'embedding.registers', part, of: model.registers };
}
