/** Messages about the hour bank (timbank): hours used, hours corrected. */
import { uuid4 } from '@temporalio/workflow';
import { centihoursOrNaN, mostHours } from '../../rules/engine/hours/hour-bank';
import { kinds, reasons } from '../../templates/ui/reasons';
import { kindOfWork } from '../../templates/ui/spoken';
import { byteLength } from '../../templates/ui/text';
import type { Fields } from '../messages/fields';
import type { Verdict } from '../year/steps';
import type { Year } from '../year/year';

/** Most bytes of hours that wait while a year is closed: they are handed to the next run. */
const mostHandedOver = 20_000;

export function judgeHours(year: Year, fields: Fields): Verdict {
  const hours = fields.number('hours');
  if (hours === undefined) return { rejected: reasons.missing('hours', kinds.number) };
  if (!(hours > 0) || hours > mostHours)
    return { rejected: reasons.above('hours', mostHours, String(hours)) };
  if (year.over && byteLength(JSON.stringify(year.state.hoursToBook)) > mostHandedOver)
    return { rejected: reasons.closing };
  if (year.now() < year.plan.startsAt) return { rejected: reasons.yearNotBegun(year.plan.from) };
  const booked = centihoursOrNaN(hours);
  if (Number.isNaN(booked)) return { rejected: reasons.decimals('hours', String(hours)) };
  const kind = fields.text('kind');
  return {
    accept: (step) => {
      step.entryId = uuid4();
      year.state.hoursToBook.push({
        entryId: step.entryId,
        hours: booked,
        by: fields.text('by') ?? 'consultant',
        byAssumed: fields.text('by') === undefined,
        asOf: year.now(),
        ...(kind === undefined ? {} : { service: kindOfWork(kind) }),
        ...fields.optional({ note: 'note', ref: 'ref' }),
      });
      return { hours };
    },
  };
}

export function judgeCorrection(year: Year, fields: Fields): Verdict {
  const ref = fields.text('ref');
  const hours = fields.number('hours');
  if (ref === undefined) return { rejected: reasons.missing('ref', kinds.text) };
  if (hours === undefined) return { rejected: reasons.missing('hours', kinds.number) };
  if (!(hours >= 0 && hours <= mostHours))
    return { rejected: reasons.between('hours', 0, mostHours, String(hours)) };
  const corrected = centihoursOrNaN(hours);
  if (Number.isNaN(corrected)) return { rejected: reasons.decimals('hours', String(hours)) };
  return {
    accept: () => {
      year.state.hoursToBook.push({
        entryId: uuid4(),
        hours: corrected,
        corrects: { ref },
        by: fields.text('by') ?? 'consultant',
        byAssumed: fields.text('by') === undefined,
        asOf: year.now(),
        ...fields.optional({ note: 'reason' }),
      });
      return { ref, hours };
    },
  };
}
