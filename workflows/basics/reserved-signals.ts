/**
 * A signal with a name that Temporal keeps for itself (`__temporal_…`) fails the task where there is a handler for unknown
 * names, at every try: anybody who may send a signal could stop an agreement for good. Here it loses that beginning
 * before the SDK sees it, and is told as the unknown name that it is. A worker loads this with every workflow.
 */
import type { WorkflowInterceptors } from '@temporalio/workflow';

const reserved = '__temporal_';

/** What a reserved name is told as: without its beginning, and never a name that means something. */
const unreserved = (name: string): string =>
  name.startsWith(reserved) ? `temporal_${name.slice(reserved.length)}` : name;

export const interceptors = (): WorkflowInterceptors => ({
  internals: [
    {
      activate: (input, next) => {
        for (const { signalWorkflow, doUpdate } of input.activation.jobs ?? []) {
          if (signalWorkflow?.signalName) signalWorkflow.signalName = unreserved(signalWorkflow.signalName);
          if (doUpdate?.name) doUpdate.name = unreserved(doUpdate.name);
        }
        next(input);
      },
    },
  ],
});
