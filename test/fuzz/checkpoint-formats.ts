/** What lies beside the weights of a checkpoint, as others wrote it: the network, its tokenizer, how images are prepared, its shards. */
import { openNetwork } from '../../src/accuracy/network-file.ts';
import { checkImageSize, preprocessingBeside } from '../../src/accuracy/preprocessor.ts';
import { openData } from '../../src/data/open-data.ts';
import { readTokenizer } from '../../src/data/tokenizer-config.ts';
import { evaluation } from '../../src/data/transform.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { modelFromConfigJson } from '../../src/workload/import/config-json.ts';
import { writeSafetensors } from '../../src/workload/import/safetensors-writer.ts';
import { memoryFiles } from '../data/memory-files.ts';
import { hfBert, hfVit, type Shapes, timmVit, written } from '../workload/import/checkpoints.ts';
import { node, model as onnxFile, tensor, value } from '../workload/onnx/writer.ts';
import { decode, type FuzzedFormat, hear, json } from './format.ts';

const STACK = { num_hidden_layers: 2, num_attention_heads: 2, hidden_act: 'gelu', layer_norm_eps: 1e-12 };
const WIDE = { hidden_size: 4, ...STACK };
const NARROW = { intermediate_size: 8, ...WIDE };
const TEXT = { vocab_size: 11, max_position_embeddings: 6, type_vocab_size: 2 };
const IMAGE = { image_size: 4, patch_size: 2, num_channels: 3 };
const LABELS = { id2label: { 0: 'a', 1: 'b', 2: 'c', 3: 'd', 4: 'e' } };
const BERT = { model_type: 'bert', architectures: ['BertForSequenceClassification'], ...NARROW, ...TEXT };
const VIT = {
  model_type: 'vit',
  architectures: ['ViTForImageClassification'],
  ...NARROW,
  ...IMAGE,
  ...LABELS,
  qkv_bias: true,
};
/** Of every other model type that is read: what its reader asks for. */
const OTHERS = [
  ['roberta', 'RobertaForSequenceClassification', { ...NARROW, ...TEXT, pad_token_id: 1 }],
  [
    'distilbert',
    'DistilBertForSequenceClassification',
    { dim: 4, n_layers: 2, n_heads: 2, hidden_dim: 8, vocab_size: 11, max_position_embeddings: 6 },
  ],
  ['deit', 'DeiTForImageClassificationWithTeacher', { ...NARROW, ...IMAGE, ...LABELS }],
  ['dinov2', 'Dinov2ForImageClassification', { ...WIDE, ...IMAGE, ...LABELS, mlp_ratio: 2 }],
  ['clip_vision_model', 'CLIPVisionModel', { ...NARROW, ...IMAGE, projection_dim: 4 }],
  ['siglip_vision_model', 'SiglipVisionModel', { ...NARROW, ...IMAGE }],
] as const;
const TIMM = {
  architecture: 'vit_tiny_patch16_224',
  num_classes: 5,
  global_pool: 'token',
  model_args: { img_size: 4, num_heads: 2, depth: 2 },
  pretrained_cfg: {
    tag: 'in1k',
    input_size: [3, 4, 4],
    fixed_input_size: true,
    interpolation: 'bicubic',
    crop_pct: 0.9,
    crop_mode: 'center',
    mean: [0.5, 0.5, 0.5],
    std: [0.5, 0.5, 0.5],
    num_classes: 5,
    pool_size: null,
    first_conv: 'patch_embed.proj',
    classifier: 'head',
  },
};

