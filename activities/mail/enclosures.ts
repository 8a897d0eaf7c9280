/** What goes with a message besides its text: calendar files and documents. */
import { phaseNamesOf } from '../../rules/engine/plan/phase-in-plan';
import type { MailComposerOptions } from 'nodemailer/lib/mail-composer';
import type { Language } from '../../rules/engine/basics/text';
import type { TemplateId } from '../../rules/engine/plan/plan';
import {
  meetingBlocks,
  meetingCancellation,
  meetingInvitation,
  yearCalendar,
} from '../../templates/calendar';
import type { MeetingBlock } from '../../templates/calendar';
import type { MailData, MailMeeting } from '../../templates/mails/mail-data';
import { documentPdf } from '../../templates/documents/pdf';
import { statementDocument } from '../../templates/statement/document';
import { hourTable } from '../../templates/hour-table';
import { agendaAttachments } from './agenda';
import type { Db } from '../db';
import { findStatement, keepFiles } from './kept-statements';
import type { MailContext, Recipient, SendNoticeInput } from './notice';
import { yearOfUpgrade } from './test-session';
import { bringsReport, reportFile } from './upgrade-report';

/** A message about to go out, and where to look up what goes with it. */
export interface Letter {
  db: Db;
  input: SendNoticeInput;
  context: MailContext;
  to: Recipient;
  language: Language;
  /** Of mails to our own people. */
  staffLanguage: Language;
  data: MailData;
}

export type Enclosure = Pick<MailComposerOptions, 'icalEvent' | 'attachments'>;

/** By template; the others are text alone. */
const enclosures: Partial<Record<TemplateId, (letter: Letter) => Enclosure | Promise<Enclosure>>> = {
  welcome: theYear,
  'meeting-invitation': invitation,
  'meeting-cancelled': cancellation,
  'meeting-blocks': blocks,
  'meeting-agenda': agenda,
  'test-session': testSession,
  'hour-statement': hourStatement,
  'upgrade-news': upgradeReport,
};

export async function enclosureFor(letter: Letter): Promise<Enclosure> {
  return (await enclosures[letter.input.template]?.(letter)) ?? {};
}

/** What all calendar files have in common. */
const common = ({ context: { contract, asOf }, language }: Letter) => ({
  agreement: contract.agreement,
  customer: contract.customer.name,
  language,
  asOf,
  organizer: contract.contacts.consultant,
});

/** The year's dates, to add to one's own calendar; nothing for a year that has none left. */
function theYear(letter: Letter): Enclosure {
  if (letter.data.dates?.length === 0) return {};
  const { plan, terms } = letter.context;
  const content = yearCalendar({
    ...common(letter),
    phaseNames: phaseNamesOf(plan),
    plan,
    meetingMinutes: terms.meetings.lengthMinutes,
  });
  const filename = letter.language === 'sv' ? 'avtalsar.ics' : 'agreement-year.ics';
  return { attachments: [{ filename, content, contentType: 'text/calendar; charset=utf-8' }] };
}

/** One meeting as its mail tells it. */
function entryOf(letter: Letter, meeting: MailMeeting) {
  const { input, context } = letter;
  const { id, at, endsAt, place } = meeting;
  return {
    ...common(letter),
    yearNumber: context.plan.yearNumber,
    meeting: { id, dueAt: at, revision: input.revision, ...(place !== undefined && { place }) },
    minutes: (Date.parse(endsAt) - Date.parse(at)) / 60_000,
  };
}

/** A request that the reader's calendar answers. */
function invitation(letter: Letter): Enclosure {
  const { data, context, to } = letter;
  if (!data.meeting) return {};
  const content = meetingInvitation({
    ...entryOf(letter, data.meeting),
    agenda: context.terms.meetings.agenda,
    attendees: [{ name: to.name, email: to.email }],
  });
  return { icalEvent: { method: 'REQUEST', content } };
}

/** Cancels an invitation. */
function cancellation(letter: Letter): Enclosure {
  const { data, to } = letter;
  if (!data.meeting) return {};
  const attendees = [{ name: to.name, email: to.email }];
  const content = meetingCancellation({ ...entryOf(letter, data.meeting), attendees });
  return { icalEvent: { method: 'CANCEL', content } };
}

/** From when the numbers of a session's entry count, in seconds since 1970. */
const firstNumber = 1_767_225_600;

/**
 * The session of the test: a request to those who test, a file to add to the consultant's own calendar. The entry's number is its
 * mail's time: it rises also where the upgrade goes on in another year.
 */
