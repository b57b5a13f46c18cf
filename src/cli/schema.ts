/** `trex schema KIND`: the JSON Schema that editors check files against. */
import type { CommandModule } from 'yargs';
import { jsonText } from '../base/json-text.ts';
import { schemaFile } from '../run/schema-file.ts';

const KINDS = ['arch', 'tech', 'models', 'study'] as const;

/** With the metrics, which only this kind needs. */
async function studySchemaFile(): Promise<string> {
  return jsonText((await import('../explore/studies/study-schema.ts')).studyJsonSchema());
}

export const schemaCommand: CommandModule<object, { kind: (typeof KINDS)[number] }> = {
  command: 'schema <kind>',
  describe: 'Print the JSON Schema of a kind of file, for editors',
  builder: yargs =>
    yargs
      .positional('kind', { choices: KINDS, demandOption: true, describe: 'Kind of file' })
      .example('$0 schema arch > schema.json', 'Check architecture files while they are written'),
  handler: async ({ kind }) => {
    process.stdout.write(kind === 'study' ? await studySchemaFile() : schemaFile(kind));
  },
};
