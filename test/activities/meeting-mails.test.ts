import { createHoursActivities } from '../../activities/hours/hours';
import type { ParsedMail } from 'mailparser';
import { applyContractChange, storeContractChange } from '../../activities/agreements/agreements';
import type { SendNoticeInput } from '../../activities/mail/notice';
import type { JournalEntry } from '../../activities/years/progress';
import { createProgressActivities } from '../../activities/years/progress';
import type { Contract } from '../../rules/engine/contract/contract';
import type { Obligation, YearPlan } from '../../rules/engine/plan/plan';
import { CalendarClient, readCalendar } from '../helpers/calendar-client';
import { exampleContract } from '../helpers/example';
import type { Mailbox } from '../helpers/mailbox';
import { openMailbox } from '../helpers/mailbox';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { mailActivities, notice, signAndPlan } from './signed-agreement';

let database: FreshDatabase;
let mailbox: Mailbox;
let contract: Contract;

const agreement = 'testbolaget-2027';
const bookedAt = '2027-05-18T08:00:00.000Z';

beforeEach(async () => {
  [database, mailbox] = await Promise.all([freshDatabase(), openMailbox()]);
  ({ contract } = await signAndPlan(database.db));
});

afterEach(async () => {
  await Promise.all([database.close(), mailbox.close()]);
});

/** Sends a notice about the year's second meeting to one customer contact, unless told otherwise, and gives the mail. */
async function send(changed: Partial<SendNoticeInput>): Promise<ParsedMail> {
  const input = notice({ obligation: 'meeting-2', roles: ['management'], asOf: '2027-04-13T06:30:00.000Z' });
  const before = mailbox.mails.length;
  const sent = await mailActivities(database.db, mailbox.smtpUrl).sendNotice({ ...input, ...changed });
  expect(sent).toEqual({ sent: 1, refused: [], unknown: [] });
  expect(mailbox.mails).toHaveLength(before + 1);
  return mailbox.mails.at(-1)!;
}

const toConsultant = (template: SendNoticeInput['template'], step: string): Partial<SendNoticeInput> => ({
  template,
  step,
  to: 'consultant',
});

let entries = 0;
/** What the running year writes down, as it does. */
async function record(changed: Partial<JournalEntry>): Promise<void> {
  const entry = {
    id: `entry-${++entries}`,
    at: '2027-04-13T06:00:00.000Z',
    kind: 'signal',
    ref: 'test',
  } as const;
  await createProgressActivities(database).recordProgress({
    agreement,
    year: 1,
    entries: [{ ...entry, detail: {}, ...changed }],
  });
}

/** The stored plan with a meeting as a person settled it, last. */
async function planWith(id: string, changed: Partial<Obligation>): Promise<YearPlan> {
  const [row] = await database.db.query<{ plan: YearPlan }>('select plan from plans order by revision');
  const plan = row!.plan;
  const [like] = plan.obligations.filter(({ strand }) => strand === 'meetings');
  const before = plan.obligations.find((other) => other.id === id) ?? { ...like!, id };
  const others = plan.obligations.filter((other) => other.id !== id);
  return { ...plan, obligations: [...others, { ...before, ...changed }] };
}

/** Puts a meeting into the stored plan, as a person settled it. */
async function settle(id: string, changed: Partial<Obligation>): Promise<void> {
  const plan = await planWith(id, changed);
  const settled = plan.obligations.at(-1)!;
  await database.db.query('update plans set plan = $1', [JSON.stringify(plan)]);
  await database.db.query(
    `insert into obligations (agreement, year, id, strand, owner, opens_at, due_on, due_at, revision, late)
     values ($1, 1, $2, 'meetings', 'consultant', $3, $4, $5, $6, false)
     on conflict (agreement, year, id) do update set due_on = excluded.due_on, due_at = excluded.due_at,
            revision = excluded.revision`,
    [agreement, id, settled.opensAt, settled.dueOn, settled.dueAt, settled.revision],
  );
}

const book = (changed: Partial<Obligation> = {}): Promise<void> =>
  settle('meeting-2', { dueOn: '2027-05-18', dueAt: bookedAt, revision: 2, booked: true, ...changed });

const calendarsOf = (mail: ParsedMail): string[] =>
  mail.attachments
    .filter(({ contentType }) => contentType === 'text/calendar')
    .map(({ content }) => content.toString('utf8'));

