/** What a proposed ruleset would do to every live agreement; reads PostgreSQL alone and writes nothing. */
import { createHash } from 'node:crypto';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { canonicalJson } from '../../rules/engine/basics/canonical-json';
import { yearNumberOn } from '../../rules/engine/calendar/agreement-period';
import type { Contract, Instant, LocalDate } from '../../rules/engine/contract/contract';
import { factsKeys } from '../../rules/engine/terms/facts-key';
import { factsFor } from '../../rules/engine/ruleset/facts';
import type { PlannedWindow, YearPlan } from '../../rules/engine/plan/plan';
import { previewOf, previewPlan, previewTerms } from '../../rules/engine/change/preview-change';
import type {
  Comparison,
  LiveAgreement,
  RunningYear,
  WindowsToCome,
} from '../../rules/engine/change/live-agreement';
import type { AgreementPreview, PlanPreview, TermsPreview } from '../../rules/engine/change/preview-change';
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import { memoize } from '../../rules/engine/basics/memoize';
import { nextWorkday } from '../../rules/engine/terms/support-hours';
import type { Terms } from '../../rules/engine/ruleset/terms';
import { rememberingDecide } from '../../rules/engine/terms/terms-for';
import type { Queryable } from '../db';
import { textOf } from '../../rules/engine/basics/bilingual-error';
import type { Text } from '../../rules/engine/basics/text';

/** Agreements read at once: memory stays flat however many there are. */
const batch = 500;
/** Most results kept in memory, of each kind. */
const mostRemembered = 3_000;

/** One live agreement after the other: its preview, that it is untouched, or why the ruleset does not fit it. */
export type PreviewResult =
  { agreement: string; preview: AgreementPreview } | { agreement: string; preview?: undefined; error?: Text };

/** Terms are compared by hash: thousands of agreements share a few of them. */
interface LiveRow {
  number: string;
  contract: Contract;
  yearNumber: number;
  /** 0 for one that has no plan yet. */
  revision: number;
  rate: number | null;
  signedNext: number | null;
  termsHash: string;
  signedHash: string;
}

const signedTerms = `coalesce(a.signed_terms, (select f.terms from plans f where f.agreement = a.number
                                                order by f.year, f.revision limit 1))`;

/** What a preview needs of an agreement `a`, and the joined tables. */
const liveColumns = `a.number, a.contract, a.year_number as "yearNumber", coalesce(p.revision, 0) as revision, p.rate,
            (select price_minor from approved_prices where agreement = a.number and year = a.year_number + 1
              and amendment is not null) as "signedNext",
            md5(coalesce(p.terms, a.signed_terms)::text) as "termsHash", md5(${signedTerms}::text) as "signedHash"
       from agreements a
       left join lateral (select terms, revision, (plan->>'hourlyRateMinor')::int as rate from plans
                           where agreement = a.number and year = a.year_number order by revision desc limit 1) p on true`;

/** Those that live, and those that are signed and not begun: they have no plan yet, but what was signed holds. */
const concerned = `(state = 'live' or state = 'signed' and signed_terms is not null)`;

async function readLive(db: Queryable, after: string, today: LocalDate): Promise<LiveRow[]> {
  const rows = await db.query<LiveRow & { yearNumber: number | null }>(
    `select ${liveColumns} where ${concerned} and a.number > $1 order by a.number limit $2`,
    [after, batch],
  );
  return rows.map((row) => ({
    ...row,
    yearNumber: row.yearNumber ?? yearNumberOn(row.contract.startsOn, today),
  }));
}

/** How far a running year has come, without its plan: enough to tell whether two are alike. */
interface YearRow {
  number: string;
  planHash: string;
  plannedFrom: Instant;
  startsAt: Instant;
  closed: Record<string, Instant>;
  held: Record<string, LocalDate>;
  begun: boolean;
}

/**
 * Whether an obligation `o` is closed in the plan `p`. One that the year itself cancelled still stands in the plan;
 * one that a re-plan withdrew does not.
 */
const isClosed = `(o.state in ('done', 'missed', 'declined')
  or o.state = 'cancelled' and p.plan->'obligations' @> jsonb_build_array(jsonb_build_object('id', o.id)))`;

