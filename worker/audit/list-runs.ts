/** Lists from Temporal what runs for us: a thousand workflows a page. */
import type { Client } from '@temporalio/client';
import { monitoringQueueOf } from '../../rules/engine/monitoring/queues';
import { lastingTypes } from '../temporal/deployment';

export interface ListedRun {
  workflowId: string;
  type: string;
  /** Search attributes; nothing where none is set. */
  agreement: string | undefined;
  year: number | undefined;
  attention: string[];
}

/** Workflows of our own task queues that run. Visibility learns of changes with a delay. */
export async function listRuns(client: Client, taskQueue: string): Promise<ListedRun[]> {
  const types = lastingTypes.map((type) => `"${type}"`).join(', ');
  const queues = [taskQueue, monitoringQueueOf(taskQueue)].map((queue) => `"${queue}"`).join(', ');
  const query = `ExecutionStatus = "Running" AND WorkflowType IN (${types}) AND TaskQueue IN (${queues})`;
  const runs: ListedRun[] = [];
  for await (const { workflowId, type, searchAttributes } of client.workflow.list({ query, pageSize: 1_000 }))
    runs.push({ workflowId, type, ...attributesOf(searchAttributes) });
  return runs;
}

/** @param set search attributes as the client gives them: a list of values each */
function attributesOf(set: Record<string, unknown> | undefined): Omit<ListedRun, 'workflowId' | 'type'> {
  const values = (name: string): unknown[] => [set?.[name] ?? []].flat();
  const [agreement] = values('AgreementNumber');
  const [year] = values('YearNumber');
  return {
    agreement: typeof agreement === 'string' ? agreement : undefined,
    year: typeof year === 'number' ? year : undefined,
    attention: values('Attention').map(String).sort(),
  };
}
