/** `npm run architecture`: draws docs/architecture.svg from the imports of src/. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readTree } from './imports.ts';
import { housePicture } from './picture.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

writeFileSync(`${ROOT}docs/architecture.svg`, housePicture(readTree(`${ROOT}src`)));
