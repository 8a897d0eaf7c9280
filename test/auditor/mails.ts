/** Every mail once or honestly unknown; every mail that is owed; nothing of another customer. */
import type { Agreement, Evidence, Finding, LevelTerms, MailRow } from './evidence';
import { acceptedOf } from './messages';
import { isEnded } from './workflows';

const found =
  ({ contract: { agreement } }: Agreement) =>
  (kind: Finding['kind'], what: string): Finding => ({ kind, agreement, what });

const ofNone = (kind: Finding['kind'], what: string): Finding => ({ kind, agreement: '-', what });

/** The addresses of our own people. */
const ourPeople = ({ contract: { contacts } }: Agreement): string[] =>
  [contacts.consultant, contacts.manager, contacts.support].map(({ email }) => email);

/** States in which a mail may rest. Those that did not go out say why. */
const atRest = ['sent', 'unknown', 'refused', 'abandoned'];

/** Compares each noted mail with what came. */
function noted(
  rows: readonly MailRow[],
  came: ReadonlyMap<string, number>,
  say: ReturnType<typeof found>,
): Finding[] {
  return rows.flatMap(({ messageId, state, error }) => {
    const times = came.get(messageId) ?? 0;
    if (!atRest.includes(state)) return [say('mail-left', `${messageId} is left ${state}`)];
    return [
      ...(state === 'sent' && times === 0 ? [say('mail-never-came', `${messageId} is noted as sent`)] : []),
      ...((state === 'refused' || state === 'abandoned') && times > 0
        ? [say('mail-came-all-the-same', `${messageId} is noted as ${state}`)]
        : []),
      ...(state !== 'sent' && !error ? [say('mail-without-reason', `${messageId} is ${state}`)] : []),
    ];
  });
}

interface Owed {
  year: number;
  obligation: string;
  /** What its step begins with. */
  step: string;
  /** Contacts, or `manager` and the like; nothing where one of them suffices. */
  to: string[];
}

const contactsFor = ({ contract }: Agreement, roles: readonly string[] = []): string[] =>
  contract.contacts.customer.flatMap((one, index) =>
    one.roles.some((role) => roles.includes(role)) ? [one.id ?? `contact-${index + 1}`] : [],
  );

/** The mails that the agreement's text, and what people did, make us owe by now. */
function owedMails(agreement: Agreement, terms: LevelTerms): Owed[] {
  const { rows } = agreement;
  const to = (about: string): string[] => contactsFor(agreement, terms.recipients[about]);
  const closed = new Set(rows.events.filter(({ ref }) => ref === 'year-closed').map(({ year }) => year));
  const first = Math.min(...rows.obligations.map(({ year }) => year));
  const owed: Owed[] = [{ year: first, obligation: 'agreement', step: 'welcome', to: to('welcome') }];
  for (const year of closed) {
    owed.push({ year, obligation: 'close', step: 'summary', to: [...to('summary'), 'manager'] });
    owed.push({ year, obligation: 'close', step: 'statement', to: to('hours') });
    // The last statement of a year is the final one. A year that was ended early has had fewer.
    if (isEnded(agreement)) continue;
    for (let number = 1; number < terms.statements; number += 1)
      owed.push({ year, obligation: `hours/statement-${number}`, step: 'send', to: to('hours') });
    owed.push({ year, obligation: 'renewal/notice', step: 'send', to: to('renewal') });
  }
  for (const { input } of acceptedOf(agreement, 'meetingHeld')) {
    const { meeting } = input as { meeting: string };
    owed.push({ year: first, obligation: meeting, step: 'minutes', to: to('meeting') });
  }
  for (const { input } of acceptedOf(agreement, 'meetingBooked').filter(({ at }) =>
    isOld(at, agreement.now),
  )) {
    const { meeting } = input as { meeting: string };
    owed.push({ year: first, obligation: meeting, step: 'invite', to: to('meeting') });
  }
  for (const { year, id, state } of rows.obligations)
    if (state === 'missed') owed.push({ year, obligation: id, step: 'escalate', to: ['manager'] });
  return owed;
}

