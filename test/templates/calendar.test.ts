import type { Obligation } from '../../rules/plan';
import { meetingInvitation, yearCalendar } from '../../templates/calendar';

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

const unfolded = (calendar: string): string[] => calendar.replace(/\r\n /g, '').split('\r\n');
const values = (calendar: string, property: string): string[] =>
  unfolded(calendar).flatMap((line) => (line.startsWith(property) ? [line.slice(property.length)] : []));

describe.each([
  ['the year', yearCalendar(year)],
  ['an invitation', meetingInvitation(invitation)],
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
