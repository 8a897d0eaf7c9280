/** A check on its way, and what it may use, for tests of single kinds. */
import type { CheckDeps } from '../../../activities/monitors/checks/checker';
import type { Check } from '../../../rules/engine/contract/monitor';
import type { WatchedCheck } from '../../../rules/engine/monitoring/watched';

/** A check of an agreement of the customer `acme`. */
export const watchedCheck = (check: Omit<Check, 'name'>): WatchedCheck => ({
  agreement: '2027-0001',
  customer: 'acme',
  closedDays: [],
  check: { name: 'Orders', ...check },
  settings: {
    intervalMinutes: 1,
    failuresBeforeAlert: 1,
    failuresWithin: 1,
    retrySeconds: 5,
    goodBeforeRecovery: 1,
    graceMinutes: 0,
    repeatMinutes: 0,
    groupBy: 'none',
    flapping: { recoveries: 3, withinMinutes: 60 },
  },
});

/** Everything is allowed and nothing is known, but for what a test says. */
export const depsWith = (some: Partial<CheckDeps> & { secrets?: Record<string, string> }): CheckDeps => {
  const { secrets = {}, ...deps } = some;
  return {
    now: () => Date.now(),
    secret: (customer, name) => (customer === 'acme' ? secrets[name] : undefined),
    addressAllowed: () => true,
    fileRoots: [],
    ...deps,
  };
};
