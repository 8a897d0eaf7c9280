import { exampleContract } from '../helpers/example';
import type { Entry } from '../helpers/calendar-client';
import { calendarOf, calendarProblems, mailedEntries } from '../helpers/customer-calendar';
import type { LiveYear } from '../helpers/live-year';
import { beginYear } from '../helpers/live-year';

const { agreement, contacts } = exampleContract();
const { consultant, manager } = contacts;
/** Those of the customer who are invited to meetings. */
const invited = contacts.customer
  .filter(({ roles }) => roles.includes('management') || roles.includes('system-owner'))
  .map(({ email }) => email);

describe('meetings of a year', () => {
  let year: LiveYear;

  beforeAll(async () => {
    year = await beginYear();
  });

  afterAll(() => year.finish());

  const uid = (meeting: string): string => `${agreement}-1-${meeting}@serviceavtal`;
  const entries = (meeting: string) =>
    mailedEntries(year.mailbox.mails).filter(
      ({ uid: of, method }) => of === uid(meeting) && method !== 'PUBLISH',
    );
  /** The entry of a meeting in the calendars of everybody who is invited, which are to agree. */
  const inCalendars = (meeting: string): Pick<Entry, 'start' | 'end' | 'location'> | undefined => {
    const all = invited.map((address) =>
      calendarOf(mailedEntries(year.mailbox.mails), address).find((one) => one.uid === uid(meeting)),
    );
    const [first] = all.map((one) => one && { start: one.start, end: one.end, location: one.location });
    expect(all.map((one) => one && { start: one.start, end: one.end, location: one.location })).toEqual(
      all.map(() => first),
    );
    return first;
  };
  const requests = (meeting: string) => entries(meeting).filter(({ method }) => method === 'REQUEST');
  const cancels = (meeting: string) =>
    entries(meeting).filter(({ method, to }) => method === 'CANCEL' && invited.includes(to));
  const stored = async (id: string) =>
    (
      await year.db.query<Record<string, unknown>>(
        `select o.state, m.booked_at as booked, m.moves, m.held_on as held, m.held_minutes as minutes
           from obligations o left join meetings m using (agreement, year, id) where o.year = 1 and o.id = $1`,
        [id],
      )
    )[0];
  const codes = async () =>
    (await year.overview()).attention.map(({ code, subject }) => `${code} ${subject}`);

  it('invites everybody once, some minutes after the consultant has booked', async () => {
    await year.to('2027-01-18');
    await year.signal('meetingBooked', {
      meeting: 1,
      on: '2027-02-18',
      at: '9:30',
      place: 'Storgatan 1',
      by: 'anna',
    });
    expect((await year.overview()).next.find(({ id }) => id === 'meeting-1')).toMatchObject({
      on: '2027-02-18',
      at: '09:30',
      booked: true,
    });
    await year.wait(4);
    expect(entries('meeting-1')).toEqual([]);
    await year.wait(2);
    expect(
      requests('meeting-1')
        .map(({ to }) => to)
        .sort(),
    ).toEqual([...invited].sort());
    expect(inCalendars('meeting-1')).toEqual({
      start: '2027-02-18T08:30:00.000Z',
      end: '2027-02-18T10:00:00.000Z',
      location: 'Storgatan 1',
    });
    expect(year.mails('meeting-1', 'blocks').map(({ to }) => [to].flat()[0]!.value[0]!.address)).toEqual([
      consultant.email,
    ]);
  });

  it('takes a double click as one, and a message for another agreement not at all', async () => {
    const again = { meeting: 1, on: '2027-02-18', at: '09:30', place: 'Storgatan 1', by: 'anna' };
    await year.signal('meetingBooked', again);
    const wrong = { ...again, agreement: 'annan-2027', at: '15:00' };
    expect(await year.refused('meetingBooked', wrong)).toContain('meddelandet gäller "annan-2027"');
    await year.signal('meetingBooked', wrong);
    await year.wait(10);
    expect(requests('meeting-1')).toHaveLength(invited.length);
    expect(await stored('meeting-1')).toMatchObject({ booked: '2027-02-18T08:30:00.000Z', moves: 0 });
    const [rejected] = (await year.overview()).rejected;
    expect(rejected).toMatchObject({ signal: 'meetingBooked' });
    expect(await codes()).toContain('signal-rejected meetingBooked');
  });

  it('takes the booked meeting as held where nothing is named, mails minutes and reminds of what was agreed', async () => {
    await year.to('2027-02-18');
    const answer = await year.update('meetingHeld', {
      minutes: 75,
      participants: ['contact-1', 'consultant'],
      decisions: ['Orderimporten flyttas'],
      actions: [
        { what: 'Skicka prislistan', owner: 'contact-1', due: '2027-03-10' },
        { what: 'Boka utbildning', owner: 'consultant', due: '2027-03-10' },
      ],
      by: 'anna',
    });
    expect(answer.actions.map(({ id, owner }) => [id, owner])).toEqual([
      ['1', 'contact-1'],
      ['2', 'consultant'],
    ]);
    expect(year.mails('meeting-1', 'minutes')).toEqual([]);
    await year.wait(6);
    expect(year.mails('meeting-1', 'minutes')).toHaveLength(invited.length);
    expect(year.mails('meeting-1', 'minutes')[0]!.text).toContain('Orderimporten flyttas');
    expect(await stored('meeting-1')).toMatchObject({ state: 'done', held: '2027-02-18', minutes: 75 });
    expect(cancels('meeting-1')).toEqual([]);
    expect(answer.hours?.used ?? 0).toBe(0);
  });

  it('stops reminding of an action that is done, and reminds of the other before and after its day', async () => {
    await year.signal('actionDone', { action: 2, by: 'anna' });
    await year.signal('actionDone', { action: 2, by: 'anna' });
    await year.to('2027-03-20');
    const to = (step: string) =>
      year.mails('action/1', step).map((mail) => [mail.to].flat()[0]!.value[0]!.address);
    expect([to('remind'), to('overdue')]).toEqual([
      [contacts.customer[0]!.email],
      [contacts.customer[0]!.email],
    ]);
    expect(year.mails('action/2', 'remind')).toEqual([]);
    await year.signal('actionDone');
    expect((await year.overview()).actions).toEqual([]);
  });

  it('mails one invitation where the time was changed before anybody was told', async () => {
    await year.to('2027-04-14');
    await year.signal('meetingBooked', { meeting: 2, on: '2027-05-19' });
    await year.wait(2);
    await year.signal('meetingBooked', { meeting: 2, on: '2027-05-20', at: '13:00', minutes: 60 });
    await year.wait(15);
    expect(
      requests('meeting-2')
        .map(({ to }) => to)
        .sort(),
    ).toEqual([...invited].sort());
    expect(inCalendars('meeting-2')).toMatchObject({
      start: '2027-05-20T11:00:00.000Z',
      end: '2027-05-20T12:00:00.000Z',
    });
  });

  it('moves it in the calendars each time, and asks for a look at the third move', async () => {
    await year.signal('meetingBooked', { meeting: 2, on: '2027-05-21' });
    await year.wait(6);
    expect(inCalendars('meeting-2')).toMatchObject({ start: '2027-05-21T11:00:00.000Z' });
    expect(await codes()).not.toContain('meeting-moved meeting-2');
    await year.signal('meetingBooked', { meeting: 2, at: '08:30', reason: 'krock' });
    await year.wait(6);
    expect(inCalendars('meeting-2')).toMatchObject({ start: '2027-05-21T06:30:00.000Z' });
    expect(await codes()).toContain('meeting-moved meeting-2');
    expect(await stored('meeting-2')).toMatchObject({ moves: 3 });
    expect(calendarProblems(mailedEntries(year.mailbox.mails))).toEqual([]);
  });

  it('takes a cancelled meeting out of the calendars and has the consultant book it again', async () => {
    await year.signal('meetingCancelled', { meeting: 2, reason: 'sjukdom' });
    await year.wait(4);
    expect(cancels('meeting-2')).toEqual([]);
    await year.wait(2);
    expect(
      cancels('meeting-2')
        .map(({ to }) => to)
        .sort(),
    ).toEqual([...invited].sort());
    expect(year.mails('meeting-2', 'cancel')[0]!.text).toContain('sjukdom');
    expect(inCalendars('meeting-2')).toBeUndefined();
    expect(await stored('meeting-2')).toMatchObject({ state: 'open', booked: null });
    const step = (await year.overview()).next.find(({ id }) => id === 'meeting-2');
    expect(step).toMatchObject({ booked: false });
    await year.signal('meetingCancelled', { meeting: 2 });
    await year.to(step!.on, '07:00');
    expect(cancels('meeting-2')).toHaveLength(invited.length);
    const asked = year.mails('meeting-2', 'book').map(({ to }) => [to].flat()[0]!.value[0]!.address);
    const told = year.mails('meeting-2', 'book-escalate').map(({ to }) => [to].flat()[0]!.value[0]!.address);
    expect([asked, told]).toEqual([[consultant.email], [manager.email]]);
  });

  it('books the first meeting that is to be booked, as planned, where nothing is said', async () => {
    const step = (await year.overview()).next.find(({ id }) => id === 'meeting-2');
    await year.signal('meetingBooked');
    await year.wait(6);
    expect(inCalendars('meeting-2')?.start.slice(0, 10)).toBe(step!.on);
    expect(await codes()).not.toContain('meeting-unbooked meeting-2');
    expect(calendarProblems(mailedEntries(year.mailbox.mails))).toEqual([]);
    await year.to(step!.on, '15:00');
    await year.signal('meetingHeld');
    expect(await stored('meeting-2')).toMatchObject({ state: 'done' });
  });

  it('books an extra meeting at once and draws what it took from the hour bank', async () => {
    await year.to('2027-06-28');
    expect(await year.refused('extraMeetingRequested', { on: '2027-07-03' })).toContain('en helgfri vardag');
    const answer = await year.update('extraMeetingRequested', { on: '2027-07-02', at: '13:00', minutes: 60 });
    expect(answer.messages.find(({ name }) => name === 'meetingHeld')?.example.meeting).toBe('extra-1');
    expect(await stored('meeting-extra-1')).toMatchObject({
      state: 'open',
      booked: '2027-07-02T11:00:00.000Z',
    });
    await year.wait(6);
    expect(inCalendars('meeting-extra-1')?.start).toBe('2027-07-02T11:00:00.000Z');
    await year.to('2027-07-02', '15:00');
    const held = await year.update('meetingHeld', {
      meeting: 'extra-1',
      minutes: 100,
      participants: ['consultant'],
    });
    // A hundred minutes, to the second.
    expect(held.hours?.used).toBeCloseTo(10_000 / 60, 6);
    await year.wait(10);
    expect(await stored('meeting-extra-1')).toMatchObject({ state: 'done', minutes: 100 });
  });

  it('calls the consultant to an extra meeting without a date', async () => {
    await year.signal('extraMeetingRequested');
    await year.to('2027-07-09', '17:00');
    expect(year.mails('meeting-extra-2', 'call')).toHaveLength(1);
    expect(entries('meeting-extra-2')).toEqual([]);
    await year.signal('meetingDeclined', { meeting: 'extra-2' });
  });

  it('counts a meeting the customer does without apart', async () => {
    await year.signal('meetingDeclined', { meeting: 3, reason: 'inget att ta upp' });
    await year.signal('meetingDeclined', { meeting: 3, reason: 'inget att ta upp' });
    expect(await stored('meeting-3')).toMatchObject({ state: 'declined' });
    await year.to('2027-09-20');
    for (const step of ['book', 'book-escalate', 'overdue', 'escalate'])
      expect(year.mails('meeting-3', step)).toEqual([]);
    expect(await year.refused('meetingBooked', { meeting: 3 })).toMatch(
      /förvaltningsmöte 3 är redan avböjt/i,
    );
  });

  it('takes a booked meeting that was held earlier out of the calendars', async () => {
    await year.signal('meetingBooked', { meeting: 4, on: '2027-11-18' });
    await year.wait(6);
    expect(inCalendars('meeting-4')?.start.slice(0, 10)).toBe('2027-11-18');
    await year.to('2027-11-08');
    expect(await year.refused('meetingHeld', { meeting: 4, on: '2027-11-18' })).toContain('en tidigare dag');
    await year.signal('meetingHeld', { meeting: 4 });
    await year.wait(6);
    expect(inCalendars('meeting-4')).toBeUndefined();
    expect(await stored('meeting-4')).toMatchObject({ state: 'done', held: '2027-11-08' });
    await year.to('2027-11-29');
    for (const step of ['remind', 'overdue', 'escalate']) expect(year.mails('meeting-4', step)).toEqual([]);
  });

  it('tells the year as it was: three held, one declined, none missed', async () => {
    const { years } = await year.finish();
    const [summary] = year.mails('close', 'summary');
    expect(summary!.text).toContain('Avböjt av er: 1.');
    expect(summary!.text).toMatch(/Förvaltningsmöte 3, planerat .*: avböjt av er/);
    expect(years[0]!.hours.used).toBeCloseTo(5 / 3, 6);
    expect(calendarProblems(mailedEntries(year.mailbox.mails))).toEqual([]);
  });
});
