/**
 * The page on which a customer tests an upgrade, case by case. Each case is a form of its own, saved by one press: what was done is kept
 * also where somebody stops in the middle, and others see it. Whoever reports last holds, and all that was said stays; what somebody
 * else reported after the page was opened is read before it is replaced.
 */
import type { AskedEvent } from '../../../activities/pages/answers';
import type { TestPage, TestPageCase } from '../../../activities/pages/test';
import { readTestPage } from '../../../activities/pages/test';
import { countParts, testedOf } from '../../../rules/engine/upgrade/count-parts';
import { seenOf } from '../../../rules/engine/upgrade/test-cases';
import { linkRefusals, reachOf } from '../../../templates/pages/link-words';
import type { WorksheetNews } from '../../../templates/pages/render-page';
import type {
  CaseForm,
  CaseShown,
  PictureShown,
  SaidShown,
  TestShown,
} from '../../../templates/pages/test-page';
import { testProgress, testSays as says } from '../../../templates/pages/test-words';
import { fill } from '../../../templates/pages/wording';
import { upgradeReasons } from '../../../templates/ui/upgrade-reasons';
import { formatMoment, formatShortDate } from '../../../templates/words/dates';
import type { Asked, Shown } from './page';
import { definePage, numberOf } from './page';
import type { Form } from './read-form';
import type { TestVisit } from './test-cases';
import {
  fieldOf,
  judgeCase,
  mayFail,
  mayPass,
  nameOf,
  newerSaid,
  processName,
  stateOf,
  titleOf,
} from './test-cases';
import { inviteTester, removeTester, testerFields, testersShown } from './testers';

const reporting = (does: 'case-passed' | 'case-failed' | 'case-none') => ({
  asks: true as const,
  mostADay: 300,
  judge: (visit: TestVisit, form: Form) => judgeCase(does, visit, form),
  then: ({ case: of = '' }: Form) => `?case=${of}#case-${of}`,
});

export const testPage = definePage<TestPage>({
  purpose: 'test',
  // Who tests some processes sees what was said of those, and what they have sent themselves.
  showsPicture: ({ subject, link }, hash, by) =>
    by === link.id ||
    subject.cases.some(({ thread }) => thread.some(({ pictures }) => pictures.includes(hash))),
  fields: (subject) => ({
    ...{ case: 120, note: 500, seen: 100, pictures: 300 },
    ...testerFields(subject),
  }),
  pictureField: ({ case: of = '' }) => fieldOf.pictures(of),
  formName: ({ case: of = '', tester = '' }) => of + tester,
  gone: linkRefusals.gone,
  load: (db, { agreement, id, contact, ...link }) =>
    readTestPage(db, agreement, { ofYear: numberOf(link), link: id, contact }),
  show: testShown,
  actions: {
    'case-passed': reporting('case-passed'),
    'case-failed': reporting('case-failed'),
    'case-none': reporting('case-none'),
    'tester-invited': inviteTester,
    'tester-removed': removeTester,
  },
});

/** Milliseconds for which the answer to what was last sent stands on the page. */
const keptFor = 12 * 3_600_000;

/** What the page is to say of what was last sent by the link, and where. */
interface Last {
  of: string | undefined;
  news?: WorksheetNews;
  /** What was written and is not taken. */
  form?: Form;
  isTaken: boolean;
}

function testShown(visit: TestVisit, { query, form, problems }: Asked): Shown {
  const { subject, language, ended, holder } = visit;
  const { cases, consultant, state, dueOn } = subject;
  const refused = problems.length > 0 ? form : undefined;
  const last = lastOf(visit);
  const open = openOnes(visit, refused?.case ?? query.case, refused ? undefined : last);
  const shown = (one: TestPageCase): CaseShown => {
    const isLast = !refused && last.of === one.id;
    const written = refused?.case === one.id ? refused : isLast ? last.form : undefined;
    return caseShown(visit, one, {
      ...(open.includes(one.id) && { open: true }),
      ...(isLast && last.news && { news: last.news }),
      ...(written && { written }),
    });
  };
  const processes = [...new Set(cases.map(({ process }) => process))].map((process) => {
    const own = cases.filter((one) => one.process === process);
    return {
      name: processName(own[0]!, visit),
      progress: progressOf(own, visit).text,
      cases: own.map(shown),
    };
  });
  const { text: progress, done } = progressOf(cases, visit);
  const { session } = subject;
  const facts = [
    ...(session && state !== 'over'
      ? [
          fill(says.session[language], {
            when: formatMoment(session.at, language),
            place: session.place ? `, ${session.place}` : '',
          }),
        ]
      : []),
    ...(subject.onCopy ? [says.onCopy[language]] : []),
    ...(dueOn !== undefined && (state === 'open' || state === 'before')
      ? [fill(says.due[language], { day: formatShortDate(dueOn, language) })]
      : []),
  ];
  const testers = testersShown(visit, refused);
  const data: TestShown = {
    ...{ lead: ended ? says.ended[language] : says.lead[state][language], facts },
    ...{ progress, done, all: cases.length, processes },
    ...(holder.roles.length > 0 && testers && { testers }),
    more: fill(says.more[language], reachOf(consultant)),
  };
  return { page: 'test', title: fill(says.title[language], { customer: subject.customer }), data };
}

