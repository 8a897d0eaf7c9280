/** Starts what needs nothing but PostgreSQL: monitoring, the watch of a place, and the clock of a reader of digests. */
import type { Client } from '@temporalio/client';
import { findAgreement } from '../../activities/agreements/agreements';
import type { Db } from '../../activities/db';
import { tellMonitoring, tellWatch } from '../temporal/start-monitoring';
import type { StartMonitoringOptions } from '../temporal/start-monitoring';
import { tellDigestClock } from '../temporal/start-digest-clock';
import { readWorkflowId } from './workflows';

/** @returns false for what is none of them, or where nobody is to be watched */
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
