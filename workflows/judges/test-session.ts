/** The message that books, moves or calls off the session in which the consultant leads the customer through the test. */
import type { Text } from '../../rules/engine/basics/text';
import { addDays } from '../../rules/engine/calendar/dates';
import { isOpenDayIn, localIn } from '../../rules/engine/calendar/local-time';
import { isOnCopy } from '../../rules/engine/upgrade/phases';
import { bookingOf } from '../../rules/engine/upgrade/parts';
import { kinds, reasons } from '../../templates/ui/reasons';
import { upgradeReasons } from '../../templates/ui/upgrade-reasons';
import type { Fields } from '../messages/fields';
import { clean, timeField } from '../messages/fields';
import { hold, withdraw } from '../year/steps';
import type { Verdict } from '../year/steps';
import { bookedSession, isOfSession, mailsOfSession } from '../year/test-session';
import type { RunningPhase } from '../year/upgrades';
import { phasesOfUpgrade, runningPhase } from '../year/upgrades';
import type { Year } from '../year/year';
import type { CheckState } from '../year/year-state';
import { callOffSession } from './call-off-session';
import { agreedDay } from './upgrade-days';
import { phaseOfKind } from './upgrade-parts';

/** A session is at least a quarter of an hour and at most a working day. */
const [shortest, longest] = [15, 480] as const;
/** Days ahead that it can be at most. */
const farthestDays = 366;

/** Books the session, moves one that is booked (what the message leaves out stays), or calls it off. */
export function judgeSession(year: Year, fields: Fields): Verdict {
  const running = runningPhase(year, phaseOfKind(year, 'module'));
  if (!running || !year.plan.upgrade?.cases || year.isClosed(running.id))
    return { rejected: reasons.nothingOpen('upgrade') };
  const before = bookedSession(year, running);
  if (fields.flag('cancelled') === true)
    return before
      ? {
          accept: (step) => {
            callOffSession(year, step, running);
            return { obligation: running.id, cancelled: true, ...fields.optional({ reason: 'reason' }) };
          },
        }
      : { rejected: upgradeReasons.noSession };
  const read = readSession(year, fields, running, before);
  if ('rejected' in read) return read;
  const { on, at, booking } = read;
  const isSame =
    before !== undefined &&
    before.time === booking.time &&
    before.minutes === booking.minutes &&
    before.note === booking.note;
  if (isSame) return { accept: () => ({ obligation: running.id, repeat: true }) };
  return {
    accept: (step) => {
      year.state.checks[bookingOf(running.upgrade, running.phase).key] = booking;
      withdraw(year, step, isOfSession(running.id));
      for (const mail of mailsOfSession(year, running.id, booking, false)) hold(year, step, mail);
      return { obligation: running.id, on, at };
    },
  };
}

interface ReadSession {
  on: string;
  at: string;
  booking: CheckState;
}

function readSession(
  year: Year,
  fields: Fields,
  running: RunningPhase,
  before: CheckState | undefined,
): ReadSession | { rejected: Text } {
  const { meetings } = year.plan;
  const known = before?.time === undefined ? undefined : localIn(year.calendar, before.time);
  const on = fields.text('on') ?? known?.on;
  if (on === undefined) return { rejected: reasons.missing('on', kinds.date) };
  const at = timeField(fields, 'at') ?? known?.time ?? meetings.startTime;
  const minutes = fields.number('minutes') ?? before?.minutes ?? meetings.lengthMinutes;
  const place = fields.text('place') ?? before?.note;
  const [by, today] = [fields.text('by'), year.today().on];
  const last = addDays(today, farthestDays);
  if (on > last) return { rejected: reasons.dayBetween('on', today, last, on) };
  const time = year.instantOf(on, at);
  if (time <= year.now()) return { rejected: reasons.later('on', `${on} ${at}`) };
  if (!(minutes >= shortest && minutes <= longest))
    return { rejected: reasons.between('minutes', shortest, longest, String(minutes)) };
  const isSettled = fields.flag('confirmed') === true || known?.on === on;
  const doubt = isSettled ? undefined : doubtOf(year, running, on);
  if (doubt) return { rejected: doubt };
  const booking = {
    ...{ ok: true, at: year.now(), time, minutes: Math.round(minutes) },
    ...(place !== undefined && { note: clean(place) }),
    ...(by !== undefined && { by }),
  };
  return { on, at, booking };
}

/** Why a day is asked about: nobody works then, or the system is upgraded only after it. */
function doubtOf(year: Year, { upgrade, planned }: RunningPhase, on: string): Text | undefined {
  const phases = phasesOfUpgrade(year, upgrade).flatMap((id) => runningPhase(year, id)?.planned ?? []);
  const agreed = isOnCopy(phases, planned) ? undefined : agreedDay(year, upgrade);
  const questions = [
    ...(isOpenDayIn(year.calendar, on) ? [] : [upgradeReasons.dayClosed(on)]),
    ...(agreed !== undefined && on < agreed ? [upgradeReasons.sessionBefore(agreed, on)] : []),
  ];
  return questions.length > 0 ? upgradeReasons.isRight(questions) : undefined;
}