async function readYears(db: Queryable, rows: readonly LiveRow[]): Promise<Map<string, YearRow>> {
  const years = await db.query<YearRow>(
    `select agreement as number, md5((plan - '{agreement,plannedFrom,welcome,ids,balance,contractedHours,contractedFor}'::text[])::text) as "planHash",
            plan->>'plannedFrom' as "plannedFrom", plan->>'startsAt' as "startsAt",
            coalesce((select jsonb_object_agg(id, to_char(closed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
                        from obligations o where o.agreement = p.agreement and o.year = p.year
                         and ${isClosed}), '{}') as closed,
            coalesce((select jsonb_object_agg(id, held_on) from meetings m
                       where m.agreement = p.agreement and m.year = p.year and held_on is not null), '{}') as held,
            exists (select 1 from upgrade_parts u
                     where u.agreement = p.agreement and u.year = p.year and upgrade = 'upgrade') as begun
       from plans p
       join unnest($1::text[], $2::int[], $3::int[]) as live(number, year, revision)
         on p.agreement = live.number and p.year = live.year and p.revision = live.revision`,
    [
      rows.map(({ number }) => number),
      rows.map(({ yearNumber }) => yearNumber),
      rows.map(({ revision }) => revision),
    ],
  );
  return new Map(years.map((year) => [year.number, year]));
}

/** How many agreements a preview goes over. */
export async function countLive(db: Queryable): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    `select count(*)::int as count from agreements where ${concerned}`,
  );
  return row?.count ?? 0;
}

/**
 * Goes over all agreements that live or are signed to begin, in the order of their numbers. Agreements that differ in
 * nothing that decides are worked out once.
 *
 * @param asOf the instant the change would be made
 * @param moveUpgrades whether upgrades under way take the new phases, where what is done fits them
 * @param windows those that campaigns will give, of agreements for which that changes something
 */
export async function* previewRuleset(
  db: Queryable,
  inForce: Ruleset,
  proposed: Ruleset,
  asOf: Instant,
  moveUpgrades = false,
  windows: WindowsToCome = new Map(),
): AsyncGenerator<PreviewResult> {
  const comparison: Comparison = {
    ...{ asOf, moveUpgrades, windows },
    inForce: { ruleset: inForce, decide: rememberingDecide(inForce) },
    proposed: { ruleset: proposed, decide: rememberingDecide(proposed) },
  };
  const today = localDateOf(asOf);
  const classes = [factsKeys(inForce), factsKeys(proposed)];
  const terms = memoize((hash: string, row: LiveRow) => readTerms(db, row, hash), mostRemembered);
  const ofTerms = memoize(
    (_key: string, live: LiveAgreement) => previewTerms(live, comparison),
    mostRemembered,
  );
  const ofPlan = memoize(
    async (_key: string, row: LiveRow, year: YearRow, live: LiveAgreement, preview: TermsPreview) => {
      const plan = await readPlan(db, row);
      return previewPlan(live, comparison, preview, { plan, ...soFar(year) });
    },
    mostRemembered,
  );

  for (
    let rows = await readLive(db, '', today);
    rows.length > 0;
    rows = await readLive(db, rows.at(-1)?.number ?? '', today)
  ) {
    const looked = await Promise.all(
      rows.map(async (row) => {
        try {
          const { contract, yearNumber } = row;
          const live: LiveAgreement = {
            contract,
            yearNumber,
            terms: await terms(row.termsHash, row),
            signed: await terms(row.signedHash, row),
            ...ratesOf(row),
          };
          return { row, live, preview: await ofTerms(keyOf(row, classes), live) };
        } catch (error) {
          return { row, error: textOf(error) };
        }
      }),
    );
    const running = looked.flatMap(({ row, preview }) =>
      preview?.running === true && row.revision > 0 ? [row] : [],
    );
    const years = running.length > 0 ? await readYears(db, running) : new Map<string, YearRow>();
    for (const { row, live, preview, error } of looked) {
      const agreement = row.number;
      if (error !== undefined) yield { agreement, error };
      else if (preview === undefined) yield { agreement };
      else {
        const year = years.get(agreement);
        yield await previewWith(live, preview, async () =>
          year
            ? ofPlan(yearKey(row, year, preview, windows.get(agreement)), row, year, live, preview)
            : nothing,
        );
      }
    }
  }
}

/** How far a year has come, beside its plan. */
const soFar = ({ closed, held, begun }: YearRow): Omit<RunningYear, 'plan'> => ({
  ...{ closed, held },
  ...(begun && { begun: true as const }),
});

const ratesOf = ({
  rate,
  signedNext,
}: LiveRow): Pick<LiveAgreement, 'decidedRateMinor' | 'signedNextRateMinor'> => ({
  ...(rate !== null && { decidedRateMinor: rate }),
  ...(signedNext !== null && { signedNextRateMinor: signedNext }),
});

/** One agreement as a preview looks at it; terms and year only if it is planned. */
export interface OneAgreement extends Pick<
  LiveAgreement,
  'contract' | 'yearNumber' | 'decidedRateMinor' | 'signedNextRateMinor'
