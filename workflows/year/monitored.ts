/** Integrations that checks of the monitoring check after an upgrade: who is asked, since when, and why nothing is known. */
import type { Instant } from '../../rules/engine/contract/contract';
import type { Part } from '../../rules/engine/upgrade/parts';
import { isOnCopy } from '../../rules/engine/upgrade/phases';
import { unmonitored } from '../../templates/ui/unmonitored';
import { clear, raise, record } from './journal';
import type { RunningPhase } from './upgrades';
import { phasesOfUpgrade, runningPhase } from './upgrades';
import type { Year } from './year';

const code = 'monitor-silent';

/** The checks of an integration; none where the plan tells none. */
export const monitorsOf = ({ plan }: Year, integration: string): readonly string[] =>
  plan.upgrade?.monitors?.[integration] ?? [];

/** Whether a phase is carried out on a copy: the monitoring looks at what people work in. */
export function isUnseen(year: Year, { upgrade, planned }: RunningPhase): boolean {
  const phases = phasesOfUpgrade(year, upgrade).flatMap((id) => runningPhase(year, id)?.planned ?? []);
  return isOnCopy(phases, planned);
}

/** Has the checks of an integration made now. */
export function askMonitors(year: Year, { id, key }: Part): void {
  const asked = year.now();
  year.state.monitored = { ...year.state.monitored, [key]: asked };
  clear(year, code, id);
  const asks = { integration: id, monitors: [...monitorsOf(year, id)], asked };
  record(year, { kind: 'row', ref: id, detail: {}, asks });
}

/**
 * When the checks of an integration were asked, while they have not answered, nobody else has said how it is since, and the system is
 * still the one that they were asked about.
 */
export function askedSince(year: Year, { id }: Pick<RunningPhase, 'id'>, { key }: Part): Instant | undefined {
  const { monitored, checks, closed } = year.state;
  const [asked, result] = [monitored?.[key], checks[key]];
  if (asked === undefined || result?.waived || (result && result.at > asked)) return undefined;
  const before = year.obligation(id)?.after;
  const since = before === undefined ? '' : closed[before]?.at;
  return since !== undefined && since <= asked ? asked : undefined;
}

/** The checks have answered. */
export function monitorsAnswered({ state }: Year, key: string): void {
  const { [key]: _, ...others } = state.monitored ?? {};
  state.monitored = others;
}

/** The checks say nothing of an integration: a person has to look at it. */
export function leaveToPeople(year: Year, integration: string, why: string): void {
  raise(year, code, integration, unmonitored.look(why)[year.input.language]);
}

/** Somebody has said how an integration is. */
export const settleMonitored = (year: Year, integration: string): number => clear(year, code, integration);

/** Why nothing is known from the checks of an integration, where that was told. */
export const whyUnmonitored = ({ state }: Year, integration: string): string | undefined =>
  state.attention.find((item) => item.code === code && item.subject === integration)?.detail;
