/** Gathers what the report of an upgrade tells, and has it kept; see `../../templates/upgrade-report`. */
import { compare } from '../../rules/engine/basics/compare';
import type { Language } from '../../rules/engine/basics/text';
import { whichIsMeant } from '../../rules/engine/basics/which-is-meant';
import type { Contract, Instant, LocalDate } from '../../rules/engine/contract/contract';
import { earlier, later } from '../../rules/engine/calendar/dates';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { UpgradePlan } from '../../rules/engine/plan/plan';
import type { PartKind } from '../../rules/engine/upgrade/parts';
import { approvalToldBy } from '../../rules/engine/upgrade/parts';
import type { TestCase } from '../../rules/engine/upgrade/test-cases';
import { phaseOfUpgrade } from '../../rules/engine/upgrade/phases';
import { documentPdf } from '../../templates/documents/pdf';
import type { MailUpgrade } from '../../templates/mails/mail-data';
import type {
  ReportAttempt,
  ReportPart,
  ReportPhase,
  UpgradeReport,
} from '../../templates/upgrade-report/data';
import { upgradeReportDocument } from '../../templates/upgrade-report/document';
import { label } from '../../templates/words/labels';
import { findPlan } from '../agreements/plans';
import type { Db, Queryable } from '../db';
import type { Worksheet, WorksheetPart, WorksheetPhase } from '../pages/worksheet';
import { readWorksheet } from '../pages/worksheet';
import type { ReportFile } from '../years/kept-reports';
import { keepReport } from '../years/kept-reports';
import { partName, processName } from '../years/part-name';
import type { SendNoticeInput } from './notice';

type NewsKind = NonNullable<MailUpgrade['news']>['kind'];

/** News that the report goes with. */
export const bringsReport = (kind: NewsKind | undefined): boolean =>
  kind === 'approved' || kind === 'unapproved' || kind === 'completed';

/**
 * The report that goes with the news of an upgrade's end, kept when the first mail with it is written.
 * @param languages those of both sides
 * @returns undefined if the plan of the upgrade tells no parts
 */
export async function reportFile(
  db: Db,
  input: SendNoticeInput,
  { language, languages }: { language: Language; languages: readonly Language[] },
): Promise<ReportFile | undefined> {
  const { agreement, year, obligation, step, revision, asOf } = input;
  const ofYear = phaseOfUpgrade(obligation)?.leftBy ?? year;
  const report = await upgradeReport(db, { agreement, ofYear, asOf });
  if (!report) return undefined;
  const name = { agreement, ofYear, year, obligation, step, revision, asOf };
  return keepReport(db, name, { language, languages }, (version, each) =>
    documentPdf(upgradeReportDocument({ ...report, version }, each)),
  );
}

/** Everything the report of an upgrade tells but its version, names looked up. */
export async function upgradeReport(
  db: Queryable,
  { agreement, ofYear, asOf }: { agreement: string; ofYear: number; asOf: Instant },
): Promise<Omit<UpgradeReport, 'version'> | undefined> {
  const [sheet, stored] = await Promise.all([
    readWorksheet(db, agreement, { ofYear, link: null }),
    findPlan(db, agreement, ofYear),
  ]);
  if (!sheet || !stored?.plan.upgrade) return undefined;
  const { contract } = sheet;
  const { from, to, upgrade } = stored.plan;
  const others = upgrade.installation?.with ?? [];
  const naming: Naming = {
    ...{ sheet, others, testCases: stored.testCases },
    testers: await namesOfTesters(db, agreement, ofYear),
  };
  const before = await versionsBefore(db, agreement, ofYear);
  const times = await timesOf(db, agreement, ofYear);
  return {
    asOf,
    agreement: { number: agreement, level: contract.level },
    customer: contract.customer.name,
    year: { number: ofYear, from, to },
    ...(upgrade.installation && { installation: upgrade.installation.id }),
    testedOn: sheet.phases.some(({ planned }) => planned.installs === 'copy') ? 'copy' : 'production',
    systems: systemsOf(sheet, before),
    ...approvalOf(naming),
    phases: phasesWith(naming, before, times, localDateOf(asOf)),
    attempts: await attemptsOf(db, agreement, ofYear, naming),
    withdrawn: withdrawnOf(upgrade),
  };
}

/** Whose names a report tells: never another customer's agreement, which shares the installation. */
interface Naming {
  sheet: Worksheet;
  others: readonly string[];
  testCases: readonly TestCase[];
  /** Names of those whom the customer invited to test, by id. */
  testers: ReadonlyMap<string, string>;
}

/** A person by the id that a message carried, or by a part of their name; any other word stays as it is, and another agreement is us. */
function nameOf(id: string, { sheet: { people }, others, testers }: Naming): string {
  if (others.includes(id)) return 'Pector';
  const known = testers.get(id) ?? people[id];
  if (known !== undefined) return known;
  const named = whichIsMeant(
    id,
    Object.values(people).map((name) => ({ id: name, names: [] })),
  );
  return named.length === 1 ? named[0]! : id;
}

