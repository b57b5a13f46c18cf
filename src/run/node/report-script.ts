/** The script that a report runs in a browser, which the build has bundled beside the library. */
import { readFileSync } from 'node:fs';

/** For `reportDocument`. */
export const reportScript = (): string => readFileSync(new URL('./report-page.js', import.meta.url), 'utf8');
