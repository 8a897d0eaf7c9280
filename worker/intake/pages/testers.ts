/** Whom the customer's system owner invites to test, and removes: neither binds, so it takes the role and no code. */
import {
  inviteTester as keepTester,
  removeTester as dropTester,
} from '../../../activities/agreements/testers';
import type { TestPage } from '../../../activities/pages/test';
import { addressKey, isMailAddress, writtenAddress } from '../../../rules/engine/basics/mail-address';
import { contactId } from '../../../rules/engine/contract/change-contract';
import type { Language } from '../../../rules/engine/basics/text';
import { invitingRoles } from '../../../rules/engine/upgrade/test-cases';
import type { TestersShown } from '../../../templates/pages/test-page';
import { testSays as says } from '../../../templates/pages/test-words';
import { fill } from '../../../templates/pages/wording';
import type { Shown } from './page';
import { defineAction } from './page';
import type { Form } from './read-form';
import type { TestVisit } from './test-cases';
import { processName } from './test-cases';

/** Most testers of an upgrade at a time. */
const mostTesters = 30;

const processField = (process: string): string => `process-${process}`;

const processesOf = ({ cases }: TestPage): string[] => [...new Set(cases.map(({ process }) => process))];

/** Fields of the forms about testers. */
export const testerFields = (subject: TestPage): Record<string, number> => ({
  ...{ name: 200, email: 300, other: 3, tester: 40 },
  ...Object.fromEntries(processesOf(subject).map((process) => [processField(process), 3])),
});

const mayInvite = ({ holder, subject, ended }: TestVisit): boolean =>
  !ended && subject.state !== 'over' && holder.roles.some((role) => invitingRoles.includes(role));

/** What is kept of an invitation. */
interface Invitation {
  name: string;
  email: string;
  language: Language;
  processes: string[];
  /** Their id, once they are invited; nobody is told of one who was invited already. */
  tester?: string;
  /** They are a contact of the agreement, by this id. */
  contact?: string;
}

const done = ({ language }: TestVisit, title: 'invitedTitle' | 'removedTitle', lead: string): Shown => ({
  page: 'testers-changed',
  title: says[title][language],
  data: { lead },
});

/** The contact of the agreement with an address, and whether the mail that opens the test goes to them. */
function contactAt(
  { contract, subject }: TestVisit,
  email: string,
): { id: string; name: string; isAsked: boolean } | undefined {
  const all = contract?.contacts.customer ?? [];
  const at = all.findIndex((one) => addressKey(one.email) === addressKey(email));
  const one = all[at];
  if (!one) return undefined;
  const isAsked = one.roles.some((role) => subject.askedRoles.includes(role));
  return { id: contactId(one, at), name: one.name, isAsked };
}

export const inviteTester = defineAction<TestPage, Invitation>({
  mostADay: 20,
  judge: (visit, form) => {
    const { subject, language } = visit;
    const { name = '', email = '', other } = form;
    if (!mayInvite(visit)) return { problems: [{ text: says.noInviting[language] }] };
    const problem = (field: string, text: string) => ({ problems: [{ field, text }] });
    // It stands in a mail of ours to an address that somebody typed: it can be a name, and nothing else.
    if (!/^[\p{L}\p{M} .,'’()-]{1,80}$/u.test(name) || /\.\p{L}{2,}/u.test(name))
      return problem('name', says.nameWrong[language]);
    if (!isMailAddress(email)) return problem('email', fill(says.emailWrong[language], { found: email }));
    const known = subject.testers.find((one) => addressKey(one.email) === addressKey(email));
    if (known) return problem('email', fill(says.knownTester[language], { name: known.name }));
    const ours = [subject.consultant, ...subject.ours].find(
      (one) => addressKey(one.email) === addressKey(email),
    );
    if (ours) return problem('email', fill(says.oursTests[language], { name: ours.name }));
    const contact = contactAt(visit, email);
    if (contact?.id === visit.link.contact) return problem('email', says.contactSelf[language]);
    if (contact?.isAsked)
      return problem('email', fill(says.contactHasLink[language], { name: contact.name }));
    if (subject.testers.length >= mostTesters)
      return problem('name', fill(says.tooManyTesters[language], { most: `${mostTesters}` }));
    const processes = processesOf(subject).filter((process) => form[processField(process)] === 'yes');
    if (contact) {
      const { id, name: called } = contact;
      return {
        details: { name: called, email: writtenAddress(email), language, processes, contact: id },
      };
    }
    const theirs = other === 'yes' ? (language === 'sv' ? 'en' : 'sv') : language;
    return { details: { name, email: writtenAddress(email), language: theirs, processes } };
  },
  keep: async (tx, { link, subject, now }, invitation) => {
    const at = new Date(now).toISOString();
    const of = { ...invitation, invitedBy: link.contact, at };
    const { tester, isNew } = await keepTester(tx, link.agreement, subject.ofYear, of);
    // A contact is no second person: the link goes to them as they are.
    return { ...invitation, ...(isNew && { tester: invitation.contact ?? tester.id }) };
  },
  tell: ({ link }, { tester }) =>
    tester === undefined
      ? undefined
      : { to: 'agreement', signal: 'testerInvited', input: { tester, by: link.contact } },
  done: (visit, { name, email, contact }) => {
    const words = contact === undefined ? says.invited : says.contactInvited;
    return done(visit, 'invitedTitle', fill(words[visit.language], { name, email }));
  },
});

export const removeTester = defineAction<TestPage, { id: string; name: string }>({
  judge: (visit, { tester }) => {
    const { subject, language } = visit;
    if (!mayInvite(visit)) return { problems: [{ text: says.noInviting[language] }] };
    const found = subject.testers.find(({ id }) => id === tester);
    if (!found) return { problems: [{ field: 'tester', text: says.noTester[language] }] };
    return { details: { id: found.id, name: found.name } };
  },
  keep: async (tx, { link, now }, details) => {
    await dropTester(tx, link.agreement, { id: details.id, at: new Date(now).toISOString() });
    return details;
  },
  done: (visit, { name }) => done(visit, 'removedTitle', fill(says.removed[visit.language], { name })),
});

/** Those who are invited, and the form to invite one more. @returns nothing to somebody who may not */
export function testersShown(visit: TestVisit, refused: Form | undefined): TestersShown | undefined {
  if (!mayInvite(visit)) return undefined;
  const { subject, language } = visit;
  const called = (process: string): string =>
    processName(subject.cases.find((one) => one.process === process) ?? { process }, visit);
  const form = refused?.case === undefined ? (refused ?? {}) : {};
  return {
    ...(form.name !== undefined || form.email !== undefined ? { open: true } : {}),
    listed: subject.testers.map(({ id, name, email, processes }) => ({
      ...{ id, name, email },
      what: processes.length > 0 ? processes.map(called).join(', ') : says.everything[language],
    })),
    ...{ name: form.name ?? '', email: form.email ?? '' },
    ...(form.other === 'yes' && { other: true }),
    processes: processesOf(subject).map((process) => ({
      ...{ field: processField(process), name: called(process) },
      ...(form[processField(process)] === 'yes' && { checked: true }),
    })),
  };
}
