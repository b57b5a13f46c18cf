/** One folder of the suite, for scripts/suite.mjs, which has bundled the command line and written the suite's files. */
export default { files: ['dist/suite/*.test.js'], timeout: '2m', serial: true };
