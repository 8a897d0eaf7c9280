/**
 * The ledger's double entry: what a burn-down moves between accounts, in seconds and in minor units (öre). It is posted
 * as differences from what was posted before, so that nothing that is posted changes.
 */
import { compare } from '../basics/compare';
import type { LocalDate } from '../contract/contract';
import type { BurnDown, Grant, GrantEnd, Use } from './burn-down';
import type { Cover, CoveredDraw } from './orders';
import { amountOf } from './price';

/**
 * Where hours are: not given yet (`bank`), on a grant, `used`, `expired`, `refunded` when the agreement ended, or used beyond the bank: in `suspense` until the
 * customer orders them, then `overage`, or `waived` by a manager. What `bank`, `suspense`, `overage` and `waived` give counts below
 * zero there.
 */
export type Account =
  ('bank' | 'used' | 'expired' | 'refunded' | 'overage' | 'waived' | 'suspense') | `grant:${string}`;

/** What an account gains; below zero what it gives. */
export interface Posting {
  account: Account;
  seconds: number;
  /** Minor units, without VAT. */
  minor: number;
}

/** Postings about one thing. They add up to zero in seconds and in minor units. */
export interface Position {
  /** What they are about: hours given, a use on its day, the end of a grant. */
  subject: string;
  /** The day on which it happened. */
  on: LocalDate;
  /** One for each account, in the order of the accounts. */
  postings: Posting[];
}

/** Prices of an hour in minor units, after discount. */
export interface HourPrices {
  of(grant: Grant): number;
  /** Of a use that finds nothing to draw on. */
  beyond(use: string): number;
  /** Of a use that is taken from the next period. */
  ahead(use: string): number;
}

type Amount = Omit<Posting, 'account'>;

const nothing: Amount = { seconds: 0, minor: 0 };

const add = (a: Amount, b: Amount, sign: 1 | -1 = 1): Amount => ({
  seconds: a.seconds + sign * b.seconds,
  minor: a.minor + sign * b.minor,
});

/** Amounts by account while they are gathered. */
class Accounts {
  private readonly amounts = new Map<Account, Amount>();

  move(from: Account, to: Account, amount: Amount): this {
    this.amounts.set(from, add(this.of(from), amount, -1));
    this.amounts.set(to, add(this.of(to), amount));
    return this;
  }

  of(account: Account): Amount {
    return this.amounts.get(account) ?? nothing;
  }

  /** Those that are not zero. */
  postings(): Posting[] {
    return [...this.amounts]
      .filter(([, { seconds, minor }]) => seconds !== 0 || minor !== 0)
      .map(([account, amount]) => ({ account, ...amount }))
      .sort((a, b) => compare(a.account, b.account));
  }
}

function accountOf(cover: Cover | undefined): Account {
  if (cover === undefined || cover.by === 'nobody') return 'suspense';
  if (cover.by === 'ahead') return `grant:${cover.grant}`;
  return cover.by === 'waive' ? 'waived' : 'overage';
}

/**
 * All that a burn-down moves, in the order of its days. A use is worth what it draws at the price of the grant; what
 * rounding leaves on a grant expires with it.
 *
 * @param uses those that the burn-down was made of
 */
