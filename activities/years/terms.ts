/** Resolves the terms in force for one agreement and plans its year; both are kept with what decided them. */
import { createHash } from 'node:crypto';
import { instantAt, localDateOf } from '../../rules/engine/calendar/calendar';
import { periodOf, yearNumberOn } from '../../rules/engine/calendar/agreement-period';
import type { Contract, Instant } from '../../rules/engine/contract/contract';
import { locateTerm } from '../../rules/engine/terms/locate-term';
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import { diffTerms, termsSoFar } from '../../rules/engine/terms/running-terms';
import { originsOf } from '../../rules/engine/terms/term-values';
import { yearTerms } from '../../rules/engine/terms/terms-for';
import type { YearTerms } from '../../rules/engine/terms/terms-for';
import { diffPlans } from '../../rules/engine/plan/diff-plans';
import { addMonths, later } from '../../rules/engine/calendar/dates';
import type { HourBalance } from '../../rules/engine/hours/hour-bank';
import { amendedHours } from '../../rules/engine/hours/amended-hours';
import { secondsOfHundredth, toCentihours } from '../../rules/engine/hours/hour-bank';
import { withDaysOf } from '../../rules/engine/plan/days-of-before';
import { casesFor } from '../../rules/engine/plan/upgrade-to-plan';
import { plannedCases } from '../../rules/engine/upgrade/test-cases';
import type { TestCase } from '../../rules/engine/upgrade/test-cases';
import { canonicalJson } from '../../rules/engine/basics/canonical-json';
import { planByTerms } from '../../rules/engine/plan/plan-by-terms';
import type {
  CarriedUpgrade,
  MeetingProgress,
  SharedInstallation,
  StoredPlan,
  UpgradeProgress,
  YearPlan,
} from '../../rules/engine/plan/plan';
import type { TakeOver } from '../../rules/engine/plan/take-over';
import type { Terms } from '../../rules/engine/ruleset/terms';
import { contractOn, findAgreement } from '../agreements/agreements';
import type { Db, Queryable } from '../db';
import { balanceAt, readHours } from '../hours/facts';
import { book, grantYear } from '../hours/ledger';
import { postDifferences } from '../hours/postings';
import { wakeDigestClocks } from '../agreements/digest-readers';
import { wakeMonitoring } from '../monitors/incidents';
import { permanent } from '../permanent';
import type { PlanQuestion } from '../agreements/plans';
import { findPlan, placeOfPlan, planBefore } from '../agreements/plans';
import { decidePrices, decideRates } from '../agreements/prices';
import { testFindings } from './test-findings';
import { goalOfInstallation, tellHigher } from './upgrade-targets';
import { hostWithoutConsent, plannedWindow, sharedInstallation, windowInYear } from './upgrade-windows';
import { loadRuleset, requireRulesetInForce, rulesetInForce, rulesetsLock } from '../agreements/rulesets';

export interface PlanYearInput {
  agreement: string;
  /** Left out at the very beginning: the year that `asOf` falls in. */
  yearNumber?: number;
  asOf: Instant;
  /** 1 for the first plan of a year; a re-plan takes the next number. The plan has a later one where that is taken for another question. */
  revision: number;
  /** Why the year is planned again; told in the timeline. */
  reason?: string;
  /** Closed obligations so far: id → when. */
  closed?: Record<string, Instant>;
  /** What people have settled about meetings. */
  meetings?: Record<string, MeetingProgress>;
  /** How far upgrades have come, by upgrade. */
  upgrades?: Record<string, UpgradeProgress>;
  /** Obligations that are closed again because a step was undone, and the revision of the plan whose days they had. */
  closedAsIn?: { revision: number; ids: string[] };
  /** First plan of a year: the upgrade that the year before left unfinished. */
  carried?: CarriedUpgrade;
}

/**
 * Stores a plan and its obligations. `planned_at` is the moment of storing, not the beginning of the transaction:
 * `applyRuleset` compares it with the moment at which somebody looked. Closed obligations keep their rows as they
 * are, also those that the year itself cancelled. What the year does not call closed is open: one that was opened again
 * takes its new days here, since the journal that tells of it is written after the plan.
 */
