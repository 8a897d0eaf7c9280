/**
 * The environment of a test file: jest's own for Node, but in the process's own realm, as Node runs programs. jest's
 * default makes a realm for each file, in which every package is loaded anew and nothing that V8 learned is kept. Here
 *
 * - packages are loaded once for a process, by Node, and so are the rooms that are functions only: what they remember is what
 *   they would work out again. Other modules of ours are loaded for each file, as jest does;
 * - a script is compiled once for a process;
 * - errors and arrays of packages are those of the tests (`instanceof`).
 *
 * What a file leaves in the realm is taken back after it: globals, settings of the process and who listens to it, mocks.
 *
 * jest gives each file a storage that follows every promise (`AsyncLocalStorage`), and never ends it: after 60 files each
 * promise of a process was handed to 60 storages, and what runs on promises took four times as long. It is ended here.
 */
'use strict';

const { AsyncLocalStorage } = require('node:async_hooks');
const Module = require('node:module');
const path = require('node:path');
const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');
const { endThreads, shareBundles, shareThreads } = require('./shared-threads.cjs');

const used = new Set();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (...given) {
  used.add(this);
  return run.apply(this, given);
};

const packages = path.resolve(__dirname, '../../node_modules') + path.sep;
/** Packages that hold what they know of the file that runs: jest's, and what workflows run in.*/
const ofFiles = /^(@jest|@sinonjs|jest-[^/]+|expect|ts-jest|@temporalio\/workflow)\//;

const isPackage = (filename) =>
  filename.startsWith(packages) && !ofFiles.test(filename.slice(packages.length));

const isLasting = (filename) => lastingRooms.some((room) => filename.startsWith(room));
const lastingRooms = ['rules/engine', 'templates'].map(
  (room) => path.resolve(__dirname, '../..', room) + path.sep,
);
/** The modules of those rooms, by file. */
const lasting = new Map();

/** The scripts compiled in this process, by file, each with the text it was compiled from. */
const compiled = new Map();

function scriptOf(filename, text, options) {
  const known = compiled.get(filename);
  if (known?.text === text) return known.script;
  const script = new vm.Script(text, { filename, ...options });
  compiled.set(filename, { text, script });
  return script;
}

/** The realm as the file that runs found it. */
let realm;

/** The SDK's worker, and its module that makes threads. */
const [worker, threads] = ['index.js', 'workflow/threaded-vm.js'].map((file) =>
  path.join(packages, '@temporalio/worker/lib', file),
);

/** A package, loaded once for the process. What it adds to the realm then stays. */
function packageOf(filename) {
  if (filename in require.cache) return require(filename);
  const loaded = realm.keepingNew(() => require(filename));
  if (filename === worker) {
    shareBundles(loaded);
    shareThreads(require(threads));
  }
  return loaded;
}

const { compileFunction } = vm;
vm.compileFunction = (source, parameters, options = {}) => {
  const { filename, parsingContext, importModuleDynamically } = options;
  if (parsingContext === undefined) return compileFunction(source, parameters, options);
  if (isPackage(filename))
    return (module) => {
      module.exports = packageOf(filename);
    };
  const head = `(function (${(parameters ?? []).join(', ')}) {`;
  // Columns of the first line are counted as without the head.
  const place = { columnOffset: -head.length, importModuleDynamically };
  const body = scriptOf(filename, `${head}${source}\n})`, place).runInThisContext();
  return function (...given) {
    const [module, , requireHere] = given;
    requireOfFile = requireHere;
    if (!isLasting(filename)) return body.apply(this, given);
    if (lasting.has(filename)) return void (module.exports = lasting.get(filename).exports);
    // Before it is loaded: another may need it on the way.
    lasting.set(filename, module);
    try {
      body.apply(this, given);
    } catch (error) {
      lasting.delete(filename);
      throw error;
    }
  };
};

/** The `require` of a module of the file that runs. */
let requireOfFile;

/** A module of ours that a package loads, as Temporal's does the payload converter, is that of the file that runs. */
Module._extensions['.ts'] = (module, filename) => {
  delete Module._cache[filename];
  module.exports = requireOfFile(filename);
};

/** What there is in the realm besides modules: globals, and the process with its settings and who listens to it. */
class Realm {
  objects = [globalThis, process].map((object) => [object, new Map(ownOf(object))]);
  environment = { ...process.env };
  exitCode = process.exitCode;
  listeners = new Set(listenersOfProcess().map(([, listener]) => listener));

  /** Does work, and keeps what that adds to the realm. */
  keepingNew(work) {
    const before = new Realm();
    const result = work();
    for (const [index, [object, kept]] of this.objects.entries())
      for (const [key, descriptor] of ownOf(object))
        if (!before.objects[index][1].has(key)) kept.set(key, descriptor);
    for (const [, listener] of listenersOfProcess())
      if (!before.listeners.has(listener)) this.listeners.add(listener);
    return result;
  }

  /** Takes back what was done since. */
  restore() {
    for (const [object, kept] of this.objects) {
      for (const [key] of ownOf(object)) if (!kept.has(key)) Reflect.deleteProperty(object, key);
      for (const [key, descriptor] of kept) {
        const now = Reflect.getOwnPropertyDescriptor(object, key);
        if (now?.value !== descriptor.value || now?.get !== descriptor.get)
          Reflect.defineProperty(object, key, descriptor);
      }
    }
    for (const name of Object.keys(process.env)) if (!(name in this.environment)) delete process.env[name];
    Object.assign(process.env, this.environment);
    process.exitCode = this.exitCode;
    for (const [name, listener] of listenersOfProcess())
      if (!this.listeners.has(listener)) process.removeListener(name, listener);
  }
}

const ownOf = (object) =>
  Reflect.ownKeys(object).map((key) => [key, Reflect.getOwnPropertyDescriptor(object, key)]);
const listenersOfProcess = () =>
  process.eventNames().flatMap((name) => process.rawListeners(name).map((listener) => [name, listener]));

module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    realm = new Realm();
    this.global = globalThis;
    this.moduleMocker = new this.moduleMocker.constructor(globalThis);
    this.fakeTimers = null;
    this.fakeTimersModern = new this.fakeTimersModern.constructor({
      config: config.projectConfig,
      global: globalThis,
    });
  }

  async teardown() {
    this.moduleMocker.restoreAllMocks();
    await super.teardown();
    await endThreads();
    for (const storage of used) storage.disable();
    used.clear();
    realm.restore();
  }
};
