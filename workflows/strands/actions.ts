/** Reminds of actions that were agreed at meetings: their owner gets a mail before the due date, and one after it. */
import { condition } from '@temporalio/workflow';
import type { ActionReminder } from '../../rules/engine/plan/action-reminders';
import { actionReminders } from '../../rules/engine/plan/action-reminders';
import type { Party } from '../../rules/engine/contract/contract';
import { timerSummary } from '../../templates/ui/wording';
import { untilWritten } from '../year/journal';
import { mail } from '../year/mails';
import type { Year } from '../year/year';
import { parties } from '../../rules/engine/contract/contract';

interface Due extends ActionReminder {
  id: string;
}

export async function remindOfActions(year: Year): Promise<void> {
  const summary = timerSummary('action', undefined, year.input.language);
  while (!year.over) {
    const next = nextDue(year);
    if (!next) {
      await condition(() => year.over || nextDue(year) !== undefined);
      continue;
    }
    const same = (): boolean => {
      const now = nextDue(year);
      return now?.id === next.id && now.step === next.step && now.at === next.at;
    };
    if (
      await year.until(
        () => next.at,
        () => !same(),
        summary,
      )
    )
      await remind(year, next);
  }
}

/** The next reminder of any action; where several of one action are due, only the last of them. */
function nextDue(year: Year): Due | undefined {
  const now = year.now();
  const due = Object.entries(year.state.actions).flatMap(([id, { dueOn, done, reminded = [] }]) => {
    if (done) return [];
    const left = actionReminders(year.calendar, dueOn).filter(({ step }) => !reminded.includes(step));
    const passed = left.filter(({ at }) => at <= now);
    return (passed.length > 1 ? left.slice(passed.length - 1) : left).map((reminder) => ({
      id,
      ...reminder,
    }));
  });
  return due.reduce<Due | undefined>(
    (first, one) => (first === undefined || one.at < first.at ? one : first),
    undefined,
  );
}

async function remind(year: Year, { id, step }: Due): Promise<void> {
  const { actions } = year.state;
  const action = actions[id];
  if (!action) return;
  const reminded = step === 'overdue' ? ['remind', 'overdue'] : [...(action.reminded ?? []), step];
  actions[id] = { ...action, reminded };
  await untilWritten(year);
  await mail(year, {
    obligation: `action/${id}`,
    step,
    revision: 1,
    template: 'action-reminder',
    ...recipient(action.owner),
  });
}

/** Whom a reminder goes to: a party, or one of the customer's contacts. */
function recipient(owner: string): { to: Party; only?: string } {
  const party = parties.find((each) => each === owner);
  return party ? { to: party } : { to: 'customer', only: owner };
}