function testSession(letter: Letter): Enclosure {
  const { input, to, language } = letter;
  if (!input.session) return {};
  const { at, minutes, place, cancelled = false } = input.session;
  const revision = Math.floor(Date.parse(input.asOf) / 1000) - firstNumber;
  const entry = {
    ...common(letter),
    yearNumber: yearOfUpgrade(input),
    meeting: { id: 'test-session', dueAt: at, revision, ...(place !== undefined && { place }) },
    minutes,
  };
  if (to.party !== 'customer') {
    const [file] = meetingBlocks({ ...entry, preparationMinutes: 0, followUpMinutes: 0, cancelled });
    const filename = language === 'sv' ? 'testgenomgang.ics' : 'test-session.ics';
    const contentType = `text/calendar; charset=utf-8; method=${cancelled ? 'CANCEL' : 'PUBLISH'}`;
    return file ? { attachments: [{ filename, content: file.content, contentType }] } : {};
  }
  const invited = { ...entry, attendees: [{ name: to.name, email: to.email }] };
  return {
    icalEvent: cancelled
      ? { method: 'CANCEL', content: meetingCancellation(invited) }
      : { method: 'REQUEST', content: meetingInvitation(invited) },
  };
}

type Documents = Awaited<ReturnType<typeof agendaAttachments>>;

/** The last agenda written from each database, so that all who get it at the same time get the same. */
const lastAgenda = new WeakMap<Db, { key: string; documents: Promise<Documents> }>();

/** The agenda as a document, written from what is stored. */
async function agenda({ db, input, context, language }: Letter): Promise<Enclosure> {
  const { agreement, year, obligation, revision, asOf } = input;
  const key = [agreement, year, obligation, revision, asOf, language].join('/');
  const known = lastAgenda.get(db);
  if (known?.key === key) return { attachments: await known.documents };
  const documents = agendaAttachments(db, context, obligation, language);
  lastAgenda.set(db, { key, documents });
  try {
    return { attachments: await documents };
  } catch (error) {
    lastAgenda.delete(db);
    throw error;
  }
}

/** The statement as a PDF and as a table to count with, as they were sent to its first reader. */
async function hourStatement({ db, input, data, language }: Letter): Promise<Enclosure> {
  const { hours, agreement, year } = data;
  const kept = await findStatement(db, input);
  if (!hours || !kept) return {};
  const name = language === 'sv' ? 'timbesked' : 'hour-statement';
  const base = [name, agreement.number, year.number, hours.asOf, ...(hours.told ? [`v${kept.version}`] : [])];
  const files = await keepFiles(db, kept.id, language, async () => [
    {
      filename: `${base.join('-')}.pdf`,
      content: await documentPdf(statementDocument({ ...data, hours }, language)),
      contentType: 'application/pdf',
    },
    {
      filename: `${base.join('-')}.csv`,
      content: Buffer.from(hourTable(hours.lines ?? [], language)),
      contentType: 'text/csv; charset=utf-8',
    },
  ]);
  return { attachments: files };
}

/** The report of an upgrade that has ended, the same to both sides. */
async function upgradeReport({ db, input, context, language, staffLanguage }: Letter): Promise<Enclosure> {
  if (!bringsReport(input.news?.kind)) return {};
  const languages = [context.contract.customer.language, staffLanguage];
  const file = await reportFile(db, input, { language, languages });
  return file ? { attachments: [file] } : {};
}

/** Names of the files, in letters that every mail program keeps. */
const blockFiles: Record<MeetingBlock['kind'], Record<Language, string>> = {
  preparation: { sv: 'forberedelse.ics', en: 'preparation.ics' },
  meeting: { sv: 'mote.ics', en: 'meeting.ics' },
  'follow-up': { sv: 'uppfoljning.ics', en: 'follow-up.ics' },
};

/** One file for each entry in the consultant's calendar. */
function blocks(letter: Letter): Enclosure {
  const { data, context, language } = letter;
  if (!data.meeting) return {};
  const cancelled = data.meeting.cancelled === true;
  const { preparationMinutes, followUpMinutes } = context.terms.meetings;
  const files = meetingBlocks({
    ...entryOf(letter, data.meeting),
    preparationMinutes,
    followUpMinutes,
    cancelled,
  });
  const contentType = `text/calendar; charset=utf-8; method=${cancelled ? 'CANCEL' : 'PUBLISH'}`;
  return {
    attachments: files.map(({ kind, content }) => ({
      filename: blockFiles[kind][language],
      content,
      contentType,
    })),
  };
}