/** Whether something was long enough ago for its mail to have gone out, also over holidays. */
const isOld = (at: string, now: string): boolean => Date.parse(now) - Date.parse(at) > 6 * 86_400_000;

const answers = (row: MailRow, { year, obligation, step }: Owed, contact: string): boolean =>
  row.year === year && row.obligation === obligation && row.step.startsWith(step) && row.contact === contact;

/** What is owed and was neither sent nor held back for a reason. */
function forgotten(agreement: Agreement, terms: LevelTerms): Finding[] {
  return owedMails(agreement, terms).flatMap((owed) =>
    owed.to
      .filter((contact) => !agreement.rows.mails.some((row) => answers(row, owed, contact)))
      .map((contact) =>
        found(agreement)('mail-owed', `${owed.obligation}/${owed.step} of year ${owed.year} to ${contact}`),
      ),
  );
}

/** Words that belong to one customer: no mail of another may hold them. */
const ownWords = ({ contract }: Agreement): string[] => [
  contract.agreement,
  contract.customer.name,
  ...contract.contacts.customer.flatMap(({ email, name }) => [email, name]),
];

/** Mails that hold something of another customer, or went to somebody who is not of the agreement. */
function strangers({ mails, agreements, ownMails }: Evidence): Finding[] {
  const ofRow = new Map(
    agreements.flatMap((one) => one.rows.mails.map((row) => [row.messageId, one] as const)),
  );
  const words = agreements.map((one) => ({ one, own: ownWords(one) }));
  return mails.flatMap((mail) => {
    const owner = ofRow.get(mail.messageId);
    const went = `${mail.messageId} went to ${mail.to}`;
    if (!owner) {
      // Of what is not well our own people are told, of several customers at once.
      if (!ownMails.some(({ messageId }) => messageId === mail.messageId))
        return [ofNone('mail-came-all-the-same', `${mail.messageId} stands nowhere`)];
      return agreements.some((one) => ourPeople(one).includes(mail.to))
        ? []
        : [ofNone('mail-to-stranger', went)];
    }
    const known = [...ourPeople(owner), ...owner.contract.contacts.customer.map(({ email }) => email)];
    const say = found(owner);
    const told = words.filter(
      ({ one, own }) => one !== owner && own.some((word) => mail.words.includes(word)),
    );
    return [
      ...(known.includes(mail.to) ? [] : [say('mail-to-stranger', went)]),
      ...told.map(({ one }) =>
        say('mail-to-stranger', `${mail.messageId} tells of ${one.contract.agreement}`),
      ),
    ];
  });
}

/** Mails that said the same to a customer's contact before, under another name. Our own people are reminded in the same words. */
function saidAgain({ mails, agreements }: Evidence): Finding[] {
  const customers = new Set(
    agreements.flatMap(({ contract }) => contract.contacts.customer.map(({ email }) => email)),
  );
  const said = new Map<string, string>();
  return mails.flatMap(({ messageId, to, text, subject }) => {
    const words = JSON.stringify([to, subject, text]);
    const before = said.get(words);
    said.set(words, messageId);
    if (!customers.has(to) || before === undefined || before === messageId) return [];
    return [ofNone('mail-twice', `${messageId} says what ${before} said`)];
  });
}

/** All about mails. */
export function auditMails(evidence: Evidence): Finding[] {
  const { agreements, mails, ownMails, terms } = evidence;
  const came = new Map<string, number>();
  for (const { messageId } of mails) came.set(messageId, (came.get(messageId) ?? 0) + 1);
  const twice = [...came].filter(([, times]) => times > 1);
  return [
    ...twice.map(([id, times]) => ofNone('mail-twice', `${id} came ${times} times`)),
    ...agreements.flatMap((agreement) => [
      ...noted(agreement.rows.mails, came, found(agreement)),
      ...forgotten(agreement, terms),
    ]),
    ...noted(ownMails, came, ofNone),
    ...strangers(evidence),
    ...saidAgain(evidence),
  ];
}
