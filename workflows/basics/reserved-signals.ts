/**
 * Renames signals and updates with a name that Temporal reserves (`__temporal_…`). Where a workflow has a handler for
 * unknown names, such a signal fails the task at every try: anybody who may send a signal could stop an agreement for
 * good. Renamed before the SDK sees it, it is rejected as unknown. A worker loads this with every workflow.
 */
import type { WorkflowInterceptors } from '@temporalio/workflow';

const reserved = '__temporal_';

/** A reserved name without its leading underscores (`temporal_…`), which no message has; other names as they are. */
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
