/**
 * Workers of a test file that run the same workflows share a thread for them, as the agreements of a worker do: making one
 * and loading the bundle takes a quarter of a processor second, and a test of years begins and replays many. The SDK has
 * no option for it, so this replaces what makes its threads.
 */
'use strict';

/** The threads of the file that runs, by what they were made for. */
const threads = new Map();

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

/** Ends the threads of the file that has run. */
exports.endThreads = async () => {
  const ended = [...threads.values()];
  threads.clear();
  for (const creator of ended) await creator.then((made) => made.destroy()).catch(() => undefined);
};
