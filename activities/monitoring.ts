/** All activities of the monitoring at our own place, made from what they need; the worker composes them. */
import type { RunCheck } from '../rules/engine/monitoring/watched';
import { withPermanentDbErrors } from './permanent';
import { createAnswerActivities } from './desk/answers';
import { createAskedCheckActivities } from './monitors/asked-checks';
import type { CheckNow } from './monitors/check-now';
import { createCheckNow } from './monitors/check-now';
import { createConfigureActivities } from './monitors/configure';
import type { DeskDeps } from './desk/desk';
import { createSiteActivities } from './monitors/sites';
import { createWatchActivities } from './monitors/watch-central';

export interface MonitoringDeps extends DeskDeps {
  runCheck: RunCheck;
  /** Name of the worker, shown as who watches. */
  workerName: string;
}

/** What the workflows `monitoring`, `checkOnce` and `checkIntegration` ask for. */
export type MonitoringActivities = ReturnType<typeof createConfigureActivities> &
  ReturnType<typeof createAnswerActivities> &
  ReturnType<typeof createAskedCheckActivities> &
  CheckNow;

export function createMonitoringActivities(deps: MonitoringDeps) {
  return {
    ...withPermanentDbErrors({
      ...createConfigureActivities(deps),
      ...createAnswerActivities(deps),
      ...createAskedCheckActivities(deps),
      ...createSiteActivities(deps),
    }),
    ...createCheckNow(deps),
    ...createWatchActivities(deps),
  };
}
