/** Plans a batch before it is signed: each agreement's year as of now, and all problems that prevent a signing. */
import { signedBefore } from '../../../activities/agreements/agreements';
import type { Db } from '../../../activities/db';
import { decidePrices, requirePrice } from '../../../activities/agreements/prices';
import { yearNumberOn } from '../../../rules/engine/calendar/agreement-period';
import { instantAt, localDateOf } from '../../../rules/engine/calendar/calendar';
import { addDays } from '../../../rules/engine/calendar/dates';
import { upgradeUntold } from '../../../rules/engine/plan/check-take-over';
import type { Contract, Instant, LocalDate, Party } from '../../../rules/engine/contract/contract';
import { balanceOf, toCentihours, unusedRolledIn } from '../../../rules/engine/hours/hour-bank';
import { isOwedByPeople } from '../../../rules/engine/plan/owed-by-people';
import type { Obligation, YearPlan } from '../../../rules/engine/plan/plan';
import type { HourBalance } from '../../../rules/engine/hours/hour-bank';
import { digestReaders, planDigests } from '../../../rules/engine/plan/plan-digests';
import { planByTerms } from '../../../rules/engine/plan/plan-by-terms';
import type { Ruleset } from '../../../rules/engine/ruleset/read-ruleset';
import { upgradeBegunOn } from '../../../rules/engine/plan/take-over';
import type { AgreedTakeOver } from '../../../rules/engine/plan/take-over';
import type { Terms } from '../../../rules/engine/ruleset/terms';
import type { Decide } from '../../../rules/engine/terms/terms-for';
import { rememberingDecide, termsFor, yearTerms } from '../../../rules/engine/terms/terms-for';
import { BilingualError } from '../../../rules/engine/basics/bilingual-error';
import { expectedFound } from '../../../rules/engine/basics/text';
import type { SignEntry, SignProblem } from './read-takeovers';

/** Days ahead for which mails are listed. */
export const daysTold = 14;

/** What signing would do to one agreement of a batch. */
export interface PlannedSigning {
  contract: Contract;
  state: 'new' | 'already-signed';
  /** Terms that it is signed by. */
  signedTerms: Terms;
  takeOver?: AgreedTakeOver;
  year: number;
  from: LocalDate;
  /** First day of the next year. */
  to: LocalDate;
  hours: HourBalance;
  /** Obligations that are past, by planned date; an upgrade reported as done has no date. */
  behind: { id: string; on?: LocalDate; how: 'told' | 'passed' }[];
  /** What people have to do from now on, by date. */
  next: { id: string; on: LocalDate; owner: Party; late: boolean }[];
  /** Obligations for which the year has no day left: they are told as missed at its end. */
  noDayLeft: string[];
  /** Where a late start leaves fewer days than the upgrade has phases. */
  crowded?: { phases: number; days: number };
  /** Mails that are sent within `daysTold` days if nobody acts. */
  mails: { at: Instant; obligation: string; step: string; to: Party }[];
}

export interface PlannedBatch {
  signings: PlannedSigning[];
  problems: SignProblem[];
}

/**
 * Plans every agreement of a batch under a ruleset, and writes nothing.
 *
 * @param asOf the instant of signing
 * @param options.takeOverPast whether to take over an agreement that began in the past if its entry does not say so
 */
export async function planBatch(
  db: Db,
  ruleset: Ruleset,
  entries: readonly SignEntry[],
  asOf: Instant,
  { takeOverPast, onProgress }: { takeOverPast: boolean; onProgress?: (planned: number) => void },
): Promise<PlannedBatch> {
  const decide = rememberingDecide(ruleset);
  const batch: PlannedBatch = { signings: [], problems: [] };
  const numbers = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    const { agreement } = entry.contract;
    const planned = numbers.has(agreement)
      ? entry.problemAt(['agreement'], twice(agreement))
      : await planOne(db, { ruleset, decide, entry, asOf, takeOverPast });
    numbers.add(agreement);
    if ('message' in planned) batch.problems.push(planned);
    else batch.signings.push(planned);
    onProgress?.(index + 1);
  }
  return batch;
}

const twice = (agreement: string) =>
  expectedFound(
    { sv: 'varje avtal en gång', en: 'each agreement once' },
    { sv: `"${agreement}" igen`, en: `"${agreement}" again` },
  );

interface One {
  ruleset: Ruleset;
  decide: Decide;
  entry: SignEntry;
  asOf: Instant;
  takeOverPast: boolean;
}

