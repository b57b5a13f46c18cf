/** A network as a model file: what `trex` reads as --model or --model-name. */
import { stringify } from 'yaml';
import { type ModelConfig, modelJsonSchema } from '../workload/model.ts';
import type { ReusePlan } from '../workload/reuse.ts';

/** Fields of a model file, family by family: what a reader derives is none. */
const fieldsOf = (model: ModelConfig): readonly string[] =>
  (modelJsonSchema() as unknown as JsonSchema).oneOf
    .filter(({ properties }) => properties.family.const === model.family)
    .flatMap(({ properties }) => Object.keys(properties));

interface JsonSchema {
  readonly oneOf: readonly { readonly properties: Readonly<Record<string, { readonly const?: unknown }>> }[];
}

/** YAML that gives the same network again; the reuse stands in a comment, as it is an option of each command. */
export function networkYaml(model: ModelConfig, reuse: ReusePlan): string {
  const known = fieldsOf(model);
  const fields = Object.entries(model).filter(([key, value]) => known.includes(key) && value !== undefined);
  return `# --reuse ${reuse.pattern}\n${stringify(Object.fromEntries(fields), { lineWidth: 0 })}`;
}