async function storePlan(
  tx: Queryable,
  plan: StoredPlan,
  { terms, testCases }: Pick<DecidedYear, 'testCases'> & Pick<YearTerms, 'terms'>,
  input: PlanYearInput,
): Promise<void> {
  const { asOf, closed = {}, closedAsIn } = input;
  // Those that are closed again take their days here, as what is open.
  const kept = Object.keys(closed).filter((id) => !closedAsIn?.ids.includes(id));
  await tx.query(
    `insert into plans (agreement, year, revision, plan, terms, as_of, planned_at, test_cases, asked)
     values ($1, $2, $3, $4, $5, $6, clock_timestamp(), $7, $8)`,
    [
      ...[plan.agreement, plan.yearNumber, plan.revision, JSON.stringify(plan), JSON.stringify(terms), asOf],
      ...[JSON.stringify(testCases), questionOf(input, plan.yearNumber).asked],
    ],
  );
  await tx.query(
    `insert into obligations (agreement, year, id, strand, owner, opens_at, due_on, due_at, after, revision, late)
     select $1, $2, o.id, o.strand, o.owner, o."opensAt", o."dueOn", o."dueAt", o.after, o.revision, o.late
       from jsonb_to_recordset($3::jsonb) as o(id text, strand text, owner text, "opensAt" timestamptz, "dueOn" date,
            "dueAt" timestamptz, after text, revision int, late boolean)
      where o.id <> all ($4::text[])
     on conflict (agreement, year, id) do update set owner = excluded.owner, opens_at = excluded.opens_at,
            due_on = excluded.due_on, due_at = excluded.due_at, after = excluded.after,
            revision = excluded.revision, late = excluded.late, state = 'open', closed_at = null`,
    [plan.agreement, plan.yearNumber, JSON.stringify(plan.obligations), kept],
  );
  await tx.query(
    `update obligations set state = 'cancelled', closed_at = $4
      where agreement = $1 and year = $2 and state = 'open' and id <> all ($3::text[])`,
    [plan.agreement, plan.yearNumber, plan.obligations.map((o) => o.id), asOf],
  );
}

/**
 * Opens the year's hour bank: the contracted hours, and what was rolled over at the end of the year before. When the
 * year is planned again, hours that an amendment adds are booked; hours that it takes away only if the year has not
 * begun.
 *
 * @returns the hours contracted for the year, in hundredths, and for how many of the contract
 */
async function openHourBank(
  tx: Queryable,
  contract: Contract,
  plan: YearPlan,
  before: StoredPlan | undefined,
  { hourBank }: Terms,
  { asOf, reason }: PlanYearInput,
  takeOver: TakeOver | undefined,
): Promise<Pick<StoredPlan, 'contractedHours' | 'contractedFor'>> {
  const { agreement, yearNumber: year, revision, startsAt, from } = plan;
  const contracted = toCentihours(contract.hourBank.hours);
  const opening = `${agreement}/${year}/contracted`;
  const had = before && {
    hours: before.contractedHours,
    of: before.contractedFor ?? before.contractedHours,
  };
  const give = (id: string, kind: 'contracted' | 'rolled', hours: number, at: Instant): Promise<void> =>
    grantYear(tx, agreement, {
      id,
      year,
      kind,
      seconds: hours * secondsOfHundredth,
      at,
      ...(reason && { reason }),
    });
  await give(opening, 'contracted', had?.hours ?? contracted, startsAt);
  const rolledIn = toCentihours(takeOver?.hoursRolledIn ?? 0);
  if (rolledIn > 0) await give(`${agreement}/${year}/rolledIn`, 'rolled', rolledIn, startsAt);
  if (!had) return { contractedHours: contracted };
  const begun = asOf >= startsAt;
  const now = amendedHours(had, contracted, { from, begun }, localDateOf(asOf), hourBank);
  if (now !== had)
    await give(`${opening}-${revision}`, 'contracted', now.hours - had.hours, later(asOf, startsAt));
  return { contractedHours: now.hours, ...(now.of !== now.hours && { contractedFor: now.of }) };
}

/**
 * Books what was used before the takeover as one entry, which `hoursCorrected` finds as `takeover`. On which days it was
 * used is not known: it counts on the year's first, on which rolled hours are there to use.
 */
