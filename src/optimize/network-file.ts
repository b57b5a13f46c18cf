/** A network as a model file: what `trex` reads as --model or --model-name. */
import { stringify } from 'yaml';
import type { ModelConfig } from '../workload/model.ts';
import type { ReusePlan } from '../workload/reuse.ts';

/** Fields that a reader derives; the tokens of an image network are those of its patches. */
const derived = (model: ModelConfig): string[] => ('maxTokens' in model ? ['hidden'] : ['hidden', 'tokens']);

/** YAML that gives the same network again; the reuse stands in a comment, as it is an option of each command. */
export function networkYaml(model: ModelConfig, reuse: ReusePlan): string {
  const skipped = derived(model);
  const fields = Object.entries(model).filter(
    ([key, value]) => !skipped.includes(key) && value !== undefined,
  );
  return `# --reuse ${reuse.pattern}\n${stringify(Object.fromEntries(fields), { lineWidth: 0 })}`;
}
