/** Writes the JSON Schemas that stand beside arch, technology, model and study files, from the built program. */
import { readFileSync, writeFileSync } from 'node:fs';
import { jsonText } from '../dist/src/base/json-text.js';
import { studyJsonSchema } from '../dist/src/explore/studies/study-schema.js';
import { schemaFile } from '../dist/src/run/schema-file.js';

const FILES = {
  'arch/schema.json': () => schemaFile('arch'),
  'tech/schema.json': () => schemaFile('tech'),
  'models/schema.json': () => schemaFile('models'),
  'docs/examples/study.schema.json': () => jsonText(studyJsonSchema()),
};

for (const [file, textOf] of Object.entries(FILES)) {
  const path = new URL(`../${file}`, import.meta.url);
  const text = textOf();
  let before = '';
  try {
    before = readFileSync(path, 'utf8');
  } catch {}
  if (before !== text) writeFileSync(path, text);
}
