/** Messages about hours beyond the hour bank: the customer orders them, a manager decides about what nobody ordered. */
import { uuid4 } from '@temporalio/workflow';
import type { ReportedEntry } from '../../activities/hours/ledger';
import type { Text } from '../../rules/engine/basics/text';
import { joined } from '../../rules/engine/basics/text';
import { moneyRoles } from '../../rules/engine/contract/contract';
import { addDays } from '../../rules/engine/calendar/dates';
import { mostHours } from '../../rules/engine/hours/hour-bank';
import { kinds, reasons, toLookAt } from '../../templates/ui/reasons';
import type { Fields } from '../messages/fields';
import { clean } from '../messages/fields';
import { raise } from '../year/journal';
import { askAgain } from '../year/orders';
import type { Verdict } from '../year/steps';
import type { Year } from '../year/year';
import { approvalProblem, entryOf, isFull, isOfPage, isWorded, secondsIn, sentBy } from './hours';
import { always } from './meetings';

/** Longest way in which hours were ordered, and longest subject of a call, in characters. */
const longestNote = 300;

const ways = ['order', 'package', 'ahead'] as const;

/** Days for which an order holds at most. */
const longestOrder = 366;

/** Months for which the hours of a package live. */
const packageMonths = 12;

/** The customer orders hours, buys a package or takes hours from the next period; who did is kept with it. */
export function judgeOrder(year: Year, fields: Fields): Verdict {
  const given = fields.text('kind') ?? 'order';
  const kind = ways.find((one) => one === given.toLowerCase());
  if (!kind) return { rejected: reasons.oneOf('kind', [...ways], given) };
  const seconds = secondsIn(fields, always, (hours) =>
    hours > 0 && hours <= mostHours ? undefined : reasons.above('hours', mostHours, String(hours)),
  );
  if (typeof seconds !== 'number') return seconds;
  // The next year has no more to take from than it is contracted for.
  const bank = year.plan.contractedHours / 100;
  if (kind === 'ahead' && seconds > bank * 3600)
    return { rejected: reasons.above('hours', bank, String(seconds / 3600)) };
  const { contacts } = year.plan.ids;
  const contact = fields.text('contact');
  if (contact === undefined || !contacts.includes(contact))
    return { rejected: reasons.oneOf('contact', contacts, contact ?? '-') };
  const doubt = roleProblem(year, contact) ?? wayProblem(fields);
  if (doubt) return { rejected: doubt };
  const until = fields.text('until');
  const today = year.today().on;
  const latest = addDays(today, longestOrder);
  if (until !== undefined && (until < today || until > latest))
    return { rejected: reasons.dayBetween('until', today, latest, until) };
  if (isFull(year)) return { rejected: reasons.closing };
  const { packages = [] } = year.plan;
  const bought = kind === 'package' ? packages.find((one) => one.hours * 3600 === seconds) : undefined;
  if (kind === 'package' && !bought)
    return {
      rejected: reasons.oneOf(
        'hours',
        packages.map(({ hours }) => String(hours)),
        String(seconds / 3600),
      ),
    };
  return {
    accept: (step) => {
      step.entryId = uuid4();
      const what: Pick<ReportedEntry, 'gives' | 'orders'> = bought
        ? { gives: { kind: 'purchased', months: packageMonths, priceMinor: bought.priceMinor } }
        : { orders: { kind: kind === 'ahead' ? kind : 'order', ...(until !== undefined && { until }) } };
      year.state.hoursToBook.push({
        ...entryOf(year, fields, step.entryId, seconds),
        ...{ by: contact, byAssumed: false, ...what },
        ...fields.optional({ note: 'note', ref: 'ref' }),
      });
      return { kind, hours: seconds / 3600, ...sentBy(contact, fields) };
    },
  };
}

function wayProblem(fields: Fields): Text | undefined {
  const note = fields.text('note') ?? '';
  // On the page it needs no saying.
  return isWorded(note) || isOfPage(fields) ? undefined : reasons.orderedHow(note);
}

