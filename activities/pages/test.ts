/** What the customer tests after an upgrade, as the test page reads it: each case with its texts, its result, and what was said of it. */
import { contactId } from '../../rules/engine/contract/change-contract';
import type { ContactRole, LocalDate, Person } from '../../rules/engine/contract/contract';
import { isOnCopy } from '../../rules/engine/upgrade/phases';
import type { TestCase } from '../../rules/engine/upgrade/test-cases';
import { invitingRoles } from '../../rules/engine/upgrade/test-cases';
import type { Tester } from '../agreements/testers';
import { findTester, knownAs, listTesters } from '../agreements/testers';
import { findPlan } from '../agreements/plans';
import type { Queryable } from '../db';
import type { KnownSession } from '../years/test-session';
import { findSession } from '../years/test-session';
import type { AskedEvent } from './answers';
import type { Said } from './test-thread';
import type { Worksheet, WorksheetPart } from './worksheet';
import { readWorksheet } from './worksheet';

export interface TestPageCase extends TestCase {
  result?: NonNullable<WorksheetPart['result']>;
  thread: Said[];
}

export interface TestPage {
  customer: string;
  consultant: Person;
  /** The others of us whom the agreement names: we do not test our own work for the customer. */
  ours: readonly Person[];
  /** The year that the upgrade belongs to. */
  ofYear: number;
  /**
   * - `before`: something before the tests is still to be done
   * - `open`: it is tested
   * - `closed`: all is tested, and the upgrade goes on: one that fails after all opens the tests again
   * - `over`: the upgrade is over
   */
  state: 'before' | 'open' | 'closed' | 'over';
  dueOn?: LocalDate;
  onCopy: boolean;
  /** When and where we lead the customer through it; none once that is done. */
  session?: KnownSession['booked'];
  /** Those that the visitor tests, in the order of the processes. */
  cases: TestPageCase[];
  /** Names of people by the ids that messages carry. */
  people: Readonly<Record<string, string>>;
  /** Names of integrations by id, where a process is one. */
  integrations: Readonly<Record<string, string>>;
  /** Roles of contacts who are asked to test, by mail. */
  askedRoles: readonly ContactRole[];
  /** Those who are invited to test; a tester is told of none. */
  testers: Tester[];
  /** What was last sent by the link that is followed, and the answer. */
  last?: AskedEvent;
}

/**
 * @param about the link's subject and its holder: a tester, also a contact who was invited, is given the cases of their processes alone
 * @returns undefined if there is no such upgrade, or its plan tells no cases
 */
export async function readTestPage(
  db: Queryable,
  agreement: string,
  { ofYear, link, contact }: { ofYear: number; link: number | null; contact: string },
): Promise<TestPage | undefined> {
  const sheet = await readWorksheet(db, agreement, { ofYear, link });
  const planned = await findPlan(db, agreement, ofYear);
  const texts = planned?.testCases ?? [];
  const test = sheet?.phases.find(({ planned }) => planned.kind === 'test');
  if (!sheet || !test || !planned || texts.length === 0) return undefined;
  const invited = await listTesters(db, agreement, ofYear);
  const own = sheet.contract.contacts.customer.find((one, index) => contactId(one, index) === contact);
  const seesAll = own?.roles.some((role) => invitingRoles.includes(role)) === true;
  const theirs = own
    ? knownAs(sheet.contract, invited).find(({ id }) => id === contact)
    : await findTester(db, agreement, contact);
  const tester = seesAll ? undefined : theirs;
  const isTheirs = ({ process }: TestCase): boolean =>
    !tester || tester.processes.length === 0 || tester.processes.includes(process);
  const { contract, last } = sheet;
  const { booked, heldOn } = await findSession(db, agreement, ofYear);
  const owed = test.parts.filter(({ kind }) => kind === 'module');
  const cases = owed.map((part): TestPageCase => {
    const text = texts.find(({ id }) => id === part.id) ?? textOf(part);
    const { result, thread = [] } = part;
    return { ...text, thread, ...(result && { result }) };
  });
  return {
    customer: contract.customer.name,
    consultant: contract.contacts.consultant,
    ours: [contract.contacts.manager, contract.contacts.support],
    ofYear,
    state: stateOf(sheet, test),
    ...(test.dueOn !== undefined && { dueOn: test.dueOn }),
    ...(booked && heldOn === undefined && { session: booked }),
    onCopy: isOnCopy(
      sheet.phases.map(({ planned }) => planned),
      test.planned,
    ),
    cases: cases.filter(isTheirs),
    people: { ...sheet.testers, ...sheet.people },
    integrations: Object.fromEntries(contract.integrations.map(({ id, name }) => [id, name])),
    askedRoles: planned.terms.notices.recipients.test,
    testers: tester ? [] : invited,
    ...(last && { last }),
  };
}

/** A case whose texts the plan does not have: its process is what its id begins with. */
const textOf = ({ id, words }: WorksheetPart): TestCase => ({
  id,
  process: id.replace(/\.\d+$/, ''),
  ...(words && { title: words }),
});

function stateOf({ phases, on }: Worksheet, test: Worksheet['phases'][number]): TestPage['state'] {
  if (!on) return 'over';
  if (on === test) return 'open';
  return phases.indexOf(on) < phases.indexOf(test) ? 'before' : 'closed';
}
