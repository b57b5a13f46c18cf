/** Every kind of file that the product reads: right ones to be damaged, and who reads them. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FileKind, Files } from '../../src/arch/source-files.ts';
import { VERSION } from '../../src/base/version.ts';
import { writeIdx } from '../../src/data/idx-writer.ts';
import { decodeJpeg } from '../../src/data/jpeg.ts';
import { openData } from '../../src/data/open-data.ts';
import { decodePng } from '../../src/data/png.ts';
import { SCHEMA_VERSION } from '../../src/report/result.ts';
import { loadArchFrom, loadModelFrom, loadTechFrom } from '../../src/run/load.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { rerunOf } from '../../src/run/rerun.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import { modelFromConfigJson } from '../../src/workload/import/config-json.ts';
import { parseNpy } from '../../src/workload/import/npy.ts';
import { writeNpy } from '../../src/workload/import/npy-writer.ts';
import { npzTensors, parseNpz } from '../../src/workload/import/npz.ts';
import { parseSafetensors } from '../../src/workload/import/safetensors.ts';
import { writeSafetensors } from '../../src/workload/import/safetensors-writer.ts';
import { JPEG, plainPng } from '../data/image-files.ts';
import { memoryFiles } from '../data/memory-files.ts';
import { zip } from '../workload/import/zip-files.ts';

export interface FuzzedFormat {
  readonly name: string;
  readonly text: boolean;
  /** How often it is drawn: what takes long is drawn less. */
  readonly weight: number;
  readonly seeds: readonly Uint8Array[];
  read(bytes: Uint8Array): unknown;
}

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const shipped = (...paths: string[]): Uint8Array[] =>
  paths.map(path => new Uint8Array(readFileSync(ROOT + path)));

/** The shipped files, and `text` under the path `name`, as a user's own file would stand. */
function withFile(kind: FileKind, name: string, text: string): Files {
  const ref = { path: `/fuzz/${name}`, name };
  return {
    list: nodeFiles.list,
    resolve: (of, path, from) =>
      of === kind && path === name ? ref : nodeFiles.resolve(of, path, from === ref ? undefined : from),
    read: asked => (asked.path === ref.path ? { text, sha256: '' } : nodeFiles.read(asked)),
  };
}

/** Data are opened, and two of their items are read. */
async function readData(path: string, files: Readonly<Record<string, Uint8Array | string>>): Promise<void> {
  const data = await openData(memoryFiles(files), path, {});
  for (let i = 0; i < Math.min(2, data.size); i++) await data.item(i);
}

const pixels = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, i) => (i * 37) & 255);
const x = writeNpy(Float32Array.from(pixels(4 * 12)), [4, 3, 2, 2]);
const y = writeNpy(Int32Array.of(0, 1, 2, 1), [4]);
const VOCABULARY = '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\ncat\n##s\nsleep\n';
const TSV = 'gj04\t1\t\tthe cats sleep\ngj04\t0\t*\tcats the\n';
const BERT = {
  model_type: 'bert',
  architectures: ['BertForSequenceClassification'],
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 64,
  vocab_size: 20,
  max_position_embeddings: 16,
  type_vocab_size: 2,
  hidden_act: 'gelu',
  layer_norm_eps: 1e-12,
};
const VIT = {
  model_type: 'vit',
  architectures: ['ViTForImageClassification'],
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 64,
  image_size: 8,
  patch_size: 4,
  num_channels: 3,
  hidden_act: 'gelu',
  layer_norm_eps: 1e-12,
  qkv_bias: true,
  id2label: { 0: 'a', 1: 'b' },
};
const DEIT_T = readFileSync(`${ROOT}models/deit-t.yaml`, 'utf8');
const RESULT = {
  schemaVersion: SCHEMA_VERSION,
  version: VERSION,
  run: {
    arch: 'trex',
    tech: null,
    model: 'deit-t',
    reuse: 'none',
    tokens: null,
    images: 1,
    seed: 1,
    set: ['pe.adcBanks=2'],
  },
  files: [
    { path: 'models/deit-t.yaml', sha256: createHash('sha256').update(DEIT_T).digest('hex'), text: DEIT_T },
  ],
};
const STATES = 'target (uS),mean (uS),sigma (uS)\n1,1.1,0.1\n10,9.8,0.4\n20,19.5,0.8\n';

const yaml = (
  kind: FileKind,
  weight: number,
  paths: string[],
  load: (files: Files, name: string) => unknown,
): FuzzedFormat => ({
  name: `${kind} yaml`,
  text: true,
  weight,
  seeds: shipped(...paths),
  read: bytes => load(withFile(kind, './fuzz.yaml', decode(bytes)), './fuzz.yaml'),
});

