import { completedPhase } from '../helpers/completed-phase';
import { exampleContract } from '../helpers/example';
import { calendarOf, calendarProblems, mailedEntries } from '../helpers/customer-calendar';
import type { LiveYear } from '../helpers/live-year';
import { beginYear } from '../helpers/live-year';

const { agreement, contacts } = exampleContract();
const [management] = contacts.customer;

/** What a test asks of a year again and again. */
function looksAt(year: () => LiveYear) {
  const uid = (meeting: string): string => `${agreement}-1-${meeting}@serviceavtal`;
  return {
    /** What the customer's management was sent about a meeting's calendar entry: `REQUEST`, `CANCEL`, … */
    sent: (meeting: string): string[] =>
      mailedEntries(year().mailbox.mails)
        .filter(
          ({ uid: of, to, method }) =>
            of === uid(meeting) && to === management!.email && method !== 'PUBLISH',
        )
        .map(({ method }) => method),
    /** When it stands in their calendar; nothing if it does not. */
    inCalendar: (meeting: string): string | undefined =>
      calendarOf(mailedEntries(year().mailbox.mails), management!.email).find(
        (one) => one.uid === uid(meeting),
      )?.start,
    problems: (): string[] => calendarProblems(mailedEntries(year().mailbox.mails)),
    lastStep: async (): Promise<number> => (await year().overview()).undo!.step,
    state: async (id: string): Promise<{ state: string; booked: string | null } | undefined> =>
      (
        await year().db.query<{ state: string; booked: string | null }>(
          `select o.state, m.booked_at as booked from obligations o left join meetings m using (agreement, year, id)
            where o.year = 1 and o.id = $1`,
          [id],
        )
      )[0],
    hours: async (): Promise<number> => (await year().overview()).hours?.used ?? 0,
  };
}