describe('calling a meeting', () => {
  it('shows the consultant how to book it, with the values the plan proposes', async () => {
    const mail = await send(toConsultant('meeting-call', 'call'));
    expect(mail.text).toContain('Det är bokningen som bjuder in');
    expect(mail.text).toContain('namnet meetingBooked');
    expect(mail.text).toMatch(
      /\{"agreement":"testbolaget-2027","meeting":2,"on":"2027-05-\d\d","at":"10:00"\}/,
    );
  });

  it('names an extra meeting as such, also in what to send', async () => {
    await settle('meeting-extra-1', { dueOn: '2027-06-08', dueAt: '2027-06-08T08:00:00.000Z', extra: true });
    const mail = await send({ ...toConsultant('meeting-call', 'call'), obligation: 'meeting-extra-1' });
    expect(mail.subject).toBe('Kalla till extramöte 1 med Testbolaget AB, 8 juni 2027');
    expect(mail.text).toContain('"meeting":"extra-1","on":"2027-06-08","at":"10:00"');
  });

  it('says by when it has to be booked, and tells those who hear that it is not', async () => {
    const unbooked = { step: 'book', at: '2027-04-26T06:30:00.000Z', template: 'meeting-unbooked' } as const;
    await settle('meeting-2', { notices: [{ ...unbooked, to: 'consultant' }] });
    const call = await send(toConsultant('meeting-call', 'call'));
    expect(call.text).toContain('senast måndag 26 april 2027');
    const late = { template: 'meeting-unbooked', asOf: '2027-04-29T06:30:00.000Z' } as const;
    const consultant = await send({ ...late, to: 'consultant', step: 'book' });
    expect(consultant.subject).toBe('Inte bokat: förvaltningsmöte 2 med Testbolaget AB');
    expect(consultant.text).toContain('skulle ha varit inbjuden senast måndag 26 april 2027');
    expect(consultant.text).toContain('namnet meetingBooked');
    const manager = await send({ ...late, to: 'manager', step: 'book-escalate' });
    expect(manager.text).toContain('Anna Berg har fått uppgiften');
    const customer = await send({ ...late, to: 'customer', step: 'book-escalate-2' });
    expect(customer.text).toContain('Anna Berg hör av sig med förslag på en tid');
    expect(customer.text).not.toMatch(/signal/i);
  });
});

