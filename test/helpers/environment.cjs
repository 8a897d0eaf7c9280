/**
 * The environment of a test file: jest's own for Node, which leaves nothing running in the process for the next file, and
 * keeps what each file of tests would do again.
 *
 * - jest gives each file a storage that follows every promise (`AsyncLocalStorage`), and never ends it: after 60 files
 *   each promise of a process was handed to 60 storages, and what runs on promises took four times as long.
 * - jest compiles every module anew for each file. A script is compiled once for a process, and run in each file's context.
 * - Some packages hold nothing that a file could leave behind. They are loaded once for a process, outside the contexts:
 *   V8 optimizes their code once, not in each file. A regular
 *   expression or an error of a test is none to them (`instanceof`): ajv takes formats as functions.
 */
'use strict';

const { AsyncLocalStorage } = require('node:async_hooks');
const path = require('node:path');
const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');

const used = new Set();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (...given) {
  used.add(this);
  return run.apply(this, given);
};

const packages = path.resolve(__dirname, '../../node_modules');
const loadedOnce = ['ajv', 'ajv-formats', 'date-holidays'].map((name) => path.join(packages, name, path.sep));

/** The scripts compiled in this process, by file, each with the text it was compiled from. */
const compiled = new Map();

function scriptOf(filename, text, options) {
  const known = compiled.get(filename);
  if (known?.text === text) return known.script;
  const script = new vm.Script(text, { filename, ...options });
  compiled.set(filename, { text, script });
  return script;
}

const { compileFunction } = vm;
vm.compileFunction = (source, parameters, options = {}) => {
  const { filename, parsingContext, importModuleDynamically } = options;
  if (parsingContext === undefined) return compileFunction(source, parameters, options);
  if (loadedOnce.some((folder) => filename.startsWith(folder)))
    return (module) => {
      module.exports = require(filename);
    };
  const head = `(function (${(parameters ?? []).join(', ')}) {`;
  // Columns of the first line are counted as without the head.
  const place = { columnOffset: -head.length, importModuleDynamically };
  return scriptOf(filename, `${head}${source}\n})`, place).runInContext(parsingContext);
};

module.exports = class extends TestEnvironment {
  async teardown() {
    await super.teardown();
    for (const storage of used) storage.disable();
    used.clear();
  }
};
