/** Starts what needs nothing but PostgreSQL: monitoring, and the watch of a place. */
import type { Client } from '@temporalio/client';
import { findAgreement } from '../../activities/agreements/agreements';
import type { Db } from '../../activities/db';
import { tellMonitoring, tellWatch } from '../temporal/start-monitoring';
import type { StartMonitoringOptions } from '../temporal/start-monitoring';
import { readWorkflowId } from './workflows';

/** @returns false for what is neither, or where nobody is to be watched */
export async function startMonitoringAgain(
  options: StartMonitoringOptions & { db: Db; client: Client },
  workflowId: string,
): Promise<boolean> {
  const named = readWorkflowId(workflowId);
  if (named?.type === 'watching') await tellWatch(options.client, named.watch, options);
  if (named?.type !== 'monitoring') return named?.type === 'watching';
  const agreement = await findAgreement(options.db, named.agreement);
  if (!agreement) return false;
  await tellMonitoring(options.client, agreement.contract, {}, options);
  return true;
}
