/**
 * Outlives the launcher by a moment. It reads lists of parts from the launcher's pipe; when the pipe ends, it stops the
 * parts of the last list that still run, in order. A launcher that stops in order sends an empty list last.
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
      // The launcher ended in the middle of a line: the list before it applies.
    }
  })
  .on('close', () => {
    stopInOrder(parts).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
