/** Calendar files: the year's dates to add to one's own calendar, and invitations to meetings. No clock: DTSTAMP is given. */
import { createHash } from 'node:crypto';
import { createEvents } from 'ics';
import type { EventAttributes } from 'ics';
import { oneLine } from '../rules/engine/basics/one-line';
import type { Instant, LocalDate, Person } from '../rules/engine/contract/contract';
import type { Language, Text } from '../rules/engine/basics/text';
import type { Obligation, YearPlan } from '../rules/engine/plan/plan';
import type { PhaseNames } from './words/labels';
import { capitalize, label } from './words/labels';
import { asciiAddress, isPlain } from '../rules/engine/basics/mail-address';

/** Input that all these files have in common. */
export interface CalendarContext {
  agreement: string;
  /** The customer's name. */
  customer: string;
  language: Language;
  /** When the content was decided; the same for each attempt to send it. */
  asOf: Instant;
  /** What the rules call phases of the upgrade, by their id. */
  phaseNames?: PhaseNames;
}

export interface YearCalendarInput extends CalendarContext {
  plan: Pick<YearPlan, 'yearNumber' | 'from' | 'obligations'>;
  meetingMinutes: number;
  /** The dedicated consultant; some calendars ask for an organizer. */
  organizer?: Person;
}

/** One meeting, at a time that a person has settled. */
export interface MeetingEntryInput extends CalendarContext {
  yearNumber: number;
  meeting: Pick<Obligation, 'id' | 'dueAt' | 'revision' | 'place'>;
  minutes: number;
  organizer: Person;
}

export interface MeetingInvitationInput extends MeetingEntryInput {
  attendees: Person[];
  /** The agenda's topics: codes, or wordings. */
  agenda?: (string | Text)[];
}

export interface MeetingBlocksInput extends MeetingEntryInput {
  preparationMinutes: number;
  followUpMinutes: number;
  /** The meeting is cancelled: its entries are removed. */
  cancelled: boolean;
}

/** A part of the consultant's day around a meeting. */
export interface MeetingBlock {
  kind: 'preparation' | 'meeting' | 'follow-up';
  at: Instant;
  endsAt: Instant;
}

/** A line break in a name would begin a new calendar line. */
const name = (person: Person): string => oneLine(person.name).replaceAll('"', "'");

/** `2027-02-15T09:00:00.000Z` → `20270215T090000Z`, which `ics` takes as it stands. */
function utc(instant: Instant): string {
  const compact = instant.replace(/[-:]|\.\d+/g, '');
  if (!/^\d{8}T\d{6}Z$/.test(compact)) throw new Error(`expected an instant in UTC, found "${instant}"`);
  return compact;
}

/** All-day dates are year, month and day. */
function day(date: LocalDate): [number, number, number] {
  const [year, month, dayOfMonth] = date.split('-').map(Number);
  if (!year || !month || !dayOfMonth) throw new Error(`expected a date YYYY-MM-DD, found "${date}"`);
  return [year, month, dayOfMonth];
}

/** The instant some minutes later; earlier, if they are below zero. */
const shifted = (instant: Instant, minutes: number): Instant =>
  new Date(Date.parse(instant) + minutes * 60_000).toISOString();
const after = (instant: Instant, minutes: number): string => utc(shifted(instant, minutes));

/** RFC 5545 counts octets where `ics` counts characters: `å` is two. Unfolds, and folds again at 75. */
function fold(calendar: string): string {
  const fold75 = (line: string): string => {
    let folded = '';
    let octets = 0;
    for (const character of line) {
      const size = Buffer.byteLength(character);
      if (octets + size > 75) {
        folded += '\r\n ';
        octets = 1;
      }
      folded += character;
      octets += size;
    }
    return folded;
  };
  return calendar
    .replace(/\r\n[ \t]/g, '')
    .split('\r\n')
    .map((line) => fold75(line.replace(/;(ROLE|PARTSTAT|CUTYPE)="([A-Z-]+)"/g, ';$1=$2')))
    .join('\r\n');
}

/** `timestamp` is missing in the types of `ics`; without it the library reads the clock. */
type Event = EventAttributes & { timestamp: string };

