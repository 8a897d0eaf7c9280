/**
 * Three years of reports, late ones, corrections, things taken back and hours bought, recorded in different orders: the
 * ledger ends in the same allocation, which is that of a naive bank in which every hour is a thing of its own.
 */
import { burn, hoursOfYear, readHours } from '../../activities/hours/facts';
import type { HourFacts } from '../../activities/hours/facts';
import { createHoursActivities } from '../../activities/hours/hours';
import type { ReportedEntry } from '../../activities/hours/ledger';
import { statementLines } from '../../activities/hours/lines';
import { readTransactions } from '../../activities/hours/postings';
import type { Db } from '../../activities/db';
import { createTermsActivities } from '../../activities/years/terms';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { addDays, addMonths, later } from '../../rules/engine/calendar/dates';
import type { BurnDown } from '../../rules/engine/hours/burn-down';
import { accountOf } from '../../templates/statement/account';
import { naiveHours } from '../helpers/naive-hours';
import { random } from '../helpers/random-year';
import { freshDatabase } from '../helpers/stack';
import { signAndPlan } from './signed-agreement';

const agreement = 'testbolaget-2027';
const hour = 3600;

interface Fact {
  /** The day on which it can be recorded at the earliest. */
  from: string;
  /** It is recorded after this one. */
  after?: string;
  entry: Omit<ReportedEntry, 'asOf' | 'byAssumed'>;
}

interface Chance {
  /** A whole number, both ends included. */
  whole(from: number, to: number): number;
  chance(share: number): boolean;
}

function chanceFrom(seed: number): Chance {
  const next = random(seed);
  return {
    whole: (from, to) => from + Math.floor(next() * (to - from + 1)),
    chance: (share) => next() < share,
  };
}

/** What is said about three years: uses, corrections of some, some taken back, hours bought. */
function randomFacts({ whole, chance }: Chance): Fact[] {
  const day = (): string => addDays('2027-01-01', whole(0, 1090));
  const said = { by: 'anna', confirmed: true, approvedBy: 'mats' };
  const uses = Array.from({ length: whole(8, 20) }, (_, index): Fact => {
    const on = day();
    return {
      from: on,
      entry: { ...said, entryId: `use-${index + 10}`, seconds: whole(1, 45) * hour, on, ref: `ref-${index}` },
    };
  });
  const changes = uses.flatMap(({ from, entry: { entryId, ref } }): Fact[] => {
    const name = { ref: ref! };
    if (chance(0.25))
      return [
        {
          from,
          after: entryId,
          entry: { ...said, entryId: `fix-${entryId}`, seconds: whole(0, 45) * hour, corrects: name },
        },
      ];
    return chance(0.15)
      ? [{ from, after: entryId, entry: { ...said, entryId: `back-${entryId}`, undoes: name } }]
      : [];
  });
  const bought = Array.from({ length: whole(0, 2) }, (_, index): Fact => {
    const on = day();
    const gives = { kind: 'purchased', months: 12 } as const;
    return {
      from: on,
      entry: { ...said, entryId: `bought-${index}`, seconds: whole(1, 40) * hour, on, gives },
    };
  });
  return [...uses, ...changes, ...bought];
}

