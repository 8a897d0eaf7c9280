/** Alerts of the agreement's monitoring, for its page: the dispatcher tells which run. */
import { defineSignal, setHandler, workflowInfo } from '@temporalio/workflow';
import type { Overview, RunningAlert } from '../../templates/ui/overview';
import { reasons } from '../../templates/ui/reasons';
import { cutBytes } from '../../templates/ui/text';
import { messageNames } from '../messages/messages';
import { reject } from './journal';
import { nameOfCheck } from './name-of-check';
import type { Year } from './year';

const alertsChanged = defineSignal<[unknown]>('alertsChanged');

/** Most alerts that the state keeps, and most bytes of an id. */
const [mostKept, mostBytes] = [10, 100] as const;

/** Listens for alerts that begin or are over. */
export function listenForAlerts(year: Year): void {
  setHandler(alertsChanged, (sent: unknown) => {
    const told = readAlerts(sent);
    if (told) year.state.alerts = told;
    else reject(year, 'alertsChanged', reasons.unknownMessage(messageNames, 'alertsChanged'));
  });
}

/** People can send it as well: then it may be anything. */
function readAlerts(sent: unknown): Year['state']['alerts'] {
  const { alerts, more } = (sent ?? {}) as Partial<Record<string, unknown>>;
  if (!Array.isArray(alerts) || typeof more !== 'number') return undefined;
  const read = alerts.slice(0, mostKept).map((one: unknown) => {
    const { monitor, severity, since } = (one ?? {}) as Partial<Record<string, unknown>>;
    const isAlert = [monitor, severity].every((part) => typeof part === 'string');
    if (!isAlert || typeof since !== 'string' || !/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(since)) return undefined;
    if (Number.isNaN(Date.parse(since))) return undefined;
    return {
      monitor: cutBytes(String(monitor), mostBytes),
      severity: cutBytes(String(severity), mostBytes),
      since,
    };
  });
  return read.every((one): one is RunningAlert => one !== undefined) ? { alerts: read, more } : undefined;
}

/** The alerts as the page shows them, with the path of the monitoring's own page in the Web UI. */
export function alertsOf(year: Year): Overview['alerts'] {
  const { agreement, state } = year;
  const { alerts = [], more = 0 } = state.alerts ?? {};
  const { namespace } = workflowInfo();
  const path = ['namespaces', namespace, 'workflows', `monitoring-${agreement}`]
    .map(encodeURIComponent)
    .join('/');
  const running = alerts.map((alert) => ({ ...alert, ...nameOfCheck(year, alert.monitor) }));
  return { running, more, path: `/${path}` };
}
