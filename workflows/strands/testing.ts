/** Testet: on days when something of the customer's test changed, those concerned get a line in the afternoon. */
import { condition } from '@temporalio/workflow';
import type { Instant, LocalDate, Party } from '../../rules/engine/contract/contract';
import { addDays } from '../../rules/engine/calendar/dates';
import { localIn } from '../../rules/engine/calendar/local-time';
import { timerSummary } from '../../templates/ui/wording';
import { untilWritten } from '../year/journal';
import { mail } from '../year/mails';
import type { RunningPhase } from '../year/upgrades';
import { runningPhase } from '../year/upgrades';
import type { Year } from '../year/year';

/** When the day's changes are told, by the clock on the wall. */
const toldAt = '16:00';

interface Due {
  at: Instant;
  phase: RunningPhase;
  on: LocalDate;
}

export async function tellOfTests(year: Year): Promise<void> {
  const summary = timerSummary('test-progress', undefined, year.input.language);
  while (!year.over) {
    const next = nextDue(year);
    if (!next) {
      await condition(() => year.over || nextDue(year) !== undefined);
      continue;
    }
    const isSame = (): boolean => nextDue(year)?.at === next.at;
    const came = await year.until(
      () => next.at,
      () => !isSame(),
      summary,
    );
    if (came && isSame()) await tellProgress(year, next);
  }
}

const nameOf = ({ phase, on }: Pick<Due, 'phase' | 'on'>): string => `${phase.id}/progress-${on}`;

/** The afternoon on which what was last said of an open test is told. Plans that tell no cases tell nothing. */
function nextDue(year: Year): Due | undefined {
  if (!year.plan.upgrade?.cases) return undefined;
  for (const { id } of year.open('upgrade')) {
    const phase = runningPhase(year, id);
    if (phase?.planned.kind !== 'test') continue;
    const said = phase.parts.flatMap(({ kind, key }) => {
      const at = kind === 'module' ? year.state.checks[key]?.at : undefined;
      return at === undefined ? [] : [at];
    });
    const last = said.sort().at(-1);
    if (last === undefined) continue;
    const { on: day, time } = localIn(year.calendar, last);
    const on = time < toldAt ? day : addDays(day, 1);
    const due = { at: year.instantOf(on, toldAt), phase, on };
    // What was said before this year was told by the one before.
    if (due.at >= year.plan.startsAt && !year.state.sent.includes(nameOf(due))) return due;
  }
  return undefined;
}

async function tellProgress(year: Year, due: Due): Promise<void> {
  const { phase, on } = due;
  year.state.sent.push(nameOf(due));
  // The mails are made from PostgreSQL.
  await untilWritten(year);
  const told: { to: Party; roles?: string[] }[] = [
    { to: 'consultant' },
    { to: 'customer', roles: year.plan.upgrade?.roles ?? [] },
  ];
  for (const to of told)
    await mail(year, {
      ...{ obligation: phase.id, step: `progress-${on}-${to.to}` },
      ...{ revision: year.obligation(phase.id)?.revision ?? 1, template: 'test-progress' },
      ...to,
    });
}
