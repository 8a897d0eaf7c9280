/** What mails tell those who test after an upgrade: an invitation, news of a case, how the test stands. */
import type { Text } from '../../rules/engine/basics/text';
import { contactId } from '../../rules/engine/contract/change-contract';
import { phaseOfUpgrade } from '../../rules/engine/upgrade/phases';
import type { CountedPart } from '../../rules/engine/upgrade/count-parts';
import { countParts } from '../../rules/engine/upgrade/count-parts';
import type { TestCase } from '../../rules/engine/upgrade/test-cases';
import type { MailData, MailTest } from '../../templates/mails/mail-data';
import { label } from '../../templates/words/labels';
import { isTester } from '../../rules/engine/upgrade/test-cases';
import { findTester, knownAs, listTesters } from '../agreements/testers';
import type { Queryable } from '../db';
import type { Said } from '../pages/test-thread';
import { readThreads } from '../pages/test-thread';
import { processName } from '../years/part-name';
import { yearOfUpgrade } from './test-session';
import type { MailContext, Recipient, SendNoticeInput } from './notice';

/** What the mail's template asks for; nothing for other mails. */
export async function testData(
  db: Queryable,
  context: MailContext,
  recipient: Recipient,
  input: SendNoticeInput,
): Promise<Pick<MailData, 'test' | 'reopened'>> {
  if (input.template === 'test-invitation')
    return { test: await invitation(db, context, recipient, yearOfUpgrade(input)) };
  if (input.template === 'test-case' && input.tested)
    return { test: { case: await caseNews(db, context, input, input.tested) } };
  if (input.template === 'upgrade-test' && input.reopened)
    return { reopened: await reopenedCases(db, context, input, input.reopened) };
  if (input.template === 'test-progress') return { test: { progress: await progress(db, context, input) } };
  return {};
}

async function invitation(
  db: Queryable,
  about: MailContext,
  { id }: Recipient,
  ofYear: number,
): Promise<MailTest> {
  const { contract, testCases = [] } = about;
  const tester = isTester(id)
    ? await findTester(db, contract.agreement, id)
    : knownAs(contract, await listTesters(db, contract.agreement, ofYear)).find((one) => one.id === id);
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
  { obligation, asOf }: SendNoticeInput,
  { case: id, kind }: NonNullable<SendNoticeInput['tested']>,
): Promise<NonNullable<MailTest['case']>> {
  const said = (await threadsOf(db, about, { obligation, asOf, cases: [id] })).get(id) ?? [];
  const reported = lastFailure(said);
  const answer = kind === 'received' ? undefined : said.findLast((one) => one.kind === 'answered')?.note;
  return {
    title: titleOf(about, id),
    kind,
    ...(reported !== undefined && { said: reported }),
    ...(answer !== undefined && { answer }),
  };
}

/** What a test that is open again is about, with what was last said of each to fail. */
async function reopenedCases(
  db: Queryable,
  about: MailContext,
  { obligation, asOf }: SendNoticeInput,
  cases: string[],
): Promise<NonNullable<MailData['reopened']>> {
  const threads = await threadsOf(db, about, { obligation, asOf, cases });
  return cases.map((id) => {
    const said = lastFailure(threads.get(id) ?? []);
    return { title: titleOf(about, id), ...(said !== undefined && { said }) };
  });
}

const lastFailure = (said: readonly Said[]): string | undefined =>
  said.findLast((one) => one.kind === 'reported' && one.ok === false)?.note;

/** What was said of cases of the upgrade that a mail is about, until it fell due. */
async function threadsOf(
  db: Queryable,
  about: MailContext,
  { obligation, asOf, cases }: Pick<SendNoticeInput, 'obligation' | 'asOf'> & { cases: string[] },
): Promise<Map<string, Said[]>> {
  const threads = await readThreads(db, about.contract.agreement, {
    ofYear: yearOf(about, obligation),
    cases,
  });
  return new Map([...threads].map(([id, all]) => [id, all.filter(({ at }) => at <= asOf)]));
}

/** The year that the upgrade of an obligation belongs to. */
const yearOf = ({ plan }: MailContext, obligation: string): number =>
  phaseOfUpgrade(obligation)?.leftBy ?? plan.yearNumber;

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
  const { contract, testCases = [] } = about;
  const { agreement, contacts } = contract;
  const ofYear = yearOf(about, obligation);
  const rows = await db.query<{ part: string; result: NonNullable<CountedPart['result']> }>(
    `select distinct on (part) part, jsonb_strip_nulls(jsonb_build_object('ok', ok, 'retest', nullif(retest, false),
              'waived', case when waived_by is not null then '{}'::jsonb end)) as result from upgrade_parts
      where agreement = $1 and of_year = $2 and kind = 'module' and at <= $3 order by part, year desc`,
    [agreement, ofYear, asOf],
  );
  const cases = testCases.map(({ id }) => id);
  const said = [...(await threadsOf(db, about, { obligation, asOf, cases })).values()].flat();
  const reporters = new Set(said.flatMap(({ kind, by }) => (kind === 'reported' ? [by] : [])));
  const asked = [
    ...contacts.customer
      .map((one, index) => ({ ...one, id: contactId(one, index) }))
      .filter(({ roles }) => roles.includes('tester')),
    ...knownAs({ contacts }, await listTesters(db, agreement, ofYear)),
  ];
  const results = new Map(rows.map(({ part, result }) => [part, result]));
  const resultOf = (id: string): Pick<CountedPart, 'result'> => {
    const result = results.get(id);
    return result ? { result } : {};
  };
  const { all, passed, accepted, left } = countParts(
    cases.map((id) => ({ kind: 'module', ...resultOf(id) })),
  );
  const failed = cases.filter((id) => results.get(id)?.ok === false && !results.get(id)?.waived);
  return {
    ...{ passed, left, all },
    ...(accepted > 0 && { accepted }),
    failed: failed.map((id) => titleOf(about, id)),
    notBegun: asked.filter(({ id }) => !reporters.has(id)).map(({ name }) => name),
  };
}
