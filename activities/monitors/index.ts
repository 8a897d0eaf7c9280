/** All activities of the monitoring at our own place, made from what they need; the worker composes them. */
import type { RunCheck } from '../../rules/engine/monitoring/watched';
import { withPermanentDbErrors } from '../permanent';
import { createAnswerActivities } from './answers';
import type { CheckNow } from './check-now';
import { createCheckNow } from './check-now';
import { createConfigureActivities } from './configure';
import type { DeskDeps } from './desk';
import { createSiteActivities } from './sites';
import { createWatchActivities } from './watch-central';

export interface MonitoringDeps extends DeskDeps {
  runCheck: RunCheck;
  /** Name of the worker, shown as who watches. */
  workerName: string;
}

/** What the workflows `monitoring` and `checkOnce` ask for. */
export type MonitoringActivities = ReturnType<typeof createConfigureActivities> &
  ReturnType<typeof createAnswerActivities> &
  CheckNow;

export function createMonitoringActivities(deps: MonitoringDeps) {
  return {
    ...withPermanentDbErrors({
      ...createConfigureActivities(deps),
      ...createAnswerActivities(deps),
      ...createSiteActivities(deps),
    }),
    ...createCheckNow(deps),
    ...createWatchActivities(deps),
  };
}
