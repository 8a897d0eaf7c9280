/** Says how the year stands, for an audit to compare with PostgreSQL: codes and ids only. */
import { defineQuery, setHandler } from '@temporalio/workflow';
import type { MailOfRun, RunStanding } from '../../activities/audit/run-standing';
import { addMinutes } from '../../rules/engine/calendar/dates';
import type { Obligation } from '../../rules/engine/plan/plan';
import { riskStep } from '../../rules/engine/upgrade/phases';
import { isWritten } from './journal';
import type { Year } from './year';

export const standingQuery = defineQuery<RunStanding>('standing');

/** Answers whoever asks how the year stands. */
export function answerStanding(year: Year): void {
  setHandler(standingQuery, () => standingOf(year));
}

/** The year as it stands now. */
export function standingOf(year: Year): RunStanding {
  const { plan, closed, attention, failedHours, balance = plan?.balance } = year.state;
  const obligations = plan?.obligations ?? [];
  return {
    year: year.number,
    revision: plan?.revision ?? 0,
    atRest: isAtRest(year),
    owed: Object.fromEntries(
      obligations.map(({ id }) => {
        const { state = 'open' as const, at, by } = closed[id] ?? {};
        return [id, { state, ...(at !== undefined && { at }), ...(by !== undefined && { by }) }];
      }),
    ),
    attention: attention.map(({ code, subject, detail }) => ({ code, subject, detail })),
    sent: obligations.flatMap((one) => sentOf(year, one)),
    overdue: obligations.flatMap((one) => overdueOf(year, one)),
    ...(balance && { hours: { contracted: balance.contracted, used: balance.used } }),
    unbooked: failedHours.length,
  };
}

function isAtRest(year: Year): boolean {
  const { hoursToBook, changedHours, failedJournal } = year.state;
  const isPlanned = year.replansToCome === 0 && !year.line;
  return (
    isWritten(year) && isPlanned && hoursToBook.length === 0 && !changedHours && failedJournal.length === 0
  );
}

const isSent = (year: Year, { id, revision }: Obligation, step: string): boolean =>
  year.state.sent.includes(`${id}#${revision}/${step}`);

/** Mails of an obligation, as now planned, that went out. One that nobody is asked by, or that waits or failed, did not. */
function sentOf(year: Year, owed: Obligation): MailOfRun[] {
  const { owedMails, failedMails } = year.state;
  const { id: obligation, revision } = owed;
  const isUnsent = (step: string): boolean =>
    [...owedMails, ...failedMails].some(
      (mail) => mail.obligation === obligation && mail.step === step && mail.revision === revision,
    );
  return owed.notices
    .filter(({ step }) => step !== riskStep && isSent(year, owed, step) && !isUnsent(step))
    .map(({ step }) => ({ obligation, step, revision }));
}

/** Minutes that a mail may be late: it rests at night, and a mail server may be down. */
const late = 24 * 60;

/** Mails of an open obligation that have been due for long. What waits for another obligation is asked for after it. */
function overdueOf(year: Year, owed: Obligation): MailOfRun[] {
  const { id: obligation, after, revision } = owed;
  const waits = after !== undefined && year.obligation(after) !== undefined && !year.isClosed(after);
  if (year.over || year.phase === 'closing' || waits || year.isClosed(obligation)) return [];
  // An end of the agreement has told what becomes of the hours.
  if (obligation === 'hours/expiry' && year.terminatedInYear()) return [];
  const from = after === undefined ? undefined : year.state.closed[after]?.at;
  if (from !== undefined && addMinutes(from, late) > year.now()) return [];
  return owed.notices
    .filter(({ at, step }) => addMinutes(at, late) <= year.now() && !isSent(year, owed, step))
    .map(({ step }) => ({ obligation, step, revision }));
}
