/** timm's pretrained_cfg as options of our transform (pytorch-image-models, timm/data/config.py and transforms_factory.py). */
import type { HeightWidth } from '../data/geometry.ts';
import type { JsonFields } from '../data/json-fields.ts';
import { FILTERS, type Filter } from '../data/resample.ts';
import type { TransformOptions } from '../data/transform.ts';

/** timm's default of `crop_pct`. */
const CROP = 0.875;
const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

/** Where weights are from, and how the network is built: other readers, or nobody. */
const HARMLESS = [
  ...['tag', 'tags', 'url', 'file', 'state_dict', 'hf_hub_id', 'hf_hub_filename', 'source', 'architecture'],
  ...[
    'custom_load',
    'license',
    'origin_url',
    'paper_name',
    'paper_ids',
    'notes',
    'description',
    'library_name',
  ],
  ...[
    'num_classes',
    'num_features',
    'label_names',
    'label_descriptions',
    'labels',
    'global_pool',
    'model_args',
  ],
  ...['pool_size', 'first_conv', 'classifier', 'fixed_input_size', 'min_input_size', 'test_input_size'],
  ...['test_crop_pct', 'classifier_activation', 'features_only'],
];

/** @throws TrexError (invalid file) for a field that changes samples and is not supported. */
export function ofPretrainedCfg(fields: JsonFields, size: HeightWidth, channels: number): TransformOptions {
  const [test, train] = [inputSize(fields, 'test_input_size'), inputSize(fields, 'input_size')];
  // A network that was tested on other images than it was trained on says both; ours has one size.
  const isOurs = (sides: readonly number[] | undefined): boolean => sides?.slice(1).join() === size.join();
  const isTest = isOurs(test) && !isOurs(train);
  const [depth, height, width] = (isTest ? test : train) ?? [channels, ...size];
  if (depth !== channels) throw fields.error('input_size', `${depth} channels; the network has ${channels}`);
  const shares = [fields.positive('test_crop_pct'), fields.positive('crop_pct')];
  const share = (isTest ? shares[0] : undefined) ?? shares[1] ?? CROP;
  const [tall, wide] = [height, width].map(pixels => Math.floor(pixels / share));
  const mode = fields.text('crop_mode') ?? 'center';
  if (!['center', 'squash', 'border'].includes(mode))
    throw fields.expected('crop_mode', 'center, squash or border');
  if (mode === 'center' && tall !== wide)
    throw fields.error('crop_mode', 'center is supported on square inputs only');
  const resize =
    mode === 'center'
      ? { shorter: tall }
      : mode === 'squash'
        ? { to: [tall, wide] as const }
        : { within: [tall, wide] as const };
  const filter = fields.text('interpolation') ?? 'bicubic';
  if (!FILTERS.some(name => name === filter)) throw fields.expected('interpolation', FILTERS.join(', '));
  fields.only('label_offset', 0);
  fields.only('crop_border_pixels', 0);
  const normalization = {
    mean: fields.numbers('mean') ?? IMAGENET.mean,
    std: fields.numbers('std') ?? IMAGENET.std,
  };
  fields.rest(HARMLESS);
  return {
    centre: 'torchvision',
    resize,
    crop: [height, width],
    filter: filter as Filter,
    rescale: 1 / 255,
    normalization,
  };
}

function inputSize(fields: JsonFields, name: string): readonly number[] | undefined {
  const size = fields.numbers(name);
  if (size === undefined) return undefined;
  if (size.length !== 3 || size.some(n => !Number.isSafeInteger(n) || n < 1))
    throw fields.expected(name, '[channels, height, width]');
  return size;
}
