/** All activities of the monitoring at our own place, made from what they need; the worker composes them. */
import type { Instant } from '../../rules/contract';
import type { Text } from '../../rules/text';
import type { MonitoringPage } from '../../templates/ui/monitoring';
import type { CheckNow } from './check-now';
import type { createConfigureActivities } from './configure';

type Answered = Promise<{ ok: true } | { rejected: Text }>;
interface Who {
  agreement: string;
  by: string;
  asOf: Instant;
}

export type MonitoringActivities = ReturnType<typeof createConfigureActivities> &
  CheckNow & {
    attendDesk(input: {
      agreement: string;
      asOf: Instant;
    }): Promise<{ nextAt?: Instant; page: MonitoringPage }>;
    answerIncident(input: Who & { incident?: number; answer: 'taken' | 'mended'; note?: string }): Answered;
    pauseMonitor(input: Who & { monitor: string; until: string; reason?: string }): Answered;
    resumeMonitor(input: Who & { monitor: string }): Answered;
  };
