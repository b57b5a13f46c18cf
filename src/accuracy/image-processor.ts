/** Hugging Face's preprocessor_config.json as options of our transform (transformers, image_processing_*.py and its backend for Pillow). */
import type { HeightWidth, Resize } from '../data/geometry.ts';
import type { JsonFields } from '../data/json-fields.ts';
import { FILTERS, type Filter } from '../data/resample.ts';
import type { TransformOptions } from '../data/transform.ts';

/** What a class of processors does where its file says nothing. */
interface ProcessorClass {
  readonly resample: Filter;
  readonly size: Resize;
  readonly crop: HeightWidth | 'none';
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** A size that is one number: both sides, or the shorter one. */
  readonly square: boolean;
}

const HALF = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };
const CLIP = { mean: [0.48145466, 0.4578275, 0.40821073], std: [0.26862954, 0.26130258, 0.27577711] };
const OF_224: HeightWidth = [224, 224];
const TO_256: ProcessorClass = {
  resample: 'bicubic',
  size: { to: [256, 256] },
  crop: OF_224,
  ...HALF,
  square: true,
};
const SHORTER_224: ProcessorClass = {
  resample: 'bicubic',
  size: { shorter: 224 },
  crop: OF_224,
  ...CLIP,
  square: false,
};

/** By the name of the class, without ImageProcessor, FeatureExtractor, Fast and Pil. */
const CLASSES: Readonly<Record<string, ProcessorClass>> = {
  ViT: { resample: 'bilinear', size: { to: OF_224 }, crop: 'none', ...HALF, square: true },
  DeiT: TO_256,
  Beit: TO_256,
  Bit: SHORTER_224,
  CLIP: SHORTER_224,
  Siglip: { resample: 'bicubic', size: { to: OF_224 }, crop: 'none', ...HALF, square: false },
  ConvNext: { resample: 'bicubic', size: { shorter: 384 }, crop: 'none', ...HALF, square: false },
};

/** Fields that change no sample of an image: who wrote the file, how tensors are handed over, labels of segmentation. */
const HARMLESS = [
  ...[
    'processor_class',
    '_processor_class',
    '_valid_processor_keys',
    'return_tensors',
    'input_data_format',
    'device',
  ],
  ...[
    'disable_grouping',
    'do_convert_rgb',
    'do_reduce_labels',
    'reduce_labels',
    'model_input_names',
    'num_channels',
  ],
];

/** From this shorter side on ConvNext's class resizes both sides and crops nothing. */
const CONVNEXT_WHOLE = 384;

/** @throws TrexError (invalid file) for a field that changes samples and is not supported. */
export function ofImageProcessor(fields: JsonFields): TransformOptions {
  const { name, known } = classOf(fields);
  const defaultToSquare = fields.boolean('default_to_square') ?? known?.square ?? true;
  fields.only('data_format', 'channels_first');
  const geometry =
    name === 'ConvNext' ? convNext(fields, known!) : geometryOf(fields, known, defaultToSquare);
  const filter = filterOf(fields) ?? known?.resample;
  const rescales = fields.boolean('do_rescale');
  const factor = fields.positive('rescale_factor');
  const rescale = rescales === false ? 1 : (factor ?? (known === undefined ? undefined : 1 / 255));
  const normalization = normalizationOf(fields, known);
  fields.rest(HARMLESS);
  return {
    centre: 'transformers',
    ...geometry,
    ...(filter !== undefined && { filter }),
    ...(rescale !== undefined && { rescale }),
    ...(normalization !== undefined && { normalization }),
  };
}

function classOf(fields: JsonFields): { name: string | undefined; known: ProcessorClass | undefined } {
  const key =
    fields.text('image_processor_type') === undefined ? 'feature_extractor_type' : 'image_processor_type';
  const type = fields.text(key);
  fields.value('feature_extractor_type');
  if (type === undefined) return { name: undefined, known: undefined };
  const name = type.replace(/(ImageProcessor|FeatureExtractor)(Fast|Pil)?$/, '');
  if (!Object.hasOwn(CLASSES, name))
    throw fields.error(
      key,
      `${type} is not known here; known: ${Object.keys(CLASSES)
        .map(n => `${n}ImageProcessor`)
        .join(', ')}`,
    );
  return { name, known: CLASSES[name] };
}

