/**
 * Draws a workflow's page when somebody asks for it. The Web UI reads the page by a query, and setting it is no command:
 * there is no need to draw it each time something changes. A worker loads this with every workflow.
 */
import { setCurrentDetails } from '@temporalio/workflow';
import type { WorkflowInterceptors } from '@temporalio/workflow';

let draw: (() => string) | undefined;

/** @param page gives the page as it is now, in Markdown; must not throw: a query would fail */
export function drawPageWhenAsked(page: () => string): void {
  draw = page;
}

export const interceptors = (): WorkflowInterceptors => ({
  internals: [
    {
      activate: (input, next) => {
        if (draw && input.activation.jobs?.some(({ queryWorkflow }) => queryWorkflow))
          setCurrentDetails(draw());
        next(input);
      },
    },
  ],
});