describe('a meeting that is booked, moved and cancelled', () => {
  const reason = 'Karin är på mässa';

  it('is invited to at its own length and place, as a request', async () => {
    await book({ minutes: 45, place: 'Hos er, Storgatan 1' });
    const mail = await send({ revision: 2 });
    expect(mail.subject).toBe('Inbjudan: förvaltningsmöte 2, tisdag 18 maj 2027 kl. 10:00');
    expect(mail.text).toContain('kl. 10:00–10:45\nHos er, Storgatan 1');
    expect(mailbox.sources.at(-1)).toMatch(/^Content-Type: text\/calendar;[^]*?method=REQUEST/m);
    const { method, events } = readCalendar(calendarsOf(mail)[0]!);
    expect(method).toBe('REQUEST');
    expect(events.map(({ sequence, location }) => [sequence, location])).toEqual([
      [1, 'Hos er, Storgatan 1'],
    ]);
    expect(events[0]!.endDate.toJSDate().toISOString()).toBe('2027-05-18T08:45:00.000Z');
  });

  it('reaches the calendar of the customer as the person left it', async () => {
    const client = new CalendarClient();
    const receive = (mail: ParsedMail): void => calendarsOf(mail).forEach((file) => client.receive(file));
    await book();
    receive(await send({ revision: 2 }));
    expect(client.entries()).toMatchObject([{ start: bookedAt, end: '2027-05-18T09:30:00.000Z' }]);

    await book({ dueOn: '2027-05-20', dueAt: '2027-05-20T11:00:00.000Z', revision: 3 });
    await record({ meeting: { id: 'meeting-2', bookedAt: '2027-05-20T11:00:00.000Z', moves: 1 } });
    const moved = await send({ revision: 3, reason, asOf: '2027-04-14T06:30:00.000Z' });
    receive(moved);
    expect(moved.subject).toBe('Ny tid: förvaltningsmöte 2, torsdag 20 maj 2027 kl. 13:00');
    expect(moved.text).toContain(`Anledning: ${reason}`);
    expect(client.entries()).toMatchObject([{ sequence: 2, start: '2027-05-20T11:00:00.000Z' }]);

    await settle('meeting-2', { dueOn: '2027-06-01', dueAt: '2027-06-01T08:00:00.000Z', revision: 4 });
    const cancelled = await send({
      template: 'meeting-cancelled',
      step: 'cancel',
      revision: 4,
      reason,
      asOf: '2027-04-15T06:30:00.000Z',
      cancelled: { at: '2027-05-20T11:00:00.000Z', minutes: 90 },
    });
    receive(cancelled);
    expect(cancelled.subject).toBe('Inställt: förvaltningsmöte 2, torsdag 20 maj 2027 kl. 13:00');
    expect(cancelled.text).toContain(`Anledning: ${reason}`);
    expect(cancelled.text).toContain('Anna Berg återkommer med förslag på en ny tid.');
    expect(mailbox.sources.at(-1)).toMatch(/^Content-Type: text\/calendar;[^]*?method=CANCEL/m);
    const file = readCalendar(calendarsOf(cancelled)[0]!);
    expect([file.method, file.events[0]!.sequence]).toEqual(['CANCEL', 3]);
    expect(client.entries()).toEqual([]);
  });

  describe('and whose place is another', () => {
    const moved = { id: 'meeting-2', bookedAt, moves: 1 };
    /** Plans the meeting anew, as a later revision of the plan. */
    async function bookAnew(changed: Partial<Obligation>): Promise<void> {
      await database.db.query(
        `insert into plans (agreement, year, revision, plan, terms, as_of)
         select agreement, year, 2, plan, terms, as_of from plans`,
      );
      await database.db.query('update plans set plan = $1 where revision = 2', [
        JSON.stringify(await planWith('meeting-2', { booked: true, ...changed })),
      ]);
      await record({ meeting: moved });
    }
    const [invitation, blocks] = [{}, toConsultant('meeting-blocks', 'blocks')];

    it.each([
      ['Ny plats', invitation, { dueAt: bookedAt }],
      ['Ny plats', blocks, { dueAt: bookedAt }],
      ['Ny tid', invitation, { dueAt: '2027-05-18T09:00:00.000Z' }],
      ['Ny tid', blocks, { dueAt: bookedAt, minutes: 45 }],
    ])('says %s to whom was told of the old one', async (word, about, changed) => {
      await book({ place: 'Teams' });
      await send({ ...about, revision: 2 });
      await bookAnew({ place: 'Storgatan 1', revision: 3, ...changed });
      const mail = await send({ ...about, revision: 3, asOf: '2027-04-14T06:30:00.000Z' });
      expect(mail.subject).toMatch(new RegExp(`^${word}: `));
      expect(mail.text).toContain(`har fått en ${word.toLowerCase()}.`);
      expect(mail.html).toContain(`har fått en ${word.toLowerCase()}.`);
      expect(mail.text).toContain('Storgatan 1');
    });
  });

  it('is no new time to a contact who never had the old one', async () => {
    await book({ revision: 3 });
    await record({ meeting: { id: 'meeting-2', bookedAt, moves: 1 } });
    const mail = await send({ revision: 3, reason });
    expect(mail.subject).toMatch(/^Inbjudan: /);
    expect(mail.text).not.toContain(reason);
  });

  describe('while the contacts change', () => {
    const lars = 'lars.ny@testbolaget.example.com';
    const cancelled = { at: bookedAt, minutes: 90 };
    const cancel = { template: 'meeting-cancelled', step: 'cancel', revision: 3, cancelled } as const;
    const [karin, johan] = exampleContract().contacts.customer.map(({ email }) => email);

    /** Sends a notice about the meeting, and gives who got it. */
    async function sendToAll(changed: Partial<SendNoticeInput>): Promise<(string | undefined)[]> {
      const before = mailbox.mails.length;
      const input = notice({ obligation: 'meeting-2', asOf: '2027-04-13T06:30:00.000Z' });
      await mailActivities(database.db, mailbox.smtpUrl).sendNotice({ ...input, ...changed });
      return mailbox.mails.slice(before).map(({ to }) => [to].flat()[0]?.value[0]?.address);
    }

    beforeEach(async () => {
      await book();
      expect(await sendToAll({ revision: 2 })).toEqual([karin, johan]);
      const { db } = database;
      const [row] = await db.query<{ contract: Contract }>('select contract from agreements');
      const customer = row!.contract.contacts.customer.map((one) =>
        one.email === johan ? { name: 'Lars Ny', email: lars, roles: one.roles } : one,
      );
      const changed = { ...row!.contract, contacts: { ...row!.contract.contacts, customer } };
      await storeContractChange(db, agreement, changed, '2027-04-13', '2027-04-13T06:30:00.000Z');
      await applyContractChange(db, 1);
    });

    it('is told on to those who have the invitation, and to nobody who never heard of it', async () => {
      expect(await sendToAll({ template: 'meeting-agenda', step: 'agenda', revision: 2 })).toEqual([
        karin,
        johan,
      ]);
      expect(await sendToAll({ template: 'meeting-reminder', step: 'remind', revision: 2 })).toEqual([
        karin,
        johan,
      ]);
      expect(await sendToAll(cancel)).toEqual([karin, johan]);
      expect(mailbox.mails.at(-1)!.text).toContain('Hej Johan!');
      expect(await sendToAll(cancel)).toEqual([]);
    });

    it('is handed over: cancelled for who left, an invitation for who came, each once', async () => {
      expect(await sendToAll({ ...cancel, change: 'left' })).toEqual([johan]);
      expect(await sendToAll({ revision: 4, change: 'came' })).toEqual([lars]);
      expect(await sendToAll({ ...cancel, revision: 5, change: 'left' })).toEqual([]);
      expect(await sendToAll({ revision: 6, change: 'came' })).toEqual([]);
      expect(await sendToAll({ ...cancel, revision: 7 })).toEqual([karin, lars]);
    });

    it('is not handed over any more where it was cancelled while that waited', async () => {
      expect(await sendToAll({ ...cancel, revision: 5 })).toEqual([karin, johan]);
      expect(await sendToAll({ ...cancel, change: 'left', revision: 4 })).toEqual([]);
      const [row] = await database.db.query<{ plan: YearPlan }>('select plan from plans');
      const obligations = row!.plan.obligations.filter(({ id }) => id !== 'meeting-2');
      await database.db.query('update plans set plan = $1', [JSON.stringify({ ...row!.plan, obligations })]);
      expect(await sendToAll({ revision: 4, change: 'came' })).toEqual([]);
    });

    it('is cancelled for nobody whom the invitation never reached', async () => {
      await database.db.query(`update mails set state = 'refused' where recipient = $1`, [johan]);
      expect(await sendToAll(cancel)).toEqual([karin]);
    });

    it('does not report an address that refuses, where its owner has left', async () => {
      mailbox.refuses.add(johan!);
      const input = notice({ obligation: 'meeting-2', ...cancel, change: 'left' });
      const sent = mailActivities(database.db, mailbox.smtpUrl).sendNotice(input);
      expect(await sent).toEqual({ sent: 0, refused: [], unknown: [] });
    });
  });

  it('is not brought up again where the customer declined it', async () => {
    await book();
    await record({ obligation: { id: 'meeting-2', state: 'declined' } });
    const mail = await send({
      template: 'meeting-cancelled',
      step: 'cancel',
      revision: 3,
      cancelled: { at: bookedAt, minutes: 90, place: 'Teams' },
    });
    expect(mail.text).toContain('Ni har avböjt mötet, så vi föreslår ingen ny tid.');
    expect(mail.text).toContain('Teams');
    expect(mail.text).not.toContain('återkommer');
  });

  it('is refused as unusable where nobody says when the cancelled meeting was to be', async () => {
    const sent = mailActivities(database.db, mailbox.smtpUrl).sendNotice(
      notice({ obligation: 'meeting-2', template: 'meeting-cancelled', step: 'cancel' }),
    );
    await expect(sent).rejects.toMatchObject({
      type: 'MessageUnusable',
      message: expect.stringContaining('/meeting/cancelled: expected a value') as string,
    });
  });

  it('keeps all its mails to one contact in one thread, and others apart', async () => {
    await book();
    const invited = await send({ revision: 2 });
    const reminded = await send({ template: 'meeting-reminder', step: 'remind', revision: 2 });
    const root = '<testbolaget-2027.1.meeting-2.contact-1@pector.example>';
    for (const mail of [invited, reminded]) expect([mail.inReplyTo, mail.references]).toEqual([root, root]);
    expect(invited.messageId).not.toBe(reminded.messageId);
    const toUs = await send({ ...toConsultant('meeting-reminder', 'remind-consultant'), revision: 2 });
    expect(toUs.references).toBe('<testbolaget-2027.1.meeting-2.konsult-1@pector.example>');
    const other = await send({ obligation: 'meeting-3' });
    expect(other.references).toBe('<testbolaget-2027.1.meeting-3.contact-1@pector.example>');
    const welcome = await send({ obligation: 'agreement', step: 'welcome', template: 'welcome' });
    expect(welcome.references).toBeUndefined();
  });
});

