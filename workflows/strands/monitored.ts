/**
 * Integrationer efter uppgraderingen: once the system is upgraded and that can no longer be undone unnoticed, the checks of the monitoring
 * that belong to an integration are made, and their answer is its result. Where none comes, it is left to people.
 */
import { condition } from '@temporalio/workflow';
import type { Instant } from '../../rules/engine/contract/contract';
import { addMinutes } from '../../rules/engine/calendar/dates';
import type { Part } from '../../rules/engine/upgrade/parts';
import { unmonitored } from '../../templates/ui/unmonitored';
import { timerSummary } from '../../templates/ui/wording';
import { askMonitors, askedSince, isUnseen, leaveToPeople, monitorsOf } from '../year/monitored';
import type { RunningPhase } from '../year/upgrades';
import { runningPhase } from '../year/upgrades';
import type { Year } from '../year/year';

/** Minutes after which an answer is not waited for any more; one that comes later is taken all the same. */
const patience = 60;

interface Due {
  at: Instant;
  /** Names what is done, so that it is done once. */
  name: string;
  part: Part;
  does: 'ask' | 'giveUp';
}

export async function askAfterIntegrations(year: Year): Promise<void> {
  const summary = timerSummary('monitors', undefined, year.input.language);
  while (!year.over) {
    const next = nextDue(year);
    if (!next) {
      await condition(() => year.over || nextDue(year) !== undefined);
      continue;
    }
    const isSame = (): boolean => {
      const now = nextDue(year);
      return now !== undefined && now.name === next.name && now.at === next.at;
    };
    const came = await year.until(
      () => next.at,
      () => !isSame(),
      summary,
    );
    if (!came || !isSame()) continue;
    year.state.sent.push(next.name);
    if (next.does === 'ask') askMonitors(year, next.part);
    else leaveToPeople(year, next.part.id, unmonitored.silent[year.input.language]);
  }
}

/** What is due first. */
function nextDue(year: Year): Due | undefined {
  if (!year.plan.upgrade?.monitors) return undefined;
  const due = year
    .obligations('upgrade')
    .flatMap(({ id }) => runningPhase(year, id) ?? [])
    .filter(({ id, planned }) => planned.kind === 'integrations' && !year.isClosed(id))
    .flatMap((phase) => phase.parts.flatMap((part) => dueOf(year, phase, part)))
    .filter(({ name }) => !year.state.sent.includes(name));
  return due.reduce<Due | undefined>((first, one) => (!first || one.at < first.at ? one : first), undefined);
}

function dueOf(year: Year, phase: RunningPhase, part: Part): Due[] {
  if (part.kind !== 'integration' || monitorsOf(year, part.id).length === 0) return [];
  const asked = askedSince(year, phase, part);
  if (asked !== undefined)
    return [{ at: addMinutes(asked, patience), name: `${part.key}#${asked}/silent`, part, does: 'giveUp' }];
  const before = year.obligation(phase.id)?.after;
  const closed = before === undefined ? undefined : year.state.closed[before];
  if (closed?.state !== 'done' || closed.by === 'takeover' || isUnseen(year, phase)) return [];
  const result = year.state.checks[part.key];
  if (result && (result.waived || result.at >= closed.at)) return [];
  return [{ at: year.heldUntil(closed.at), name: `${part.key}#${closed.at}/monitors`, part, does: 'ask' }];
}
