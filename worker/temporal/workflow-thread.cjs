/**
 * Loaded into every thread that runs workflows, before the SDK (see `workflow-threads.ts`). All workflows of a worker
 * share one such thread and one V8 context. This file keeps a workflow that fails from harming another one.
 */
'use strict';
const vm = require('node:vm');

/**
 * When a call into the context throws, the reactions to the promises that it settled stay in the microtask queue. The
 * next call, made for another workflow, would run them, and commands of the first workflow would enter the history of
 * the second. Or the disposal of the first would run them, where reading the clock throws. So they run at once, while
 * their own workflow is still current; its task fails all the same.
 */
const { runInContext } = vm.Script.prototype;
const nothing = new vm.Script('undefined');
vm.Script.prototype.runInContext = function (context, options) {
  try {
    return runInContext.call(this, context, options);
  } catch (error) {
    try {
      runInContext.call(nothing, context, options);
    } catch {
      // The first error is the one to report.
    }
    throw error;
  }
};

/** Run id of the workflow that is current in a promise's context. */
function currentRunOf(promise) {
  return promise.constructor.constructor('return globalThis.__TEMPORAL_ACTIVATOR__?.info.runId')();
}

/**
 * The SDK looks for the run that an unhandled rejection belongs to, and ends the thread if there is none: all workflows
 * of the worker would stop. A rejection of a run that is gone harms nobody, so it is only logged, and never attributed
 * to the run that is current by then.
 */
const { on } = process;
process.on = function (event, listener) {
  if (event !== 'unhandledRejection') return on.call(this, event, listener);
  return on.call(this, event, (reason, promise) => {
    const run = currentRunOf(promise);
    if (run === undefined || (promise.runId !== undefined && promise.runId !== run))
      return console.error(
        `A workflow that is gone left a failure behind, which concerns nobody: ${String(reason)}`,
      );
    listener(reason, promise);
  });
};