async function planOne(
  db: Db,
  { ruleset, decide, entry, asOf, takeOverPast }: One,
): Promise<PlannedSigning | SignProblem> {
  const { contract, problemAt } = entry;
  const today = localDateOf(asOf);
  const yearNumber = yearNumberOn(contract.startsOn, today);
  const told = entry.takeOver ?? (takeOverPast && contract.startsOn < today ? {} : undefined);
  const takeOver = told && { ...told, year: yearNumber };
  const before = await signedBefore(db, contract, takeOver);
  if (before === 'refused') return problemAt(['agreement'], signedOtherwise(contract.agreement));
  try {
    const signedTerms = (await termsFor(contract, ruleset, 1, contract.startsOn, decide)).terms;
    const year = await yearTerms(contract, ruleset, yearNumber, today, undefined, decide);
    await requirePrice(db, contract);
    const prices = await decidePrices(db, { contract, terms: year.terms, ruleset, yearNumber });
    const { releases } = ruleset;
    const how = { yearNumber, asOf, rulesetHash: ruleset.hash, prices, releases };
    const begunOn =
      takeOver && takeOver.upgrade === undefined && before === undefined
        ? upgradeBegunOn({ ...how, contract, terms: year.terms })
        : undefined;
    if (begunOn !== undefined) {
      const { path, message } = upgradeUntold(begunOn);
      return problemAt(path, message);
    }
    const plan = planByTerms(contract, year, { ...how, ...(takeOver && { takeOver }) });
    return {
      contract,
      state: before ?? 'new',
      signedTerms,
      ...(takeOver && { takeOver }),
      ...shownOf(plan, year.terms, hoursOf(contract, plan, takeOver, year.terms), asOf),
    };
  } catch (error) {
    const { message } = error as Error;
    const reason = { en: message, sv: error instanceof BilingualError ? error.messageSv : message };
    return problemAt(['level'], {
      sv: `reglerna ger inga villkor som kan följas: ${reason.sv}`,
      en: `the rules give no terms that can be carried out: ${reason.en}`,
    });
  }
}

const signedOtherwise = (agreement: string) =>
  expectedFound(
    {
      sv: 'ett nytt avtal, eller samma innehåll som signerats',
      en: 'a new agreement, or what was signed before',
    },
    {
      sv: `"${agreement}", signerat med annat innehåll`,
      en: `"${agreement}", signed with another content`,
    },
  );

/** The balance of hours as the ledger will have it. */
function hoursOf(
  { hourBank }: Contract,
  { takenOver }: YearPlan,
  { hoursUsed = 0, hoursRolledIn = 0 }: Partial<AgreedTakeOver> = {},
  { hourBank: { orderOfUse } }: Terms,
): HourBalance {
  const entries = [
    { kind: 'contracted' as const, hours: toCentihours(hourBank.hours) },
    { kind: 'rolledIn' as const, hours: toCentihours(hoursRolledIn) },
    { kind: 'used' as const, hours: toCentihours(hoursUsed) },
  ];
  const balance = balanceOf(entries);
  if (!takenOver?.closed['hours/lapse']) return balance;
  return balanceOf([...entries, { kind: 'lapsed', hours: unusedRolledIn(balance, orderOfUse) }]);
}

function crowdedUpgrade(owed: readonly Obligation[]): Pick<PlannedSigning, 'crowded'> {
  const phases = owed.filter(({ strand, noDayLeft }) => strand === 'upgrade' && !noDayLeft);
  const days = new Set(phases.map(({ dueOn }) => dueOn)).size;
  return days < phases.length ? { crowded: { phases: phases.length, days } } : {};
}

function shownOf(
  plan: YearPlan,
  terms: Terms,
  hours: HourBalance,
  asOf: Instant,
): Pick<
  PlannedSigning,
  'year' | 'from' | 'to' | 'hours' | 'behind' | 'next' | 'noDayLeft' | 'crowded' | 'mails'
> {
  const { closed = {}, meetings = {} } = plan.takenOver ?? {};
  const until = instantAt(addDays(localDateOf(asOf), daysTold + 1), '00:00');
  const open = plan.obligations.filter(({ id }) => !closed[id]);
  const owed = open.filter(isOwedByPeople);
  const notices = [
    ...(plan.welcome ? [{ obligation: 'agreement', ...plan.welcome }] : []),
    ...open
      .filter(({ after }) => after === undefined || closed[after])
      .flatMap(({ id, notices: of }) => of.map((notice) => ({ obligation: id, ...notice }))),
    ...digestReaders
      .flatMap((reader) => planDigests({ from: plan.from, to: plan.to, since: asOf, terms }, reader))
      .filter(({ until: end }) => owed.some(({ dueAt }) => dueAt < end))
      .map((digest) => ({ obligation: 'digest', ...digest })),
  ];
  return {
    year: plan.yearNumber,
    from: plan.from,
    to: plan.to,
    hours,
    behind: plan.obligations.flatMap(({ id, dueOn }) => {
      const one = closed[id];
      if (!one) return [];
      const on = one.how === 'passed' ? dueOn : meetings[id];
      return [{ id, ...(on !== undefined && { on }), how: one.how }];
    }),
    noDayLeft: owed.flatMap(({ id, noDayLeft, nextYear }) => (noDayLeft && !nextYear ? [id] : [])),
    ...crowdedUpgrade(owed),
    next: owed
      .filter(({ noDayLeft }) => !noDayLeft)
      .map(({ id, dueOn, owner, late }) => ({ id, on: dueOn, owner, late })),
    mails: notices
      .filter(({ at }) => at < until)
      .map(({ at, obligation, step, to }) => ({ at, obligation, step, to }))
      .sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at))),
  };
}
