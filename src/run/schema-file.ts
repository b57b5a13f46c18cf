/** The JSON Schemas that editors check files against. */

import { jsonSchema } from '../arch/json-schema.ts';
import type { FileKind } from '../arch/source-files.ts';
import { jsonText } from '../base/json-text.ts';
import { modelJsonSchema } from '../workload/model.ts';

/** The text of arch/schema.json, tech/schema.json or models/schema.json. */
export const schemaFile = (kind: FileKind): string =>
  jsonText(kind === 'models' ? modelJsonSchema() : jsonSchema(kind));