/** When each is recorded: on its day or up to a year and a half later, each after what it is about; what is bought at once. */
function arrivals(facts: readonly Fact[], { whole, chance }: Chance): [day: string, fact: Fact][] {
  const days = new Map<string, string>();
  for (const { from, after, entry } of facts) {
    const earliest = (after === undefined ? undefined : days.get(after)) ?? from;
    days.set(entry.entryId, entry.gives || chance(0.4) ? earliest : addDays(earliest, whole(1, 500)));
  }
  return facts
    .map((fact): [string, Fact] => [days.get(fact.entry.entryId)!, fact])
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Records all of it while the years are closed one by one, and gives what became of every hour. */
async function lived(facts: readonly Fact[], order: Chance): Promise<BurnDown> {
  const database = await freshDatabase();
  const hours = createHoursActivities(database);
  try {
    await signAndPlan(database.db);
    let year = 1;
    const closeBefore = async (day: string): Promise<void> => {
      for (; year < 3 && day >= `${2027 + year}-01-01`; year += 1) {
        const asOf = `${2026 + year}-12-31T23:00:00.000Z`;
        await hours.closeHours({ agreement, year, asOf, ended: false });
        await createTermsActivities(database).planAgreementYear({
          agreement,
          yearNumber: year + 1,
          asOf,
          revision: 1,
        });
      }
    };
    for (const [day, { entry }] of arrivals(facts, order)) {
      await closeBefore(day);
      const entries = [{ ...entry, byAssumed: false, asOf: `${day}T09:00:00.000Z` }];
      const { booked } = await hours.reportHours({ agreement, year, entries });
      expect(Object.keys(booked)).toEqual([entry.entryId]);
    }
    await closeBefore('2029-01-01');
    await hours.closeHours({ agreement, year: 3, asOf: '2029-12-31T23:00:00.000Z', ended: false });
    const known = await readHours(database.db, agreement);
    const last = known.entries
      .map(({ recordedAt }) => localDateOf(recordedAt))
      .reduce((a, b) => later(a, b), '2030-01-01');
    await expectPostedAsFound(database.db, burn(known, last));
    for (const one of [1, 2, 3]) expectStatementToAddUp(known, one, last);
    return burn(known, '2031-06-30');
  } finally {
    await database.close();
  }
}

/** The lines of a year's statement come to what it leaves for the next, and to less than nothing on no day. */
function expectStatementToAddUp(facts: HourFacts, year: number, last: string): void {
  const { from, to } = facts.periods.find(({ number }) => number === year)!;
  const { lines } = accountOf(statementLines(facts, year, last), { from });
  const hours = hoursOfYear(facts, year, last)!;
  expect(lines.at(-1)?.left).toBe(hours.remaining - hours.rolledOut - hours.expired);
  expect(lines.findLast(({ on }) => on < to)?.left ?? hours.remaining).toBe(hours.remaining);
  const ends = lines.filter(({ on }, index) => on !== lines[index + 1]?.on);
  expect(ends.filter(({ left }) => left < 0)).toEqual([]);
}

/** What is posted comes to what the burn-down finds. */
async function expectPostedAsFound(db: Db, { draws, ends, left }: BurnDown): Promise<void> {
  const posted: Record<string, number> = {};
  for (const { postings } of await readTransactions(db, agreement))
    for (const { account, seconds } of postings) {
      const name = account.startsWith('grant:') ? 'left' : account;
      posted[name] = (posted[name] ?? 0) + seconds;
    }
  const sum = (numbers: number[]): number => numbers.reduce((total, one) => total + one, 0);
  const { used = 0, expired = 0, suspense = 0, left: standing = 0 } = posted;
  expect({ used, expired, beyond: 0 - suspense, standing }).toEqual({
    used: sum(draws.map(({ seconds }) => seconds)),
    expired: sum(ends.map((end) => end.expired)),
    beyond: sum(draws.flatMap(({ grant, seconds }) => (grant === undefined ? [seconds] : []))),
    standing: sum(Object.values(left)),
  });
}

/** What a naive bank says of the same facts. */
function naive(facts: readonly Fact[]) {
  const about = (id: string, prefix: string): Fact | undefined =>
    facts.find(({ entry }) => entry.entryId === `${prefix}-${id}`);
  const uses = facts.flatMap(({ entry: { entryId, seconds = 0, on = '', gives, corrects, undoes } }) => {
    if (gives || corrects || undoes || about(entryId, 'back')) return [];
    const meant = about(entryId, 'fix')?.entry.seconds ?? seconds;
    return [{ id: entryId, on, seconds: meant / hour }];
  });
  const years = [2027, 2028, 2029].map((year, index) => ({
    ...{
      from: `${year}-01-01`,
      to: `${year + 1}-01-01`,
      next: `rolled-${index + 2}`,
      percent: 20,
      ofContracted: true,
    },
    ...{
      rolledExpire: `${year + 2}-01-01`,
      soonestFirst: true,
      kinds: ['rolled', 'contracted', 'purchased', 'goodwill'],
    },
  }));
  const contracted = years.map(({ from, to }, index) => ({
    ...{ id: `contracted-${index + 1}`, kind: 'contracted', seconds: 120, from, expires: to },
  }));
  const bought = facts.flatMap(({ entry: { entryId, seconds = 0, on = '', gives } }) =>
    gives
      ? [{ id: entryId, kind: 'purchased', seconds: seconds / hour, from: on, expires: addMonths(on, 12) }]
      : [],
  );
  return naiveHours([...contracted, ...bought], uses, years, ['2027-01-01', '2031-06-30']);
}

it.each([1, 2, 3, 4])(
  'three years end in the same allocation in whatever order they are told (seed %i)',
  async (seed) => {
    const facts = randomFacts(chanceFrom(seed));
    const expected = naive(facts);
    for (const order of [seed * 100, seed * 100 + 1]) {
      const { draws, ends, left } = await lived(facts, chanceFrom(order));
      const told = { drawn: {}, beyond: {}, ended: {} } as Record<
        'drawn' | 'beyond' | 'ended',
        Record<string, number>
      >;
      const add = (to: keyof typeof told, name: string, seconds: number): void => {
        if (seconds > 0) told[to][name] = (told[to][name] ?? 0) + seconds / hour;
      };
      for (const { use, grant, seconds } of draws)
        if (grant === undefined) add('beyond', use, seconds);
        else add('drawn', `${grant} ${use}`, seconds);
      for (const { grant, expired, rolled } of ends) {
        add('ended', `${grant} expired`, expired);
        add('ended', `${grant} rolled`, rolled);
      }
      for (const [grant, seconds] of Object.entries(left)) add('ended', `${grant} left`, seconds);
      expect(told).toEqual(expected);
    }
  },
);
