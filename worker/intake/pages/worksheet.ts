/**
 * The worksheet of an upgrade: all phases with their parts, and a form for the phase that is on. What is filled in is asked of the
 * workflow; the page shows what it answered, and what PostgreSQL then has.
 */
import type { AskedEvent } from '../../../activities/pages/answers';
import type { Worksheet, WorksheetPart, WorksheetPhase } from '../../../activities/pages/worksheet';
import { readWorksheet } from '../../../activities/pages/worksheet';
import { contactId } from '../../../rules/engine/contract/change-contract';
import { counted } from '../../../rules/engine/basics/counted';
import { shortId } from '../../../rules/engine/basics/short-id';
import type { Language } from '../../../rules/engine/basics/text';
import { monitorsIn } from '../../../rules/engine/upgrade/monitored';
import { failureWays } from '../../../rules/engine/ruleset/phases';
import { linkRefusals } from '../../../templates/pages/link-words';
import type { WorksheetField, WorksheetForm, WorksheetNews } from '../../../templates/pages/render-page';
import { partForms, worksheetSays as says } from '../../../templates/pages/worksheet-words';
import { fill } from '../../../templates/pages/wording';
import { standing } from '../../../templates/ui/upgrade-table';
import { formatMinute, formatMoment, formatShortDate } from '../../../templates/words/dates';
import { label } from '../../../templates/words/labels';
import type { Asking, Shown, Visit } from './page';
import { definePage, numberOf } from './page';
import type { Form } from './read-form';
import type { Judged } from './worksheet-form';
import {
  fieldOf,
  fieldsOfSheet,
  hasVersion,
  isAsked,
  isReportable,
  keptTime,
  judgeComplete,
  judgeFailed,
  judgeReport,
  keptValue,
  phaseOfForm,
  valuesOf,
} from './worksheet-form';
import {
  lineOfPart,
  nameOf,
  nameOfPart,
  nameOfPhase,
  passes,
  picturesOf,
  versionsOf,
} from './worksheet-parts';

type SheetVisit = Visit<Worksheet>;

const asking = (judge: (visit: SheetVisit, form: Form) => Judged): Asking<Worksheet> => ({
  asks: true,
  judge,
});

export const worksheetPage = definePage<Worksheet>({
  purpose: 'worksheet',
  showsPicture: () => true,
  fields: fieldsOfSheet,
  gone: linkRefusals.gone,
  load: (db, link) => readWorksheet(db, link.agreement, { ofYear: numberOf(link), link: link.id }),
  show: (visit, { form, problems }) => sheetShown(visit, problems.length > 0 ? form : undefined),
  actions: {
    'parts-reported': asking(judgeReport),
    'phase-completed': asking(judgeComplete),
    'phase-failed': asking(judgeFailed),
  },
});

/** Milliseconds for which what was written is offered again: as long as a form may stand open. */
const keptFor = 12 * 3_600_000;

function sheetShown(visit: SheetVisit, refused: Form | undefined): Shown {
  const { subject, language, ended, now } = visit;
  const { contract, phases, on, stands, last } = subject;
  const isFresh = last !== undefined && now - Date.parse(last.at) < keptFor;
  const about = refused ? phaseOfForm(subject, refused) : on;
  const written = refused ?? (isFresh && about ? keptOf(last, about) : {});
  const number = about ? phases.indexOf(about) + 1 : 0;
  const lead =
    about?.dueOn === undefined
      ? says.allClosed[language]
      : fill(says.lead[language], {
          number: `${number}`,
          count: `${phases.length}`,
          phase: nameOfPhase(about.id, language),
          day: formatShortDate(about.dueOn, language),
          owner: label('party', about.owner, language),
        });
  return {
    page: 'worksheet',
    title: fill(says.title[language], { customer: contract.customer.name }),
    data: {
      lead: ended ? says.ended[language] : lead,
      ...(stands && { stands: standing(stands, language, formatMinute) }),
      ...(last && !refused && { news: newsOf(last, about, visit) }),
      ...(about && !ended && { form: formOf(about, written, visit) }),
      phases: phases.map((phase) => ({
        name: nameOfPhase(phase.id, language),
        state: phase === on ? says.isOn[language] : says.states[phase.state][language],
        lines: phase.parts.map((part) => ({
          ...lineOfPart(part, subject, language),
          ...picturesOf(part, visit),
        })),
      })),
    },
  };
}

