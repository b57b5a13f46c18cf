/** timm's vision transformers by the names of their functions: what leaves no trace in tensors (huggingface/pytorch-image-models timm/models/vision_transformer.py, deit.py). */
import type { TimmFields } from './timm-fields.ts';

interface Architectures {
  /** Group 1 is the word for the size. */
  readonly pattern: RegExp;
  /** Attention heads by that word. */
  readonly heads: Readonly<Record<string, number>>;
  readonly fields?: (name: string) => TimmFields;
}

const VIT = { tiny: 3, small: 6, base: 12, large: 16, huge: 16 };

const KNOWN: readonly Architectures[] = [
  { pattern: /^(?:vit|deit)_(tiny|small|base|large|huge)_(?:distilled_)?patch\d+_\d+$/, heads: VIT },
  {
    pattern: /^deit3_(small|medium|base|large|huge)_patch\d+_\d+$/,
    heads: { small: 6, medium: 8, base: 12, large: 16, huge: 16 },
  },
  {
    pattern: /^vit_(small|base|large|giant)_patch14_(?:reg4_)?dinov2$/,
    heads: { small: 6, base: 12, large: 16, giant: 24 },
  },
  {
    pattern: /^vit_(base|large|so400m|giantopt)_patch\d+_siglip_(?:gap_)?\d+$/,
    heads: { base: 12, large: 16, so400m: 16, giantopt: 16 },
    fields: name => ({
      pool: name.includes('_gap_') ? 'mean' : 'attention',
      ...(/base_patch32|large_patch16_siglip_(?:gap_)?512|so400m_patch16|giantopt/.test(name) && {
        activation: 'gelu-tanh',
      }),
    }),
  },
  {
    pattern: /^vit_(base|large|huge|giant|gigantic)_patch\d+_clip_(?:quickgelu_)?\d+$/,
    heads: { base: 12, large: 16, huge: 16, giant: 16, gigantic: 16 },
    fields: name => ({ normEps: 1e-5, ...(name.includes('quickgelu') && { activation: 'quick-gelu' }) }),
  },
  {
    pattern: /^vit_(base)_patch\d+_rpn_\d+$/,
    heads: { base: 12 },
    fields: () => ({ norm: 'res-post', pool: 'mean' }),
  },
];

/** Networks that are not the plain one in a way that tensors do not show. */
const OTHER = /quickgelu|_rpn_|_parallel|_xp_|_diff|_mci_|_rope/;

/** Undefined for a name that says nothing here. */
export function architectureOf(name: string): TimmFields | 'refused' | undefined {
  for (const { pattern, heads, fields } of KNOWN) {
    const [, size] = pattern.exec(name) ?? [];
    if (size !== undefined) return { heads: heads[size], ...fields?.(name) };
  }
  return OTHER.test(name) ? 'refused' : undefined;
}
