/**
 * Outlives the launcher by a moment: while the pipe from it stays open this process only listens; when the pipe
 * ends without a goodbye (the launcher was killed) it stops the parts that still run, in order.
 */
const readline = require('node:readline');
const { stopInOrder } = require('./processes.cjs');

let parts = [];

readline
  .createInterface({ input: process.stdin })
  .on('line', (line) => {
    try {
      parts = JSON.parse(line);
    } catch {
      // Cut off by the launcher's end in the middle of a line: the list before it holds.
    }
  })
  .on('close', () => {
    stopInOrder(parts).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
