/**
 * Order of the test files: those that wait for minutes first, and those that play years and those of the browser next, as
 * they take longest. Those that begin last would otherwise be run one at a time, at the end. Within each part jest's own
 * order holds: by what a file took the last time, or by its size.
 */
const { default: Sequencer } = require('@jest/test-sequencer');

const waiting = /\/test\/e2e\/(monitoring|watching|idle)\./;
const slow = /\/test\/(e2e|browser)\//;
const rank = ({ path }) => (waiting.test(path) ? 0 : slow.test(path) ? 1 : 2);

module.exports = class extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
};
