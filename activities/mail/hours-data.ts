/** What mails tell of the hour bank: how it stands, and line by line in a statement, which is kept as it was sent. */
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import { entryChanges } from '../../rules/engine/hours/entries';
import type { Cover } from '../../rules/engine/hours/orders';
import { sum } from '../../rules/engine/basics/sum';
import { usedUpOn } from '../../rules/engine/hours/forecast';
import { inHundredths } from '../../rules/engine/hours/hour-bank';
import { discountedRate } from '../../rules/engine/hours/price';
import type { MailAlert, MailHours } from '../../templates/mails/mail-data';
import { changedLines } from '../../templates/statement/account';
import type { StatementLine, ToldBefore } from '../../templates/statement/data';
import type { Db, Queryable } from '../db';
import { beyondBank, burn, closeOf, readHours } from '../hours/facts';
import type { BeyondBank, HourFacts } from '../hours/facts';
import { findClose } from '../hours/ledger';
import { statementLines } from '../hours/lines';
import type { KeptStatement } from './kept-statements';
import { isCorrected, keepStatement } from './kept-statements';
import { samePrice } from '../hours/orders';
import type { MailContext, SendNoticeInput } from './notice';
import { findNames } from './person-names';
import { endedHours } from './told-hours';

/** How the hour bank stands; of a statement with its lines, as it was sent before if it was. */
export async function hoursData(db: Db, context: MailContext, input: SendNoticeInput): Promise<MailHours> {
  if (input.template !== 'hour-statement') return balanceData(db, context);
  const { content } = await keepStatement(db, input, (tx, before) =>
    statementData(tx, context, input, before),
  );
  return content;
}

/** Hours rolled in that are going to lapse within the year, and when. */
function lapsing({ plan, asOf }: MailContext, facts: HourFacts): Pick<MailHours, 'lapsing' | 'lapsesOn'> {
  const lapse = plan.obligations.find(({ id }) => id === 'hours/lapse');
  const unused = burn(facts, localDateOf(asOf)).left[`rolled-${plan.yearNumber}`] ?? 0;
  return lapse === undefined || asOf >= lapse.dueAt || unused === 0
    ? {}
    : { lapsing: inHundredths(unused), lapsesOn: lapse.dueOn };
}

/** Hours bought, or given by us, that a closed year leaves: they live on. */
const stillAdded = (hours: number): Pick<MailHours, 'addedLeft'> => (hours > 0 ? { addedLeft: hours } : {});

async function balanceData(db: Queryable, context: MailContext): Promise<MailHours> {
  const { contract, plan, terms, asOf } = context;
  const { agreement } = contract;
  const today = localDateOf(asOf);
  const facts = await readHours(db, agreement);
  const close = closeOf(facts, plan.yearNumber, today);
  const {
    rolledOut,
    expired,
    lapsed,
    refunded = 0,
    held = 0,
    refundMinor: _refund,
    beyondPaid: _beyond,
    beyondPaidMinor: _beyondMinor,
    ...balance
  } = close;
  const closed = await findClose(db, agreement, plan.yearNumber);
  const usedUp = usedUpOn(balance, plan, today);
  return {
    ...balance,
    ...(lapsed > 0 && { lapsed }),
    ...lapsing(context, facts),
    ...(closed
      ? {
          rolledOut,
          expired,
          ...(held > 0 && { held }),
          ...stillAdded(balance.remaining - rolledOut - expired - refunded - held),
          ...endedHours(facts, plan.yearNumber, close),
        }
      : atYearsEnd(facts, context)),
    ...(usedUp !== undefined && !closed && { usedUpOn: usedUp }),
    currency: contract.hourBank.currency,
    discountedRateMinor: discountedRate(plan.hourlyRateMinor, terms.hourBank.discountPercent),
    ...beyondData(beyondBank(facts, plan.yearNumber, today)),
    final: closed !== undefined,
    asOf: today,
  };
}

/** What waits beyond the bank, and what is ordered or approved. */
function beyondData(
  beyond: readonly BeyondBank[],
): Pick<
  MailHours,
  'overageAmountMinor' | 'waiting' | 'waitingPriceMinor' | 'ordered' | 'orderedAmountMinor'
> {
  const of = (covers: readonly Cover['by'][]): Pick<BeyondBank, 'seconds' | 'amountMinor'> => {
    const all = beyond.filter(({ cover }) => covers.includes(cover.by));
    return {
      seconds: sum(all.map(({ seconds }) => seconds)),
      amountMinor: sum(all.map(({ amountMinor }) => amountMinor)),
    };
  };
  const [waiting, ordered] = [of(['nobody']), of(['standing', 'order', 'charge'])];
  return {
    ...{ overageAmountMinor: waiting.amountMinor, waiting: inHundredths(waiting.seconds) },
    ...samePrice(
      beyond.filter(({ cover }) => cover.by === 'nobody'),
      'waitingPriceMinor',
    ),
    ...(ordered.seconds > 0 && {
      ordered: inHundredths(ordered.seconds),
      orderedAmountMinor: ordered.amountMinor,
    }),
  };
}

