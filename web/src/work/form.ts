/** The chip as a form: every value with its unit and source, in the blocks of the JSON Schemas. */
import { parseReuse, reuseSpace, schemaFile } from 'trex-sim';
import { filesWith } from './files.ts';
import type { Field, FieldGroup, FormAnswer, RunQuestion } from './protocol.ts';
import { loaded } from './runs.ts';
import type { Turn } from './turn.ts';

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly dimension?: string;
  readonly description?: string;
  readonly else?: Schema;
}

const SCHEMAS = {
  arch: JSON.parse(schemaFile('arch')).else as Schema,
  tech: JSON.parse(schemaFile('tech')).else as Schema,
  model: JSON.parse(schemaFile('models')) as Schema,
};
/** What is said of a file, and not of its chip. */
const NOT_SHOWN = /(^|\.)(name|description|source|use|published|certainty)(\.|$)/;

/** Everything that a schema allows in a place. */
function alternatives(node: Schema): Schema[] {
  return [
    node,
    ...[...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.else ? [node.else] : [])].flatMap(
      alternatives,
    ),
  ];
}

function schemasAt(root: Schema, path: readonly string[]): Schema[] {
  let here = alternatives(root);
  for (const key of path)
    here = here.flatMap(node => {
      const next = node.properties?.[key] ?? (/^\d+$/.test(key) ? node.items : undefined);
      return next === undefined ? [] : alternatives(next);
    });
  return here;
}

function kindOf(
  all: readonly Schema[],
  value: unknown,
): Pick<Field, 'kind' | 'unit' | 'min' | 'max' | 'choices'> {
  const choices = [
    ...new Set(all.flatMap(node => node.enum ?? (node.const === undefined ? [] : [node.const]))),
  ].map(String);
  const dimension = all.find(node => node.dimension !== undefined)?.dimension;
  const number = all.find(node => node.type === 'integer') ?? all.find(node => node.type === 'number');
  if (typeof value === 'number' && dimension !== undefined) return { kind: 'quantity', unit: dimension };
  if (typeof value === 'number' && number !== undefined)
    return {
      kind: number.type === 'integer' ? 'integer' : 'number',
      ...(number.minimum !== undefined && { min: number.minimum }),
      ...(number.maximum !== undefined && { max: number.maximum }),
    };
  if (typeof value === 'boolean') return { kind: 'flag' };
  return typeof value === 'string' && choices.length > 1 ? { kind: 'choice', choices } : { kind: 'text' };
}

export async function form(question: RunQuestion, _turn: Turn): Promise<FormAnswer> {
  const { arch, network, options } = await loaded(question);
  const groups = new Map<string, Field[]>();
  for (const { path, value, text, origin, source } of [...arch.origins, ...network.origins]) {
    if (origin.kind === 'derived' || NOT_SHOWN.test(path)) continue;
    const keys = path.split('.');
    const [first] = keys;
    const isTech = (first === 'tech' || first === 'digital') && keys.length > 1;
    const within = isTech
      ? keys.slice(/^(static|dynamic)$/.test(keys[1]) ? 2 : 1)
      : first === 'model'
        ? keys.slice(1)
        : keys;
    const all = schemasAt(isTech ? SCHEMAS.tech : first === 'model' ? SCHEMAS.model : SCHEMAS.arch, within);
    const place =
      origin.kind === 'file'
        ? `${origin.file}:${origin.line}`
        : origin.kind === 'set'
          ? origin.flag
          : 'default';
    const said = all.find(node => node.description !== undefined)?.description;
    const name = isTech
      ? `${first}: ${keys.length > 2 ? keys[1] : 'general'}`
      : keys.length > 1
        ? first
        : 'chip';
    const field: Field = Object.assign({ path, text, isSet: origin.kind === 'set' }, kindOf(all, value), {
      hint: [said, source, place].filter(word => word !== undefined).join('; '),
    });
    groups.set(name, [...(groups.get(name) ?? []), field]);
  }
  const space = reuseSpace(network.model);
  const files = await filesWith(question.files);
  return {
    groups: [...groups].map(([name, fields]): FieldGroup => ({ name, fields })),
    encoders: network.model.encoders,
    able: space.able,
    reused: [...parseReuse(options.reuse, space).encoders],
    names: { arch: files.list('arch'), tech: files.list('tech'), models: files.list('models') },
    warnings: [...arch.warnings, ...network.warnings],
  };
}