/** A convolution, a norm, an attention and a classifier, with a shape that is asked for. */
const smallOnnx = onnxFile({
  nodes: [
    node('Conv', ['x', 'k'], ['a'], { strides: [2, 2] }),
    node('Shape', ['a'], ['s']),
    node('Slice', ['s', 'zero', 'two', 'zero'], ['t']),
    node('Concat', ['t', 'rest'], ['u'], { axis: 0 }),
    node('Reshape', ['a', 'u'], ['b']),
    node('Transpose', ['b'], ['c'], { perm: [0, 2, 1] }),
    node('LayerNormalization', ['c', 'g', 'h'], ['d']),
    node('com.microsoft:Attention', ['d', 'w', 'v'], ['e'], { num_heads: 2 }),
    node('Add', ['c', 'e'], ['f']),
    node('ReduceMean', ['f'], ['m'], { axes: [1], keepdims: 0 }),
    node('Gemm', ['m', 'o'], ['y'], { transB: 1 }),
  ],
  tensors: [
    tensor('k', [4, 3, 2, 2], new Array<number>(48).fill(0.5)),
    ...['g', 'h'].map(name => tensor(name, [4], [1, 2, 3, 4])),
    tensor('w', [4, 12], new Array<number>(48).fill(0.25)),
    tensor('v', [12], new Array<number>(12).fill(0.125)),
    tensor('o', [2, 4], new Array<number>(8).fill(1)),
    tensor('zero', [1], [0], 'i64'),
    tensor('two', [1], [2], 'i64'),
    tensor('rest', [1], [-1], 'i64'),
  ],
  inputs: [value('x', ['b', 3, 4, 4])],
});

const weightsOf = (shapes: Shapes): Uint8Array => writeSafetensors(written(shapes));
const WEIGHTS = { vit: weightsOf(hfVit), bert: weightsOf(hfBert), timm: weightsOf(timmVit) };

/** A network by its folder, up to its graph. */
const openFolder = async (files: Readonly<Record<string, Uint8Array>>, model: string): Promise<unknown> =>
  (await openNetwork({ model, reuse: 'none' }, { files: nodeFiles, disk: memoryFiles(files) })).graph();

const network = (name: keyof typeof WEIGHTS, config: object): FuzzedFormat => ({
  name: `config.json of ${name}`,
  text: true,
  weight: 8,
  seeds: [json(config)],
  read: bytes => openFolder({ 'm/config.json': bytes, 'm/model.safetensors': WEIGHTS[name] }, 'm'),
});

const PIXELS = { width: 5, height: 3, channels: 3, data: new Uint8Array(45).fill(77) };

/** Images as a file says, one of them prepared. */
const prepared = (name: string, seeds: readonly object[]): FuzzedFormat => ({
  name: `${name} of images`,
  text: true,
  weight: 8,
  seeds: seeds.map(json),
  async read(bytes) {
    const takes = { name: 'tiny', size: [4, 4] as const, channels: 3 };
    const beside = await preprocessingBeside(memoryFiles({ [`m/${name}`]: bytes }), 'm', takes);
    const options = { size: 4, ...beside?.options };
    checkImageSize(options, beside, takes);
    evaluation(options)(PIXELS);
  },
});

const PIECES = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'the', 'cat', '##s', 'sleep'];
const VOCABULARY = `${PIECES.join('\n')}\n`;
const SPECIAL = {
  pad_token: '[PAD]',
  unk_token: '[UNK]',
  cls_token: { content: '[CLS]', lstrip: false, normalized: false },
  sep_token: '[SEP]',
  mask_token: '[MASK]',
};
const TOKENIZER_CONFIG = {
  ...SPECIAL,
  tokenizer_class: 'BertTokenizer',
  do_lower_case: true,
  strip_accents: null,
  tokenize_chinese_chars: true,
  never_split: ['the'],
  additional_special_tokens: ['cat'],
  added_tokens_decoder: { 0: { content: '[PAD]', lstrip: false, rstrip: false, special: true } },
  model_max_length: 12,
  model_input_names: ['input_ids', 'token_type_ids'],
};
const TOKENIZER = {
  version: '1.0',
  truncation: { direction: 'Right', max_length: 12, strategy: 'LongestFirst', stride: 0 },
  padding: { strategy: { Fixed: 12 }, direction: 'Right', pad_id: 0, pad_type_id: 0, pad_token: '[PAD]' },
  added_tokens: PIECES.slice(0, 5).map((content, id) => ({ id, content, special: true, lstrip: false })),
  normalizer: {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: { type: 'TemplateProcessing', single: [], pair: [], special_tokens: {} },
  decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(PIECES.map((piece, id) => [piece, id])),
  },
};