> {
  running?: { terms: Terms; year: RunningYear };
  /** What was signed, where that is known. */
  signed?: Terms;
}

/** Reads one agreement with its running year. */
export async function readOne(
  db: Queryable,
  number: string,
  today: LocalDate,
): Promise<OneAgreement | undefined> {
  const [row] = await db.query<LiveRow & { yearNumber: number | null; signedHash: string | null }>(
    `select ${liveColumns} where a.number = $1`,
    [number],
  );
  if (!row) return undefined;
  const live = { ...row, yearNumber: row.yearNumber ?? yearNumberOn(row.contract.startsOn, today) };
  const one: OneAgreement = { contract: row.contract, yearNumber: live.yearNumber, ...ratesOf(live) };
  if (row.signedHash !== null) one.signed = await readTerms(db, live, row.signedHash);
  const year = row.revision > 0 ? (await readYears(db, [live])).get(number) : undefined;
  if (!year) return one;
  const terms = await readTerms(db, live, row.termsHash);
  return { ...one, running: { terms, year: { plan: await readPlan(db, live), ...soFar(year) } } };
}

const nothing: PlanPreview = { now: { obligations: [], mails: [] }, later: [] };

async function previewWith(
  live: LiveAgreement,
  preview: TermsPreview,
  plan: () => Promise<PlanPreview>,
): Promise<PreviewResult> {
  const { agreement } = live.contract;
  try {
    return { agreement, preview: previewOf(live, preview, await plan()) };
  } catch (error) {
    return { agreement, error: textOf(error) };
  }
}

/** All that decides what becomes of an agreement's terms. */
function keyOf(
  { contract, yearNumber, rate, signedNext, termsHash, signedHash }: LiveRow,
  classes: readonly ReturnType<typeof factsKeys>[],
): string {
  const { startsOn, hourBank } = contract;
  const facts = factsFor(contract, yearNumber, startsOn);
  return JSON.stringify([
    startsOn,
    yearNumber,
    hourBank.discountPercent,
    hourBank.hourlyRate,
    hourBank.currency,
    rate,
    signedNext,
    termsHash,
    signedHash,
    ...classes.map((classOf) => classOf(facts)),
  ]);
}

/** All that decides what becomes of a running year's plan. */
function yearKey(
  { contract, yearNumber }: LiveRow,
  { planHash, plannedFrom, startsAt, closed, held, begun }: YearRow,
  { before, year, prices }: TermsPreview,
  windows: readonly PlannedWindow[] | undefined,
): string {
  const { terms, later } = year;
  const late =
    plannedFrom <= startsAt ? '' : `${localDateOf(plannedFrom)} ${nextWorkday(plannedFrom, terms.support)}`;
  const done = Object.entries(closed).map(([id, at]) => `${id} ${localDateOf(at)}`);
  return JSON.stringify([
    contract.startsOn,
    late === '' ? '' : contract.signedOn,
    yearNumber,
    contract.integrations.length,
    fingerprint(terms),
    later.map(({ on, terms: then }) => [on, fingerprint(then)]),
    before.later.map(({ on, terms: then }) => [on, fingerprint(then)]),
    prices,
    planHash,
    held,
    begun,
    late,
    windows,
    done.sort(),
  ]);
}

const fingerprints = new WeakMap<Terms, string>();

function fingerprint(terms: Terms): string {
  const known = fingerprints.get(terms) ?? createHash('sha256').update(canonicalJson(terms)).digest('hex');
  fingerprints.set(terms, known);
  return known;
}

async function readTerms(
  db: Queryable,
  { number, yearNumber, revision, signedHash, termsHash }: LiveRow,
  hash: string,
): Promise<Terms> {
  const [row] = await db.query<{ terms: Terms; signed: Terms }>(
    `select coalesce(p.terms, a.signed_terms) as terms, ${signedTerms} as signed from agreements a
       left join plans p on p.agreement = a.number and p.year = $2 and p.revision = $3
      where a.number = $1`,
    [number, yearNumber, revision],
  );
  if (!row || (hash !== termsHash && hash !== signedHash))
    throw new Error(`expected the terms of year ${yearNumber} of ${number}, found none`);
  return hash === termsHash ? row.terms : row.signed;
}

async function readPlan(db: Queryable, { number, yearNumber, revision }: LiveRow): Promise<YearPlan> {
  const [row] = await db.query<{ plan: YearPlan }>(
    'select plan from plans where agreement = $1 and year = $2 and revision = $3',
    [number, yearNumber, revision],
  );
  if (!row) throw new Error(`expected the plan of year ${yearNumber} of ${number}, found none`);
  return row.plan;
}
