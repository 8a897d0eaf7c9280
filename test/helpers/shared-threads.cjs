/**
 * Workers of a test file that run the same workflows share a thread for them, as the agreements of a worker do: making one
 * and loading the bundle takes a quarter of a processor second, and a test of years begins and replays many. They also
 * share the bundle as it was read: each would parse it and its map of sources again. The SDK has no option for either, so
 * this replaces what makes its threads and what reads its bundles.
 */
'use strict';

/** The threads of the file that runs, by what they were made for. */
const threads = new Map();

/** The bundles that its workers have read, by file. */
const bundles = new Map();

const isAlive = ({ workerThreadClients }) =>
  workerThreadClients.every(({ workerExited, exitError }) => !workerExited && !exitError);

/** What a worker is lent: it ends with its own workflows, and leaves the thread. */
class Lent {
  open = new Set();

  constructor(creator) {
    this.creator = creator;
  }

  async createWorkflow(options) {
    const workflow = await this.creator.createWorkflow(options);
    this.open.add(workflow);
    const dispose = workflow.dispose.bind(workflow);
    workflow.dispose = () => {
      this.open.delete(workflow);
      return dispose();
    };
    return workflow;
  }

  async destroy() {
    await Promise.all([...this.open].map((workflow) => workflow.dispose()));
  }
}

/** Has workers share what they read of a bundle from now on. @param sdk the SDK's module `worker` */
exports.shareBundles = ({ Worker }) => {
  const read = Worker.getOrCreateBundle;
  Worker.getOrCreateBundle = function (options, logger) {
    const codePath = options.workflowBundle?.codePath;
    if (codePath === undefined) return read.call(this, options, logger);
    if (!bundles.has(codePath)) {
      const bundle = read.call(this, options, logger);
      bundles.set(codePath, bundle);
      bundle.catch(() => bundles.delete(codePath));
    }
    return bundles.get(codePath);
  };
};

/** Has workers share their threads from now on. @param sdk the SDK's module `threaded-vm` */
exports.shareThreads = ({ ThreadedVMWorkflowCreator }) => {
  const create = ThreadedVMWorkflowCreator.create.bind(ThreadedVMWorkflowCreator);
  ThreadedVMWorkflowCreator.create = async (options) => {
    const { workflowBundle, registeredActivityNames, isolateExecutionTimeoutMs, reuseV8Context } = options;
    // A replay has no activities, and may be of a run that is still played: it has another thread.
    const activities = [...registeredActivityNames].sort();
    const key = JSON.stringify([
      workflowBundle.filename,
      activities,
      isolateExecutionTimeoutMs,
      reuseV8Context,
    ]);
    const made = await threads.get(key);
    if (made && isAlive(made)) return new Lent(made);
    const creator = create(options);
    threads.set(key, creator);
    return new Lent(await creator);
  };
};

/** Ends the threads of the file that has run, and forgets its bundles. */
exports.endThreads = async () => {
  const ended = [...threads.values()];
  threads.clear();
  bundles.clear();
  for (const creator of ended) await creator.then((made) => made.destroy()).catch(() => undefined);
};