/** Why a contact may not order: their roles do not let them, and somebody else's do. */
function roleProblem({ plan }: Year, contact: string): Text | undefined {
  const { roles = {} } = plan.called ?? {};
  const may = (id: string): boolean => (roles[id] ?? []).some((role) => moneyRoles.includes(role));
  const others = plan.ids.contacts.filter(may);
  return others.length === 0 || may(contact) ? undefined : reasons.oneOf('contact', others, contact);
}

const decisions = ['waive', 'charge', 'discuss'] as const;

/** A manager decides about what nobody has ordered; what is charged names who ordered it, and when. */
export function judgeDecisionOnOverage(year: Year, fields: Fields): Verdict {
  const given = fields.text('decision');
  const decision = decisions.find((one) => one === given?.toLowerCase());
  if (!decision) return { rejected: reasons.oneOf('decision', [...decisions], given ?? '-') };
  if (fields.text('approvedBy') === undefined) return { rejected: reasons.missing('approvedBy', kinds.text) };
  const doubt = approvalProblem(year, fields, 'reason');
  if (doubt) return { rejected: doubt };
  const { ordering, hoursToBook } = year.state;
  if (!ordering) return { rejected: reasons.nothingWaits };
  // Sent twice before the first is booked: it is decided once.
  if (hoursToBook.some(({ orders }) => orders?.kind === decision))
    return { accept: () => ({ decision, repeat: true }) };
  if (decision === 'discuss')
    return {
      accept: () => {
        askAgain(year, ordering);
        return { decision };
      },
    };
  const today = year.today().on;
  const [orderedBy, orderedOn] = [fields.text('orderedBy'), fields.text('orderedOn')];
  if (decision === 'charge' && (orderedBy === undefined || orderedOn === undefined))
    return {
      rejected: joined(reasons.missing('orderedBy, orderedOn', kinds.text), reasons.chargeNeedsOrder),
    };
  const { contacts } = year.plan.ids;
  if (orderedBy !== undefined && !contacts.includes(orderedBy))
    return { rejected: reasons.oneOf('orderedBy', contacts, orderedBy) };
  if (orderedOn !== undefined && orderedOn > today)
    return { rejected: reasons.notLater('orderedOn', orderedOn) };
  const most = ordering.seconds / 3600;
  const seconds =
    fields.number('hours') === undefined
      ? ordering.seconds
      : secondsIn(fields, always, (hours) =>
          hours > 0 && hours <= most ? undefined : reasons.above('hours', most, String(hours)),
        );
  if (typeof seconds !== 'number') return seconds;
  if (isFull(year)) return { rejected: reasons.closing };
  const ordered = decision === 'charge' && { orderedBy: orderedBy ?? '', orderedOn: orderedOn ?? today };
  return {
    accept: (step) => {
      step.entryId = uuid4();
      year.state.hoursToBook.push({
        ...entryOf(year, fields, step.entryId, seconds),
        ...{
          // It is about what has been worked, and not about what is to come.
          orders: { kind: decision, until: today, ...ordered },
          note: clean(fields.text('reason') ?? '', longestNote),
        },
        ...fields.optional({ ref: 'ref' }),
      });
      return { decision, hours: seconds / 3600 };
    },
  };
}

/** A contact wants to be called: the consultant is told, and the page shows it until somebody has. */
export function judgeCall(year: Year, fields: Fields): Verdict {
  const { contacts } = year.plan.ids;
  const contact = fields.text('contact');
  if (contact === undefined || !contacts.includes(contact))
    return { rejected: reasons.oneOf('contact', contacts, contact ?? '-') };
  const about = clean(fields.text('about') ?? '-', longestNote);
  const waits = year.state.attention.some(
    ({ code, subject }) => code === 'call-requested' && subject === contact,
  );
  if (waits) return { accept: () => ({ contact, repeat: true }) };
  return {
    accept: (step) => {
      const detail = toLookAt.callRequested(about)[year.input.language];
      raise(year, 'call-requested', contact, detail);
      const mail = {
        obligation: `contact/${contact}`,
        step: 'call',
        revision: step.number,
        template: 'attention',
        to: 'consultant',
        attention: { code: 'call-requested', detail },
      } as const;
      year.state.heldMails.push({ at: year.now(), step: step.number, mail });
      return { ...sentBy(contact, fields), about };
    },
  };
}
