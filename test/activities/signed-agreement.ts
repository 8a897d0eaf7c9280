/** What the tests of activities begin with: an agreement, signed and planned, and the activities on its database. */
import type { Db } from '../../activities/db';
import { openDb } from '../../activities/db';
import type { MailDeps } from '../../activities/mail/compose';
import type { SendNoticeInput } from '../../activities/mail/notice';
import { createMailActivities } from '../../activities/mail/mail';
import { storeSignedContract } from '../../activities/agreements/agreements';
import { publishRuleset } from '../../activities/agreements/rulesets';
import { createSendMessage } from '../../activities/mail/smtp';
import { createTermsActivities } from '../../activities/years/terms';
import type { Contract } from '../../rules/engine/contract/contract';
import type { YearPlan } from '../../rules/engine/plan/plan';
import { readRuleset } from '../../rules/engine/ruleset/read-ruleset';
import type { RuleFile } from '../../rules/engine/ruleset/terms';
import { sleepless, withRules } from '../helpers/changed-rules';
import { exampleContract, workingRules } from '../helpers/example';

/** When the example's first year is planned, unless a test says otherwise. */
export const signedAt = '2026-12-01T12:00:00.000Z';

export async function publishWorkingRules(db: Db): Promise<void> {
  const { ruleset } = workingRules();
  await publishRuleset(db, ruleset, { author: 'test', message: 'for a test' });
}

/** As `publishWorkingRules`, for tests on the wall clock: customers are welcomed at night, too. */
export async function publishSleeplessRules(db: Db): Promise<void> {
  await publishRuleset(db, withRules(sleepless), { author: 'test', message: 'for a test at any hour' });
}

/** Signs the example, with parts of it replaced, under the working rules; nobody starts a workflow. */
export async function sign(db: Db, changed: Partial<Contract> = {}): Promise<Contract> {
  const contract = exampleContract(changed);
  await publishWorkingRules(db);
  await storeSignedContract(db, contract, { start: false });
  return contract;
}

/** Signs, and plans the first year. */
export async function signAndPlan(
  db: Db,
  changed: Partial<Contract> = {},
): Promise<{ contract: Contract; plan: YearPlan }> {
  const contract = await sign(db, changed);
  const plan = await createTermsActivities({ db }).planAgreementYear({
    agreement: contract.agreement,
    asOf: signedAt,
    revision: 1,
  });
  return { contract, plan };
}

/** Plans the first year under the working rules with some terms of their level's base rules replaced, by topic. */
export async function signAndPlanUnder(
  db: Db,
  replaced: Record<string, Record<string, unknown>>,
  changed: Partial<Contract> = {},
): Promise<{ contract: Contract; plan: YearPlan }> {
  const { texts } = workingRules();
  const level = JSON.parse(texts['levels/guld.json'] ?? '') as RuleFile;
  for (const { event, priority } of level.rules)
    if (priority === 100) Object.assign(event.params, replaced[event.type]);
  const files = { ...texts, 'levels/guld.json': JSON.stringify(level) };
  const { ruleset, findings } = readRuleset(files);
  if (!ruleset) throw new Error(JSON.stringify(findings));
  const contract = await sign(db, changed);
  await publishRuleset(db, ruleset, { author: 'test', message: 'with terms of a test' });
  const agreement = contract.agreement;
  const plan = await createTermsActivities({ db }).planAgreementYear({
    agreement,
    asOf: signedAt,
    revision: 1,
  });
  return { contract, plan };
}

/** Mail activities as the worker composes them, against one mail server. */
export function mailActivities(db: Db, smtpUrl: string, changed: Partial<MailDeps> = {}) {
  return createMailActivities({
    db,
    sendMessage: createSendMessage(smtpUrl),
    mailFrom: 'avtal@pector.example',
    agreementLink: (agreement) => `http://temporal.example/agreement-${agreement}`,
    staffLanguage: 'sv',
    ...changed,
  });
}

/** A notice of the example's first year: the invitation to its first meeting, unless told otherwise. */
export function notice(changed: Partial<SendNoticeInput> = {}): SendNoticeInput {
  return {
    agreement: 'testbolaget-2027',
    year: 1,
    obligation: 'meeting-1',
    step: 'invite',
    revision: 1,
    template: 'meeting-invitation',
    to: 'customer',
    roles: ['management', 'system-owner'],
    asOf: '2027-01-25T07:30:00.000Z',
    ...changed,
  };
}

/** State of every mail by the contact it goes to. */
export async function mailStates(db: Db): Promise<Record<string, string>> {
  const rows = await db.query<{ contact: string; state: string }>('select contact, state from mails');
  return Object.fromEntries(rows.map(({ contact, state }) => [contact, state]));
}

/** The same database through connections of its own, as another process would have them. */
export async function besides<T>(databaseUrl: string, work: (db: Db) => Promise<T>): Promise<T> {
  const db = openDb(databaseUrl);
  return work(db).finally(() => db.close());
}

/** Longest wait, in milliseconds: on a busy machine all is slow, and nothing is wrong. */
const patience = 90_000;

/** Waits until something holds, and fails saying what did not. */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patience;
  // Looks cost: ever fewer of them, the longer it takes.
  for (let pause = 20; Date.now() < deadline; pause = Math.min(250, pause * 1.3)) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  throw new Error(`expected within ${patience / 1000} seconds: ${what}`);
}
