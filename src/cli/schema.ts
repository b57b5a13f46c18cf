/** `trex schema KIND`: the JSON Schema that editors check files against. */
import type { CommandModule } from 'yargs';
import { jsonSchema, schemaText } from '../arch/json-schema.ts';
import { modelJsonSchema } from '../workload/model.ts';

export const schemaKinds = ['arch', 'tech', 'models'] as const;

/** The text of arch/schema.json, tech/schema.json or models/schema.json. */
export function schemaFile(kind: (typeof schemaKinds)[number]): string {
  return schemaText(kind === 'models' ? modelJsonSchema() : jsonSchema(kind));
}

export const schemaCommand: CommandModule<object, { kind: (typeof schemaKinds)[number] }> = {
  command: 'schema <kind>',
  describe: 'Print the JSON Schema of a kind of file, for editors',
  builder: yargs =>
    yargs
      .positional('kind', { choices: schemaKinds, demandOption: true, describe: 'Kind of file' })
      .example('$0 schema arch > schema.json', 'Check architecture files while they are written'),
  handler: ({ kind }) => {
    process.stdout.write(schemaFile(kind));
  },
};
