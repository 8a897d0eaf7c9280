/** What mails tell those who test after an upgrade: an invitation, news of a case, how the test stands. */
import type { Text } from '../../rules/engine/basics/text';
import { contactId } from '../../rules/engine/contract/change-contract';
import { phaseOfUpgrade } from '../../rules/engine/upgrade/phases';
import type { TestCase } from '../../rules/engine/upgrade/test-cases';
import type { MailData, MailTest } from '../../templates/mails/mail-data';
import { label } from '../../templates/words/labels';
import { findTester, listTesters } from '../agreements/testers';
import type { Queryable } from '../db';
import { processName } from '../years/part-name';
import type { MailContext, Recipient, SendNoticeInput } from './notice';

/** What the mail's template asks for; nothing for other mails. */
export async function testData(
  db: Queryable,
  context: MailContext,
  recipient: Recipient,
  input: SendNoticeInput,
): Promise<Pick<MailData, 'test'>> {
  if (input.template === 'test-invitation') return { test: await invitation(db, context, recipient) };
  if (input.template === 'test-case' && input.tested)
    return { test: { case: await caseNews(db, context, input, input.tested) } };
  if (input.template === 'test-progress') return { test: { progress: await progress(db, context, input) } };
  return {};
}

async function invitation(db: Queryable, about: MailContext, { id }: Recipient): Promise<MailTest> {
  const { contract, testCases = [] } = about;
  const tester = await findTester(db, contract.agreement, id);
  const { processes = [], invitedBy } = tester ?? {};
  const asked = testCases.filter(({ process }) => processes.length === 0 || processes.includes(process));
  const by = contract.contacts.customer.find((one, index) => contactId(one, index) === invitedBy)?.name;
  const names = [...new Map(asked.map((one) => [one.process, nameOf(about, one)])).values()];
  return {
    ...(by !== undefined && { invitedBy: by }),
    processes: processes.length === 0 ? [] : names,
    cases: asked.length,
  };
}

/** What a process is called, by people who do not know its id. */
function nameOf({ contract }: Pick<MailContext, 'contract'>, one: TestCase): Text {
  const { process } = one;
  return (
    processName(contract, one) ?? { sv: label('module', process, 'sv'), en: label('module', process, 'en') }
  );
}

/** A case, with what was last said of it and what we answered. */
async function caseNews(
  db: Queryable,
  about: MailContext,
  { asOf }: SendNoticeInput,
  { case: id, kind }: NonNullable<SendNoticeInput['tested']>,
): Promise<NonNullable<MailTest['case']>> {
  const said = async (ref: string, ok?: 'false'): Promise<string | undefined> => {
    const [row] = await db.query<{ note: string | null }>(
      `select detail ->> 'note' as note from events
        where agreement = $1 and kind = 'signal' and ref = $2 and detail ->> 'case' = $3 and at <= $4
          and ($5::text is null or detail ->> 'ok' = $5)
        order by at desc, year desc limit 1`,
      [about.contract.agreement, ref, id, asOf, ok ?? null],
    );
    return row?.note ?? undefined;
  };
  const reported = await said('customerTested', 'false');
  const answer = kind === 'received' ? undefined : await said('testAnswered');
  return {
    title: titleOf(about, id),
    kind,
    ...(reported !== undefined && { said: reported }),
    ...(answer !== undefined && { answer }),
  };
}

function titleOf(about: MailContext, id: string): Text {
  const one = about.testCases?.find((each) => each.id === id);
  return one?.title ?? nameOf(about, one ?? { id, process: id });
}

/** How the test stands, and who of those asked to test has reported nothing. */
async function progress(
  db: Queryable,
  about: MailContext,
  { obligation, asOf }: SendNoticeInput,
): Promise<NonNullable<MailTest['progress']>> {
  const { contract, plan, testCases = [] } = about;
  const { agreement, contacts } = contract;
  const ofYear = phaseOfUpgrade(obligation)?.leftBy ?? plan.yearNumber;
  const rows = await db.query<{ part: string; ok: boolean }>(
    `select distinct on (part) part, ok from upgrade_parts
      where agreement = $1 and of_year = $2 and kind = 'module' and at <= $3 order by part, year desc`,
    [agreement, ofYear, asOf],
  );
  const reporters = await db.query<{ by: string }>(
    `select distinct detail ->> 'by' as by from events
      where agreement = $1 and year >= $2 and kind = 'signal' and ref = 'customerTested'`,
    [agreement, ofYear],
  );
  const asked = [
    ...contacts.customer
      .map((one, index) => ({ ...one, id: contactId(one, index) }))
      .filter(({ roles }) => roles.includes('tester')),
    ...(await listTesters(db, agreement, ofYear)),
  ];
  const results = new Map(rows.map(({ part, ok }) => [part, ok]));
  const failed = testCases.filter(({ id }) => results.get(id) === false);
  const passed = testCases.filter(({ id }) => results.get(id) === true);
  return {
    passed: passed.length,
    failed: failed.map(({ id }) => titleOf(about, id)),
    left: testCases.length - passed.length - failed.length,
    all: testCases.length,
    notBegun: asked.filter(({ id }) => !reporters.some(({ by }) => by === id)).map(({ name }) => name),
  };
}