type Geometry = Pick<TransformOptions, 'resize' | 'crop'>;

function geometryOf(fields: JsonFields, known: ProcessorClass | undefined, square: boolean): Geometry {
  const said = sizeOf(fields, 'size', fields.boolean('use_square_size') === true || square) ?? known?.size;
  const resizes = fields.boolean('do_resize');
  const resize = resizes === false ? ('none' as const) : said;
  const cut = sizeOf(fields, 'crop_size', true);
  if (cut !== undefined && !('to' in cut)) throw fields.expected('crop_size', 'a height and a width');
  const crops = fields.boolean('do_center_crop') ?? (known === undefined ? undefined : known.crop !== 'none');
  const box = cut?.to ?? (known !== undefined && known.crop !== 'none' ? known.crop : undefined);
  if (crops === true && box === undefined)
    throw fields.error('crop_size', 'missing: do_center_crop needs it');
  const crop = crops === true ? box : crops === false || resize !== undefined ? ('none' as const) : undefined;
  return { ...(resize !== undefined && { resize }), ...(crop !== undefined && { crop }) };
}

/** ConvNext's class crops as it resizes, below 384 pixels. */
function convNext(fields: JsonFields, known: ProcessorClass): Geometry {
  const size = sizeOf(fields, 'size', false) ?? known.size;
  const crop = fields.positive('crop_pct') ?? 224 / 256;
  fields.only('do_center_crop', false);
  fields.value('crop_size');
  if (fields.boolean('do_resize') === false) return { resize: 'none', crop: 'none' };
  if (size === 'none' || !('shorter' in size)) throw fields.expected('size', 'a shortest_edge');
  const { shorter } = size;
  if (shorter >= CONVNEXT_WHOLE) return { resize: { to: [shorter, shorter] }, crop: 'none' };
  return { resize: { shorter: Math.trunc(shorter / crop) }, crop: [shorter, shorter] };
}

/** One number, [height, width], or an object of either. */
function sizeOf(
  fields: JsonFields,
  name: string,
  square: boolean,
): { readonly shorter: number } | { readonly to: HeightWidth } | undefined {
  const value = fields.value(name);
  if (value === undefined) return undefined;
  if (typeof value === 'number')
    return square ? { to: [side(value), side(value)] } : { shorter: side(value) };
  if (Array.isArray(value) && value.length === 2) return { to: [side(value[0]), side(value[1])] };
  const inner = Array.isArray(value) ? undefined : fields.inner(name);
  const keys = inner?.names
    .filter(key => inner.value(key) !== undefined)
    .sort()
    .join();
  if (keys === 'height,width') return { to: [side(inner!.value('height')), side(inner!.value('width'))] };
  if (keys === 'shortest_edge') {
    const edge = side(inner!.value('shortest_edge'));
    return name === 'size' && fields.value('use_square_size') === true
      ? { to: [edge, edge] }
      : { shorter: edge };
  }
  throw fields.expected(name, 'a number, {height, width} or {shortest_edge}');

  function side(pixels: unknown): number {
    if (typeof pixels !== 'number' || !Number.isSafeInteger(pixels) || pixels < 1)
      throw fields.expected(name, 'whole numbers of pixels');
    return pixels;
  }
}

/** Pillow's number of a filter, or its name. */
function filterOf(fields: JsonFields): Filter | undefined {
  const value = fields.value('resample');
  if (value === undefined) return undefined;
  const found = typeof value === 'number' ? FILTERS[value] : FILTERS.find(name => name === value);
  if (found === undefined)
    throw fields.expected('resample', FILTERS.map((name, number) => `${number} (${name})`).join(', '));
  return found;
}

function normalizationOf(
  fields: JsonFields,
  known: ProcessorClass | undefined,
): TransformOptions['normalization'] {
  const mean = fields.numbers('image_mean') ?? known?.mean;
  const std = fields.numbers('image_std') ?? known?.std;
  if (fields.boolean('do_normalize') === false) return 'none';
  if (mean === undefined && std === undefined) return undefined;
  if (mean === undefined || std === undefined)
    throw fields.error(
      mean === undefined ? 'image_mean' : 'image_std',
      'missing: mean and deviation go together',
    );
  return { mean, std };
}
