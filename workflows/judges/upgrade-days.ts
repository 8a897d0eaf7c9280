/** Days of an upgrade that are likely to be slips: they are asked about once, and taken where somebody says that they are right. */
import type { Text } from '../../rules/engine/basics/text';
import { isOpenDayIn, localIn, momentIn } from '../../rules/engine/calendar/local-time';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import { upgradeReasons } from '../../templates/ui/upgrade-reasons';
import type { Fields } from '../messages/fields';
import { bookedSession } from '../year/test-session';
import { phasesOfUpgrade, runningPhase } from '../year/upgrades';
import type { Year } from '../year/year';

/** Whether a message leaves open that a day is right; plans made before take any. */
export const asks = (year: Year, fields: Fields): boolean =>
  year.plan.upgrade?.asksAboutDays === true && fields.flag('confirmed') !== true;

/** The day that the customer agreed to, where somebody has said it. */
export function agreedDay(year: Year, upgrade: string): LocalDate | undefined {
  const parts = phasesOfUpgrade(year, upgrade).flatMap((id) => runningPhase(year, id)?.parts ?? []);
  const date = parts.find(({ kind }) => kind === 'date');
  return date && year.state.checks[date.key]?.on;
}

/** All that is asked at once, since one word answers it; what is asked of everything beside: who hosts the servers has not said yes. */
function askedAtOnce(year: Year, slip: Text | undefined): Text | undefined {
  const { noConsent } = year.plan.upgrade ?? {};
  const silent = noConsent === undefined ? [] : [upgradeReasons.hostSilent(noConsent)];
  const questions = [...(slip ? [slip] : []), ...silent];
  return questions.length > 0 ? upgradeReasons.isRight(questions) : undefined;
}

/**
 * Why an agreed day is asked about: it has passed, nobody works then and no campaign has its window there, or the host has not
 * said yes.
 */
export function doubtfulDay(year: Year, upgrade: string, day: LocalDate, fields: Fields): Text | undefined {
  if (!asks(year, fields) || agreedDay(year, upgrade) === day) return undefined;
  if (day < year.today().on) return askedAtOnce(year, upgradeReasons.dayPassed(day));
  const { window, weekendWindows = [] } = year.plan.upgrade ?? {};
  const isInWindow =
    weekendWindows.includes(new Date(day).getUTCDay()) ||
    (window !== undefined &&
      localIn(year.calendar, window.from).on <= day &&
      day <= localIn(year.calendar, window.to).on);
  const isOpen = isInWindow || isOpenDayIn(year.calendar, day);
  return askedAtOnce(year, isOpen ? undefined : upgradeReasons.dayClosed(day));
}

/** Why a session that is said to have been held is asked about: it is booked for later. @param id of the test's obligation */
export function doubtfulSession(year: Year, id: string, fields: Fields): Text | undefined {
  const running = runningPhase(year, id);
  const { time } = (running && bookedSession(year, running)) ?? {};
  if (time === undefined || time <= year.now() || !asks(year, fields)) return undefined;
  return upgradeReasons.isRight([upgradeReasons.sessionToCome(momentIn(year.calendar, time))]);
}

/**
 * Why it is asked about when the system was taken down: before its window, before the day that was agreed, or on servers whose
 * host has not said yes.
 */
export function doubtfulBegin(
  year: Year,
  { id, upgrade }: { id: string; upgrade: string },
  began: Instant | undefined,
  fields: Fields,
): Text | undefined {
  if (began === undefined || !asks(year, fields)) return undefined;
  const { window } = year.plan.upgrade ?? {};
  const local = (at: Instant): string => momentIn(year.calendar, at);
  if (window && year.obligation(id)?.opensAt === window.from)
    return askedAtOnce(
      year,
      began < window.from ? upgradeReasons.beforeWindow(local(window.from), local(began)) : undefined,
    );
  const agreed = agreedDay(year, upgrade);
  const isEarly = agreed !== undefined && localIn(year.calendar, began).on < agreed;
  return askedAtOnce(year, isEarly ? upgradeReasons.beforeDay(agreed, local(began)) : undefined);
}