async function bookTakenOver(
  tx: Queryable,
  { agreement, yearNumber, takenOver, from, startsAt }: YearPlan,
  takeOver: TakeOver,
): Promise<void> {
  const hours = toCentihours(takeOver.hoursUsed ?? 0);
  if (hours === 0) return;
  const { entries } = await readHours(tx, agreement);
  const entryId = `${agreement}/${yearNumber}/takeover`;
  const said = { on: from, service: 'takeover', ref: 'takeover', by: 'takeover', byAssumed: true };
  const report = { entryId, hours, ...said, asOf: takenOver?.at ?? startsAt };
  await book(tx, agreement, entries, report, { billable: (seconds) => seconds, firstDay: from });
}

/** The hour bank of a year that is planned and not stored yet. */
async function balanceOfPlan(
  tx: Queryable,
  {
    agreement,
    yearNumber,
    from,
    to,
    startsAt,
    obligations,
    hourlyRateMinor: rate,
    ratesMinor: rates,
  }: YearPlan & Pick<DecidedYear, 'ratesMinor'>,
  { hourBank }: Terms,
  { asOf, closed = {} }: PlanYearInput,
): Promise<HourBalance> {
  const lapse = obligations.find(({ id }) => id === 'hours/lapse')?.dueOn;
  const lapsesOn = 'hours/lapse' in closed ? {} : { lapsesOn: lapse ?? null };
  const facts = await readHours(tx, agreement, {
    year: { year: yearNumber, from, to, hourBank, rate, rates, ...lapsesOn },
  });
  return balanceAt(facts, yearNumber, later(asOf, startsAt));
}

/** Closes the obligations from before the takeover: they never were open here. */
async function closeTakenOver(tx: Queryable, { agreement, yearNumber, takenOver }: YearPlan): Promise<void> {
  const closed = Object.entries(takenOver?.closed ?? {}).map(([id, { at, how }]) => ({ id, at, how }));
  await tx.query(
    `update obligations set state = case when c.how = 'told' then 'done' else 'cancelled' end, closed_at = c.at,
            closed_by = 'takeover', note = case when c.how = 'told' then 'told at the takeover' else 'passed before the takeover' end
       from jsonb_to_recordset($3::jsonb) as c(id text, at timestamptz, how text)
      where agreement = $1 and year = $2 and obligations.id = c.id`,
    [agreement, yearNumber, JSON.stringify(closed)],
  );
}

/** A year's plan with the terms it was made by, and what is kept of how they were decided. */
interface DecidedYear {
  contract: Contract;
  plan: YearPlan;
  /** The texts of the cases that the plan names. */
  testCases: TestCase[];
  /** The plan that the year has so far. */
  newest: StoredPlan | undefined;
  year: YearTerms;
  decision: object;
  takeOver: TakeOver | undefined;
  /** Services that have a price. */
  services: string[];
  /** Prices of kinds of work. */
  ratesMinor: Record<string, number>;
}

/** What a year is asked for, without the instant: a task that was lost asks later. */
function questionOf({ asOf, ...input }: PlanYearInput, year: number): PlanQuestion {
  const { agreement, revision, reason, closed, meetings, upgrades, closedAsIn } = input;
  const said = canonicalJson({ reason, closed, meetings, upgrades, closedAsIn });
  return { agreement, year, revision, asOf, asked: createHash('sha256').update(said).digest('hex') };
}

/**
 * The plan before, with the days that obligations had before a step that is undone had opened them, and with the texts of the cases
 * of that plan.
 */
async function withDaysBack(
  db: Queryable,
  { plan, testCases = [] }: NonNullable<Awaited<ReturnType<typeof findPlan>>>,
  closedAsIn: PlanYearInput['closedAsIn'],
): Promise<{ plan: StoredPlan; testCases: TestCase[] }> {
  const was = closedAsIn && (await findPlan(db, plan.agreement, plan.yearNumber, closedAsIn.revision));
  if (!was) return { plan, testCases };
  return {
    plan: withDaysOf(plan, was.plan, closedAsIn.ids),
    testCases: [...(was.testCases ?? []), ...testCases],
  };
}

