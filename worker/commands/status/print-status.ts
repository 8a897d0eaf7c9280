/** What `serviceavtal status` prints. */
import { counted, formOf } from '../../../rules/engine/basics/counted';
import type { Looking, SickWorkflow } from '../../../activities/health/health';
import { troubleOfLooking } from '../../../activities/health/health';
import type { AgreementStatus, SignedStatus } from '../../../activities/health/read-status';
import { printable } from '../../../rules/engine/basics/one-line';
import type { Language } from '../../../rules/engine/basics/text';
import type { SigningService } from '../../../rules/engine/signing/signing';
import { mailStateName } from '../../../templates/words/mail-states';
import { formatHours } from '../../../templates/words/numbers';
import { label } from '../../../templates/words/labels';
import { sickWords } from '../../../templates/words/sick-words';
import { stepNotes } from '../../../templates/words/step-notes';
import { keptReason } from '../../../templates/words/kept-reasons';

const words = {
  sv: {
    width: 12,
    notLookedAfter: 'INGEN TILLSYN',
    sick: 'SJUKT',
    sickSince: (id: string, kind: string, since: string) => `${id} (${kind} sedan ${since})`,
    none: 'Inget avtal än. Signera ett: npx serviceavtal sign examples/testbolaget.json\n',
    states: { signed: 'signerat', live: 'löper', ended: 'upphört' },
    year: (year: number | null, from: string, to: string) => `, avtalsår ${year} (${from} till ${to})`,
    signed: 'signerat',
    hours: 'timmar',
    next: 'härnäst',
    attention: 'att se över',
    mail: 'mejl',
    done: (done: number, total: number) => `${done} av ${counted(total, ['klart', 'klara'])}`,
    missed: (count: number) => `, ${count} inte ${formOf(count, ['levererat', 'levererade'])}`,
    before: (parts: string) => `; ${parts} före övertagandet`,
    doneBefore: (count: number) => counted(count, ['klart', 'klara']),
    passedBefore: (count: number) => counted(count, ['passerat', 'passerade']),
    added: (added: string) => ` + ${added} köpta eller bjudna`,
    used: (used: string, contracted: string, rolledIn: string) =>
      `${used} använda av ${contracted} avtalade + ${rolledIn} överförda`,
    beyond: (hours: string) => `, ${hours} utöver`,
    overdue: 'FÖRSENAT',
    late: '(senare än tänkt)',
    to: 'till',
    otherSystem: 'ett annat system',
    byFile: 'med en fil',
    document: 'dokument',
    ruleset: 'regler',
    papers: (kept: number, all: number) => `${kept} av ${counted(all, ['papper sparat', 'papper sparade'])}`,
    unavailable: (count: number) => `, ${count} går inte att få`,
    amendments: 'öppna tilläggsavtal',
  },
  en: {
    width: 10,
    notLookedAfter: 'NOT LOOKED AFTER',
    sick: 'SICK',
    sickSince: (id: string, kind: string, since: string) => `${id} (${kind} since ${since})`,
    none: 'No agreement yet. Sign one: npx serviceavtal sign examples/testbolaget.json\n',
    states: { signed: 'signed', live: 'live', ended: 'ended' },
    year: (year: number | null, from: string, to: string) => `, year ${year} (${from} to ${to})`,
    signed: 'signed',
    hours: 'hours',
    next: 'next',
    attention: 'attention',
    mail: 'mail',
    done: (done: number, total: number) => `${done} of ${total} done`,
    missed: (count: number) => `, ${count} not delivered`,
    before: (parts: string) => `; ${parts} before the takeover`,
    doneBefore: (count: number) => `${count} done`,
    passedBefore: (count: number) => `${count} passed`,
    added: (added: string) => ` + ${added} purchased or goodwill`,
    used: (used: string, contracted: string, rolledIn: string) =>
      `${used} used of ${contracted} contracted + ${rolledIn} rolled in`,
    beyond: (hours: string) => `, ${hours} beyond`,
    overdue: 'OVERDUE',
    late: '(later than meant)',
    to: 'to',
    otherSystem: 'another system',
    byFile: 'by file',
    document: 'document',
    ruleset: 'ruleset',
    papers: (kept: number, all: number) => `${kept} of ${counted(all, ['paper', 'papers'])} kept`,
    unavailable: (count: number) => `, ${count} not to be had`,
    amendments: 'open amendments',
  },
} as const;

/** What is not well, for a terminal; nothing where all is. */
export function printHealth(
  sick: readonly SickWorkflow[],
  looking: Looking | undefined,
  language: Language = 'en',
): string {
  const trouble = troubleOfLooking(looking);
  const say = words[language];
  return [
    ...(trouble === undefined ? [] : [`${say.notLookedAfter}: ${trouble}`]),
    ...sick.map((each) => `${say.sick}  ${printSick(each, language)}`),
  ].join('\n');
}