/** Also of those who were removed: they may have tested before. */
async function namesOfTesters(db: Queryable, agreement: string, ofYear: number): Promise<Naming['testers']> {
  const rows = await db.query<{ id: string; name: string }>(
    'select id, name from testers where agreement = $1 and of_year = $2',
    [agreement, ofYear],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

const withdrawnOf = ({ withdrawn = {} }: UpgradePlan): UpgradeReport['withdrawn'] =>
  Object.entries(withdrawn).map(([system, { version, on, reason }]) => ({ system, version, on, reason }));

/** The versions that systems had when their upgrade was reported: the contract has the new ones since. */
async function versionsBefore(
  db: Queryable,
  agreement: string,
  ofYear: number,
): Promise<ReadonlyMap<string, string>> {
  const rows = await db.query<{ part: string; from: string }>(
    `select distinct on (part) part, version_from as from from upgrade_parts
      where agreement = $1 and of_year = $2 and version_from is not null order by part, year desc`,
    [agreement, ofYear],
  );
  return new Map(rows.map(({ part, from }) => [part, from]));
}

const systemsOf = ({ phases }: Worksheet, before: ReadonlyMap<string, string>): UpgradeReport['systems'] =>
  phases
    .flatMap(({ parts }) => parts)
    .filter(({ kind }) => kind === 'system')
    .flatMap(({ id, from = '', result }) => ({
      id,
      from: before.get(id) ?? from,
      ...(result?.version !== undefined && { to: result.version }),
    }));

/** Who approved it, or who ended it without. */
function approvalOf(naming: Naming): Pick<UpgradeReport, 'approval'> {
  const { result } =
    naming.sheet.phases.flatMap(({ parts }) => parts).find(({ kind }) => kind === 'decision') ?? {};
  if (result?.waived) {
    const { by, reason } = result.waived;
    return { approval: { at: result.at, endedBy: nameOf(by, naming), reason } };
  }
  if (result?.contact === undefined) return {};
  const { at, contact, shown } = result;
  const toldBy = approvalToldBy(result);
  return {
    approval: {
      ...{ at, by: nameOf(contact, naming) },
      ...(shown !== undefined && { shown }),
      ...(toldBy !== undefined && { toldBy: nameOf(toldBy, naming) }),
    },
  };
}

interface PhaseTimes {
  opensAt: Instant;
  closedAt: Instant | null;
}

/** When each phase was to begin and was closed, in whatever year it was. */
async function timesOf(
  db: Queryable,
  agreement: string,
  ofYear: number,
): Promise<ReadonlyMap<string, PhaseTimes>> {
  const rows = await db.query<PhaseTimes & { id: string }>(
    `select id, opens_at as "opensAt", case when state not in ('open', 'carried') then closed_at end as "closedAt" from obligations
      where agreement = $1 and strand = 'upgrade'
        and (year = $2 and id like 'upgrade/%' or year > $2 and id like 'upgrade-' || $2::int || '/%') order by year`,
    [agreement, ofYear],
  );
  // One that an earlier year left was on there already.
  const times = new Map<string, PhaseTimes>();
  for (const { id, opensAt, closedAt } of rows) {
    const phase = phaseOfUpgrade(id)?.phase ?? id;
    times.set(phase, { opensAt: times.get(phase)?.opensAt ?? opensAt, closedAt });
  }
  return times;
}

/** A phase is on from its day, and not before the one before it is closed. */
function phasesWith(
  naming: Naming,
  before: ReadonlyMap<string, string>,
  times: ReadonlyMap<string, PhaseTimes>,
  today: LocalDate,
): ReportPhase[] {
  const { phases } = naming.sheet;
  let closedBefore = '';
  return phases.map((phase) => {
    const { planned, owner, state, dueOn } = phase;
    const { opensAt, closedAt } = times.get(planned.id) ?? {};
    const to = closedAt ? localDateOf(closedAt) : undefined;
    const opened = opensAt && later(localDateOf(opensAt), closedBefore);
    const from = opened && to !== undefined ? earlier(opened, to) : opened;
    const hasBegun = from !== undefined && (to !== undefined || (phase === naming.sheet.on && from <= today));
    closedBefore = to ?? closedBefore;
    return {
      id: planned.id,
      ...(planned.name && { name: planned.name }),
      ...{ owner, state },
      ...(hasBegun && { from }),
      ...(to !== undefined && { to }),
      ...(dueOn !== undefined && { dueOn }),
      parts: phase.parts.map((part) => partOf(part, phase, before, naming)),
    };
  });
}

/** The integration that a part is about, where it is one. */
const integrationOf = ({ id }: WorksheetPart, { integrations }: Contract) =>
  integrations.find((one) => one.id === id.replace(/^support-/, ''));

/** What the customer tests. Notes of our own checks can hold what is for our own people alone. */
const isTest = (kind: PartKind): boolean => kind === 'module';

function partOf(
  part: WorksheetPart,
  { planned }: WorksheetPhase,
  before: ReadonlyMap<string, string>,
  naming: Naming,
): ReportPart {
  const { kind, id, result } = part;
  const { contract } = naming.sheet;
  const integration = integrationOf(part, contract);
  const from = before.get(id) ?? part.from;
  const isVersioned = kind === 'system' || kind === 'integration';
  const by = result?.by;
  return {
    kind,
    name: nameOfPart(part, planned.id, contract),
    ...processOf(part, naming),
    ...(kind === 'integration' && integration && { owner: integration.owner }),
    ...(isVersioned && from !== undefined && { from }),
    ...(result?.version !== undefined && { version: result.version }),
    ...(result && { ok: result.ok, at: result.at }),
    ...(result?.notApplicable && { notApplicable: true as const }),
    ...(result?.retest && { retest: true as const }),
    ...(result?.on !== undefined && { on: result.on }),
    ...(result?.time !== undefined && { time: result.time }),
    ...(result?.contact !== undefined && { contact: nameOf(result.contact, naming) }),
    ...(by !== undefined && {
      by: (by === 'partner' ? integration?.contact?.name : undefined) ?? nameOf(by, naming),
    }),
    ...(isTest(kind) && result?.note !== undefined && { note: result.note }),
    ...(result?.waived && { waived: waiverOf(result.waived, naming) }),
  };
}

/** The business process of a test case. */
function processOf({ kind, id }: WorksheetPart, { sheet, testCases }: Naming): Pick<ReportPart, 'process'> {
  const one = kind === 'module' ? testCases.find((each) => each.id === id) : undefined;
  if (!one?.title) return {};
  const { process } = one;
  const name = processName(sheet.contract, one);
  return { process: name ?? { sv: label('module', process, 'sv'), en: label('module', process, 'en') } };
}

/** A reason that names another customer's agreement is none to tell. */
const waiverOf = (
  { by, reason }: { by: string; reason: string },
  naming: Naming,
): NonNullable<ReportPart['waived']> => ({
  by: nameOf(by, naming),
  ...(!naming.others.includes(by) && { reason }),
});

function nameOfPart(
  { kind, id, words }: WorksheetPart,
  phase: string,
  contract: Contract,
): ReportPart['name'] {
  if (words) return words;
  if (kind !== 'support') return partName({ kind, phase, part: id }, undefined, contract.integrations);
  const integration = contract.integrations.find((one) => `support-${one.id}` === id)?.name ?? id;
  const called = (language: Language): string => `${label('part', kind, language)}: ${integration}`;
  return { sv: called('sv'), en: called('en') };
}

interface GivenUp {
  ref: string;
  at: Instant;
  year: number;
  obligation: string | null;
  then: string | null;
  state: string | null;
  undone: string | null;
  by: string | null;
  lostSince: Instant | null;
  reason: string | null;
}

/** The attempts that were given up, as the journal has them; one that was undone was none. */
async function attemptsOf(
  db: Queryable,
  agreement: string,
  ofYear: number,
  naming: Naming,
): Promise<ReportAttempt[]> {
  const given = (naming.sheet.stands?.attempt ?? 1) - 1;
  if (given === 0) return [];
  const rows = await db.query<GivenUp>(
    `select ref, at, year, detail ->> 'obligation' as obligation, detail ->> 'then' as then, detail ->> 'state' as state,
            detail ->> 'undone' as undone, detail ->> 'lostSince' as "lostSince", detail ->> 'reason' as reason,
            case when detail ? 'lostSince' then detail ->> 'by' end as by
       from events where agreement = $1 and year >= $2 and kind = 'signal'
        and ref in ('upgradePhaseFailed', 'upgradedTogether', 'stepUndone') and not detail ? 'repeat' order by at, id`,
    [agreement, ofYear],
  );
  const failed: GivenUp[] = [];
  for (const row of rows)
    if (row.undone === 'upgradePhaseFailed') failed.pop();
    // Trying again is no step, and cannot be undone.
    else if (row.then !== null) failed.push(row);
  const isOfIt = ({ obligation, year }: GivenUp): boolean =>
    (phaseOfUpgrade(obligation ?? '')?.leftBy ?? year) === ofYear;
  const own = failed.filter((one) => /^(roll-back|restore)$/.test(one.then ?? '') && isOfIt(one));
  const together = rows.filter(({ ref, state }) => ref === 'upgradedTogether' && state === 'rolledBack');
  const found = [...own, ...together].sort((a, b) => compare(a.at, b.at)).slice(-given);
  return found.map(({ at, obligation, lostSince, by, reason }, index) => ({
    ...{ number: given - found.length + index + 1, on: localDateOf(at) },
    ...(reason !== null && { reason }),
    ...(obligation !== null && { phase: phaseOfUpgrade(obligation)?.phase ?? obligation }),
    ...(lostSince !== null && { lostSince }),
    ...(by !== null && { by: nameOf(by, naming) }),
  }));
}