export function createTermsActivities({ db }: { db: Db }) {
  return {
    /**
     * Decides the terms of an agreement year with the ruleset in force and lays out what it owes.
     * Asked the same again it gives the stored plan: a retry decides nothing new.
     */
    async planAgreementYear(input: PlanYearInput): Promise<StoredPlan> {
      const agreement = await findAgreement(db, input.agreement);
      if (!agreement)
        throw permanent('NotFound', `expected a signed agreement, found none: ${input.agreement}`);
      const { takeover } = agreement;
      const today = localDateOf(input.asOf);
      const contract = await contractOn(db, agreement, today);
      // If its workflow starts after the year of its takeover, it begins with that year all the same: its hours roll
      // over.
      const yearNumber = input.yearNumber ?? takeover?.year ?? yearNumberOn(contract.startsOn, today);
      const takeOver = input.revision === 1 && takeover?.year === yearNumber ? takeover : undefined;
      const before = await planBefore(db, input.agreement, yearNumber, input.revision);
      const back = before && (await withDaysBack(db, before, input.closedAsIn));
      const previous = back?.plan;
      const { from } = periodOf(contract.startsOn, yearNumber);
      const closed = input.closed ?? {};
      const meetings = input.meetings ? { meetings: input.meetings } : {};
      const upgrades = input.upgrades ? { upgrades: input.upgrades } : {};
      const findings = await testFindings(db, input.agreement, yearNumber);
      const kept = await windowInYear(db, input.agreement, periodOf(contract.startsOn, yearNumber));
      for (;;) {
        const place = await placeOfPlan(db, questionOf(input, yearNumber));
        if ('known' in place) return place.known;
        const newest = place.newest ?? before;
        const soFar = newest && termsSoFar(newest.terms, contract, input.asOf >= instantAt(from, '00:00'));
        const hash = await requireRulesetInForce(db);
        const ruleset = await loadRuleset(db, hash);
        const year = await usable(() => yearTerms(contract, ruleset, yearNumber, today, soFar));
        const noConsent = hostWithoutConsent(ruleset.installations, input.agreement);
        const window = kept && plannedWindow(kept, ruleset);
        const installation = await installationOf(ruleset, contract, year.terms, yearNumber, input, before);
        const prices = await decidePrices(db, { contract, terms: year.terms, ruleset, yearNumber });
        const laidOut = await usable(() =>
          planByTerms(contract, year, {
            yearNumber,
            asOf: input.asOf,
            rulesetHash: hash,
            prices,
            ...(previous ? { progress: { previous, closed, ...meetings, ...upgrades } } : {}),
            ...(input.carried && { carried: input.carried }),
            ...{ releases: ruleset.releases, findings },
            ...(window && { window }),
            ...(installation && { installation }),
            ...(noConsent !== undefined && { noConsent }),
            ...(takeOver && { takeOver }),
          }),
        );
        const plan = { ...laidOut, revision: place.revision };
        const decision = decisionOf(input, before, plan, year, ruleset);
        const services = [...new Set(ruleset.prices.map(({ service }) => service))];
        const ratesMinor = await decideRates(db, { contract, ruleset, yearNumber });
        const decided = {
          contract,
          plan,
          testCases: textsOf(
            plan,
            casesFor(
              { contract, terms: year.terms, releases: ruleset.releases, findings },
              plan.upgrade?.targets,
            ),
            back?.testCases,
          ),
          newest: newest?.plan,
          year,
          decision,
          takeOver,
          services,
          ratesMinor,
        };
        const planned = await store(input, decided);
        if (planned) return planned;
      }
    },
  };

  /** What an agreement shares, and where that goes; an upgrade that is under way keeps where it goes. */
  async function installationOf(
    ruleset: Ruleset,
    contract: Contract,
    { upgrade }: Terms,
    yearNumber: number,
    { agreement, asOf, closed = {}, upgrades }: PlanYearInput,
    before: { plan: StoredPlan } | undefined,
  ): Promise<SharedInstallation | undefined> {
    const shared = sharedInstallation(ruleset.installations, agreement);
    if (!shared) return undefined;
    const begins = addMonths(contract.startsOn, 12 * (yearNumber - 1) + upgrade.window.fromMonth - 1);
    const isBegun =
      upgrades?.upgrade?.begun === true || Object.keys(closed).some((id) => id.startsWith('upgrade/'));
    const underWay = isBegun ? { underWay: before?.plan.upgrade?.targets ?? {} } : {};
    const goesTo = await goalOfInstallation(db, ruleset, { agreement, contract, begins, ...underWay }, asOf);
    return { ...shared, ...(goesTo && { goesTo }) };
  }

  /** @returns nothing if another ruleset came into force, or another plan came, meanwhile: it is decided anew */
  async function store(
    input: PlanYearInput,
    { contract, plan, testCases, newest, year, decision, takeOver, services, ratesMinor }: DecidedYear,
  ): Promise<StoredPlan | undefined> {
    const { agreement, yearNumber, rulesetHash } = plan;
    return db.transaction(async (tx) => {
      // An attempt that was given up may still run: the first to store decides.
      await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 1))', [agreement]);
      const place = await placeOfPlan(tx, questionOf(input, yearNumber));
      if ('known' in place) return place.known;
      if (place.revision !== plan.revision) return undefined;
      await tx.query('select pg_advisory_xact_lock_shared(hashtext($1))', [rulesetsLock]);
      if ((await rulesetInForce(tx)) !== rulesetHash) return undefined;
      await tx.query(
        `insert into decisions (agreement, year, key, kind, as_of, ruleset_hash, facts, matched, result)
         values ($1, $2, $3, 'terms', $4, $5, $6, $7, $8) on conflict do nothing`,
        [
          agreement,
          yearNumber,
          `plan-${plan.revision}`,
          input.asOf,
          rulesetHash,
          JSON.stringify(year.decided.facts),
          JSON.stringify(year.decided.matched),
          JSON.stringify(decision),
        ],
      );
      const contracted = await openHourBank(tx, contract, plan, newest, year.terms, input, takeOver);
      if (takeOver) await bookTakenOver(tx, plan, takeOver);
      const balance = await balanceOfPlan(tx, { ...plan, ratesMinor }, year.terms, input);
      const opened = { ...plan, ...contracted, balance, services, ratesMinor };
      await storePlan(tx, opened, { terms: year.terms, testCases }, input);
      const facts = await readHours(tx, agreement);
      await postDifferences(tx, agreement, facts, { at: input.asOf, reason: 'planned' });
      if (takeOver) await closeTakenOver(tx, opened);
      await tellHigher(tx, opened);
      await tx.query(`update agreements set state = 'live', year_number = $2 where number = $1`, [
        agreement,
        yearNumber,
      ]);
      await wakeMonitoring(tx, agreement, 'configurationChanged');
      await wakeDigestClocks(tx, contract, year.terms, input.asOf);
      return opened;
    });
  }
}

