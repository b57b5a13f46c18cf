/** docs/validation.md, networks: parameters and multiply-accumulates against the reference implementations and published sizes. */

import { markdownTable } from '../report/markdown.ts';
import type { ModelSummary } from '../workload/summary.ts';
import { CONVOLUTIONAL } from './convolutional-networks.ts';
import type { Reference } from './reference-size.ts';
import { TOKEN_NETWORKS } from './token-networks.ts';
import { WINDOWED } from './windowed-networks.ts';

/**
 * Counted over timm 1.0.29 and zihangJiang/TokenLabeling: convolutions, linear layers, products of activations. Those without
 * MACs: the shapes of the tensors of the hub's google/siglip-base-patch16-224 (image side), openai/clip-vit-base-patch32
 * (image side with its projection), FacebookAI/roberta-base and distilbert-base-uncased without heads, timm's DINOv2 ViT-S.
 */
const REFERENCE: readonly Reference[] = [
  { model: 'deit-t', params: 5_717_416, macs: 1_253_683_200, published: '5.7 M, 1.26 G' },
  { model: 'deit-s', params: 22_050_664, macs: 4_598_882_304, published: '22.1 M, 4.61 G' },
  { model: 'deit-b', params: 86_567_656, macs: 17_563_828_224, published: '86.6 M, 17.6 G' },
  { model: 'vit-b-16', params: 86_567_656, macs: 17_563_828_224, published: '86.6 M, 17.6 G' },
  { model: 'vit-b-32', params: 88_224_232, macs: 4_409_186_304, published: '88.2 M, 4.41 G' },
  { model: 'vit-l-16', params: 304_326_632, macs: 61_554_712_576, published: '304.3 M, 61.6 G' },
  { model: 'lv-vit-t', params: 8_534_720, macs: 2_868_017_664, published: '8.53 M' },
  { model: 'lv-vit-s', params: 26_151_824, macs: 6_551_485_440, published: '26.15 M, 6.6 G' },
  { model: 'lv-vit-m', params: 55_830_544, published: '55.83 M' },
  { model: 'bert-base', tokens: 128, params: 109_482_240, macs: 11_173_625_856, published: '110 M' },
  { model: 'bert-base', tokens: 512, params: 109_482_240, macs: 48_318_382_080, published: '110 M' },
  { model: 'roberta-base', params: 124_645_632, published: '125 M' },
  { model: 'distilbert-base', params: 66_362_880, published: '66 M' },
  { model: 'clip-b-32', params: 87_849_216, published: '88 M' },
  { model: 'siglip-b-16', params: 92_884_224, published: '93 M' },
  { model: 'dinov2-s', params: 22_056_192, published: '21 M' },
];

/** The section on networks. */
export function networksReport(summaryOf: (model: string, tokens?: number) => ModelSummary): string {
  const all = [...REFERENCE, ...CONVOLUTIONAL, ...TOKEN_NETWORKS, ...WINDOWED];
  const rows = all.map(({ model, tokens, params, macs, published }) => {
    const ours = summaryOf(model, tokens);
    const name = tokens === undefined ? model : `${model}, ${tokens} tokens`;
    return [
      name,
      published,
      params === undefined ? '-' : count(params),
      macs === undefined ? '-' : count(macs),
      params === undefined ? `ours ${count(ours.params)}` : String(ours.params - params),
      macs === undefined ? `ours ${count(ours.macs.total)}` : String(ours.macs.total - macs),
    ];
  });
  return [
    '## Networks',
    'Reference: the PyTorch models of timm 1.0.29 and zihangJiang/TokenLabeling with every matmul counted, batch 1. Published',
    'figures of MACs are often those of fvcore, which adds 5 per LayerNorm element: DeiT-S 4.5989 G + 25 x 197 x 384 x 5 = 4.6083 G.',
    'Networks of convolutions and attention: the code of their authors (seulkiyeom/mixtransform, microsoft/Cream, mit-han-lab/efficientvit,',
    'Amshaker/SwiftFormer, GATECH-EIC/ShiftAddViT, catai9/Cancer-Net-SCa-DC-AC; PVTv2: timm), batch norms with gain and shift.',
    'Networks that change tokens or attention, from dynamic-deit-s on: the repositories that their files name. MiniViT is counted there without its products with the vectors of places',
    '(12 x 196 x d x 50 MACs), ViTTM by its MACs alone: the code holds layers that it does not run.',
    'Swin to T2T-ViT: microsoft/Swin-Transformer, LeapLabTHU/FLatten-Transformer, yitu-opensource/T2T-ViT; torchvision prints the MACs of Swin.',
    'dinov2-s lacks its 24 x 384 factors of layer scale: they are merged into the layers before them.',
    '',
    markdownTable(
      [
        'network',
        'published',
        'params, reference',
        'MACs, reference',
        'params: ours - reference',
        'MACs: ours - reference',
      ],
      rows,
    ),
  ].join('\n');
}

export const count = (n: number): string => n.toString().replace(/\B(?=(\d{3})+$)/g, ' ');
