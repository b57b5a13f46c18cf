/** Writes the JSON Schemas that stand beside arch, technology and model files, from the built program. */
import { readFileSync, writeFileSync } from 'node:fs';
import { schemaFile } from '../dist/src/run/schema-file.js';

for (const kind of ['arch', 'tech', 'models']) {
  const path = new URL(`../${kind}/schema.json`, import.meta.url);
  const text = schemaFile(kind);
  if (readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
}
