/**
 * The page on which a customer approves an upgrade: every part with its result, and one checksum of them all. What is approved is exactly
 * what the page showed: it goes to the agreement with the approval, which refuses it if anything has changed.
 */
import type { ApprovalPage } from '../../../activities/pages/approval';
import { readApprovalPage } from '../../../activities/pages/approval';
import type { PageMessage } from '../../../activities/pages/tell';
import type { WorksheetPart } from '../../../activities/pages/worksheet';
import { approverRoles } from '../../../rules/engine/plan/upgrade-to-plan';
import { approvalToldBy } from '../../../rules/engine/upgrade/parts';
import { countParts } from '../../../rules/engine/upgrade/count-parts';
import { isTester } from '../../../rules/engine/upgrade/test-cases';
import { monitorsIn } from '../../../rules/engine/upgrade/monitored';
import { linkRefusals, reachOf } from '../../../templates/pages/link-words';
import { approvalCode, approvalSays as says } from '../../../templates/pages/approval-words';
import type { Problem, WorksheetLine, WorksheetNews } from '../../../templates/pages/render-page';
import type { ApprovalShown } from '../../../templates/pages/test-page';
import { testSays } from '../../../templates/pages/test-words';
import { fill } from '../../../templates/pages/wording';
import { formatMoment } from '../../../templates/words/dates';
import { contactId } from '../../../rules/engine/contract/change-contract';
import type { Instant } from '../../../rules/engine/contract/contract';
import type { Language, Text } from '../../../rules/engine/basics/text';
import type { Shown, Visit } from './page';
import { definePage, isOfToday, numberOf } from './page';
import type { Form } from './read-form';
import { lineOfPart, nameOf, nameOfPart, nameOfPhase, versionsOf } from './worksheet-parts';

type ApprovalVisit = Visit<ApprovalPage>;
type Judged = { problems: Problem[] } | { details: { updates: PageMessage[] } };

/** Digits of the hash that people are shown. */
const digits = 12;
const sumOf = (hash: string): string => hash.slice(0, digits);

export const approvalPage = definePage<ApprovalPage>({
  purpose: 'approval',
  code: { roles: approverRoles, words: approvalCode },
  fields: { shown: 64, sure: 3, case: 120, note: 400 },
  gone: linkRefusals.gone,
  load: (db, { agreement, id, ...link }) =>
    readApprovalPage(db, agreement, { ofYear: numberOf(link), link: id }),
  show: (visit, { form, problems }) => approvalShown(visit, problems.length > 0 ? form : undefined),
  actions: {
    approved: { asks: true, needsCode: true, judge: judgeApproval },
    'approval-remains': { asks: true, mostADay: 20, judge: judgeRemains, repeats: isCalledFor },
  },
});

const problem = (text: string, field?: string): Judged => ({
  problems: [{ ...(field !== undefined && { field }), text }],
});

/** Why nothing can be said just now. */
function closedSaid({ subject, ended, language }: ApprovalVisit): string | undefined {
  if (ended) return says.ended[language];
  if (subject.isOpen) return undefined;
  const { on } = subject.sheet;
  const isBefore = on !== undefined && subject.shown.some(({ id }) => id === on.id);
  return isBefore
    ? fill(says.notYet[language], { phase: nameOfPhase(on.id, language) })
    : says.over[language];
}

function judgeApproval(visit: ApprovalVisit, { shown, sure }: Form): Judged {
  const { subject, language, link } = visit;
  const closed = closedSaid(visit);
  if (closed !== undefined) return problem(closed);
  if (shown !== subject.hash) return problem(says.otherResults[language]);
  if (sure !== 'yes') return problem(says.notSure[language], 'sure');
  const { id: phase } = subject.approval;
  const input = { phase, contact: link.contact, shown, by: link.contact };
  return { details: { updates: [{ signal: 'upgradePhaseCompleted', input }] } };
}

