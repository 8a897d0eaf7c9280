/** What the customer asks for on the page of the agreement: a meeting, another time, or that a contact is put right. */
import { askKinds } from '../../rules/engine/contract/contract';
import type { Text } from '../../rules/engine/basics/text';
import { askedFor, reasons, toLookAt } from '../../templates/ui/reasons';
import type { Fields } from '../messages/fields';
import { timeField } from '../messages/fields';
import { raise } from '../year/journal';
import type { Verdict } from '../year/steps';
import type { Year } from '../year/year';
import { sentBy } from './hours';

const code = 'customer-asks';

/** Most requests that wait at once: the page shows each, and a run hands them to the next. */
const mostWaiting = 15;

/**
 * Nothing is booked or changed: the consultant is told, and the page shows it until somebody clears it. What the customer
 * wrote may name people: it stands in PostgreSQL, and in the mail.
 */
export function judgeAsking(year: Year, fields: Fields): Verdict {
  const { contacts } = year.plan.ids;
  const contact = fields.text('contact');
  if (contact === undefined || !contacts.includes(contact))
    return { rejected: reasons.oneOf('contact', contacts, contact ?? '-') };
  const kind = askKinds.find((one) => one === fields.text('kind')?.toLowerCase());
  if (!kind) return { rejected: reasons.oneOf('kind', [...askKinds], fields.text('kind') ?? '-') };
  const meeting = kind === 'time' ? meetingOf(year, fields) : undefined;
  if (meeting && 'rejected' in meeting) return meeting;
  const subject = fields.text('ref') ?? `${kind}-${contact}`;
  const waiting = year.state.attention.filter((item) => item.code === code);
  if (waiting.some((item) => item.subject === subject))
    return { accept: () => ({ kind, contact, repeat: true }) };
  if (waiting.length >= mostWaiting) return { rejected: reasons.tooManyAsked(mostWaiting) };
  const on = fields.text('on');
  const wished = [on, timeField(fields, 'at')].filter((one) => one !== undefined).join(' ');
  return {
    accept: (step) => {
      const about = { kind, ...(wished !== '' && { wished }), ...meeting };
      const detail = toLookAt.customerAsks(contact, about, subject)[year.input.language];
      raise(year, code, subject, detail);
      const mail = {
        obligation: `contact/${contact}`,
        step: `asks-${subject}`,
        revision: step.number,
        template: 'attention',
        to: 'consultant',
        attention: {
          ...{ code, detail: askedFor(about)[year.input.language], asked: subject },
          signal: { name: 'attentionCleared', fields: { code, subject } },
        },
      } as const;
      year.state.heldMails.push({ at: year.now(), step: step.number, mail });
      return { kind, ...sentBy(contact, fields), ...meeting, ...(on !== undefined && { on }) };
    },
  };
}

/** The meeting that another time is asked for: as people name it, also where it was held meanwhile. */
function meetingOf(year: Year, fields: Fields): { meeting: string } | { rejected: Text } {
  const all = year.obligations('meetings').map(({ id }) => id);
  const given = fields.text('meeting') ?? '-';
  const meeting = all.find((id) => id === given || id === `meeting-${given}`);
  return meeting === undefined ? { rejected: reasons.oneOf('meeting', all, given) } : { meeting };
}
