/** Attributes that change nothing here: at this value, or at any (onnx/onnx Operators.md; onnxruntime ContribOperators.md). */
type Neutral = Readonly<Record<string, 'any' | number | string>>;

/** Precision of sums within a norm, which here are float64. */
const NORM: Neutral = { stash_type: 'any' };
/** Shapes that the operands say too; places of the largest values, which nobody reads. */
const WINDOW: Neutral = { kernel_shape: 'any', pads: 'any', storage_order: 'any', count_include_pad: 'any' };
/** Rounding to eight-bit floats. */
const CAST: Neutral = { saturate: 'any', round_mode: 'any' };
/** Axes where one scale is for all; blocks are refused. */
const CODES: Neutral = { axis: 'any', saturate: 'any', output_dtype: 0, precision: 'any', block_size: 0 };
const ATTENTION: Neutral = {
  mask_filter_value: 'any',
  past_present_share_buffer: 'any',
  do_rotary: 0,
  rotary_embedding_dim: 0,
  rotary_interleaved: 'any',
  softmax_precision: 'any',
  qk_matmul_output_mode: 0,
  qk_output: 0,
  smooth_softmax: 0,
  local_window_size: -1,
  softcap: 0,
};

export const NEUTRAL: Readonly<Record<string, Neutral>> = {
  LayerNormalization: NORM,
  RMSNormalization: NORM,
  SimplifiedLayerNormalization: NORM,
  GroupNormalization: NORM,
  'com.microsoft:SkipLayerNormalization': { simplified: 0 },
  'com.microsoft:EmbedLayerNormalization': { mask_index_type: 'any' },
  // Running statistics are read, none are made.
  BatchNormalization: { momentum: 'any', spatial: 1, training_mode: 0, is_test: 'any' },
  InstanceNormalization: {},
  // It leaves out nothing where a network runs.
  Dropout: { ratio: 'any', seed: 'any', is_test: 'any' },
  Conv: WINDOW,
  ConvTranspose: WINDOW,
  MaxPool: WINDOW,
  AveragePool: WINDOW,
  Cast: CAST,
  CastLike: CAST,
  QuantizeLinear: CODES,
  DequantizeLinear: CODES,
  EyeLike: { dtype: 'any' },
  Pad: { value: 'any' },
  Split: { num_outputs: 'any' },
  Resize: {
    antialias: 0,
    exclude_outside: 0,
    keep_aspect_ratio_policy: 'stretch',
    // Of other kinds of interpolation, which are refused.
    cubic_coeff_a: 'any',
    extrapolation_value: 'any',
    nearest_mode: 'any',
  },
  Attention: ATTENTION,
  'com.microsoft:Attention': ATTENTION,
  'com.microsoft:MultiHeadAttention': ATTENTION,
  'com.microsoft:GroupQueryAttention': ATTENTION,
  'com.microsoft:RotaryEmbedding': { is_packed_batching: 0, scale: 1, num_heads: 'any' },
  'com.microsoft:FusedMatMul': { transBatchA: 0, transBatchB: 0 },
};