describe('the consultant’s time', () => {
  const blocks = toConsultant('meeting-blocks', 'blocks');

  it('comes as a file for each entry, moves with the meeting, and is taken back', async () => {
    const client = new CalendarClient();
    await book({ place: 'Teams' });
    const booked = await send({ ...blocks, revision: 2 });
    expect(booked.subject).toBe('Bokat: förvaltningsmöte 2 med Testbolaget AB, 18 maj 2027 kl. 10:00');
    expect(booked.text).toContain('- Förberedelse: tisdag 18 maj 2027, kl. 09:00–10:00');
    expect(booked.text).toContain('- Uppföljning: tisdag 18 maj 2027, kl. 11:30–12:00');
    expect(booked.text).toContain('Plats: Teams');
    expect(booked.attachments.map(({ filename }) => filename)).toEqual([
      'forberedelse.ics',
      'mote.ics',
      'uppfoljning.ics',
    ]);
    expect(mailbox.sources.at(-1)!.match(/^Content-Type: text\/calendar;[^]*?method=PUBLISH/gm)).toHaveLength(
      3,
    );
    calendarsOf(booked).forEach((file) => client.receive(file));
    expect(client.entries().map(({ start }) => start)).toEqual([
      '2027-05-18T07:00:00.000Z',
      bookedAt,
      '2027-05-18T09:30:00.000Z',
    ]);

    await book({ dueOn: '2027-05-20', dueAt: '2027-05-20T11:00:00.000Z', revision: 3 });
    await record({ meeting: { id: 'meeting-2', bookedAt: '2027-05-20T11:00:00.000Z', moves: 1 } });
    const moved = await send({ ...blocks, revision: 3, asOf: '2027-04-14T06:30:00.000Z' });
    expect(moved.subject).toMatch(/^Ny tid: /);
    calendarsOf(moved).forEach((file) => client.receive(file));
    expect(client.entries().map(({ start }) => start.slice(0, 10))).toEqual(Array(3).fill('2027-05-20'));

    const cancelled = await send({
      ...blocks,
      revision: 4,
      asOf: '2027-04-15T06:30:00.000Z',
      cancelled: { at: '2027-05-20T11:00:00.000Z', minutes: 90 },
    });
    expect(cancelled.subject).toMatch(/^Inställt: /);
    calendarsOf(cancelled).forEach((file) => client.receive(file));
    expect(client.entries()).toEqual([]);
  });

  it('leaves the calendar as held already where the meeting was', async () => {
    const cancelled = { at: bookedAt, minutes: 90 };
    await book();
    await record({ meeting: { id: 'meeting-2', bookedAt, heldOn: '2027-04-13' } });
    const held = await send({ ...blocks, revision: 4, cancelled });
    expect(held.subject).toMatch(/^Redan hållet: /);
    expect(held.text).toContain('är redan hållet');
  });

  it('is the meeting alone where the terms set none aside', async () => {
    await database.db.query(
      `update plans set terms = jsonb_set(terms, '{meetings}', terms->'meetings' || '{"preparationMinutes":0,"followUpMinutes":0}')`,
    );
    await book();
    const mail = await send({ ...blocks, revision: 2 });
    expect(mail.attachments.map(({ filename }) => filename)).toEqual(['mote.ics']);
    expect(mail.text).not.toMatch(/Förberedelse|Uppföljning/);
  });
});

