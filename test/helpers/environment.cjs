/**
 * The environment of a test file: jest's own for Node, which leaves nothing running in the process for the next file.
 *
 * jest gives each file a storage that follows every promise (`AsyncLocalStorage`), and never ends it: after 60 files
 * each promise of a process was handed to 60 storages, and what runs on promises took four times as long.
 */
'use strict';

const { AsyncLocalStorage } = require('node:async_hooks');
const { TestEnvironment } = require('jest-environment-node');

const used = new Set();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (...given) {
  used.add(this);
  return run.apply(this, given);
};

module.exports = class extends TestEnvironment {
  async teardown() {
    await super.teardown();
    for (const storage of used) storage.disable();
    used.clear();
  }
};
