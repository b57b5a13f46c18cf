/** Writes docs/commands.md from the built program. */
import { readFileSync, writeFileSync } from 'node:fs';
import { commandsPage } from '../dist/src/cli/commands-page.js';

const path = new URL('../docs/commands.md', import.meta.url);
const text = await commandsPage();
let before = '';
try {
  before = readFileSync(path, 'utf8');
} catch {}
if (before !== text) writeFileSync(path, text);