/** What is left: a test case that fails after all, which opens the test again, or something that the consultant calls about. */
function judgeRemains(visit: ApprovalVisit, { case: of, note }: Form): Judged {
  const { language, link } = visit;
  const closed = closedSaid(visit);
  if (closed !== undefined) return problem(closed);
  if (note === undefined) return problem(says.remainsWhat[language], 'note');
  const about = of === undefined ? undefined : casesOf(visit).find(({ id }) => id === of);
  if (of !== undefined && !about) return problem(says.noCase[language]);
  const failed = about && { case: about.id, ok: false, note, by: link.contact };
  const call = {
    contact: link.contact,
    about: fill(says.remainsCall[language], { note }),
    by: link.contact,
  };
  const update = failed
    ? { signal: 'customerTested', input: failed }
    : { signal: 'callRequested', input: call };
  return { details: { updates: [update] } };
}

/** Whether the same call was asked for today, and not refused. A case is reported anew: it may have been tested since. */
function isCalledFor(visit: ApprovalVisit, before: { at: Instant }, { case: of }: Form): boolean {
  const { last } = visit.subject.sheet;
  const isLast = last?.event === 'approval-remains' && last.at === before.at;
  return of === undefined && isOfToday(visit, before) && isLast && last.answer?.refused === undefined;
}

const casesOf = ({ subject }: ApprovalVisit) =>
  subject.shown.flatMap(({ parts }) => parts.filter(({ kind }) => kind === 'module'));

function approvalShown(visit: ApprovalVisit, refused: Form | undefined): Shown {
  const { subject, language, holder, proven } = visit;
  const { sheet, hash, decided, before } = subject;
  const { contract } = sheet;
  const consultant = contract.contacts.consultant;
  const closed = closedSaid(visit);
  const isOpen = closed === undefined;
  // Thanks for an approval that stands no more would be taken for one that does.
  const last = stillHolds(visit) ? sheet.last : undefined;
  const sum = sumOf(hash);
  const customer = contract.customer.name;
  const data: ApprovalShown = {
    lead: decided ? '' : (closed ?? says.lead[language]),
    facts: factsOf(visit),
    ...(last && !refused && { news: newsOf(last, visit) }),
    ...decidedSaid(visit),
    ...(before && isOpen && { changed: fill(says.changed[language], approvedOf(before, visit)) }),
    checksum: fill(says.checksum[language], { sum }),
    phases: phasesShown(visit),
    heading: headingOf(visit, isOpen)[language],
    // What nobody has signed has no signature to tell of.
    ...((isOpen || decided?.contact !== undefined) && { signature: says.signature[language] }),
    ...(isOpen && { asks: true }),
    ...(isOpen &&
      proven && {
        approve: {
          statement: fill(says.statement[language], { name: holder.name, customer, sum }),
          shown: hash,
        },
      }),
    ...(isOpen && { remains: remainsShown(visit, refused) }),
    more: fill(says.more[language], reachOf(consultant)),
  };
  return { page: 'approval', title: fill(titleOf(visit, isOpen)[language], { customer }), data };
}

/** What the page is about: what is asked, or what came of it. */
function titleOf({ subject: { decided } }: ApprovalVisit, isOpen: boolean): Text {
  if (isOpen) return says.title;
  if (!decided) return says.about;
  return decided.contact === undefined ? says.endedTitle : says.approvedTitle;
}

function headingOf({ subject: { decided } }: ApprovalVisit, isOpen: boolean): Text {
  if (isOpen) return says.isApproved;
  return decided?.contact === undefined ? says.results : says.wasApproved;
}

function stillHolds({ subject: { sheet, decided } }: ApprovalVisit): boolean {
  const { event, answer } = sheet.last ?? {};
  const isApproved = decided?.contact !== undefined;
  return event !== 'approved' || answer === undefined || answer.refused !== undefined || isApproved;
}

const approvedOf = (
  { contact, at, shown }: { contact: string; at: Instant; shown: string },
  { subject, language }: ApprovalVisit,
): Record<'name' | 'when' | 'sum', string> => ({
  name: nameOf(contact, subject.sheet),
  when: formatMoment(at, language),
  sum: sumOf(shown),
});

/** Who approved it and when, or that it was ended without them: which is never called an approval. */
function decidedSaid(visit: ApprovalVisit): Pick<ApprovalShown, 'approved' | 'without'> {
  const { subject, language } = visit;
  const { decided, sheet } = subject;
  if (!decided) return {};
  const { waived, contact, at, shown } = decided;
  const when = formatMoment(at, language);
  if (contact === undefined && waived) {
    const { by, reason } = waived;
    return { without: fill(says.without[language], { when, by: nameOf(by, sheet), reason }) };
  }
  const name = nameOf(contact ?? '', sheet);
  const toldBy = approvalToldBy(decided);
  if (toldBy !== undefined)
    return { approved: fill(says.approvedTold[language], { name, when, by: nameOf(toldBy, sheet) }) };
  const words = shown === undefined ? says.approved : says.approvedSum;
  return { approved: fill(words[language], { name, when, sum: sumOf(shown ?? '') }) };
}

