/**
 * Uppgradering: once a year to the latest main version. "I samband med detta kontrolleras och uppgraderas även
 * integrationer … efter den tekniska uppgraderingen testleder vi kunden." One phase after the other; one that is
 * finished late moves those that follow.
 */
import { condition } from '@temporalio/workflow';
import type { Instant } from '../../rules/engine/contract/contract';
import { remindUntilClosed } from '../year/mails';
import { restUntil } from '../year/night-rest';
import { replanYear } from '../year/plan-year';
import type { Year } from '../year/year';

export async function annualUpgrade(year: Year): Promise<void> {
  const movesWhatFollows = (phase: string): boolean =>
    year.isDoneLate(phase) && !year.state.replannedAfter.includes(phase);
  await year.each('upgrade', async (phase) => {
    const planned = year.obligation(phase)?.after;
    // Other rules may have put another phase before it; plans that do not tell parts keep theirs.
    const before = (): string | undefined => (year.plan.upgrade ? year.obligation(phase)?.after : planned);
    const waits = (): boolean => isOpen(year, before());
    const moves = (): boolean => {
      const id = before();
      return id !== undefined && movesWhatFollows(id);
    };
    // Closing can be undone: then the phase is open again, and its reminders begin again.
    while (!year.over) {
      await condition(
        () =>
          year.over ||
          (!waits() && !moves() && !year.replansToCome) ||
          (before() === undefined && asksAtOnce(year)),
      );
      await remindUntilClosed(year, phase, waits, (to) => {
        const until = undoableUntil(year, before());
        return until && restUntil(year, { obligation: phase, to }, until);
      });
      if (waits()) continue;
      if (movesWhatFollows(phase)) {
        year.state.replannedAfter.push(phase);
        await replanYear(year, `${phase} was completed late`);
      }
      await condition(() => year.over || !year.isClosed(phase));
      // Closed late once more, it moves what follows once more.
      if (year.plan.upgrade?.reopens && !year.over)
        year.state.replannedAfter = year.state.replannedAfter.filter((one) => one !== phase);
    }
  });
}

/** Whether a first phase that is open again is asked for by the days of the old plan: in plans made before. */
const asksAtOnce = ({ plan, replansToCome }: Year): boolean =>
  plan.upgrade?.cases === undefined || replansToCome === 0;

const isOpen = (year: Year, id: string | undefined): boolean => id !== undefined && !year.isClosed(id);

/** Until when completing the phase before, which causes a mail about the next one, can be undone. */
function undoableUntil(year: Year, before: string | undefined): Instant | undefined {
  const closed = before === undefined ? undefined : year.state.closed[before];
  return closed && year.heldUntil(closed.at);
}