describe('before and after a meeting', () => {
  const actions: JournalEntry['actions'] = [
    {
      id: '1',
      meeting: 'meeting-1',
      what: 'Lista leverantörer',
      owner: 'contact-1',
      dueOn: '2027-05-14',
      state: 'open',
    },
    {
      id: '2',
      meeting: 'meeting-1',
      what: 'Bygga rapporten',
      owner: 'consultant',
      dueOn: '2027-05-10',
      state: 'open',
    },
    {
      id: '3',
      meeting: 'meeting-1',
      what: 'Utse testare',
      owner: 'customer',
      dueOn: '2027-04-30',
      state: 'open',
    },
    {
      id: '4',
      meeting: 'meeting-1',
      what: 'Redan klart',
      owner: 'contact-2',
      dueOn: '2027-04-30',
      state: 'done',
    },
    {
      id: '5',
      meeting: 'meeting-1',
      what: 'Inte längre',
      owner: 'contact-2',
      dueOn: '2027-04-30',
      state: 'withdrawn',
    },
  ];
  const held = {
    id: 'meeting-1',
    bookedAt: '2027-02-16T09:00:00.000Z',
    heldOn: '2027-02-17',
    heldMinutes: 75,
    participants: ['contact-1', 'contact-9', 'consultant', 'support'],
    decisions: ['Ny rapport till sommaren', 'Byta <skrivare> & toner'],
    note: 'Bra stämning',
  };
  const minutes = {
    obligation: 'meeting-1',
    template: 'meeting-minutes',
    asOf: '2027-02-18T07:30:00.000Z',
  } as const;

  it('the customer is reminded of time, place and what is still to be done on its side', async () => {
    await book({ place: 'Teams' });
    await record({ actions });
    const reminder = {
      template: 'meeting-reminder',
      step: 'remind',
      asOf: '2027-05-12T06:30:00.000Z',
    } as const;
    const customer = await send({ ...reminder, revision: 2 });
    expect(customer.text).toContain('tisdag 18 maj 2027, kl. 10:00–11:30\nTeams');
    expect(customer.text).toContain('- Lista leverantörer (Karin Ek, senast 14 maj 2027)');
    expect(customer.text).toContain(
      '- Utse testare (Testbolaget AB, senast 30 apr 2027, skulle ha varit klart)',
    );
    expect(customer.text).not.toMatch(/Bygga rapporten|Redan klart|Inte längre/);
    const consultant = await send({
      ...reminder,
      ...toConsultant('meeting-reminder', 'remind-consultant'),
      revision: 2,
    });
    expect(consultant.text).toContain('- Bygga rapporten (Anna Berg');
  });

  it('the agenda goes to both sides', async () => {
    await book();
    const customer = await send({ template: 'meeting-agenda', step: 'agenda', revision: 2 });
    expect(customer.subject).toBe('Dagordning: förvaltningsmöte 2, tisdag 18 maj 2027 kl. 10:00');
    const consultant = await send({ ...toConsultant('meeting-agenda', 'agenda-consultant'), revision: 2 });
    expect(consultant.text).toContain('Dagordningen till förvaltningsmöte 2 med Testbolaget AB är bifogad');
  });

  it('the minutes tell what was held, decided and agreed, and the hours it drew', async () => {
    await record({ meeting: held, actions, obligation: { id: 'meeting-1', state: 'done' } });
    const { reportHours } = createHoursActivities(database);
    const at = '2027-02-17T12:00:00.000Z';
    const said = { by: 'consultant', byAssumed: true, asOf: at };
    await reportHours({
      agreement,
      year: 1,
      entries: [
        { entryId: 'drawn', hours: 150, ref: 'meeting-1-1-4', ...said },
        { entryId: 'mended', hours: 125, corrects: { entryId: 'drawn' }, ...said },
        { entryId: 'other', hours: 800, ref: 'meeting-1-2-4', ...said },
      ],
    });
    const mail = await send({ ...minutes, step: 'minutes' });
    expect(mail.subject).toBe('Minnesanteckningar: förvaltningsmöte 1, 17 feb 2027');
    expect(mail.text).toContain(
      [
        'Datum: onsdag 17 februari 2027',
        'Längd: 75 minuter',
        'Deltagare: Karin Ek, tidigare kontaktperson, Anna Berg, Pector Support',
        'Ur timbanken: 1\u00a0timme 15\u00a0minuter',
      ].join('\n'),
    );
    expect(mail.text).toContain('- Ny rapport till sommaren\n- Byta <skrivare> & toner\n');
    expect(mail.html).toContain('Byta &lt;skrivare&gt; &amp; toner');
    expect(mail.text).toContain('- Bygga rapporten (Anna Berg, senast 10 maj 2027)');
    expect(mail.text).toContain('Redan klart');
    expect(mail.text).not.toContain('Inte längre');
    expect(mail.text).toContain('Bra stämning');
    const ours = await send({ ...minutes, ...toConsultant('meeting-minutes', 'minutes-consultant') });
    expect(ours.text).toContain('Kunden får samma anteckningar.');
    expect(ours.text).not.toContain('Send a Signal');
  });

  it('the minutes of an extra meeting are those of that meeting', async () => {
    await settle('meeting-extra-1', { dueOn: '2027-06-08', dueAt: '2027-06-08T08:00:00.000Z', extra: true });
    await record({ meeting: { ...held, id: 'meeting-extra-1', heldOn: '2027-06-08' }, actions });
    const mail = await send({ ...minutes, obligation: 'meeting-extra-1', step: 'minutes' });
    expect(mail.subject).toBe('Minnesanteckningar: extramöte 1, 8 juni 2027');
    expect(mail.text).toContain('Inga åtgärder är antecknade.');
    expect(mail.text).not.toContain('Ur timbanken');
  });

  it('there are no minutes of a meeting that nobody reported held, and no name in the error', async () => {
    const sent = mailActivities(database.db, mailbox.smtpUrl).sendNotice(
      notice({ ...minutes, step: 'minutes' }),
    );
    await expect(sent).rejects.toMatchObject({
      type: 'MessageUnusable',
      nonRetryable: true,
      message: expect.stringContaining('/meeting/heldOn: expected a value, found nothing') as string,
    });
  });

  it('who owns an action is reminded of it: one contact, or our own with what to send', async () => {
    await record({ meeting: held, actions });
    const due = { template: 'action-reminder', step: 'remind', asOf: '2027-05-12T06:30:00.000Z' } as const;
    const { roles: _everybody, ...toAll } = notice(due);
    await mailActivities(database.db, mailbox.smtpUrl).sendNotice({
      ...toAll,
      obligation: 'action/1',
      only: 'contact-1',
    });
    const [theirs] = mailbox.mails;
    expect(mailbox.mails).toHaveLength(1);
    expect(theirs!.subject).toBe('Påminnelse: åtgärd från förvaltningsmöte 1, senast 14 maj 2027');
    expect(theirs!.text).toContain(
      'Vid förvaltningsmöte 1, onsdag 17 februari 2027, kom vi överens om det här:',
    );
    expect(theirs!.text).toContain('Lista leverantörer\nKarin Ek\nKlart senast fredag 14 maj 2027');
    const ours = await send({ ...due, ...toConsultant('action-reminder', 'remind'), obligation: 'action/2' });
    expect(ours.subject).toBe('Försenat: åtgärd från förvaltningsmöte 1, Testbolaget AB');
    expect(ours.text).toContain('namnet actionDone');
    expect(ours.text).toContain('{"agreement":"testbolaget-2027","action":"2"}');
  });

  it('nobody is reminded of an action that is not there', async () => {
    const sent = mailActivities(database.db, mailbox.smtpUrl).sendNotice(
      notice({ obligation: 'action/9', template: 'action-reminder', step: 'remind' }),
    );
    await expect(sent).rejects.toMatchObject({
      type: 'NotFound',
      message: 'expected an action of testbolaget-2027, found none: action/9',
    });
  });

  it('a meeting that nobody reported held is told so: booked with the date, or never booked', async () => {
    const late = { template: 'step-reminder', step: 'overdue', asOf: '2027-06-01T06:30:00.000Z' } as const;
    await book();
    const booked = await send({ ...late, to: 'consultant' });
    expect(booked.text).toContain('Mötet var bokat till tisdag 18 maj 2027');
    expect(booked.text).toContain('är inte rapporterat som hållet.');
    expect(booked.text).toContain('{"agreement":"testbolaget-2027","meeting":2}');
    const unbooked = await send({ ...late, to: 'consultant', obligation: 'meeting-1' });
    expect(unbooked.text).toContain('det är inte heller bokat');
    const manager = await send({ ...late, template: 'escalation', step: 'escalate', to: 'manager' });
    expect(manager.text).toContain('Var bokat till: tisdag 18 maj 2027');
    expect(manager.text).toContain('namnet meetingHeld');
  });
});

