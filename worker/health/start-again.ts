/** Starts workflows whose state is all in PostgreSQL: monitoring, a place's watch, and a digest reader's clock. */
import type { Client } from '@temporalio/client';
import { findAgreement } from '../../activities/agreements/agreements';
import type { Db } from '../../activities/db';
import { tellMonitoring, tellWatch } from '../temporal/start-monitoring';
import type { StartMonitoringOptions } from '../temporal/start-monitoring';
import { tellDigestClock } from '../temporal/start-digest-clock';
import { readWorkflowId } from './workflows';

/** Starts such a workflow. @returns false for other workflows, or if the agreement is not known */
export async function startAgain(
  options: StartMonitoringOptions & { db: Db; client: Client },
  workflowId: string,
): Promise<boolean> {
  const named = readWorkflowId(workflowId);
  switch (named?.type) {
    case 'watching':
      await tellWatch(options.client, named.watch, options);
      return true;
    case 'digestClock':
      await tellDigestClock(options.client, named.reader, options);
      return true;
    case 'monitoring': {
      const agreement = await findAgreement(options.db, named.agreement);
      if (agreement) await tellMonitoring(options.client, agreement.contract, {}, options);
      return agreement !== undefined;
    }
    default:
      return false;
  }
}
