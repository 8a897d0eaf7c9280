/** Reads from a workflow's histories what happened inside it. */
import { temporal } from '@temporalio/proto';
import type { RunningSimulation } from '../../worker/simulation/simulate';
import { closedTask } from '../../workflows/basics/closed-task';
import { runsOf } from '../../worker/simulation/simulate';

const causes = temporal.api.enums.v1.WorkflowTaskFailedCause;

/** Causes of failed tasks outside the workflow: a message arrived meanwhile, too much arrived, a worker went away. */
const causesOutside: number[] = [
  causes.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND,
  causes.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_UPDATE,
  causes.WORKFLOW_TASK_FAILED_CAUSE_FORCE_CLOSE_COMMAND,
  causes.WORKFLOW_TASK_FAILED_CAUSE_RESET_STICKY_TASK_QUEUE,
];

/** Tasks of a workflow's runs that its own code failed, each with its cause; not those that the server had closed. */
export async function failedTasks({ client, workflowId }: RunningSimulation): Promise<string[]> {
  const failed: string[] = [];
  for (const { runId } of await runsOf(client, workflowId)) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    for (const { workflowTaskFailedEventAttributes: attributes } of events ?? []) {
      const cause = attributes?.cause ?? 0;
      const message = attributes?.failure?.message ?? 'no message';
      if (attributes && !causesOutside.includes(cause) && !message.endsWith(closedTask))
        failed.push(`${causes[cause] ?? cause}: ${message}`);
    }
  }
  return failed;
}

/** Bytes of the input that each run of a workflow got from the one before. */
export async function handedOver({ client, workflowId }: RunningSimulation): Promise<number[]> {
  const sizes: number[] = [];
  for (const { runId } of (await runsOf(client, workflowId)).slice(1)) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const [payload] = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
    sizes.push(payload?.data?.length ?? 0);
  }
  return sizes;
}

/** The content of the tab "User Metadata": the page as Markdown, and each message with its description. */
export async function metadataOf({ client, workflowId }: RunningSimulation): Promise<Metadata> {
  return client.workflow.getHandle(workflowId).query<Metadata>('__temporal_workflow_metadata');
}

export interface Metadata {
  currentDetails: string;
  definition: Record<'signalDefinitions' | 'updateDefinitions', { name?: string; description?: string }[]>;
}

export const pageOf = async (running: RunningSimulation): Promise<string> =>
  (await metadataOf(running)).currentDetails;

/** Every summary in the timelines of a workflow's runs. */
export async function summariesOf({ client, workflowId }: RunningSimulation): Promise<string[]> {
  const summaries: string[] = [];
  for (const { runId } of await runsOf(client, workflowId)) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    for (const { userMetadata } of events ?? [])
      if (userMetadata?.summary?.data)
        summaries.push(Buffer.from(userMetadata.summary.data).toString('utf8'));
  }
  return summaries;
}