describe('a booking that is taken back', () => {
  let year: LiveYear;
  const { sent, inCalendar, problems, lastStep, state } = looksAt(() => year);

  beforeAll(async () => {
    year = await beginYear({ years: 0 });
    await year.to('2027-01-18');
  });

  afterAll(() => year.finish());

  it('before anybody was told is never told', async () => {
    await year.signal('meetingBooked', { meeting: 1, on: '2027-02-18' });
    await year.wait(3);
    const { undo } = await year.overview();
    expect(undo).toMatchObject({ name: 'meetingBooked' });
    expect(Date.parse(undo!.heldUntil!) - Date.parse(undo!.at)).toBe(5 * 60_000);
    const after = await year.update('stepUndone', { step: undo!.step });
    expect(after.next.find(({ id }) => id === 'meeting-1')).toMatchObject({ booked: false });
    await year.wait(30);
    expect(sent('meeting-1')).toEqual([]);
    expect(year.mails('meeting-1', 'blocks')).toEqual([]);
    expect(await state('meeting-1')).toEqual({ state: 'open', booked: null });
  });

  it('is harmless to take back twice, and names the step it is about', async () => {
    await year.signal('stepUndone', { step: 1 });
    expect((await year.overview()).rejected).toEqual([]);
    expect(await year.refused('stepUndone')).toContain('det finns inget steg att ta tillbaka');
    expect(await year.refused('stepUndone', { step: 2 })).toContain('det finns inget steg att ta tillbaka');
    await year.signal('meetingBooked', { meeting: 1, on: '2027-02-18' });
    const step = await lastStep();
    expect(await year.refused('stepUndone', { step: step + 40 })).toContain(
      `det senaste steget är nummer ${step}`,
    );
    expect(await year.refused('stepUndone', { step: 'last' })).toContain('step: förväntade ett tal');
    await year.signal('improvementAdded', { title: 'E-faktura' });
    await year.signal('stepUndone', { step: step + 1 });
    await year.signal('stepUndone', { step: step + 1 });
    expect(await lastStep()).toBe(step);
    expect((await year.overview()).improvements).toEqual([]);
    expect(await state('meeting-1')).toEqual({ state: 'open', booked: '2027-02-18T09:00:00.000Z' });
  });

  it('after the customer was invited takes the invitation back', async () => {
    await year.wait(6);
    expect(sent('meeting-1')).toEqual(['REQUEST']);
    await year.signal('stepUndone');
    await year.wait(1);
    expect(sent('meeting-1')).toEqual(['REQUEST', 'CANCEL']);
    expect(inCalendar('meeting-1')).toBeUndefined();
    expect(await state('meeting-1')).toEqual({ state: 'open', booked: null });
    expect(problems()).toEqual([]);
  });

  it('leaves a move that nobody was told of untold, and takes back one that was told', async () => {
    await year.signal('meetingBooked', { meeting: 1, on: '2027-02-19' });
    await year.wait(6);
    await year.signal('meetingBooked', { meeting: 1, on: '2027-02-22' });
    await year.wait(2);
    await year.signal('stepUndone');
    await year.wait(10);
    expect(sent('meeting-1').slice(2)).toEqual(['REQUEST']);
    expect(inCalendar('meeting-1')).toBe('2027-02-19T09:00:00.000Z');
    await year.signal('meetingBooked', { meeting: 1, on: '2027-02-23' });
    await year.wait(6);
    expect(inCalendar('meeting-1')).toBe('2027-02-23T09:00:00.000Z');
    await year.signal('stepUndone');
    await year.wait(6);
    expect(inCalendar('meeting-1')).toBe('2027-02-19T09:00:00.000Z');
    expect(await state('meeting-1')).toEqual({ state: 'open', booked: '2027-02-19T09:00:00.000Z' });
    expect(problems()).toEqual([]);
  });

  it('brings back a meeting that was cancelled: in silence, or by inviting anew', async () => {
    const before = sent('meeting-1').length;
    await year.signal('meetingCancelled', { meeting: 1 });
    await year.signal('stepUndone');
    await year.wait(10);
    expect(sent('meeting-1')).toHaveLength(before);
    await year.signal('meetingCancelled', { meeting: 1 });
    await year.wait(6);
    expect(inCalendar('meeting-1')).toBeUndefined();
    await year.signal('stepUndone');
    await year.wait(6);
    expect(inCalendar('meeting-1')).toBe('2027-02-19T09:00:00.000Z');
    expect(problems()).toEqual([]);
  });

  it('still calls off a cancelled meeting whose new booking is taken back', async () => {
    await year.signal('meetingCancelled', { meeting: 1 });
    await year.signal('meetingBooked', { meeting: 1, on: '2027-02-25' });
    await year.wait(2);
    await year.signal('stepUndone');
    await year.wait(10);
    expect(await state('meeting-1')).toEqual({ state: 'open', booked: null });
    expect(inCalendar('meeting-1')).toBeUndefined();
    await year.signal('stepUndone');
    await year.wait(6);
    expect(inCalendar('meeting-1')).toBe('2027-02-19T09:00:00.000Z');
    expect(problems()).toEqual([]);
  });

  it('invites once to one that is cancelled, booked, taken back and booked in one go', async () => {
    const before = sent('meeting-1').length;
    for (const [name, input] of [
      ['meetingCancelled', { meeting: 1 }],
      ['meetingBooked', { meeting: 1, on: '2027-02-25' }],
      ['stepUndone', {}],
      ['meetingBooked', { meeting: 1, on: '2027-02-26' }],
    ] as const)
      await year.handle.signal(name, input);
    await year.time.untilIdle();
    await year.wait(10);
    expect(sent('meeting-1').slice(before)).toEqual(['REQUEST']);
    expect(inCalendar('meeting-1')).toBe('2027-02-26T09:00:00.000Z');
    expect(problems()).toEqual([]);
  });

  it('opens again what was declined, with its place in the calendar', async () => {
    await year.signal('meetingDeclined', { meeting: 1 });
    await year.wait(6);
    expect(inCalendar('meeting-1')).toBeUndefined();
    expect(await state('meeting-1')).toMatchObject({ state: 'declined' });
    await year.signal('stepUndone');
    await year.wait(6);
    expect(inCalendar('meeting-1')).toBe('2027-02-26T09:00:00.000Z');
    expect(await state('meeting-1')).toEqual({ state: 'open', booked: '2027-02-26T09:00:00.000Z' });
  });

  it('opens again what was held, with neither minutes nor actions left', async () => {
    await year.to('2027-02-26');
    const held = { minutes: 60, actions: ['Skicka prislistan'], decisions: ['Vi byter'] };
    await year.signal('meetingHeld', held);
    expect((await year.overview()).actions).toHaveLength(1);
    await year.signal('stepUndone');
    await year.wait(10);
    expect(year.mails('meeting-1', 'minutes')).toEqual([]);
    expect((await year.overview()).actions).toEqual([]);
    expect(await state('meeting-1')).toMatchObject({ state: 'open' });
    const [row] = await year.db.query(
      `select held_on as held, decisions from meetings where id = 'meeting-1'`,
    );
    expect(row).toEqual({ held: null, decisions: [] });
    expect(await year.db.query('select state from actions')).toEqual([{ state: 'withdrawn' }]);
    await year.signal('meetingHeld', held);
    await year.wait(6);
    expect(year.mails('meeting-1', 'minutes').length).toBeGreaterThan(0);
    expect(await state('meeting-1')).toMatchObject({ state: 'done' });
    expect(await year.db.query('select id, state from actions order by id')).toEqual([
      { id: '1', state: 'withdrawn' },
      { id: '2', state: 'open' },
    ]);
  });
});

