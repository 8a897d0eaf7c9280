/** Unit and end-to-end tests; `test/run.ts` starts the stack they share and passes its addresses in. */
module.exports = {
  rootDir: '.',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // The code of earlier versions lies there.
  modulePathIgnorePatterns: ['<rootDir>/.data/'],
  testEnvironment: '<rootDir>/test/helpers/environment.cjs',
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.json' }] },
  // A year takes ten to sixty seconds, and several times that where others keep the machine busy.
  testTimeout: 300_000,
  testSequencer: '<rootDir>/test/slowest-first.cjs',
  // Three more than the processors of the smallest machine: three files wait all of their time and begin first, and
  // tests of years wait half of theirs.
  maxWorkers: 5,
  // A worker that has grown over many files spends its time collecting garbage: a new one goes on.
  workerIdleMemoryLimit: '1GB',
  // A test that failed in mid-year leaves a worker behind; it must not keep the run from its verdict.
  forceExit: true,
};
