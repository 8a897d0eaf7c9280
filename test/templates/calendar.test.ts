import type { Obligation } from '../../rules/engine/plan/plan';
import {
  blocksAround,
  meetingBlocks,
  meetingCancellation,
  meetingInvitation,
  yearCalendar,
} from '../../templates/calendar';
import { CalendarClient, readCalendar } from '../helpers/calendar-client';

const owed = (
  id: string,
  strand: Obligation['strand'],
  dueOn: string,
  dueAt: string,
  revision = 1,
): Obligation => ({
  id,
  strand,
  owner: 'consultant',
  opensAt: dueAt,
  dueOn,
  dueAt,
  revision,
  late: false,
  notices: [],
});

const obligations = [
  owed('start/kickoff', 'start', '2027-01-22', '2027-01-22T15:30:00.000Z'),
  owed('meeting-1', 'meetings', '2027-02-15', '2027-02-15T09:00:00.000Z'),
  owed('meeting-2', 'meetings', '2027-05-17', '2027-05-17T08:00:00.000Z', 3),
  owed('hours/statement-1', 'hourBank', '2027-06-30', '2027-06-30T14:30:00.000Z'),
  owed('upgrade/test', 'upgrade', '2027-10-05', '2027-10-05T14:30:00.000Z'),
  owed('close', 'close', '2027-12-31', '2027-12-31T15:30:00.000Z'),
];

const common = {
  agreement: '10042',
  customer: 'Åkerströms Måleri & Färg, Östersund; Härnösand – Örnsköldsvik AB',
  language: 'sv',
  asOf: '2027-01-01T08:00:00.000Z',
} as const;
const consultant = { name: 'Karin Ek', email: 'karin.ek@pector.example' };
const plan = { yearNumber: 1, from: '2027-01-01', obligations };
const year = { ...common, plan, meetingMinutes: 120, organizer: consultant };
const invitation = {
  ...common,
  yearNumber: 1,
  meeting: owed('meeting-2', 'meetings', '2027-05-17', '2027-05-17T08:00:00.000Z', 3),
  minutes: 120,
  organizer: consultant,
  attendees: [{ name: 'Anna "Ann" Lindqvist', email: 'anna@testbolaget.example' }],
  agenda: ['new-needs', 'completed-work'],
};

const ownTime = { preparationMinutes: 60, followUpMinutes: 30 };
const blocks = { ...invitation, ...ownTime, cancelled: false };

const unfolded = (calendar: string): string[] => calendar.replace(/\r\n /g, '').split('\r\n');
const values = (calendar: string, property: string): string[] =>
  unfolded(calendar).flatMap((line) => (line.startsWith(property) ? [line.slice(property.length)] : []));