/** What is wrong with a workflow, since when, and what to do, on one line. */
export function printSick(
  { workflowId, kind, since, code, detail }: SickWorkflow,
  language: Language = 'en',
): string {
  const wrong = sickWords(code, detail)[language];
  const named = language === 'sv' ? label('sickKind', kind, language) : kind;
  return `${words[language].sickSince(workflowId, named, since)}: ${wrong}. npx serviceavtal agreements cure ${workflowId}`;
}

/** The same for a terminal. */
export function printStatus(statuses: AgreementStatus[], language: Language = 'en'): string {
  if (statuses.length === 0) return words[language].none;
  return statuses.map((status) => printOne(status, language)).join('\n');
}

function before({ done, passed }: { done: number; passed: number }, language: Language): string {
  const say = words[language];
  const parts = [
    ...(done > 0 ? [say.doneBefore(done)] : []),
    ...(passed > 0 ? [say.passedBefore(passed)] : []),
  ];
  return say.before(parts.join(', '));
}

function printOne(status: AgreementStatus, language: Language): string {
  const say = words[language];
  const line = (name: string, text: string): string => `  ${name.padEnd(say.width)} ${text}`;
  const hours = (amount: number): string => formatHours(amount * 100, language);
  const period = status.from ? say.year(status.year, status.from, status.to ?? '') : '';
  // In English the codes, which are English words, and what programs have looked for so far.
  const named = (kind: 'strand' | 'party' | 'shortObligation' | 'attention', code: string): string =>
    language === 'sv' ? label(kind, code, language, status.phaseNames) : code;
  return [
    `${status.agreement}  ${status.customer}: ${say.states[status.state]}${period}`,
    ...(status.signed ? [line(say.signed, printSigned(status.signed, language))] : []),
    ...status.strands.map(({ strand, done, missed, takenOver, total }) =>
      line(
        named('strand', strand),
        say.done(done, total) +
          (missed > 0 ? say.missed(missed) : '') +
          (takenOver ? before(takenOver, language) : ''),
      ),
    ),
    ...(status.hours
      ? [
          line(
            say.hours,
            say.used(hours(status.hours.used), hours(status.hours.contracted), hours(status.hours.rolledIn)) +
              (status.hours.added ? say.added(hours(status.hours.added)) : '') +
              (status.hours.overage > 0 ? say.beyond(hours(status.hours.overage)) : ''),
          ),
        ]
      : []),
    ...status.next.map(({ id, dueOn, owner, overdue, late, noDayLeft, nextYear, sharesDay }) => {
      const when = overdue ? `  ${say.overdue}` : late ? `  ${say.late}` : '';
      const shared = sharesDay ? ` (${stepNotes.sharesDay[language]})` : '';
      const how = noDayLeft
        ? `  (${stepNotes[nextYear ? 'nextYear' : 'noDayLeft'][language]})`
        : when + shared;
      return line(
        say.next,
        `${dueOn}  ${named('shortObligation', id).padEnd(language === 'sv' ? 34 : 22)} ${named('party', owner)}${how}`,
      );
    }),
    ...status.sick.map((each) => line(say.sick, printSick(each, language))),
    ...status.attention.map(({ code, subject, detail }) =>
      line(
        say.attention,
        `${named('attention', code)} ${named('shortObligation', subject)}: ${keptReason(detail, language)}`,
      ),
    ),
    ...status.mails.map(({ key, state, recipient }) =>
      line(say.mail, `${mailStateName(state, language)}: ${key} ${say.to} ${recipient}`),
    ),
    '',
  ].join('\n');
}

/** "signed signed" would say nothing. */
const placeOf = (service: SigningService, language: Language): string =>
  service === 'signed' ? words[language].otherSystem : service;

function printSigned(
  { service, document, on, ruleset, papers, amendments }: SignedStatus,
  language: Language,
): string {
  const say = words[language];
  const { kept, wanted, unavailable } = papers;
  const all = kept + wanted + unavailable;
  const missing = unavailable > 0 ? say.unavailable(unavailable) : '';
  return [
    service === undefined
      ? say.byFile
      : `${placeOf(service, language)}, ${say.document} ${printable(document ?? '')}`,
    on,
    ...(ruleset === undefined ? [] : [`${say.ruleset} ${ruleset.slice(0, 8)}`]),
    ...(all === 0 ? [] : [`${say.papers(kept, all)}${missing}`]),
    ...(amendments.length === 0
      ? []
      : [`${say.amendments}: ${amendments.join(', ')} (npx serviceavtal amendments list)`]),
  ].join(', ');
}