export function positionsOf(
  { grants, draws, ends }: Omit<BurnDown, 'draws'> & { draws: readonly CoveredDraw[] },
  uses: readonly Use[],
  prices: HourPrices,
): Position[] {
  const priceOf = new Map(grants.map((grant) => [grant.id, prices.of(grant)]));
  const worth = (seconds: number, price = 0): Amount => ({ seconds, minor: amountOf(seconds, price) });
  const standing = new Accounts();
  const positions: Position[] = [];
  const subjects = new Map<string, Accounts>();
  const move = (subject: string, on: LocalDate, from: Account, to: Account, amount: Amount): void => {
    standing.move(from, to, amount);
    const accounts = subjects.get(subject) ?? new Accounts();
    if (!subjects.has(subject)) {
      subjects.set(subject, accounts);
      positions.push({ subject, on, postings: [] });
    }
    accounts.move(from, to, amount);
  };
  const rolledIn = new Set(
    ends.flatMap(({ into, held = [] }) => [into ?? [], held.map(({ on }) => on)].flat()),
  );
  for (const { id, from, seconds } of grants)
    if (!rolledIn.has(id)) move(`given/${id}`, from, 'bank', `grant:${id}`, worth(seconds, priceOf.get(id)));
  const days = new Map(uses.map(({ id, on }) => [id, on]));
  const use = ({ use, grant, seconds, cover }: CoveredDraw, on: LocalDate): void => {
    const from: Account = grant === undefined ? accountOf(cover) : `grant:${grant}`;
    const price = cover?.by === 'ahead' ? prices.ahead(use) : prices.beyond(use);
    const drawn = worth(seconds, grant === undefined ? price : priceOf.get(grant));
    // Hours that rolled in from several grants were rounded one by one: together they may be an öre less.
    const minor = grant === undefined ? drawn.minor : Math.min(drawn.minor, standing.of(from).minor);
    move(`use/${use}/${on}`, on, from, 'used', { seconds, minor });
  };
  const end = ({ grant, on, expired, rolled, refunded = 0, into, held = [] }: GrantEnd): void => {
    const subject = `end/${grant}/${on}`;
    if (into !== undefined)
      move(subject, on, `grant:${grant}`, `grant:${into}`, worth(rolled, priceOf.get(grant)));
    for (const { seconds, on: holding } of held) {
      const { minor } = standing.of(`grant:${grant}`);
      const heldMinor = Math.min(worth(seconds, priceOf.get(grant)).minor, minor);
      move(subject, on, `grant:${grant}`, `grant:${holding}`, { seconds, minor: heldMinor });
    }
    const back = Math.min(worth(refunded, priceOf.get(grant)).minor, standing.of(`grant:${grant}`).minor);
    move(subject, on, `grant:${grant}`, 'refunded', { seconds: refunded, minor: back });
    const { minor } = standing.of(`grant:${grant}`);
    move(subject, on, `grant:${grant}`, 'expired', { seconds: expired, minor });
  };
  // What ends on a day ends before that day's work.
  const happened = [
    ...ends.map((one) => ({ on: one.on, tell: () => end(one) })),
    ...draws.map((one) => ({ on: days.get(one.use) ?? '', tell: () => use(one, days.get(one.use) ?? '') })),
  ].sort((a, b) => compare(a.on, b.on));
  for (const { tell } of happened) tell();
  return positions
    .map((position) => ({ ...position, postings: subjects.get(position.subject)?.postings() ?? [] }))
    .filter(({ postings }) => postings.length > 0)
    .sort((a, b) => compare(a.on, b.on) || compare(a.subject, b.subject));
}

/**
 * What has to be posted so that the ledger says what is found now: for each subject the difference from what was posted.
 *
 * @param posted what was posted so far, one position for each subject
 */
export function differencesFrom(posted: readonly Position[], found: readonly Position[]): Position[] {
  const before = new Map(posted.map((position) => [position.subject, position]));
  const now = new Set(found.map(({ subject }) => subject));
  const gone = posted.filter(({ subject }) => !now.has(subject)).map((one) => ({ ...one, postings: [] }));
  return [...gone, ...found].flatMap((position) => {
    const postings = difference(before.get(position.subject)?.postings ?? [], position.postings);
    return postings.length > 0 ? [{ ...position, postings }] : [];
  });
}

function difference(before: readonly Posting[], after: readonly Posting[]): Posting[] {
  const accounts = [...new Set([...before, ...after].map(({ account }) => account))].sort(compare);
  const of = (postings: readonly Posting[], wanted: Account): Amount =>
    postings.find(({ account }) => account === wanted) ?? nothing;
  return accounts
    .map((account) => ({ account, ...add(of(after, account), of(before, account), -1) }))
    .filter(({ seconds, minor }) => seconds !== 0 || minor !== 0);
}