/** What the year's end would make of the hours if no more were used. */
function atYearsEnd(facts: HourFacts, { plan }: MailContext): Pick<MailHours, 'wouldRoll' | 'wouldExpire'> {
  const { rolledOut, expired } = closeOf(facts, plan.yearNumber, plan.to);
  return { wouldRoll: rolledOut, wouldExpire: expired };
}

async function statementData(
  db: Queryable,
  context: MailContext,
  input: SendNoticeInput,
  before: KeptStatement | undefined,
): Promise<MailHours> {
  const { contract, plan, asOf } = context;
  const balance = await balanceData(db, context);
  const facts = await readHours(db, contract.agreement);
  const lines = await withNames(db, context, statementLines(facts, plan.yearNumber, localDateOf(asOf)));
  const told = isCorrected(input)
    ? await toldBefore(db, context, before, { expired: balance.expired ?? 0, lines })
    : undefined;
  return { ...balance, lines, ...(told && { told }) };
}

async function withNames(
  db: Queryable,
  { contract }: MailContext,
  lines: readonly StatementLine[],
): Promise<StatementLine[]> {
  const nameOf = await findNames(
    db,
    contract,
    lines.flatMap(({ by }) => by ?? []),
  );
  return lines.map((line) => ({
    ...line,
    ...(line.by !== undefined && { by: nameOf(line.by, line.on) }),
  }));
}

/** What the last statement of a closed year told, and line by line what is otherwise now. */
async function toldBefore(
  db: Queryable,
  context: MailContext,
  kept: KeptStatement | undefined,
  now: { expired: number; lines: StatementLine[] },
): Promise<ToldBefore | undefined> {
  const last = kept ?? (await tellAgain(db, context));
  if (!last) return undefined;
  const { used, overage, rolledOut = 0, expired = 0, lines = [], version } = last.content;
  const freed = now.expired - expired;
  return {
    on: localDateOf(last.asOf),
    ...(version !== undefined && { version }),
    ...{ used, rolledOut, expired, overage },
    ...(freed > 0 && { freed }),
    changes: changedLines(lines, now.lines),
  };
}

type Told = Pick<MailHours, 'used' | 'overage' | 'rolledOut' | 'expired' | 'lines' | 'version'>;

/** What a final statement told that was sent before statements were kept, from what was known then. */
async function tellAgain(
  db: Queryable,
  context: MailContext,
): Promise<{ asOf: Instant; content: Told } | undefined> {
  const { contract, plan } = context;
  const [last] = await db.query<{ asOf: Instant }>(
    `select as_of as "asOf" from mails where agreement = $1 and year = $2 and template = 'hour-statement'
        and obligation = 'close' and state in ('sent', 'unknown') order by as_of desc limit 1`,
    [contract.agreement, plan.yearNumber],
  );
  if (!last) return undefined;
  const on: LocalDate = localDateOf(last.asOf);
  const facts = await readHours(db, contract.agreement, { knownAt: last.asOf });
  const lines = await withNames(db, context, statementLines(facts, plan.yearNumber, on));
  return { ...last, content: { ...closeOf(facts, plan.yearNumber, on), lines } };
}

/**
 * Why a threshold that was told is not passed any more, where hours that came are the only reason. Where hours were
 * corrected as well nothing is said: both may have done it.
 */
export async function whyTakenBack(
  db: Queryable,
  { contract, plan }: MailContext,
  { obligation, asOf }: SendNoticeInput,
): Promise<Pick<MailAlert, 'because'>> {
  const [told] = await db.query<{ at: Instant | null }>(
    `select max(as_of) as at from mails where agreement = $1 and year = $2 and obligation = $3
        and template = 'hours-alert' and step like 'alert%' and state in ('sent', 'unknown') and as_of <= $4`,
    [contract.agreement, plan.yearNumber, obligation, asOf],
  );
  const at = told?.at;
  if (!at) return {};
  const { recorded, entries } = await readHours(db, contract.agreement);
  if (entryChanges(entries).some(({ entry, billable }) => entry.recordedAt > at && billable < 0)) return {};
  const came = new Set(
    recorded.flatMap(({ kind, seconds, recordedAt }) => (recordedAt > at && seconds > 0 ? [kind] : [])),
  );
  const because = (['purchased', 'contracted', 'goodwill'] as const).find((kind) => came.has(kind));
  return because === undefined ? {} : { because };
}
