/** Writes the JSON Schemas that stand beside arch, technology and model files, from the built program. */
import { readFileSync, writeFileSync } from 'node:fs';
import { schemaFile, schemaKinds } from '../dist/src/cli/schema.js';

for (const kind of schemaKinds) {
  const path = new URL(`../${kind}/schema.json`, import.meta.url);
  const text = schemaFile(kind);
  if (readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
}
