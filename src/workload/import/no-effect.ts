/** Fields of a Hugging Face config.json that change nothing of what an encoder gives, each with the reason (huggingface/transformers configuration_utils.py). */

const REASONS: readonly (readonly [why: string, fields: readonly string[]])[] = [
  [
    'where the file is from, and for which versions',
    [
      ...['_name_or_path', '_commit_hash', 'transformers_version', 'model_type', 'architectures'],
      ...['auto_map', 'finetuning_task', 'task_specific_params', 'base_model_name_or_path'],
    ],
  ],
  [
    'training only',
    [
      ...['hidden_dropout_prob', 'attention_probs_dropout_prob', 'classifier_dropout', 'hidden_dropout'],
      ...[
        'attention_dropout',
        'dropout',
        'dropout_rate',
        'drop_path_rate',
        'layerdrop',
        'gradient_checkpointing',
      ],
      ...[
        'initializer_range',
        'initializer_factor',
        'problem_type',
        'label_smoothing',
        'chunk_size_feed_forward',
      ],
    ],
  ],
  ['shared matrices of text heads, which those read', ['tie_word_embeddings']],
  ['names of labels', ['label2id', 'id2label', 'num_labels', '_num_labels']],
  [
    'how results and weights are stored or computed, not what they are',
    [
      ...[
        'torch_dtype',
        'dtype',
        'torchscript',
        'use_bfloat16',
        'tf_legacy_loss',
        'return_dict',
        'use_cache',
      ],
      ...['output_attentions', 'output_hidden_states', 'output_past', '_attn_implementation_autoset'],
      ...['_attn_implementation', 'attn_implementation', 'tie_encoder_decoder'],
    ],
  ],
  [
    'the tokenizer’s',
    [
      'bos_token_id',
      'eos_token_id',
      'sep_token_id',
      'pad_token_id',
      'prefix',
      'tokenizer_class',
      'do_lower_case',
    ],
  ],
  [
    'generation of texts only',
    [
      ...['max_length', 'min_length', 'do_sample', 'early_stopping', 'num_beams', 'num_beam_groups'],
      ...['diversity_penalty', 'temperature', 'top_k', 'top_p', 'typical_p', 'repetition_penalty'],
      ...['length_penalty', 'no_repeat_ngram_size', 'encoder_no_repeat_ngram_size', 'bad_words_ids'],
      ...['num_return_sequences', 'output_scores', 'return_dict_in_generate', 'forced_bos_token_id'],
      ...['forced_eos_token_id', 'remove_invalid_values', 'exponential_decay_length_penalty'],
      ...[
        'suppress_tokens',
        'begin_suppress_tokens',
        'decoder_start_token_id',
        'cross_attention_hidden_size',
      ],
    ],
  ],
];

/** The reason by the field. */
export const NO_EFFECT: ReadonlyMap<string, string> = new Map(
  REASONS.flatMap(([why, fields]) => fields.map(field => [field, why] as const)),
);