describe('other steps that are taken back', () => {
  let year: LiveYear;
  const { lastStep, state, hours, problems, inCalendar, sent } = looksAt(() => year);

  beforeAll(async () => {
    year = await beginYear();
    await year.to('2027-03-10');
  });

  afterAll(() => year.finish());

  it('gives hours back, and those of a double click with one step', async () => {
    const used = { hours: 2.5, kind: 'consulting', ref: 'anna-1' };
    await year.signal('hoursUsed', used);
    await year.signal('hoursUsed', used);
    expect(await hours()).toBe(250);
    await year.signal('stepUndone');
    expect(await hours()).toBe(0);
    expect(await year.refused('stepUndone')).toContain('det finns inget steg');
    const rejected = (await year.overview()).rejected.map(({ reason }) => reason);
    expect(rejected).toEqual(['tas som en upprepning av rad 1 och bokförs inte igen: samma ref']);
  });

  it('corrects hours to what they are to be, and tells of a reference that nothing is booked with', async () => {
    await year.signal('hoursUsed', { hours: 8, ref: 'anna-2' });
    expect(
      (await year.update('hoursCorrected', { ref: 'anna-2', hours: 6.25, reason: 'resa' })).hours?.used,
    ).toBe(625);
    await year.signal('hoursCorrected', { ref: 'anna-2', hours: 6.25, reason: 'resa' });
    expect(await hours()).toBe(625);
    await year.signal('hoursCorrected', { ref: 'anna-9', hours: 1 });
    expect((await year.overview()).rejected[0]?.reason).toContain('hittade anna-9');
    expect(await year.refused('hoursCorrected', { ref: 'anna-2', hours: -1 })).toContain(
      'ett tal från 0 till 2000',
    );
    await year.signal('hoursCorrected', { ref: 'anna-2', hours: 0 });
    expect(await hours()).toBe(0);
  });

  it('withdraws a note, and takes improvement, decision and pause back one by one', async () => {
    await year.signal('noteAdded', { kind: 'training', text: 'Två nya på ekonomi' });
    await year.signal('stepUndone');
    expect(await year.db.query('select withdrawn from notes')).toEqual([{ withdrawn: true }]);
    await year.signal('improvementAdded', { title: 'E-faktura', hours: 12 });
    await year.signal('improvementDecided', { improvement: 1, decision: 'no' });
    await year.signal('monitoringPaused', { until: '2027-06-05' });
    expect((await year.overview()).paused).toEqual([{ monitor: 'all', until: '2027-06-05' }]);
    await year.signal('stepUndone');
    await year.signal('stepUndone');
    expect(await year.overview()).toMatchObject({
      paused: [],
      improvements: [{ id: '1', title: 'E-faktura', state: 'proposed' }],
    });
    await year.signal('improvementDecided', { decision: 'yes' });
    await year.signal('improvementDone');
    expect(await year.db.query('select state from improvements')).toEqual([{ state: 'done' }]);
  });

  it('opens a phase again before the next is asked for, and keeps what was done after', async () => {
    await year.to('2027-05-14', '17:00');
    await year.signal('upgradePhaseCompleted', completedPhase('plan'));
    await year.signal('stepUndone');
    await year.to('2027-05-18');
    expect(year.mails('upgrade/precheck', 'start')).toEqual([]);
    expect(year.mails('upgrade/plan', 'news-planned')).toEqual([]);
    expect(await state('upgrade/plan')).toMatchObject({ state: 'open' });
    await year.signal('upgradePhaseCompleted', completedPhase('plan'));
    await year.to('2027-05-19');
    expect(year.mails('upgrade/precheck', 'start')).toHaveLength(1);
    await year.signal('upgradePhaseFailed', { phase: 'precheck', reason: 'licens saknas' });
    expect((await year.overview()).attention.map(({ code }) => code)).toContain('upgrade-failed');
    expect(year.mails('upgrade/precheck', 'upgrade-failed-manager')).toHaveLength(1);
    for (const phase of ['precheck', 'technical'])
      await year.signal('upgradePhaseCompleted', completedPhase(phase));
    await year.to('2027-05-31');
    expect(year.mails('upgrade/integrations', 'start')).toHaveLength(1);
    await year.signal('upgradePartChecked', { phase: 'integrations', part: '1' });
    for (const integration of ['webshop-orders', 'payroll-vouchers'])
      await year.signal('integrationChecked', { integration, ok: true });
    expect(await state('upgrade/integrations')).toMatchObject({ state: 'done' });
    await year.signal('stepUndone');
    expect(await state('upgrade/integrations')).toMatchObject({ state: 'open' });
  });

  it('takes back at most the last five steps, and no other than the last', async () => {
    for (const number of [1, 2, 3, 4, 5, 6])
      await year.signal('improvementAdded', { title: `nummer ${number}` });
    const last = await lastStep();
    expect(await year.refused('stepUndone', { step: last - 2 })).toContain(
      'bara det senaste kan tas tillbaka',
    );
    for (const _ of [1, 2, 3, 4, 5]) await year.signal('stepUndone');
    expect((await year.overview()).improvements.map(({ title }) => title)).toEqual(['nummer 1']);
    expect(
      await year.db.query(`select count(*)::int as gone from improvements where state = 'withdrawn'`),
    ).toEqual([{ gone: 5 }]);
    expect(await year.refused('stepUndone')).toContain('det finns inget steg att ta tillbaka');
  });

  it('lets an agreement go on whose end is taken back, and calls off what is booked beyond one that is not', async () => {
    const toldOfEnd = (): string[] => year.mails('agreement', 'ends').map(({ subject = '' }) => subject);
    await year.to('2027-08-02');
    await year.signal('meetingBooked', { meeting: 3, on: '2027-08-17' });
    await year.signal('meetingBooked', { meeting: 4, on: '2027-11-16' });
    await year.wait(6);
    await year.signal('agreementTerminated', { reason: 'misstag', on: '2027-08-20' });
    expect(await state('renewal/notice')).toMatchObject({ state: 'cancelled' });
    await year.signal('stepUndone');
    expect(await state('renewal/notice')).toMatchObject({ state: 'open' });
    await year.to('2027-09-03');
    expect(toldOfEnd()).toEqual([]);
    expect(await year.time.running()).toBe(true);
    expect(year.mails('renewal/notice', 'send')).not.toEqual([]);
    expect([sent('meeting-3'), sent('meeting-4')]).toEqual([['REQUEST'], ['REQUEST']]);
    await year.signal('agreementTerminated', { reason: 'uppsagt', on: '2027-09-10' });
    await year.wait(6);
    await year.signal('stepUndone');
    await year.wait(6);
    expect(toldOfEnd().some((subject) => subject.startsWith('Serviceavtalet fortsätter'))).toBe(true);
    await year.signal('agreementTerminated', { reason: 'uppsagt', endedBy: 'vi' });
    const { years } = await year.finish();
    expect(years[0]!.outcome).toBe('terminated');
    expect(new Set(toldOfEnd().map((subject) => subject.split(',')[0]))).toEqual(
      new Set([
        'Serviceavtalet upphör 10 sep 2027',
        'Serviceavtalet fortsätter',
        'Serviceavtalet upphör 3 sep 2027',
      ]),
    );
    expect(years[0]!.timeline.find(({ id }) => id === 'refunded')?.detail).toBe('120 h');
    expect([sent('meeting-3'), sent('meeting-4')]).toEqual([['REQUEST'], ['REQUEST', 'CANCEL']]);
    expect(inCalendar('meeting-3')).toBe('2027-08-17T08:00:00.000Z');
    expect(problems()).toEqual([]);
  });
});
