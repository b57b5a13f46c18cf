/** What a network gives, in words. */
import type { ModelConfig } from './model.ts';

/** "logits", "logits of each token", "features", "the last hidden states". */
export function outputText(model: ModelConfig): string {
  if (model.family === 'decoder')
    return model.logits === 'all'
      ? 'logits of all words at each token'
      : 'logits of all words at the last token';
  if (model.family === 'bert') {
    if (model.head === 'words') return 'logits of all words at each token';
    if (model.classes !== undefined) return model.head === 'tokens' ? 'logits of each token' : 'logits';
    return model.pooler === 'run' ? 'the pooled first token' : 'the last hidden states';
  }
  if (model.classes !== undefined) return 'logits';
  return model.family === 'vit' && model.pool === 'none' ? 'the last hidden states' : 'pooled features';
}