/** Ids of the cases that stand open: the one that is written in or was asked for, and what comes after one that is done. */
function openOnes(
  { subject: { cases } }: TestVisit,
  asked: string | undefined,
  last: Last | undefined,
): string[] {
  const again = cases.filter(({ result }) => result?.retest).map(({ id }) => id);
  if (asked === undefined) return again;
  if (last?.of !== asked || !last.isTaken) return [...again, asked];
  const at = cases.findIndex(({ id }) => id === asked);
  const isLeft = ({ result }: TestPageCase): boolean => result === undefined;
  const next = cases.slice(at + 1).find(isLeft) ?? cases.find(isLeft);
  const isPassed = cases[at]?.result?.ok === true;
  return [...again, ...(isPassed ? [] : [asked]), ...(next ? [next.id] : [])];
}

/** `7 of 19 tested, 1 failed, 1 to test again`. */
function progressOf(cases: readonly TestPageCase[], { language }: TestVisit): { text: string; done: number } {
  const counts = countParts(cases.map(({ result }) => ({ kind: 'module', ...(result && { result }) })));
  return { text: testProgress(counts, language), done: testedOf(counts) };
}

function lastOf(visit: TestVisit): Last {
  const { last } = visit.subject;
  if (!last || visit.now - Date.parse(last.at) >= keptFor) return { of: undefined, isTaken: false };
  const { form } = last.details;
  const isTaken = last.answer !== undefined && last.answer.refused === undefined;
  return { of: form.case, news: newsOf(last, visit), isTaken, ...(!isTaken && { form }) };
}

/** What came of what was last sent. */
function newsOf({ at, event, details, answer }: AskedEvent, visit: TestVisit): WorksheetNews {
  const { language, subject } = visit;
  const when = formatMoment(at, language);
  if (!answer) return { waits: fill(says.waits[language], { when }) };
  if (answer.refused !== undefined)
    return {
      when: fill(says.refused[language], { when }),
      refused: unseenOf(details, answer.refused, visit) ?? answer.refused,
    };
  const words = says.saved[event as keyof typeof says.saved];
  return { taken: fill(words[language], { when, name: subject.consultant.name }) };
}

/** What somebody else had reported when this was sent, if that is why it was not taken, in the reader's language. */
function unseenOf({ form }: AskedEvent['details'], refused: string, visit: TestVisit): string | undefined {
  const one = visit.subject.cases.find(({ id }) => id === form.case);
  const isWhy = one?.result && Object.values(upgradeReasons.reportedMeanwhile(one.id)).includes(refused);
  return isWhy ? newerSaid(one, visit) : undefined;
}

function caseShown(
  visit: TestVisit,
  one: TestPageCase,
  { written, ...more }: { open?: true; news?: WorksheetNews; written?: Form },
): CaseShown {
  const { language, ended } = visit;
  const { steps = [], expected, foundIn, result } = one;
  const state = stateOf(one);
  const { waived } = result ?? {};
  const said = one.thread.map((each) => saidShown(visit, each));
  const form = !ended && mayFail(visit) ? formOf(visit, one, written) : undefined;
  return {
    ...more,
    ...{ anchor: `case-${one.id}`, title: titleOf(one, visit), state: says.states[state][language] },
    ...((state === 'passed' || state === 'none') && { isGood: true }),
    ...((state === 'failed' || state === 'retest') && { isBad: true }),
    ...(foundIn !== undefined && { foundIn: fill(says.foundIn[language], { year: `${foundIn}` }) }),
    ...(waived && {
      accepted: fill(says.acceptedBy[language], { by: nameOf(waived.by, visit), reason: waived.reason }),
    }),
    steps: steps.map((step) => step[language]),
    ...(expected && { expected: expected[language] }),
    said,
    ...(form && { form }),
  };
}

function saidShown(visit: TestVisit, said: TestPageCase['thread'][number]): SaidShown {
  const { language } = visit;
  const { at, by, kind, ok, notApplicable, retest, note, pictures } = said;
  const who = nameOf(by, visit);
  const values = { who, when: formatMoment(at, language) };
  const answered = retest ? says.answeredAgain : says.answered;
  const what = says.states[notApplicable ? 'none' : ok ? 'passed' : 'failed'][language];
  return {
    line:
      kind === 'answered'
        ? fill(answered[language], values)
        : fill(says.reported[language], { ...values, what }),
    ...(kind === 'answered' && { isOurs: true }),
    ...(note !== undefined && { note }),
    pictures: pictures.map((hash, index) => pictureShown(visit, hash, index, who)),
  };
}

const pictureShown = (
  { token, language }: TestVisit,
  hash: string,
  index: number,
  who: string,
): PictureShown => ({
  url: `${token}/pictures/${hash}`,
  text: fill(says.picture[language], { number: `${index + 1}`, who }),
});

function formOf(visit: TestVisit, { id, result }: TestPageCase, written: Form = {}): CaseForm {
  const kept = (written.pictures ?? '').split(' ').filter((hash) => hash !== '');
  return {
    of: id,
    seen: seenOf(result),
    ...{ noteId: fieldOf.note(id), note: written.note ?? '', picturesId: fieldOf.pictures(id) },
    kept: kept.join(' '),
    keptPictures: kept.map((hash, index) => pictureShown(visit, hash, index, visit.holder.name)),
    ...(!mayPass(visit) && { failsOnly: true }),
  };
}
