/** Messages about the agreement as a whole: its end, its price, its contract and rules, and what went wrong. */
import { isLocalDate } from '../../rules/engine/basics/is-local-date';
import { expectedFound, joined } from '../../rules/engine/basics/text';
import type { Text } from '../../rules/engine/basics/text';
import { endCauses, endingParties } from '../../rules/engine/hours/termination';
import type { Ending } from '../../rules/engine/hours/termination';
import { tellOfEnding } from '../year/ending';
import { kinds, reasons, toLookAt } from '../../templates/ui/reasons';
import { changeConsultant } from '../year/consultant';
import { tellContacts } from '../year/contacts';
import { retryFailures } from '../year/failures';
import type { Fields } from '../messages/fields';
import { clean } from '../messages/fields';
import { clear } from '../year/journal';
import { declineGoodwill } from '../year/freed-hours';
import { replanSoon } from '../year/plan-year';
import type { Detail, Verdict } from '../year/steps';
import { askAboutWithdrawn } from '../year/withdrawn-release';
import type { Year } from '../year/year';
import type { Step, Termination } from '../year/year-state';
import { judgeClosing, named } from './closing';
import { addDays } from '../../rules/engine/calendar/dates';

export function judgeStart(year: Year, fields: Fields): Verdict {
  const step = fields.text('step');
  const found = named(
    year,
    'start',
    'step',
    step === undefined ? undefined : `start/${step.replace(/^start\//, '')}`,
  );
  return 'rejected' in found ? found : judgeClosing(year, found.id, fields);
}

export function judgeTermination(year: Year, fields: Fields): Verdict {
  const on = fields.text('on');
  const given = fields.text('reason');
  const reason = given ?? toLookAt.noReason[year.input.language];
  // Somebody who picks the wrong message and fills nothing in must not end an agreement.
  if (on === undefined && given === undefined) return { rejected: reasons.endUnsaid };
  const ending = endingIn(fields);
  if ('rejected' in ending) return ending;
  const detail = { on: on ?? 'now', reason, ...fields.optional({ endedBy: 'endedBy', cause: 'cause' }) };
  // Without a day the agreement ends now, after the time to undo it.
  if (on === undefined)
    return { accept: (step) => end(year, step, { at: year.heldUntil(), reason, ...ending }, detail) };
  if (!isLocalDate(on)) return { rejected: joined('on: ', expectedFound(kinds.date, on)) };
  if (on < year.today().on) return { rejected: reasons.pastEnd(on) };
  const at = year.instantOf(addDays(on, 1), '00:00');
  const { plan } = year.state;
  const elsewhere = plan && on < plan.to ? {} : { on };
  return { accept: (step) => end(year, step, { at, ...elsewhere, reason, ...ending }, detail) };
}

const partyMeant: Record<string, Ending['endedBy']> = {
  ...{ customer: 'customer', kund: 'customer', kunden: 'customer' },
  ...{ us: 'us', we: 'us', vi: 'us', oss: 'us' },
};
const causeMeant: Record<string, Ending['cause']> = {
  ...{ notice: 'notice', uppsägning: 'notice', breach: 'breach', avtalsbrott: 'breach' },
};

/** Who ends the agreement and why: the customer by notice, unless something else is said. */
function endingIn(fields: Fields): { ending?: Ending } | { rejected: Text } {
  const [party, why] = [fields.text('endedBy') ?? 'customer', fields.text('cause') ?? 'notice'];
  const [endedBy, cause] = [partyMeant[party.toLowerCase()], causeMeant[why.toLowerCase()]];
  if (endedBy === undefined) return { rejected: reasons.oneOf('endedBy', endingParties, party) };
  if (cause === undefined) return { rejected: reasons.oneOf('cause', endCauses, why) };
  const isSaid = (fields.text('endedBy') ?? fields.text('cause')) !== undefined;
  return isSaid ? { ending: { endedBy, cause } } : {};
}

function end(year: Year, step: Step, termination: Termination, detail: Detail): Detail {
  const before = year.state.termination;
  step.terminates = before === undefined ? {} : { before };
  year.state.termination = termination;
  tellOfEnding(year, step, termination);
  return detail;
}

/** Tries again what failed. */
export const judgeRetry = (year: Year): Verdict => ({
  accept: () => {
    const replan = year.state.attention.some(({ code }) => code === 'replan-failed');
    const detail = retryFailures(year);
    if (replan) replanSoon(year, 'tried again');
    return { ...detail };
  },
});

export function judgeClearing(year: Year, fields: Fields): Verdict {
  const [code, subject] = [fields.text('code'), fields.text('subject')];
  const shown = year.state.attention.filter((item) => subject === undefined || item.subject === subject);
  if (!shown.some((item) => item.code === code))
    return {
      rejected: reasons.oneOf(
        'code',
        [...new Set(year.state.attention.map((item) => item.code))],
        code ?? '-',
      ),
    };
  return {
    accept: () => {
      if (code === 'goodwill-offered') declineGoodwill(year, subject);
      return { code, cleared: clear(year, code ?? '', subject) };
    },
  };
}

/** Longest reason of a pause that the state carries, in characters. */
const longestReason = 100;

/**
 * Pauses one check, or all, up to and including a day; a day that has passed ends a pause that goes on. Kept in the state; the
 * support desk honours it.
 *
 * @param asks whether a pause can be ended; called only where it makes a difference
 */
export function judgePause(year: Year, fields: Fields, asks = (): boolean => true): Verdict {
  const until = fields.text('until');
  const monitors = year.plan.ids.monitors;
  const monitor = fields.text('monitor') ?? 'all';
  if (until === undefined) return { rejected: reasons.missing('until', kinds.date) };
  const today = year.today().on;
  const goesOn = (year.state.pauses[monitor]?.until ?? '') >= today;
  if (until < today && !(goesOn && asks())) return { rejected: reasons.later('until', until) };
  if (monitor !== 'all' && !monitors.includes(monitor))
    return { rejected: reasons.oneOf('monitor', [...monitors, 'all'], monitor) };
  return {
    accept: () => {
      const reason = fields.text('reason');
      year.state.pauses[monitor] = {
        until,
        ...(reason === undefined ? {} : { reason: clean(reason, longestReason) }),
      };
      return { monitor, until };
    },
  };
}

export const judgeContractChange = (year: Year, fields: Fields): Verdict => ({
  accept: () => {
    const change = fields.number('change');
    clear(year, 'address-refused');
    replanSoon(year, `the contract changed (${String(change ?? 'no number')})`, () => tellContacts(year));
    changeConsultant(year, fields.text('consultant'), fields.number('replacement'), fields.text('until'));
    return { change };
  },
});

export const judgeTermsChange = (year: Year, fields: Fields): Verdict => ({
  accept: () => {
    const ruleset = fields.text('ruleset') ?? 'unnamed';
    const { targets: before } = year.plan.upgrade ?? {};
    const move = fields.flag('moveUpgrades') === true;
    const then = (): void => {
      tellContacts(year);
      askAboutWithdrawn(year, before);
    };
    replanSoon(year, `the rules changed (${ruleset})`, then, { move });
    return { ruleset, ...(move && { moveUpgrades: true }) };
  },
});