describe('the year’s summary', () => {
  const close = {
    obligation: 'close',
    step: 'summary',
    template: 'year-summary',
    asOf: '2028-01-03T07:30:00.000Z',
  } as const;

  it('tells apart what was held late, declined, booked and not held, never booked, and extra', async () => {
    const state = (id: string, state: 'done' | 'missed' | 'declined'): Promise<void> =>
      record({ obligation: { id, state }, at: '2027-12-20T08:00:00.000Z' });
    await book();
    await record({ meeting: { id: 'meeting-2', bookedAt, heldOn: '2027-05-19' } });
    await state('meeting-1', 'declined');
    await state('meeting-2', 'done');
    await record({ meeting: { id: 'meeting-3', bookedAt: '2027-08-17T08:00:00.000Z' } });
    await state('meeting-3', 'missed');
    await state('meeting-4', 'missed');
    await settle('meeting-extra-1', { dueOn: '2027-06-08', dueAt: '2027-06-08T08:00:00.000Z', extra: true });
    await record({ meeting: { id: 'meeting-extra-1', heldOn: '2027-06-08' } });
    await state('meeting-extra-1', 'done');
    const { text } = await send(close);
    const said = (text ?? '').split('\n').filter((line) => /möte \d,/i.test(line));
    expect(said.map((line) => line.replace(/planerat [^:]*/, 'planerat'))).toEqual([
      '- Förvaltningsmöte 1, planerat: avböjt av er',
      '- Förvaltningsmöte 2, planerat: levererat 19 maj 2027, 1 arbetsdag sent',
      '- Förvaltningsmöte 3, planerat: INTE LEVERERAT (bokat, men hölls inte)',
      '- Förvaltningsmöte 4, planerat: INTE LEVERERAT (bokades aldrig)',
      '- Extramöte 1, planerat: hållet 8 juni 2027',
    ]);
    expect(text).toMatch(/Levererat: 1\. Inte levererat: \d+\. Avböjt av er: 1\./);
    expect(text!.indexOf('EXTRAMÖTEN')).toBeLessThan(text!.indexOf('Extramöte 1'));
  });
});