export const FORMATS: readonly FuzzedFormat[] = [
  yaml('arch', 3, ['arch/trex.yaml', 'arch/trex-full.yaml', 'arch/isaac-ce.yaml'], loadArchFrom),
  yaml(
    'tech',
    5,
    [
      'tech/fefet-32nm.yaml',
      'tech/trex-fefet-32nm.yaml',
      'tech/sram-digital-28nm.yaml',
      'tech/rram-32nm.yaml',
      'tech/cmos-32nm.yaml',
      'tech/hybrid-32nm.yaml',
    ],
    loadTechFrom,
  ),
  yaml(
    'models',
    5,
    ['models/deit-s.yaml', 'models/bert-base.yaml', 'models/lv-vit-s.yaml', 'models/dynamic-deit-s.yaml'],
    (files, name) => buildGraph(loadModelFrom(files, name).model),
  ),
  {
    name: 'csv table',
    text: true,
    weight: 4,
    seeds: [encode(STATES), ...shipped('tech/neurram-relaxation.csv')],
    read: bytes => {
      const [table, user] = [
        { path: '/fuzz/t.csv', name: './t.csv' },
        { path: '/fuzz/t.yaml', name: './t.yaml' },
      ];
      const text =
        'use: rram-32nm\nname: t\nsource: assumed\nnoise: { measured: { file: ./t.csv, source: assumed } }\n';
      return loadTechFrom(
        {
          list: nodeFiles.list,
          resolve: (kind, name, from) =>
            name === './t.csv' ? table : name === './t.yaml' ? user : nodeFiles.resolve(kind, name, from),
          read: ref =>
            ref === table
              ? { text: decode(bytes), sha256: '' }
              : ref === user
                ? { text, sha256: '' }
                : nodeFiles.read(ref),
        },
        './t.yaml',
      );
    },
  },
  {
    name: 'safetensors',
    text: false,
    weight: 20,
    seeds: [
      writeSafetensors(
        new Map([
          ['a.weight', { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
          ['b', { shape: [1], data: Float32Array.of(7) }],
        ]),
      ),
    ],
    read: parseSafetensors,
  },
  { name: 'npy', text: false, weight: 20, seeds: [x, y], read: parseNpy },
  {
    name: 'npz',
    text: false,
    weight: 15,
    seeds: [
      zip([
        { name: 'x.npy', content: x, method: 8 },
        { name: 'y.npy', content: y },
      ]),
    ],
    read: async bytes => npzTensors(await parseNpz(bytes)),
  },
  {
    name: 'png',
    text: false,
    weight: 15,
    seeds: [plainPng(4, 4, [9, 8, 7]), plainPng(5, 3, [9, 8, 7, 6]), plainPng(3, 3, [9])],
    read: bytes => decodePng('x.png', bytes),
  },
  {
    name: 'jpeg',
    text: false,
    weight: 10,
    seeds: Object.values(JPEG),
    read: bytes => decodeJpeg('x.jpg', bytes),
  },
  {
    name: 'idx',
    text: false,
    weight: 10,
    seeds: [writeIdx(pixels(4 * 9), [4, 3, 3])],
    read: bytes =>
      readData('t10k-images-idx3-ubyte', {
        't10k-images-idx3-ubyte': bytes,
        't10k-labels-idx1-ubyte': writeIdx(pixels(4), [4]),
      }),
  },
  {
    name: 'cifar',
    text: false,
    weight: 5,
    seeds: [pixels(2 * 3073)],
    read: bytes => readData('test_batch.bin', { 'test_batch.bin': bytes }),
  },
  {
    name: 'npy data',
    text: false,
    weight: 10,
    seeds: [x],
    read: bytes => readData('x.npy', { 'x.npy': bytes, 'y.npy': y }),
  },
  {
    name: 'npy labels',
    text: false,
    weight: 10,
    seeds: [y],
    read: bytes => readData('x.npy', { 'x.npy': x, 'y.npy': bytes }),
  },
  {
    name: 'tsv',
    text: true,
    weight: 10,
    seeds: [encode(TSV), encode('sentence\tlabel\nthe cat\t1\n')],
    read: bytes => readData('dev.tsv', { 'dev.tsv': bytes, 'vocab.txt': VOCABULARY }),
  },
  {
    name: 'vocab.txt',
    text: true,
    weight: 10,
    seeds: [encode(VOCABULARY)],
    read: bytes => readData('dev.tsv', { 'dev.tsv': TSV, 'vocab.txt': bytes }),
  },
  {
    name: 'image folder',
    text: false,
    weight: 5,
    seeds: [plainPng(4, 4, [9, 8, 7]), JPEG.baseline],
    read: bytes => readData('val', { 'val/a/1.png': bytes, 'val/b/2.png': plainPng(4, 4, [1, 2, 3]) }),
  },
  {
    name: 'config.json',
    text: true,
    weight: 15,
    seeds: [BERT, VIT].map(config => encode(JSON.stringify(config, null, 1))),
    read: bytes => modelFromConfigJson(decode(bytes)),
  },
  {
    name: 'result.json',
    text: true,
    weight: 10,
    seeds: [encode(JSON.stringify(RESULT, null, 1))],
    read: bytes => rerunOf('result.json', bytes, nodeFiles),
  },
];
