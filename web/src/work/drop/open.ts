/** What a dropped file is: a chip, a technology, a network, a result, or weights. Wrong ones are refused in the words of the command line. */
import {
  checkFiles,
  type Files,
  kindOfFile,
  memoryData,
  modelSummary,
  type NetworkFile,
  openNetwork,
  parseSafetensors,
  requestOfConfig,
  rerunOf,
  TrexError,
} from 'trex-sim';
import type { Asked, UserFiles } from '../asked.ts';
import { filesWith } from '../files.ts';
import type { Turn } from '../turn.ts';
import type { OpenAnswer, OpenQuestion, OpRow } from './protocol.ts';

type Opener = (name: string, question: OpenQuestion) => Promise<OpenAnswer>;

/** By the ends of names; of several files the first of these is what the others belong to. */
const KINDS: readonly { readonly ends: RegExp; readonly open: Opener }[] = [
  { ends: /\.(safetensors|safetensors\.index\.json|npz|onnx|bin|pt|pth|ckpt)$/i, open: weights },
  { ends: /\.ya?ml$/i, open: yaml },
  { ends: /\.json$/i, open: result },
];

export async function open(question: OpenQuestion, _turn: Turn): Promise<OpenAnswer> {
  const names = Object.keys(question.dropped);
  for (const { ends, open: one } of KINDS) {
    const name = names.find(file => ends.test(file));
    if (name !== undefined) return one(name, question);
  }
  throw new TrexError(
    `${names[0]}: expected .yaml of a chip, a technology or a network, .safetensors, .npz or .onnx of a network, or result.json of trex run`,
  );
}

const decoder = new TextDecoder('utf-8', { fatal: true });

function textOf(name: string, bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new TrexError(`${name}: not a text: its bytes are not UTF-8`);
  }
}

/** A run as the page asks for it; what it has no place for is said. */
function askedOf(
  name: string,
  run: Readonly<Record<string, unknown>>,
): { asked: Partial<Asked>; notices: string[] } {
  const { arch, model, tech = null, reuse = 'none', tokens = null, seed = 1, set = [], ...rest } = run;
  const more = Object.entries(rest).filter(
    ([key, value]) => value !== undefined && value !== null && !(key === 'images' && value === 1),
  );
  const notices =
    more.length === 0
      ? []
      : [`${name} also says ${more.map(([key]) => key).join(', ')}: this page runs one image, without them`];
  return { asked: { arch, model, tech, reuse, tokens, seed, set } as Partial<Asked>, notices };
}

/** All YAML files that were dropped; the ones that others name lie beside them. */
async function yaml(_first: string, { dropped, files }: OpenQuestion): Promise<OpenAnswer> {
  const names = Object.keys(dropped).filter(name => /\.ya?ml$/i.test(name));
  const texts = Object.fromEntries(
    Object.entries(dropped)
      .filter(([name]) => /\.(ya?ml|csv)$/i.test(name))
      .map(([name, bytes]) => [name, textOf(name, bytes)] as const),
  );
  const all: UserFiles = Object.assign({}, files, texts);
  const known = await filesWith(all);
  const { errors, warnings } = checkFiles(
    known,
    names.map(name => `./${name}`),
  );
  if (errors.length > 0) throw new TrexError(errors.join('\n'));
  const notices = [...warnings];
  let asked: Partial<Asked> = {};
  for (const name of names) {
    const path = `./${name}`;
    const kind = kindOfFile(known, path);
    const whole = kind === 'arch' ? requestOfConfig(path, known) : undefined;
    if (whole !== undefined) {
      const found = askedOf(name, Object.assign({}, whole));
      asked = Object.assign({}, asked, found.asked);
      notices.push(...found.notices);
    } else if (kind === 'arch') asked = Object.assign({ tech: null, set: [] }, asked, { arch: path });
    else if (kind === 'tech') asked = Object.assign({ set: [] }, asked, { tech: path });
    else asked = Object.assign({ reuse: 'none', set: [] }, asked, { model: path });
  }
  return { kind: 'chip', asked, files: all, notices };
}

async function result(name: string, { dropped, files }: OpenQuestion): Promise<OpenAnswer> {
  const again = await rerunOf(name, dropped[name], await filesWith(files));
  const held = (again.held.files ?? []) as readonly { readonly path: string; readonly text?: string }[];
  const texts = Object.fromEntries(
    held.flatMap(({ path, text }) => (text === undefined ? [] : [[path, text] as const])),
  );
  const { asked, notices } = askedOf(name, Object.assign({}, again.run));
  return {
    kind: 'chip',
    asked,
    files: Object.assign({}, files, texts),
    notices: [
      ...again.warnings,
      ...notices,
      `${name} was opened: its run is done again here, with the files that it holds`,
    ],
  };
}

/** Rows x inputs x outputs, where an op is a product. */
function sizeOf(op: object): string {
  const { rows, in: inputs, out } = op as { rows?: unknown; in?: unknown; out?: unknown };
  return [rows, inputs, out].filter(one => typeof one === 'number').join(' x ');
}

const opsOf = (network: NetworkFile): OpRow[] =>
  network.graph().ops.map(op => ({
    id: op.id,
    kind: op.kind,
    stage: op.stage,
    from: op.deps.map(({ op: from }) => from),
    size: sizeOf(op),
  }));

async function weights(name: string, { dropped, as, files: user }: OpenQuestion): Promise<OpenAnswer> {
  const files: Files = await filesWith(user);
  const bytes = dropped[name];
  const tensors = /\.safetensors$/i.test(name)
    ? [...parseSafetensors(bytes, name).tensors].map(([tensor, { dtype, shape }]) => ({
        name: tensor,
        dtype,
        shape,
      }))
    : [];
  const told = { model: name, reuse: 'none', ...(as !== null && { modelName: as }) };
  const found = { name, bytes: bytes.length, tensors, names: files.list('models') };
  try {
    const network = await openNetwork(told, { files, disk: memoryData(dropped) });
    const { family, encoders, dim, heads, tokens, params, macs } = modelSummary(network.model);
    const summary = Object.entries({
      network: network.model.name,
      family,
      encoders,
      dim,
      heads,
      tokens,
      parameters: params,
      'multiply-adds': macs.total,
    })
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([key, value]) => [key, String(value)] as const);
    return Object.assign(found, {
      kind: 'network' as const,
      summary,
      ops: opsOf(network),
      problem: '',
      notices: network.warnings,
    });
  } catch (error) {
    // Tensors that can be read are shown although nobody says what they are of.
    if (!(error instanceof TrexError) || tensors.length === 0) throw error;
    return Object.assign(found, {
      kind: 'network' as const,
      summary: [],
      ops: [],
      problem: error.message,
      notices: [],
    });
  }
}
