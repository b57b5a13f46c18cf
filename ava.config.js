/** The command line is tested as users have it: bundled, anew for every run of the tests. */
import { bundle } from './scripts/bundle.mjs';

await bundle();

export default {
  files: ['dist/test/**/*.test.js'],
  timeout: '2m',
};