/** Every part, with what was reported after the approval before marked. What checks of the monitoring found in words is ours. */
function phasesShown({ subject, language }: ApprovalVisit): ApprovalShown['phases'] {
  const { shown, sheet, before } = subject;
  const lineOf = (part: WorksheetPart): WorksheetLine => {
    const { note, ...line } = lineOfPart(part, sheet, language);
    const isOurs = part.unmonitored !== undefined || monitorsIn(part.result?.by) !== undefined;
    return {
      ...line,
      ...(note !== undefined && !isOurs && { note }),
      ...(part.result?.notApplicable && { passed: testSays.states.none[language] }),
      ...(before && (part.result?.at ?? '') > before.at && { isNew: says.isNew[language] }),
    };
  };
  return shown
    .filter(({ parts }) => parts.length > 0)
    .map(({ id, parts }) => ({ name: nameOfPhase(id, language), lines: parts.map(lineOf) }));
}

/** What somebody who approves has to know before all: the versions, what was accepted as it is, what does not concern them. */
function factsOf({ subject, language }: ApprovalVisit): string[] {
  const { sheet, shown, onCopy, decided } = subject;
  const parts = shown.flatMap((phase) => phase.parts);
  const name = (part: WorksheetPart): string => nameOfPart(part, sheet, language);
  const accepted = parts.flatMap((part) => (part.result?.waived ? [{ part, ...part.result.waived }] : []));
  const none = parts.filter(({ result }) => result?.notApplicable).map(name);
  const { all, passed } = countParts(parts);
  const isTheirs = (by = ''): boolean =>
    isTester(by) || sheet.contract.contacts.customer.some((one, at) => contactId(one, at) === by);
  // We do not approve our own work: what we reported as tested is said to be that.
  const untested = parts.filter(
    ({ kind, result }) => kind === 'module' && result?.ok && !result.waived && !isTheirs(result.by),
  ).length;
  return [
    ...(onCopy && !decided ? [says.onCopy[language]] : []),
    ...parts
      .filter(({ kind }) => kind === 'system')
      .map((part) => `${name(part)}: ${versionsOf(part, language) ?? '–'}`),
    fill(says.passed[language], { count: `${passed}`, all: `${all}` }),
    ...accepted.map(({ part, by, reason }) =>
      fill(says.accepted[language], { part: name(part), by: nameOf(by, sheet), reason }),
    ),
    ...(untested > 0 ? [fill(says.untested[language], { count: `${untested}` })] : []),
    ...(none.length > 0 ? [fill(says.none[language], { parts: none.join('; ') })] : []),
  ];
}

function remainsShown(
  visit: ApprovalVisit,
  refused: Form | undefined,
): NonNullable<ApprovalShown['remains']> {
  const { subject, language } = visit;
  const isOf = refused?.shown === undefined ? refused : undefined;
  return {
    ...(isOf && { open: true }),
    cases: [
      { value: '', text: says.otherThing[language] },
      ...casesOf(visit).map((part) => ({
        ...{ value: part.id, text: nameOfPart(part, subject.sheet, language) },
        ...(isOf?.case === part.id && { selected: true as const }),
      })),
    ],
    note: isOf?.note ?? '',
  };
}

/** What came of what was last sent. */
function newsOf(
  { at, event, answer }: NonNullable<ApprovalPage['sheet']['last']>,
  { language, subject }: { language: Language; subject: ApprovalPage },
): WorksheetNews {
  const when = formatMoment(at, language);
  if (!answer) return { waits: fill(testSays.waits[language], { when }) };
  if (answer.refused !== undefined)
    return { when: fill(testSays.refused[language], { when }), refused: answer.refused };
  const { name } = subject.sheet.contract.contacts.consultant;
  const words = event === 'approved' ? says.taken : says.remains;
  return { taken: fill(words[language], { when, name }) };
}
