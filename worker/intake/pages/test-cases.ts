/** What the cases of a test page are called, how each stands, and whether what somebody reports of one is taken. */
import type { TestPage, TestPageCase } from '../../../activities/pages/test';
import type { PageMessage } from '../../../activities/pages/tell';
import { replacesUnseen, seenOf } from '../../../rules/engine/upgrade/test-cases';
import type { Problem } from '../../../templates/pages/render-page';
import { testSays as says } from '../../../templates/pages/test-words';
import { fill } from '../../../templates/pages/wording';
import { formatMoment } from '../../../templates/words/dates';
import { label } from '../../../templates/words/labels';
import type { Visit } from './page';
import type { Form } from './read-form';

export type TestVisit = Visit<TestPage>;

/** Fields of a case's form: each has an id of its own on the page. */
export const fieldOf = {
  note: (id: string): string => `note-${id}`,
  pictures: (id: string): string => `pictures-${id}`,
};

/** Whether a case can be reported to pass, or not to concern the customer: while the test is on. */
export const mayPass = ({ subject, ended }: TestVisit): boolean => !ended && subject.state === 'open';

/** Whether a case can be reported to fail: also after the test, as long as the upgrade goes on. */
export const mayFail = (visit: TestVisit): boolean =>
  mayPass(visit) || (!visit.ended && visit.subject.state === 'closed');

/** A person by the id that a message carried; nobody's is our own. */
export function nameOf(id: string, { subject: { people, consultant }, language }: TestVisit): string {
  if (/^consultant\b/.test(id)) return consultant.name;
  return people[id] ?? (/^[\w-]+$/.test(id) ? says.ours[language] : id);
}

/** What the process of a case is called. */
export function processName(
  { process, called }: Pick<TestPageCase, 'process' | 'called'>,
  { subject: { integrations }, language }: TestVisit,
): string {
  return called?.[language] ?? integrations[process] ?? label('module', process, language);
}

/** What a case is called: one without a text of its own is all of its system or integration. */
export const titleOf = (one: TestPageCase, visit: TestVisit): string =>
  one.title?.[visit.language] ?? fill(says.whole[visit.language], { name: processName(one, visit) });

/** How a case stands, by the name of its words. */
export function stateOf({ result }: Pick<TestPageCase, 'result'>): keyof typeof says.states {
  if (!result) return 'open';
  if (result.waived) return 'accepted';
  if (result.retest) return 'retest';
  if (result.notApplicable) return 'none';
  return result.ok ? 'passed' : 'failed';
}

type Judged = { problems: Problem[] } | { details: { updates: PageMessage[] } };

/** What somebody reports of a case, as the agreement is asked it, or what is wrong with it. */
export function judgeCase(
  does: 'case-passed' | 'case-failed' | 'case-none',
  visit: TestVisit,
  { case: of, note, seen = seenOf(undefined), pictures = '' }: Form,
): Judged {
  const { subject, language, link } = visit;
  const problem = (text: string, field?: string): Judged => ({
    problems: [{ ...(field !== undefined && { field }), text }],
  });
  const one = subject.cases.find(({ id }) => id === of);
  if (!one) return problem(says.noCase[language]);
  const ok = does !== 'case-failed';
  if (!(ok ? mayPass(visit) : mayFail(visit))) return problem(says.notOpen[language]);
  if (!ok && note === undefined) return problem(says.why[language], fieldOf.note(one.id));
  const notApplicable = does === 'case-none' && { notApplicable: true as const };
  if (replacesUnseen(one.result, seen, { ok, ...notApplicable, by: link.contact }))
    return problem(newerSaid(one, visit), fieldOf.note(one.id));
  const sent = pictures.split(' ').filter((hash) => hash !== '');
  const input = {
    // The agreement looks once more: somebody may report the case while this is on its way.
    ...{ case: one.id, ok, seen, ...notApplicable },
    ...(note !== undefined && { note }),
    ...(sent.length > 0 && { pictures: sent }),
    by: link.contact,
  };
  return { details: { updates: [{ signal: 'customerTested', input }] } };
}

/** What somebody else has reported since the page was opened. */
export function newerSaid(one: TestPageCase, visit: TestVisit): string {
  const { at = '', by } = one.result ?? {};
  return fill(says.newer[visit.language], {
    ...{ who: nameOf(by ?? 'consultant', visit), when: formatMoment(at, visit.language) },
    what: says.states[stateOf(one)][visit.language],
  });
}
