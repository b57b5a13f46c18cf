/** Names of Hugging Face RoBERTa, XLM-RoBERTa and CamemBERT; a bare RobertaModel has those of BERT (huggingface/transformers models/roberta). */
import type { Layout } from '../layout.ts';
import { hfBertCommon, hfBertEmbeddings } from './hf-bert.ts';

export const layout: Layout = {
  ...hfBertCommon,
  name: 'hf-roberta',
  title: 'Hugging Face RoBERTa',
  mark: /^((?:module\.)*)(roberta\.)encoder\.layer\.0\.attention\.self\.query\.weight$/,
  outside: {
    ...hfBertEmbeddings,
    pooler: ['{w}classifier.dense', '{p}pooler.dense'],
    classifier: ['{w}classifier.out_proj', '{w}classifier', '{w}qa_outputs'],
    'words.transform': '{w}lm_head.dense',
    'words.norm': '{w}lm_head.layer_norm',
    words: {
      same: true,
      weight: ['{w}lm_head.decoder.weight', '{p}embeddings.word_embeddings.weight'],
      bias: ['{w}lm_head.bias', '{w}lm_head.decoder.bias'],
    },
  },
  heads: [
    { head: 'classifier', tensor: '{w}classifier.out_proj.weight' },
    { head: 'tokens', tensor: '{w}classifier.weight' },
    { head: 'span', tensor: '{w}qa_outputs.weight' },
    { head: 'words', tensor: '{w}lm_head.dense.weight' },
  ],
};
