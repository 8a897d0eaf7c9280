/**
 * Loaded into every thread that runs workflows, before the SDK (see `workflow-threads.ts`). All workflows of a worker
 * share one such thread and one V8 context. What follows keeps one that fails from reaching another one.
 */
'use strict';
const vm = require('node:vm');

/**
 * A call into the context that throws leaves the promises queued that it settled. The next call, made for another
 * workflow, would run them: commands of the one would stand in the history of the other. Or the first one's disposal
 * would run them, where every look at the clock throws. So they run at once, while their own workflow is still the
 * current one; its task fails all the same.
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
      // The first error says what failed.
    }
    throw error;
  }
};

/** Id of the run that is current in a promise's context. */
function currentRunOf(promise) {
  return promise.constructor.constructor('return globalThis.__TEMPORAL_ACTIVATOR__?.info.runId')();
}

/**
 * The SDK looks for the run that a rejected promise belongs to, and ends the thread where there is none: all workflows of
 * the worker would stop. A rejection of a run that is gone concerns nobody. It is written to the log and left at that,
 * and it is never taken for one of the run that is current by then.
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