describe('other news', () => {
  it('the consultant hears which messages were not taken, and that nothing was changed', async () => {
    const mail = await send({
      ...toConsultant('signal-rejected', 'rejected'),
      obligation: 'agreement',
      rejected: [
        {
          at: '2027-04-13T06:29:00.000Z',
          signal: 'meetingBooked',
          reason: 'on: expected an open day, found <b>',
        },
        {
          at: '2027-04-12T06:00:00.000Z',
          signal: 'meetingHeld',
          reason: 'meeting: expected 1 to 4, found 9',
        },
      ],
    });
    expect(mail.subject).toBe('Ingenting ändrades: 2 signaler avvisades, Testbolaget AB');
    expect(mail.text).toContain(
      '- 13 apr 2027 kl. 08:29, meetingBooked: on: expected an open day, found <b>',
    );
    expect(mail.text).toContain('Ingenting har ändrats.');
    expect(mail.text).toContain('http://temporal.example/agreement-testbolaget-2027');
    expect(mail.html).toContain('found &lt;b&gt;');
  });

  describe('another consultant', () => {
    beforeEach(async () => {
      await database.db.query(
        `create table if not exists consultant_changes (
           id bigint generated always as identity primary key, agreement text not null references agreements,
           change bigint not null references contract_changes,
           old jsonb not null, new jsonb not null, from_on date not null, until_on date)`,
      );
    });

    const changed = (change: number): Partial<SendNoticeInput> => ({
      obligation: 'agreement',
      step: 'consultant',
      template: 'consultant-changed',
      replacement: { change },
    });

    /** @returns the change's number */
    async function change(fromOn: string, untilOn: string | null): Promise<number> {
      const { consultant } = contract.contacts;
      const lina = { id: 'konsult-2', name: 'Lina Sund', email: 'lina.sund@pector.example' };
      const changed = { ...contract, contacts: { ...contract.contacts, consultant: lina } };
      await storeContractChange(database.db, agreement, changed, fromOn, '2027-04-13T06:00:00.000Z');
      const [row] = await database.db.query<{ id: number }>(
        `insert into consultant_changes (agreement, change, old, new, from_on, until_on)
         values ($1, (select max(id) from contract_changes), $2, $3, $4, $5) returning id`,
        [agreement, JSON.stringify(consultant), JSON.stringify(lina), fromOn, untilOn],
      );
      return row!.id;
    }

    it('is introduced with both names and the booked meetings that are the new one’s', async () => {
      await book();
      await settle('meeting-3', { booked: true, dueOn: '2027-09-14', dueAt: '2027-09-14T08:00:00.000Z' });
      const forGood = await send(changed(await change('2027-05-03', null)));
      expect(forGood.subject).toBe('Ny dedikerad konsult från 3 maj 2027: Lina Sund');
      expect(forGood.text).toContain(
        'är Lina Sund (lina.sund@pector.example) er dedikerade konsult, i stället för Anna Berg (anna.berg@pector.example)',
      );
      expect(forGood.text?.match(/^- .*möte.*$/gm)).toEqual([
        '- tis 18 maj 2027: förvaltningsmöte 2, kl. 10:00–11:30',
        '- tis 14 sep 2027: förvaltningsmöte 3, kl. 10:00–11:30',
      ]);
      const while_ = { ...changed(await change('2027-05-03', '2027-08-27')), revision: 2 };
      const forAWhile = await send(while_);
      expect(forAWhile.subject).toBe('Dedikerad konsult 3 maj 2027 – 27 aug 2027: Lina Sund');
      expect(forAWhile.text).toContain('Därefter är Anna Berg er konsult igen.');
      expect(forAWhile.text).not.toContain('förvaltningsmöte 3');
    });

    it('is not told where nobody recorded the change', async () => {
      const sent = mailActivities(database.db, mailbox.smtpUrl).sendNotice(notice(changed(77)));
      await expect(sent).rejects.toMatchObject({
        type: 'NotFound',
        nonRetryable: true,
        message: 'expected change 77 of the consultant of testbolaget-2027, found none',
      });
    });
  });

  it('names no person in an error about what people wrote', async () => {
    await record({
      actions: [
        { id: '1', meeting: 'meeting-1', what: '', owner: 'contact-1', dueOn: '2027-05-14', state: 'open' },
      ],
    });
    expect(exampleContract().contacts.customer[0]!.name).toBe('Karin Ek');
    const sent = mailActivities(database.db, mailbox.smtpUrl).sendNotice(
      notice({ obligation: 'action/1', template: 'action-reminder', step: 'remind' }),
    );
    await expect(sent).rejects.toThrow('/actions/0/what: expected');
    await expect(sent).rejects.not.toThrow(/Karin/);
  });
});
