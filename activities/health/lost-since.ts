/** What the record outside of the database tells and the database does not know: what a restoration has lost. */
import { isDeepStrictEqual } from 'node:util';
import type { Instant } from '../../rules/engine/contract/contract';
import type { Queryable } from '../db';
import { columnsOf } from '../db';
import type {
  RecordedBasis,
  RecordedHours,
  RecordedMail,
  RecordedMessage,
  RecordLine,
} from '../record/entries';

/** A message with a name for good: sent again, it has the same. */
export type LostMessage = RecordedMessage & { key: string };

export interface Lost {
  /** Agreements that the record names and the database has not. */
  agreements: string[];
  mails: RecordedMail[];
  messages: LostMessage[];
  hours: RecordedHours[];
  invoices: RecordedBasis[];
}

/** Names a message for good: numbers of the journal are given again after a restoration. */
export const messageKey = ({ agreement, year, id, at, name }: RecordedMessage): string =>
  [agreement, year, id, name, at].join('/');

/**
 * Compares what was recorded with what the database has.
 *
 * @param lines of the record since the back-up
 * @param until lines that were written later are of the restored database itself; all count without it
 */
export async function lostSince(lines: readonly RecordLine[], db: Queryable, until?: Instant): Promise<Lost> {
  const before = until === undefined ? lines : lines.filter(({ written }) => written <= until);
  const after = until === undefined ? [] : lines.filter(({ written }) => written > until);
  const lost = {
    mails: await lostMails(db, before),
    messages: await lostMessages(db, before, after),
    hours: await lostHours(db, before),
    invoices: await lostBases(db, before),
  };
  const named = [...lost.mails, ...lost.messages, ...lost.hours, ...lost.invoices].flatMap(
    ({ agreement }) => agreement ?? [],
  );
  return { agreements: await unknownAgreements(db, [...new Set(named)].sort()), ...lost };
}

/** The last entry for each name, in the order in which they came. */
function lastOf<T>(entries: readonly T[], nameOf: (entry: T) => string): T[] {
  const last = new Map<string, T>();
  for (const entry of entries) {
    last.delete(nameOf(entry));
    last.set(nameOf(entry), entry);
  }
  return [...last.values()];
}

function ofKind<K extends RecordLine['kind']>(
  lines: readonly RecordLine[],
  kind: K,
): Extract<RecordLine, { kind: K }>[] {
  return lines.filter((line): line is Extract<RecordLine, { kind: K }> => line.kind === kind);
}

async function lostMails(db: Queryable, lines: readonly RecordLine[]): Promise<RecordedMail[]> {
  const mails = lastOf(ofKind(lines, 'mail'), ({ key }) => key).filter(({ state }) => state === 'sent');
  const known = await db.query<{ key: string }>(
    `select key from mails where key = any ($1) and state in ('sent', 'unknown')`,
    [mails.map(({ key }) => key)],
  );
  return without(mails, known, ({ key }) => key);
}

async function lostMessages(
  db: Queryable,
  before: readonly RecordLine[],
  after: readonly RecordLine[],
): Promise<LostMessage[]> {
  // A task that was lost is done again, under the same number.
  const last = lastOf(ofKind(before, 'message'), ({ agreement, year, id }) => `${agreement}/${year}/${id}`);
  const messages = last.map((message) => ({ ...message, key: messageKey(message) }));
  const names = columnsOf(
    messages.map(({ agreement, year, id, at, name, key }) => ({
      ...{ event: `${agreement}/${year}/${id}`, at, name, key },
    })),
  );
  const known = await db.query<{ key: string }>(
    `select m.key from unnest($1::text[], $2::timestamptz[], $3::text[], $4::text[]) as m(event, at, name, key)
       join events e on e.id = m.event and e.at = m.at and e.ref = m.name
     union select id from messages_sent_again where id = any ($4)`,
    names('event', 'at', 'name', 'key'),
  );
  // What Temporal had when the back-up was taken, and no worker had seen, is taken in after the restoration.
  const later = ofKind(after, 'message');
  return without(messages, known, ({ key }) => key).filter((message) => {
    const index = later.findIndex(
      (one) =>
        one.agreement === message.agreement &&
        one.name === message.name &&
        isDeepStrictEqual(one.input, message.input),
    );
    if (index >= 0) later.splice(index, 1);
    return index < 0;
  });
}

async function lostHours(db: Queryable, lines: readonly RecordLine[]): Promise<RecordedHours[]> {
  // A restored year gives the ids of its entries again: when one was recorded tells them apart.
  const nameOf = ({ id, at }: RecordedHours): string => `${id} ${at}`;
  const hours = lastOf(ofKind(lines, 'hours'), nameOf);
  const known = await db.query<{ id: string; at: Instant }>(
    'select id, recorded_at as at from hour_entries where id = any ($1)',
    [hours.map(({ id }) => id)],
  );
  const have = new Set(known.map(({ id, at }) => `${id} ${at}`));
  return hours.filter((entry) => !have.has(nameOf(entry)));
}

async function lostBases(db: Queryable, lines: readonly RecordLine[]): Promise<RecordedBasis[]> {
  const bases = lastOf(ofKind(lines, 'invoice'), ({ number }) => number);
  const known = await db.query<{ key: string }>(
    'select number as key from invoice_bases where number = any ($1)',
    [bases.map(({ number }) => number)],
  );
  return without(bases, known, ({ number }) => number);
}

async function unknownAgreements(db: Queryable, named: readonly string[]): Promise<string[]> {
  const known = await db.query<{ key: string }>(
    'select number as key from agreements where number = any ($1)',
    [named],
  );
  return without(named, known, (number) => number);
}

function without<T>(all: readonly T[], known: readonly { key: string }[], nameOf: (one: T) => string): T[] {
  const names = new Set(known.map(({ key }) => key));
  return all.filter((one) => !names.has(nameOf(one)));
}
