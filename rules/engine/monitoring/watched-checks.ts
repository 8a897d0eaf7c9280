/** Which checks an agreement has, from its contract and its terms. */
import type { Contract } from '../contract/contract';
import type { MonitoringTerms, Terms } from '../ruleset/terms';
import type { Check, CheckSettings } from '../contract/monitor';
import { isSetUp } from '../contract/monitor-schema';
import { declaredChecks } from '../terms/declared-checks';
import type { WatchedCheck } from './watched';

/** A check of an agreement, and whether it is watched or why not. */
export interface AgreedCheck {
  state: 'watched' | 'notSetUp' | 'notPossible';
  watched: WatchedCheck;
}

/** The checks of an agreement, each with its settings. */
export function agreedChecks(
  contract: Contract,
  terms: Pick<Terms, 'monitoring' | 'support'>,
): AgreedCheck[] {
  return declaredChecks(contract, terms).map((check) => ({
    state: check.notPossible !== undefined ? 'notPossible' : isSetUp(check) ? 'watched' : 'notSetUp',
    watched: {
      agreement: contract.agreement,
      customer: contract.customer.id,
      closedDays: terms.support.closedDays,
      check,
      settings: settingsFor(check, terms.monitoring),
    },
  }));
}

/** The settings of one check: the agreement's terms, overridden by those of its kind and then by its own. */
export function settingsFor(check: Check, terms: MonitoringTerms): CheckSettings {
  const ofKind = terms.kinds[check.kind] ?? {};
  const pick = <K extends keyof Omit<CheckSettings, 'flapping' | 'groupBy'>>(name: K): CheckSettings[K] =>
    (check[name] ?? ofKind[name] ?? terms[name]) as CheckSettings[K];
  const failuresBeforeAlert = pick('failuresBeforeAlert');
  return {
    intervalMinutes: pick('intervalMinutes'),
    failuresBeforeAlert,
    failuresWithin: Math.max(failuresBeforeAlert, pick('failuresWithin')),
    retrySeconds: pick('retrySeconds'),
    goodBeforeRecovery: pick('goodBeforeRecovery'),
    graceMinutes: pick('graceMinutes'),
    repeatMinutes: pick('repeatMinutes'),
    groupBy: ofKind.groupBy ?? terms.groupBy,
    flapping: terms.flapping,
  };
}