/** Texts cut by a vocabulary with one file beside it. */
const tokenizer = (name: string, seed: object): FuzzedFormat => ({
  name,
  text: true,
  weight: 8,
  seeds: [json(seed)],
  async read(bytes) {
    const files = { 'm/dev.tsv': 'sentence\tlabel\nthe cats\t1\n', 'm/vocab.txt': VOCABULARY };
    const set = await openData(memoryFiles({ ...files, [`m/${name}`]: bytes }), 'm/dev.tsv', {});
    hear(set.reading ?? '');
    await set.item(0);
  },
});

const SHARDS = [...written(hfVit)];
const HALF = SHARDS.length >> 1;
const SHARD_FILES = {
  'm/a.safetensors': writeSafetensors(new Map(SHARDS.slice(0, HALF))),
  'm/b.safetensors': writeSafetensors(new Map(SHARDS.slice(HALF))),
  'm/config.json': json(VIT),
};
const INDEX = {
  metadata: { total_size: 1000 },
  weight_map: Object.fromEntries(
    SHARDS.map(([name], i) => [name, i < HALF ? 'a.safetensors' : 'b.safetensors']),
  ),
};

export const CHECKPOINT_FORMATS: readonly FuzzedFormat[] = [
  {
    name: 'config.json',
    text: true,
    weight: 10,
    seeds: [
      BERT,
      VIT,
      ...OTHERS.map(([type, head, own]) => ({ model_type: type, architectures: [head], ...own })),
    ].map(json),
    read: bytes => modelFromConfigJson(decode(bytes)),
  },
  network('vit', VIT),
  network('bert', BERT),
  network('timm', TIMM),
  {
    name: 'model.safetensors.index.json',
    text: true,
    weight: 5,
    seeds: [json(INDEX)],
    read: bytes => openFolder({ ...SHARD_FILES, 'm/model.safetensors.index.json': bytes }, 'm'),
  },
  {
    name: 'weights of a network',
    text: false,
    weight: 5,
    seeds: [WEIGHTS.vit],
    read: bytes => openFolder({ 'm/config.json': json(VIT), 'm/model.safetensors': bytes }, 'm'),
  },
  prepared('preprocessor_config.json', [
    {
      image_processor_type: 'ViTImageProcessor',
      do_resize: true,
      size: { height: 4, width: 4 },
      do_rescale: true,
      rescale_factor: 0.00392156862745098,
      do_normalize: true,
      resample: 2,
      image_mean: [0.5, 0.5, 0.5],
      image_std: [0.5, 0.5, 0.5],
    },
    {
      feature_extractor_type: 'CLIPFeatureExtractor',
      size: 4,
      crop_size: { height: 4, width: 4 },
      do_center_crop: true,
      do_convert_rgb: true,
      resample: 3,
      do_normalize: false,
    },
    { image_processor_type: 'ConvNextImageProcessor', size: { shortest_edge: 4 }, crop_pct: 0.875 },
  ]),
  prepared('config.json', [TIMM]),
  tokenizer('tokenizer_config.json', TOKENIZER_CONFIG),
  tokenizer('tokenizer.json', TOKENIZER),
  tokenizer('special_tokens_map.json', { ...SPECIAL, additional_special_tokens: ['cat'] }),
  tokenizer('added_tokens.json', { cat: 6, the: 5 }),
  {
    name: 'an .onnx file with its weights',
    text: false,
    weight: 8,
    seeds: [smallOnnx],
    read: async bytes => {
      const disk = memoryFiles({ 'net.onnx': bytes });
      const opened = await openNetwork({ model: 'net.onnx', reuse: 'none' }, { files: nodeFiles, disk });
      const weights = opened.weights(opened.graph());
      for (const op of opened.graph().ops) if (op.kind === 'static') weights.linear(op.weightId);
    },
  },
  {
    name: 'tokenizer.json alone',
    text: true,
    weight: 5,
    seeds: [json(TOKENIZER)],
    read: bytes => readTokenizer(memoryFiles({ 'tokenizer.json': bytes }), 'tokenizer.json', undefined, {}),
  },
];