/** What was written last and has not found its way into what is kept, as far as it is of the phase. */
function keptOf({ event, details: { form }, answer }: AskedEvent, { id }: WorksheetPhase): Form {
  if (form.phase !== id) return {};
  if (!answer || answer.refused !== undefined) return form;
  // What was said to be right was said of what was taken.
  const isOfPart = (name: string): boolean => /^((result|version|note)-|(all|confirmed)$)/.test(name);
  const isOfFailing = (name: string): boolean => /^(failReason|then|restoredBy|lostSince)$/.test(name);
  return Object.fromEntries(
    Object.entries(form).filter(([name]) =>
      event === 'phase-failed' ? !isOfFailing(name) : !isOfPart(name),
    ),
  );
}

/** What came of what was last sent by the link. */
function newsOf(
  { at, event, details, answer }: AskedEvent,
  about: WorksheetPhase | undefined,
  { subject, language, now }: SheetVisit,
): WorksheetNews {
  const { form, updates } = details;
  const phase = subject.phases.find(({ id }) => id === form.phase);
  const when = formatMoment(at, language);
  const values = {
    when,
    phase: phase ? nameOfPhase(phase.id, language) : '',
    count: counted(updates.length, partForms[language]),
  };
  if (!answer) return { waits: fill(says.waits[language], values) };
  if (answer.refused === undefined)
    return { taken: fill(says.taken[event as keyof typeof says.taken][language], values) };
  const of = updates[answer.taken]?.input.part;
  const part = phase?.parts.find(({ id }) => id === of);
  const why = part ? `${nameOfPart(part, subject, language)}: ${answer.refused}` : answer.refused;
  const isShown = phase !== undefined && phase === about && now - Date.parse(at) < keptFor;
  const written = isShown ? [] : writtenIn(form, phase, language, subject);
  return {
    refused: why,
    when: fill(says.refused[language], values),
    ...(event === 'phase-completed' && isShown && { hint: says.refusedHint[language] }),
    ...(answer.taken > 0 && {
      some: fill(says.some[language], { count: counted(answer.taken, partForms[language]) }),
    }),
    ...(written.length > 0 && { written }),
  };
}

/** What was written in a form, as lines. */
function writtenIn(
  form: Form,
  phase: WorksheetPhase | undefined,
  language: Language,
  subject: Worksheet,
): string[] {
  return Object.entries(form).flatMap(([name, value = '']) => {
    if (name === 'phase' || value === 'open') return [];
    const part = phase?.parts.find(({ id }) => name.endsWith(`-${id}`));
    const said = value === 'passed' || value === 'failed' ? says[value][language] : value;
    return [part ? `${nameOfPart(part, subject, language)}: ${said}` : said];
  });
}

function formOf(phase: WorksheetPhase, form: Form, { subject, language }: SheetVisit): WorksheetForm {
  const earlier = subject.phases.slice(0, subject.phases.indexOf(phase));
  const way = phase.planned.onFailure ?? 'again';
  const live = subject.phases.findIndex(({ parts }) =>
    parts.some(({ kind, result }) => kind === 'go' && result?.ok === true),
  );
  // Nothing is rolled back once people work in the new version.
  const ways = [
    ...(live < 0 ? failureWays : (['again', 'restore'] as const)),
    ...earlier.slice(live + 1).map(({ id }) => shortId(id)),
  ];
  const people = Object.entries(subject.people).filter(
    ([id]) => id !== subject.contract.contacts.consultant.id,
  );
  const chosen = (value: string, text: string, now = '') => ({
    ...{ value, text },
    ...(value === now && { selected: true as const }),
  });
  return {
    phase: phase.id,
    heading: fill(says.now[language], { phase: nameOfPhase(phase.id, language) }),
    parts: phase.parts.filter(passes).map((part) => ({
      ...{ name: nameOfPart(part, subject, language), result: fieldOf.result(part) },
      ...versionsShown(part, language),
      choices: choicesOf(part, form, language),
      ...(hasVersion(part) && {
        version: {
          name: fieldOf.version(part),
          value: form[fieldOf.version(part)] ?? part.result?.version ?? part.target ?? '',
        },
      }),
      note: { name: fieldOf.note(part), value: form[fieldOf.note(part)] ?? noteOf(part) },
    })),
    values: phase.parts.filter(isAsked).flatMap((part) => valueFields(part, form, subject, language)),
    ...(phase.parts.some(({ kind }) => kind === 'date' || kind === 'began') && {
      days: { confirmed: form.confirmed === 'yes', text: isRightShown(subject, language) },
    }),
    ...(form.all === 'yes' && { all: true }),
    hasParts: phase.parts.some(passes),
    byParts: phase.parts.some(isReportable),
    note: form.note ?? '',
    accept: {
      open: form.acceptedBy !== undefined || form.reason !== undefined,
      people: people.map(([id, name]) => chosen(id, name, form.acceptedBy)),
      reason: form.reason ?? '',
    },
    fail: {
      open: form.failReason !== undefined,
      reason: form.failReason ?? '',
      ways: [
        chosen(
          '',
          fill(says.asRulesSay[language], { way: wayCalled(ways.includes(way) ? way : 'again', language) }),
        ),
        ...ways.map((one) => chosen(one, wayCalled(one, language), form.then)),
      ],
      ...(live >= 0 && {
        restore: {
          people: subject.approvers.map((id) => chosen(id, nameOf(id, subject), form.restoredBy)),
          lostSince: form.lostSince ?? '',
        },
      }),
    },
  };
}