describe.each([
  ['the year', yearCalendar(year)],
  ['an invitation', meetingInvitation(invitation)],
  ['a cancellation', meetingCancellation(invitation)],
  ['a block', meetingBlocks(blocks)[0]?.content ?? ''],
])('the calendar file of %s', (_name, calendar) => {
  test('ends every line with CR LF and folds at 75 octets', () => {
    expect(calendar.endsWith('END:VCALENDAR\r\n')).toBe(true);
    expect(calendar.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    const lines = calendar.split('\r\n');
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
    expect(lines.some((line) => line.startsWith(' '))).toBe(true);
  });

  test('escapes and keeps the customer’s name over a fold', () => {
    expect(values(calendar, 'SUMMARY:').join()).toContain(
      'Åkerströms Måleri & Färg\\, Östersund\\; Härnösand – Örnsköldsvik AB',
    );
  });

  test('takes its stamp from the caller, not from the clock', () => {
    expect(new Set(values(calendar, 'DTSTAMP:'))).toEqual(new Set(['20270101T080000Z']));
  });
});

describe('the year', () => {
  const calendar = yearCalendar(year);

  test('is published, without attendees', () => {
    expect(values(calendar, 'METHOD:')).toEqual(['PUBLISH']);
    expect(calendar).not.toContain('ATTENDEE');
  });

  test('has meetings as times in UTC, steps as whole days, and nothing of what is ours to keep', () => {
    expect(values(calendar, 'UID:')).toEqual([
      '10042-1-start/kickoff@serviceavtal',
      '10042-1-meeting-1@serviceavtal',
      '10042-1-meeting-2@serviceavtal',
      '10042-1-upgrade/test@serviceavtal',
    ]);
    expect(values(calendar, 'DTSTART')).toEqual([
      ';VALUE=DATE:20270122',
      ':20270215T090000Z',
      ':20270517T080000Z',
      ';VALUE=DATE:20271005',
    ]);
    expect(values(calendar, 'DTEND')).toEqual([':20270215T110000Z', ':20270517T100000Z']);
    expect(values(calendar, 'SEQUENCE:')).toEqual(['0', '0', '2', '0']);
  });

  test('gives the same meeting of another year another UID', () => {
    const next = yearCalendar({ ...year, plan: { ...plan, yearNumber: 2 } });
    expect(values(next, 'UID:')).not.toEqual(expect.arrayContaining(values(calendar, 'UID:')));
  });
});

describe('the year, once meetings are booked', () => {
  const booked = {
    ...owed('meeting-1', 'meetings', '2027-02-16', '2027-02-16T12:00:00.000Z', 2),
    booked: true,
  } as const;
  const calendar = yearCalendar({
    ...year,
    plan: { ...plan, obligations: [{ ...booked, minutes: 60, place: 'Teams' }] },
  });

  test('has them at their own length and place, and no longer as a proposal', () => {
    expect(values(calendar, 'DTEND')).toEqual([':20270216T130000Z']);
    expect(values(calendar, 'LOCATION:')).toEqual(['Teams']);
    expect(values(calendar, 'STATUS:')).toEqual(['CONFIRMED']);
    expect(values(yearCalendar(year), 'STATUS:')).toEqual(['TENTATIVE', 'TENTATIVE']);
  });
});

describe('an invitation', () => {
  const calendar = meetingInvitation(invitation);

  test('requests, with the UID of the year’s entry and a sequence that follows the revision', () => {
    expect(values(calendar, 'METHOD:')).toEqual(['REQUEST']);
    expect(values(calendar, 'UID:')).toEqual(['10042-1-meeting-2@serviceavtal']);
    expect(values(calendar, 'SEQUENCE:')).toEqual(['2']);
    const first = meetingInvitation({ ...invitation, meeting: { ...invitation.meeting, revision: 1 } });
    expect(values(first, 'SEQUENCE:')).toEqual(['0']);
  });

  test('has its times in UTC', () => {
    expect(values(calendar, 'DTSTART')).toEqual([':20270517T080000Z']);
    expect(values(calendar, 'DTEND')).toEqual([':20270517T100000Z']);
  });

  test('names organizer and attendee, and asks for an answer', () => {
    expect(values(calendar, 'ORGANIZER;')[0]).toMatch(/^CN="Karin Ek":mailto:karin\.ek@pector\.example$/i);
    expect(values(calendar, 'ATTENDEE;')).toEqual([
      `RSVP=TRUE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;CN="Anna 'Ann' Lindqvist":mailto:anna@testbolaget.example`,
    ]);
  });

  test('lists the agenda', () => {
    expect(values(calendar, 'DESCRIPTION:')[0]).toContain(
      '\\n- Utförda arbeten och supportärenden sedan sist',
    );
  });

  test('cannot be given new lines through a name', () => {
    const name = 'Eva\r\nATTENDEE:mailto:evil@x.example';
    const injected = meetingInvitation({
      ...invitation,
      customer: name,
      organizer: { ...consultant, name },
      meeting: { ...invitation.meeting, place: name },
      attendees: [{ name, email: 'eva@x.example' }],
    });
    expect(values(injected, 'ATTENDEE')).toHaveLength(1);
    expect(injected.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  test('is refused, saying what was expected, when a time is not in UTC', () => {
    const meeting = { ...invitation.meeting, dueAt: '2027-05-17 10:00' };
    expect(() => meetingInvitation({ ...invitation, meeting })).toThrow(
      'expected an instant in UTC, found "2027-05-17 10:00"',
    );
  });
});

/** The meeting's story as the customer's calendar receives it: booked, moved, cancelled, booked again. */
describe('a calendar that is not ours', () => {
  const at = (revision: number, dueAt: string) => ({
    ...invitation,
    asOf: `2027-04-0${revision}T08:00:00.000Z`,
    meeting: { ...invitation.meeting, dueAt, revision, place: 'Mötesrum Älgen; våning 2, Göteborg' },
  });
  const proposed = yearCalendar(year);
  const booked = meetingInvitation(at(4, '2027-05-18T08:00:00.000Z'));
  const moved = meetingInvitation(at(5, '2027-11-02T09:00:00.000Z'));
  const cancelled = meetingCancellation(at(6, '2027-11-02T09:00:00.000Z'));
  const bookedAgain = meetingInvitation(at(7, '2027-11-09T09:00:00.000Z'));
  const uid = '10042-1-meeting-2@serviceavtal';

  /** What the calendar shows of the meeting after these files, in this order. */
  function after(...files: string[]) {
    const client = new CalendarClient();
    for (const file of files) client.receive(file);
    return client.entries().filter((entry) => entry.uid === uid);
  }

  test.each([
    ['new', booked, 'REQUEST', 3],
    ['moved', moved, 'REQUEST', 4],
    ['cancelled', cancelled, 'CANCEL', 5],
  ])('reads the one that is %s', (_name, file, method, sequence) => {
    const { method: found, events } = readCalendar(file);
    expect(found).toBe(method);
    expect(events.map((event) => [event.uid, event.sequence])).toEqual([[uid, sequence]]);
    expect(events[0]?.summary).toBe(`Förvaltningsmöte 2 – Pector & ${common.customer}`);
    expect(events[0]?.location).toBe('Mötesrum Älgen; våning 2, Göteborg');
    expect(events[0]?.startDate.zone?.tzid).toBe('UTC');
    expect(events[0]?.attendees).toHaveLength(1);
    expect(String(events[0]?.component.getFirstPropertyValue('status'))).toBe(
      method === 'CANCEL' ? 'CANCELLED' : 'CONFIRMED',
    );
  });

  test('keeps the agenda’s letters over every fold', () => {
    expect(readCalendar(booked).events[0]?.description).toBe(
      [
        'Det här går vi igenom:',
        '- Nya behov och effektiviseringar – vad kan bli bättre för er?',
        '- Utförda arbeten och supportärenden sedan sist',
      ].join('\n'),
    );
  });

  test('replaces the year’s proposal by what is booked', () => {
    expect(after(proposed)).toMatchObject([{ start: '2027-05-17T08:00:00.000Z' }]);
    expect(after(proposed, booked)).toMatchObject([
      { start: '2027-05-18T08:00:00.000Z', end: '2027-05-18T10:00:00.000Z' },
    ]);
  });

  test('moves the meeting, in winter time, and does not move it back if the mails come in the wrong order', () => {
    const there = [{ sequence: 4, start: '2027-11-02T09:00:00.000Z', end: '2027-11-02T11:00:00.000Z' }];
    expect(after(booked, moved)).toMatchObject(there);
    expect(after(moved, booked)).toMatchObject(there);
    expect(after(booked, moved, booked)).toMatchObject(there);
  });

  test('shows nothing once it is cancelled, in whatever order the mails come', () => {
    for (const files of [
      [booked, moved, cancelled],
      [booked, cancelled, moved],
      [cancelled, moved, booked],
    ])
      expect(after(...files)).toEqual([]);
  });

  test('shows it again when it is booked anew', () => {
    expect(after(booked, cancelled, bookedAgain)).toMatchObject([{ start: '2027-11-09T09:00:00.000Z' }]);
  });
});

describe('the consultant’s time', () => {
  test('lies before and after the meeting, and only where the terms set some aside', () => {
    const at = '2027-05-17T08:00:00.000Z';
    expect(blocksAround(at, 90, ownTime).map(({ kind, at: from, endsAt }) => [kind, from, endsAt])).toEqual([
      ['preparation', '2027-05-17T07:00:00.000Z', at],
      ['meeting', at, '2027-05-17T09:30:00.000Z'],
      ['follow-up', '2027-05-17T09:30:00.000Z', '2027-05-17T10:00:00.000Z'],
    ]);
    const alone = blocksAround(at, 90, { preparationMinutes: 0, followUpMinutes: 0 });
    expect(alone.map(({ kind }) => kind)).toEqual(['meeting']);
  });

  test('is published as a file for each entry, without attendees', () => {
    const files = meetingBlocks(blocks).map(({ content }) => readCalendar(content));
    expect(files.map(({ method, events }) => [method, events.map(({ uid }) => uid)])).toEqual([
      ['PUBLISH', ['10042-1-meeting-2-preparation@serviceavtal']],
      ['PUBLISH', ['10042-1-meeting-2@serviceavtal']],
      ['PUBLISH', ['10042-1-meeting-2-follow-up@serviceavtal']],
    ]);
    expect(files.flatMap(({ events }) => events.flatMap(({ attendees }) => attendees))).toEqual([]);
    expect(files[0]?.events[0]?.summary).toMatch(/^Förberedelse: Förvaltningsmöte 2 – Pector & Åkerströms/);
  });

  test('moves and goes with the meeting', () => {
    const client = new CalendarClient();
    const receive = (revision: number, dueAt: string, cancelled = false): void => {
      const files = meetingBlocks({
        ...blocks,
        cancelled,
        meeting: { ...blocks.meeting, dueAt, revision },
      });
      for (const { content } of files) client.receive(content);
    };
    receive(2, '2027-05-18T08:00:00.000Z');
    receive(3, '2027-05-19T08:00:00.000Z');
    expect(client.entries().map(({ start }) => start)).toEqual([
      '2027-05-19T07:00:00.000Z',
      '2027-05-19T08:00:00.000Z',
      '2027-05-19T10:00:00.000Z',
    ]);
    receive(4, '2027-05-19T08:00:00.000Z', true);
    expect(client.entries()).toEqual([]);
  });
});