function write(events: Event[], method: 'PUBLISH' | 'REQUEST' | 'CANCEL', calName?: string): string {
  const header = { productId: '-//Pector//serviceavtal//SV', method, ...(calName && { calName }) };
  const { error, value } = createEvents(events, header);
  if (error || value === null)
    throw new Error(`calendar: ${error?.message ?? 'nothing came of it'}`, { cause: error });
  return fold(value);
}

/**
 * What every entry has. One UID per obligation and year: an invitation updates the entry of the year's
 * calendar, and `meeting-2` of next year is another meeting.
 */
function entry(
  context: CalendarContext,
  yearNumber: number,
  { id, revision }: Pick<Obligation, 'id' | 'revision'>,
) {
  const what = capitalize(label('obligation', id, context.language, context.phaseNames));
  return {
    uid: `${context.agreement}-${yearNumber}-${id}@serviceavtal`,
    sequence: revision - 1,
    timestamp: utc(context.asOf),
    title: oneLine(`${what} – Pector & ${context.customer}`),
  };
}

/** When a meeting is and, if that is settled, where. */
const timed = ({ dueAt, place }: Pick<Obligation, 'dueAt' | 'place'>, minutes: number) => ({
  start: utc(dueAt),
  end: after(dueAt, minutes),
  ...(place !== undefined && { location: oneLine(place) }),
});

/** An address in a calendar is a URI: it is all ASCII. */
const attending = (person: Person) => {
  const email = asciiAddress(person.email);
  return { name: name(person), email: isPlain(email) ? email : encodeURI(email) };
};
const organized = (person: Person) => ({ organizer: attending(person) });

/**
 * The year's meetings as timed entries, steps of the start and the upgrade as whole days; statements
 * and the close are ours to keep and left out. Nobody is invited: invitations follow one by one.
 * @returns an iCalendar file (`METHOD:PUBLISH`), lines folded and ended by CR LF.
 */
export function yearCalendar(input: YearCalendarInput): string {
  const { plan, meetingMinutes, organizer, language } = input;
  const until =
    language === 'sv' ? 'Ska vara klart senast den här dagen.' : 'To be done by the end of this day.';
  const events = plan.obligations.flatMap((owed): Event[] => {
    const common = { ...entry(input, plan.yearNumber, owed), ...(organizer && organized(organizer)) };
    if (owed.strand === 'meetings') {
      const times = timed(owed, owed.minutes ?? meetingMinutes);
      return [
        owed.booked
          ? { ...common, ...times, status: 'CONFIRMED', busyStatus: 'BUSY' }
          : { ...common, ...times, status: 'TENTATIVE', busyStatus: 'TENTATIVE' },
      ];
    }
    if (owed.strand !== 'upgrade' && owed.strand !== 'start') return [];
    const on = day(owed.dueOn);
    return [{ ...common, start: on, end: on, description: until, transp: 'TRANSPARENT', busyStatus: 'FREE' }];
  });
  const about = language === 'sv' ? 'serviceavtal' : 'service agreement';
  return write(events, 'PUBLISH', `Pector ${about} ${input.agreement}, ${plan.from.slice(0, 4)}`);
}

/** One of the dates of a feed. */
export interface FeedDate {
  id: string;
  strand: Obligation['strand'];
  on: LocalDate;
  /** Meetings alone: when it begins. */
  at?: Instant;
  minutes?: number;
  booked: boolean;
  revision: number;
  state: string;
}

/**
 * The year's dates for who subscribes to them: what and when, without places, names or prices. Each entry has its own UID for good, which
 * tells nothing of whose agreement it is.
 * @returns an iCalendar file (`METHOD:PUBLISH`), lines folded and ended by CR LF.
 */
export function dateFeed({
  agreement,
  yearNumber,
  language,
  asOf,
  dates,
  meetingMinutes,
  phaseNames,
  name: called,
}: Omit<CalendarContext, 'customer'> & {
  yearNumber: number;
  dates: readonly FeedDate[];
  meetingMinutes: number;
  name: string;
}): string {
  const events = dates
    .filter(({ state }) => state === 'open' || state === 'done')
    .map(({ id, on, at, minutes = meetingMinutes, booked, revision }): Event => {
      const common = {
        uid: `${shortHash(`${agreement}/${yearNumber}/${id}`)}@serviceavtal`,
        sequence: revision - 1,
        timestamp: utc(asOf),
        title: oneLine(capitalize(label('obligation', id, language, phaseNames))),
      };
      if (at === undefined)
        return { ...common, start: day(on), end: day(on), transp: 'TRANSPARENT', busyStatus: 'FREE' };
      const times = { start: utc(at), end: after(at, minutes) };
      return booked
        ? { ...common, ...times, status: 'CONFIRMED', busyStatus: 'BUSY' }
        : { ...common, ...times, status: 'TENTATIVE', busyStatus: 'TENTATIVE' };
    });
  return write(events, 'PUBLISH', called);
}

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 24);

