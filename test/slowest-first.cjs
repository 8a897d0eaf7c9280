/**
 * Order of the test files: those that play years and those of the browser first, as they take longest. Those that begin
 * last would otherwise be run one at a time, at the end. Within both halves jest's own order holds: by what a file took
 * the last time, or by its size.
 */
const { default: Sequencer } = require('@jest/test-sequencer');

const slow = /\/test\/(e2e|browser)\//;

module.exports = class extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    return [
      ...sorted.filter(({ path }) => slow.test(path)),
      ...sorted.filter(({ path }) => !slow.test(path)),
    ];
  }
};
