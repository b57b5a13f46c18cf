/** The config.json that timm writes beside its weights (huggingface/pytorch-image-models timm/models/_hub.py): it names an architecture, and what was built otherwise. */
import { invalidFile, shown } from './tensor.ts';

/** Attention heads of the plain ViTs and DeiTs, by the word for their size (timm/models/vision_transformer.py). */
const HEADS: Readonly<Record<string, number>> = { tiny: 3, small: 6, base: 12, large: 16, huge: 16 };

/** The ViTs whose network is the plain one. */
const PLAIN = /^(?:vit|deit)_(tiny|small|base|large|huge)_(?:distilled_)?patch\d+_\d+$/;

/** Ways to build one that change nothing of the results, or leave their traces in the shapes of tensors. */
const HARMLESS = [
  ...['img_size', 'patch_size', 'in_chans', 'num_classes', 'embed_dim', 'depth', 'num_heads', 'mlp_ratio'],
  ...['qkv_bias', 'weight_init', 'dynamic_img_size', 'drop_rate', 'proj_drop_rate', 'attn_drop_rate'],
  ...['pos_drop_rate', 'patch_drop_rate', 'drop_path_rate', 'pretrained_cfg', 'global_pool'],
];

interface TimmConfig {
  readonly architecture: string;
  readonly global_pool?: unknown;
  readonly model_args?: unknown;
}

export const isTimmConfig = (json: object): json is TimmConfig =>
  !('model_type' in json) && typeof (json as Partial<TimmConfig>).architecture === 'string';

/** Undefined for an architecture that is not one of the plain ones. */
export function timmHeads({ architecture, model_args }: TimmConfig): number | undefined {
  const [, size] = PLAIN.exec(architecture) ?? [];
  const changed = (model_args as { num_heads?: unknown } | undefined)?.num_heads;
  if (size === undefined || changed === undefined) return size === undefined ? undefined : HEADS[size];
  return typeof changed === 'number' && Number.isInteger(changed) ? changed : undefined;
}

/** @throws TrexError (invalid file) for a network that gives other results without a trace in its tensors. */
export function checkTimmConfig(
  { architecture, global_pool, model_args = {} }: TimmConfig,
  file: string,
): void {
  const args = model_args as Record<string, unknown>;
  for (const pool of [global_pool, args.global_pool])
    if (pool !== undefined && pool !== 'token')
      throw invalidFile(
        `${file}: global_pool: ${shown(JSON.stringify(pool))} is not supported: the classifier reads the class token`,
      );
  if (/quickgelu|_rpn_/.test(architecture))
    throw invalidFile(`${file}: architecture: ${shown(architecture)} is not supported`);
  const other = Object.keys(args).find(name => !HARMLESS.includes(name));
  if (other !== undefined)
    throw invalidFile(
      `${file}: model_args.${shown(other)}: not known here; known: ${HARMLESS.slice(0, 9).join(', ')}`,
    );
}
