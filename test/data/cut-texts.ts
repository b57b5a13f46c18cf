/**
 * Texts as transformers 5.17.0 cuts them: BertTokenizer with these options, and BertTokenizerLegacy where `never_split` is one (the other
 * takes no notice of it).
 */
export const PIECES =
  "[PAD] [UNK] [CLS] [SEP] [MASK] the The hello Hello h é ##é Hé ##llo caf ##e café cafe Café 東 京 東京 un ##aff ##able , . ! ' user USER un-split a b ##b [unused1] ich Straße straße ##ß".split(
    ' ',
  );

export const TEXTS = [
  'The Hello, the hello!',
  'Café café CAFE',
  '東京 the',
  'unaffable un-split USER user',
  'a [MASK] b[SEP]the',
  'Straße hé Hé Héllo ab',
];

export const CUT: readonly (readonly [config: object, pieces: readonly string[]])[] = [
  [
    {},
    [
      'the hello , the hello !',
      'cafe cafe cafe',
      '東 京 the',
      'un ##aff ##able un [UNK] [UNK] user user',
      'a [MASK] b [SEP] the',
      'straße h ##e h ##e hello a ##b',
    ],
  ],
  [
    { do_lower_case: false },
    [
      'The Hello , the hello !',
      'Café café [UNK]',
      '東 京 the',
      'un ##aff ##able un [UNK] [UNK] USER user',
      'a [MASK] b [SEP] the',
      'Straße h ##é Hé Hé ##llo a ##b',
    ],
  ],
  [
    { strip_accents: false },
    [
      'the hello , the hello !',
      'café café cafe',
      '東 京 the',
      'un ##aff ##able un [UNK] [UNK] user user',
      'a [MASK] b [SEP] the',
      'straße h ##é h ##é h ##é ##llo a ##b',
    ],
  ],
  [
    { do_lower_case: false, strip_accents: true },
    [
      'The Hello , the hello !',
      '[UNK] cafe [UNK]',
      '東 京 the',
      'un ##aff ##able un [UNK] [UNK] USER user',
      'a [MASK] b [SEP] the',
      'Straße h ##e [UNK] Hello a ##b',
    ],
  ],
  [
    { tokenize_chinese_chars: false },
    [
      'the hello , the hello !',
      'cafe cafe cafe',
      '東京 the',
      'un ##aff ##able un [UNK] [UNK] user user',
      'a [MASK] b [SEP] the',
      'straße h ##e h ##e hello a ##b',
    ],
  ],
  [
    { do_lower_case: false, tokenize_chinese_chars: false },
    [
      'The Hello , the hello !',
      'Café café [UNK]',
      '東京 the',
      'un ##aff ##able un [UNK] [UNK] USER user',
      'a [MASK] b [SEP] the',
      'Straße h ##é Hé Hé ##llo a ##b',
    ],
  ],
  [
    { never_split: ['USER', 'un-split', 'Café'] },
    [
      'the hello , the hello !',
      'Café cafe cafe',
      '東 京 the',
      'un ##aff ##able un-split USER user',
      'a [MASK] b [SEP] the',
      'straße h ##e h ##e hello a ##b',
    ],
  ],
  [
    { never_split: ['USER', 'un-split', 'Café'], do_lower_case: false },
    [
      'The Hello , the hello !',
      'Café café [UNK]',
      '東 京 the',
      'un ##aff ##able un-split USER user',
      'a [MASK] b [SEP] the',
      'Straße h ##é Hé Hé ##llo a ##b',
    ],
  ],
];