/** The texts of a plan's cases: those that an upgrade under way began with, or those of the terms and releases now. */
function textsOf(
  { upgrade }: YearPlan,
  now: readonly TestCase[],
  before: readonly TestCase[] = [],
): TestCase[] {
  const isNow = canonicalJson(plannedCases(now)) === canonicalJson(upgrade?.cases ?? []);
  return (upgrade?.cases ?? []).map(
    ({ id }) => (isNow ? now : before).find((one) => one.id === id) ?? { id, process: id },
  );
}

/** Terms that cannot be carried out fail for good: the year waits, visibly, until somebody mends the rules. */
async function usable<T>(decide: () => T | Promise<T>): Promise<T> {
  try {
    return await decide();
  } catch (error) {
    throw permanent('TermsUnusable', (error as Error).message, error);
  }
}

/** What is kept of a decision: why it was made, the terms it gave, and each change with the rule that made it. */
function decisionOf(
  input: PlanYearInput,
  before: { plan: StoredPlan; terms: Terms } | undefined,
  plan: YearPlan,
  year: YearTerms,
  ruleset: Ruleset,
): object {
  const origins = originsOf(year.decided.applied);
  const changes = before === undefined ? [] : diffTerms(before.terms, year.terms);
  const moved =
    before === undefined
      ? []
      : diffPlans(before, { plan, terms: year.terms }, new Set(Object.keys(input.closed ?? {})), input.asOf)
          .obligations;
  return {
    reason: input.reason ?? 'a new agreement year',
    obligations: plan.obligations.length,
    terms: year.decided.terms,
    ...(changes.length > 0 && {
      changes: changes.map(({ path, from, to }) => {
        const origin = origins.get(path);
        return { path, from, to, ...(origin && { rule: origin.rule.rule, ...locateTerm(ruleset, origin) }) };
      }),
    }),
    ...(moved.length > 0 && { moved }),
    ...(year.waiting.length > 0 && { waiting: year.waiting }),
  };
}