/** What somebody says is right although the agreement asks about it. */
const isRightShown = ({ noConsent: host }: Worksheet, language: Language): string =>
  host === undefined ? says.isRight[language] : fill(says.isRightAndHost[language], { host });

/** What a person has noted. What a check of the monitoring has found is no reason why it works all the same. */
const noteOf = ({ result }: WorksheetPart): string => (monitorsIn(result?.by) ? '' : (result?.note ?? ''));

function versionsShown(part: WorksheetPart, language: Language): { versions?: string } {
  const versions = versionsOf(part, language);
  return versions === undefined ? {} : { versions };
}

const wayCalled = (way: string, language: Language): string =>
  way === 'again' || way === 'roll-back' || way === 'restore'
    ? says.ways[way][language]
    : fill(says.backTo[language], { phase: label('phase', way, language) });

/** Passed, failed or, as long as nobody has said either, not yet. */
function choicesOf(
  part: WorksheetPart,
  form: Form,
  language: Language,
): WorksheetForm['parts'][number]['choices'] {
  const { result } = part;
  const kept = result ? (result.ok ? 'passed' : 'failed') : 'open';
  const now = form[fieldOf.result(part)] ?? kept;
  const values = [
    ...(['passed', 'failed'] as const),
    ...(part.monitors ? (['ask'] as const) : []),
    ...(result ? [] : (['open'] as const)),
  ];
  return values.map((value) => ({
    value,
    text: value === 'open' ? says.notYet[language] : says[value][language],
    checked: value === now,
  }));
}

/** The fields of a part that neither passes nor fails: a day, one of the contacts, or a text. */
function valueFields(
  part: WorksheetPart,
  form: Form,
  subject: Worksheet,
  language: Language,
): WorksheetField[] {
  const kept = keptValue(part) ?? '';
  return valuesOf(part).map((name, index) => {
    const value = form[name] ?? (index === 0 ? kept : (keptTime(part.result) ?? ''));
    const called = nameOfPart(part, subject, language);
    const text = index === 0 ? called : fill(says.decidedAt[language], { part: called });
    const among = index === 0 ? peopleFor(part, subject) : undefined;
    if (among)
      return {
        ...{ name, text, value },
        choices: among.map((id) => ({
          ...{ value: id, text: nameOf(id, subject) },
          ...(id === value && { selected: true as const }),
        })),
      };
    return {
      name,
      text,
      value,
      ...((part.kind === 'date' || part.kind === 'session') && { isDay: true as const }),
      ...(/^(began|ended|go)$/.test(part.kind) && { isMoment: true as const }),
    };
  });
}

/** Whom a part can name; nothing where it names nobody. */
function peopleFor(
  { kind }: WorksheetPart,
  { approvers, contract }: Worksheet,
): readonly string[] | undefined {
  const customers = contract.contacts.customer.map((one, index) => contactId(one, index));
  if (kind === 'decision') return approvers;
  if (kind === 'smokeTested') return customers;
  return kind === 'go' ? [...customers, 'consultant', 'manager'] : undefined;
}
