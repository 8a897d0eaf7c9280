/** When a phase of the upgrade was last told of or reported: a week of silence after that is reminded of. */
import { later } from '../../rules/engine/calendar/dates';
import { localIn } from '../../rules/engine/calendar/local-time';
import type { LocalDate, Party } from '../../rules/engine/contract/contract';
import { overdueNames } from '../../rules/engine/plan/remind-again';
import type { Notice } from '../../rules/engine/plan/plan';
import { lacksSession } from './test-session';
import { runningPhase } from './upgrades';
import type { Year } from './year';

/** The reminders of a day to the phase's owner and to the manager; to the consultant too while no session is booked that they lead. */
export function remindersOf(year: Year, id: string, owner: Party, day: LocalDate): Notice[] {
  const roles = year.plan.upgrade?.roles ?? [];
  const ours: Party[] = lacksSession(year, id) ? ['consultant'] : [];
  return [...new Set<Party>([owner, ...ours, 'manager'])].map((to) => ({
    step: `${overdueNames[to]}-${day.replaceAll('-', '')}`,
    at: year.now(),
    template: to === 'manager' ? 'escalation' : 'step-reminder',
    to,
    ...(to === 'customer' && { roles }),
  }));
}

/** The last day on which the phase was due, mailed about, or reported in part. */
export function lastToldOn(year: Year, id: string): LocalDate {
  const { dueOn = '', notices = [] } = year.obligation(id) ?? {};
  const dayOf = (at: string): LocalDate => localIn(year.calendar, at).on;
  const mailed = notices.flatMap(({ at }) => (at <= year.now() ? [dayOf(at)] : []));
  const again = year.state.sent.flatMap((key) => {
    const [, y, month, day] = key.startsWith(`${id}#`) ? (/-(\d{4})(\d\d)(\d\d)$/.exec(key) ?? []) : [];
    return y === undefined ? [] : [`${y}-${month}-${day}`];
  });
  const parts = runningPhase(year, id)?.parts ?? [];
  const reported = parts.flatMap(({ key }) => year.state.checks[key]?.at ?? []).map(dayOf);
  return [...mailed, ...again, ...reported].reduce(later, dueOn);
}
