/** Every kind of file that the product reads: right ones to be damaged, and who reads them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FileKind, Files } from '../../src/arch/source-files.ts';
import { VERSION } from '../../src/base/version.ts';
import { writeIdx } from '../../src/data/idx-writer.ts';
import { decodeJpeg } from '../../src/data/jpeg.ts';
import { openData } from '../../src/data/open-data.ts';
import { decodePng } from '../../src/data/png.ts';
import { readProfile } from '../../src/explore/profile/read-profile.ts';
import { expandedYaml } from '../../src/report/config-yaml.ts';
import { SCHEMA_VERSION } from '../../src/report/result.ts';
import { loadArchFrom, loadModelFrom, loadTechFrom } from '../../src/run/load.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { requestOfConfig, rerunOf } from '../../src/run/rerun.ts';
import { loadRun } from '../../src/run/run.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import { parseNpy } from '../../src/workload/import/npy.ts';
import { writeNpy } from '../../src/workload/import/npy-writer.ts';
import { npzTensors, parseNpz } from '../../src/workload/import/npz.ts';
import { parseSafetensors } from '../../src/workload/import/safetensors.ts';
import { writeSafetensors } from '../../src/workload/import/safetensors-writer.ts';
import { JPEG, plainPng } from '../data/image-files.ts';
import { memoryFiles } from '../data/memory-files.ts';
import { zip } from '../workload/import/zip-files.ts';
import { CHECKPOINT_FORMATS } from './checkpoint-formats.ts';
import { decode, encode, type FuzzedFormat, hear, json } from './format.ts';
import { STATE_FORMATS } from './state-formats.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const shipped = (...paths: string[]): Uint8Array[] =>
  paths.map(path => new Uint8Array(readFileSync(ROOT + path)));

/** The shipped files, and `text` under the path `name`, as a user's own file would stand; without a `kind` of every kind. */
function withFile(kind: FileKind | undefined, name: string, text: string): Files {
  // Beside the shipped ones, so that tables are found.
  const ref = { path: `${ROOT}${kind ?? 'arch'}/${name.slice(2)}`, name };
  return {
    list: nodeFiles.list,
    resolve: (of, path, from) =>
      (kind === undefined || of === kind) && path === name ? ref : nodeFiles.resolve(of, path, from),
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
/** A run with its files, as a result and as its expanded configuration. */
const {
  options: RUN,
  files: READ,
  arch,
  network,
} = loadRun({ arch: 'trex-full', model: 'deit-t', set: ['pe.adcBanks=2'] }, nodeFiles);
const RESULT = { schemaVersion: SCHEMA_VERSION, version: VERSION, run: RUN, files: READ };
const CONFIG = expandedYaml([...arch.origins, ...network.origins], {
  version: VERSION,
  reuse: RUN.reuse,
  tokens: RUN.tokens,
  images: RUN.images,
  seed: RUN.seed,
});
const STATES = 'target (uS),mean (uS),sigma (uS)\n0,0.5,0.1\n10,9.8,0.4\n20,19.5,0.8\n';

/** Every shipped file of a kind. */
const yaml = (
  kind: FileKind,
  weight: number,
  load: (files: Files, name: string) => unknown,
): FuzzedFormat => ({
  name: `${kind} yaml`,
  text: true,
  weight,
  seeds: shipped(...nodeFiles.list(kind).map(name => `${kind}/${name}.yaml`)),
  read: bytes => load(withFile(kind, './fuzz.yaml', decode(bytes)), './fuzz.yaml'),
});

export const FORMATS: readonly FuzzedFormat[] = [
  yaml('arch', 5, loadArchFrom),
  yaml('tech', 8, loadTechFrom),
  yaml('models', 8, (files, name) => buildGraph(loadModelFrom(files, name).model)),
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
        'use: trex-fefet-32nm\nname: t\nsource: assumed\nnoise: { measured: { file: ./t.csv, source: assumed } }\n';
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
      readData('d/t10k-images-idx3-ubyte', {
        'd/t10k-images-idx3-ubyte': bytes,
        'd/t10k-labels-idx1-ubyte': writeIdx(pixels(4), [4]),
      }),
  },
  {
    name: 'cifar',
    text: false,
    weight: 5,
    seeds: [
      pixels(2 * 3073)
        .fill(3, 0, 1)
        .fill(5, 3073, 3074),
    ],
    read: bytes => readData('test_batch.bin', { 'test_batch.bin': bytes }),
  },
  {
    name: 'npy data',
    text: false,
    weight: 10,
    seeds: [x],
    read: bytes => readData('d/x.npy', { 'd/x.npy': bytes, 'd/y.npy': y }),
  },
  {
    name: 'npy labels',
    text: false,
    weight: 10,
    seeds: [y],
    read: bytes => readData('d/x.npy', { 'd/x.npy': x, 'd/y.npy': bytes }),
  },
  {
    name: 'tsv',
    text: true,
    weight: 10,
    seeds: [encode(TSV), encode('sentence\tlabel\nthe cat\t1\n')],
    read: bytes => readData('d/dev.tsv', { 'd/dev.tsv': bytes, 'd/vocab.txt': VOCABULARY }),
  },
  {
    name: 'vocab.txt',
    text: true,
    weight: 10,
    seeds: [encode(VOCABULARY)],
    read: bytes => readData('d/dev.tsv', { 'd/dev.tsv': TSV, 'd/vocab.txt': bytes }),
  },
  {
    name: 'image folder',
    text: false,
    weight: 5,
    seeds: [plainPng(4, 4, [9, 8, 7]), JPEG.baseline],
    read: bytes => readData('val', { 'val/a/1.png': bytes, 'val/b/2.png': plainPng(4, 4, [1, 2, 3]) }),
  },
  {
    name: 'result.json',
    text: true,
    weight: 10,
    seeds: [json(RESULT)],
    async read(bytes) {
      const { run, files, warnings } = await rerunOf('result.json', bytes, nodeFiles);
      for (const warning of warnings) hear(warning);
      buildGraph(loadRun(run, files).network.model);
    },
  },
  {
    name: 'config.expanded.yaml',
    text: true,
    weight: 5,
    seeds: [encode(CONFIG)],
    read(bytes) {
      const files = withFile(undefined, './fuzz.yaml', decode(bytes));
      const request = requestOfConfig('./fuzz.yaml', files);
      buildGraph(loadRun(request ?? { arch: './fuzz.yaml', model: 'deit-t' }, files).network.model);
    },
  },
  {
    name: 'profile',
    text: true,
    weight: 8,
    seeds: [
      encode('patches.3,patches.6,skip,count\n137,96,4 2,5\n120,96,,1\n'),
      encode('{"patches":{"6":96,"3":137},"skip":[2,4],"count":5}\n{"patches":{"3":120,"6":96}}\n'),
    ],
    read: bytes => readProfile('profile.csv', decode(bytes)),
  },
  {
    name: 'labels.csv',
    text: true,
    weight: 5,
    seeds: [encode('file,label\n1.png,cat\n2.png,dog\n')],
    read: bytes =>
      readData('val', {
        'val/labels.csv': bytes,
        'val/1.png': plainPng(4, 4, [9, 8, 7]),
        'val/2.png': plainPng(4, 4, [1, 2, 3]),
      }),
  },
  ...CHECKPOINT_FORMATS,
  ...STATE_FORMATS,
];