/**
 * The invitation to one meeting; the same UID with a higher SEQUENCE moves it.
 * @returns an iCalendar file (`METHOD:REQUEST`), lines folded and ended by CR LF.
 */
export function meetingInvitation(input: MeetingInvitationInput): string {
  const { meeting, minutes, agenda, organizer, language } = input;
  const topics = agenda?.map((code) => `- ${label('agenda', code, language)}`);
  const intro = language === 'sv' ? 'Det här går vi igenom:' : 'What we will go through:';
  const event: Event = {
    ...entry(input, input.yearNumber, meeting),
    ...organized(organizer),
    ...timed(meeting, minutes),
    ...(topics && { description: [intro, ...topics].join('\n') }),
    status: 'CONFIRMED',
    busyStatus: 'BUSY',
    attendees: input.attendees.map((person) => ({
      ...attending(person),
      rsvp: true,
      role: 'REQ-PARTICIPANT',
      partstat: 'NEEDS-ACTION',
    })),
  };
  return write([event], 'REQUEST');
}

/**
 * Cancels an invitation: the UID of the invitation, with a SEQUENCE above its own.
 * @returns an iCalendar file (`METHOD:CANCEL`), lines folded and ended by CR LF.
 */
export function meetingCancellation(input: MeetingEntryInput & { attendees: Person[] }): string {
  const { meeting, minutes, organizer } = input;
  const event: Event = {
    ...entry(input, input.yearNumber, meeting),
    ...organized(organizer),
    ...timed(meeting, minutes),
    status: 'CANCELLED',
    attendees: input.attendees.map((person) => ({ ...attending(person), role: 'REQ-PARTICIPANT' })),
  };
  return write([event], 'CANCEL');
}

/** The consultant's time for a meeting, in its order; what the terms set no minutes aside for is left out. */
export function blocksAround(
  at: Instant,
  minutes: number,
  { preparationMinutes, followUpMinutes }: { preparationMinutes: number; followUpMinutes: number },
): MeetingBlock[] {
  const endsAt = shifted(at, minutes);
  return [
    { kind: 'preparation' as const, at: shifted(at, -preparationMinutes), endsAt: at },
    { kind: 'meeting' as const, at, endsAt },
    { kind: 'follow-up' as const, at: endsAt, endsAt: shifted(endsAt, followUpMinutes) },
  ].filter(({ at: from, endsAt: to }) => from !== to);
}

/**
 * The meeting and the time around it as files for the consultant's own calendar, one for each entry, since many
 * calendars read only the first of a file. The meeting has the UID of the invitation, the others theirs after it.
 * @returns iCalendar files (`METHOD:PUBLISH`, or `CANCEL`), lines folded and ended by CR LF.
 */
export function meetingBlocks(input: MeetingBlocksInput): { kind: MeetingBlock['kind']; content: string }[] {
  const { meeting, minutes, organizer, cancelled, language } = input;
  const common = entry(input, input.yearNumber, meeting);
  return blocksAround(meeting.dueAt, minutes, input).map(({ kind, at, endsAt }) => {
    const own = {
      uid: common.uid.replace('@', `-${kind}@`),
      title: oneLine(`${capitalize(label('block', kind, language))}: ${common.title}`),
    };
    const event: Event = {
      ...common,
      ...(kind === 'meeting' ? {} : own),
      ...organized(organizer),
      start: utc(at),
      end: utc(endsAt),
      ...(kind === 'meeting' && meeting.place !== undefined && { location: oneLine(meeting.place) }),
      ...(cancelled ? { status: 'CANCELLED' } : { status: 'CONFIRMED', busyStatus: 'BUSY' }),
    };
    return { kind, content: write([event], cancelled ? 'CANCEL' : 'PUBLISH') };
  });
}
