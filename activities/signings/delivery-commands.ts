/** What people do with the inbox of signings: look at deliveries, have them tried again, put them aside. */
import { BilingualError } from '../../rules/engine/basics/bilingual-error';
import { expectedFound, joined } from '../../rules/engine/basics/text';
import type { Language, Text } from '../../rules/engine/basics/text';
import type { Instant } from '../../rules/engine/contract/contract';
import type {
  Signer,
  SigningOutcome,
  SigningReason,
  SigningService,
} from '../../rules/engine/signing/signing';
import { parseExactJson } from '../../rules/engine/reading/exact-json';
import { readDocument } from '../../rules/engine/signing/read-document';
import { deliveryStateName } from '../../templates/words/delivery-states';
import type { Queryable } from '../db';
import { signingsChannel } from './inbox';

export const deliveryStates = ['received', 'waiting', 'refused', 'rejected', 'done'] as const;
export type DeliveryState = (typeof deliveryStates)[number];
export type DeliveryResult = 'started' | 'amendment' | 'duplicate' | 'recorded';

/** A delivery without what it carried. */
export interface DeliveryStatus {
  id: number;
  service: SigningService;
  receivedAt: Instant;
  lastReceivedAt: Instant;
  times: number;
  state: DeliveryState;
  result: DeliveryResult | null;
  /** The first reason of a rejected delivery is what the person who rejected it wrote. */
  reasons: SigningReason[];
  document: string | null;
  outcome: SigningOutcome | null;
  agreement: string | null;
  attempts: number;
  dueAt: Instant;
  lastError: string | null;
  processedAt: Instant | null;
  toldAt: Instant | null;
  by: string | null;
}

/** A paper of a signed document. */
export interface SignedPaper {
  kind: 'contract' | 'certificate';
  state: 'wanted' | 'kept' | 'unavailable';
  name: string | null;
  /** sha256 of the content, hex. */
  digest: string | null;
  lastError: string | null;
}

/** All that is known of one delivery. */
export interface DeliveryDetail extends DeliveryStatus {
  headers: Record<string, string>;
  /** Size of the body, and its sha256, hex. */
  bytes: number;
  digest: string;
  /** Size of what the service's API answered; nothing where it was not asked. */
  fetchedBytes: number | null;
  title?: string;
  signers: Signer[];
  /** Other deliveries about the same document, oldest first. */
  related: DeliveryStatus[];
  /** What became of the document, once it belongs to an agreement. */
  signing?: { agreement: string; kind: 'original' | 'amendment' | 'copy' };
  papers: SignedPaper[];
  amendments: { id: number; state: 'proposed' | 'approved' | 'rejected' }[];
}

const columns = `id, service, received_at as "receivedAt", last_received_at as "lastReceivedAt", times, state, result, reasons,
  document, outcome, agreement, attempts, due_at as "dueAt", last_error as "lastError",
  processed_at as "processedAt", told_at as "toldAt", by`;

/** What needs a person: it waits, or is not processed although its time has come, or trying it failed. */
const pending = `(state = 'waiting' or (state = 'received'
  and (last_error is not null or greatest(received_at, due_at) < now() - interval '1 minute')))`;

export interface DeliveryFilter {
  /** Without one: what somebody has to see to. */
  state?: DeliveryState | 'all';
  service?: SigningService;
  /** Most deliveries to list, the newest. */
  limit: number;
}

/** Deliveries, newest last. @returns also how many older ones there are beyond the limit */
export async function listDeliveries(
  db: Queryable,
  { state, service, limit }: DeliveryFilter,
): Promise<{ deliveries: DeliveryStatus[]; older: number }> {
  const which = `${state === undefined ? pending : `($2 = 'all' or state = $2)`} and ($1::text is null or service = $1)`;
  const given = [service ?? null, ...(state === undefined ? [] : [state])];
  const newest = await db.query<DeliveryStatus>(
    `select ${columns} from deliveries where ${which} order by id desc limit $${given.length + 1}`,
    [...given, limit],
  );
  const [all] = await db.query<{ count: number }>(
    `select count(*) as count from deliveries where ${which}`,
    given,
  );
  return { deliveries: newest.reverse(), older: (all?.count ?? 0) - newest.length };
}

/** How many deliveries started or amended an agreement in the last `days` days. */
export async function takenWithin(db: Queryable, days: number): Promise<number> {
  const [taken] = await db.query<{ count: number }>(
    `select count(*) as count from deliveries where state = 'done' and result in ('started', 'amendment')
        and processed_at > now() - make_interval(days => $1)`,
    [days],
  );
  return taken?.count ?? 0;
}

/** One delivery with all that belongs to it. @throws where there is none with this number */
export async function findDelivery(db: Queryable, id: number): Promise<DeliveryDetail> {
  const [row] = await db.query<
    DeliveryStatus & { headers: Record<string, string>; digest: string; body: Buffer; fetched: Buffer | null }
  >(`select ${columns}, headers, digest, body, fetched from deliveries where id = $1`, [id]);
  if (!row) throw await unknownDelivery(db, id);
  const { body, fetched, ...delivery } = row;
  const about = [delivery.service, delivery.document];
  const [signing] = await db.query<NonNullable<DeliveryDetail['signing']>>(
    'select agreement, kind from signings where service = $1 and document = $2',
    about,
  );
  return {
    ...delivery,
    bytes: body.length,
    fetchedBytes: fetched?.length ?? null,
    ...describeDocument(delivery.service, fetched ?? body),
    related: await db.query<DeliveryStatus>(
      `select ${columns} from deliveries where service = $1 and document = $2 and id <> $3 order by id`,
      [...about, id],
    ),
    ...(signing && { signing }),
    papers: await db.query<SignedPaper>(
      `select kind, state, name, digest, last_error as "lastError" from signed_files
        where service = $1 and document = $2 order by kind desc`,
      about,
    ),
    amendments: await db.query<DeliveryDetail['amendments'][number]>(
      'select id, state from amendments where service = $1 and document = $2 order by id',
      about,
    ),
  };
}

/** A delivery's body as it came, or what the service's API answered about it. @returns null where it was not asked */
export async function contentOf(
  db: Queryable,
  id: number,
  which: 'body' | 'fetched',
): Promise<Buffer | null> {
  const [row] = await db.query<{ content: Buffer | null }>(
    `select ${which} as content from deliveries where id = $1`,
    [id],
  );
  if (!row) throw await unknownDelivery(db, id);
  return row.content;
}

/** Title and signers, as far as what came says them. */
export function describeDocument(
  service: SigningService,
  content: Buffer,
): { title?: string; signers: Signer[] } {
  try {
    const read = readDocument(service, parseExactJson(content.toString('utf8')));
    if (!('value' in read)) return { signers: [] };
    const { title, signers } = read.value;
    return { ...(title !== undefined && { title }), signers };
  } catch {
    // Why it cannot be read is among the delivery's reasons; here it only has no name.
    return { signers: [] };
  }
}

async function unknownDelivery(db: Queryable, id: number): Promise<Error> {
  const [nearest] = await db.query<{ id: number }>(
    'select id from deliveries order by abs(id - $1::bigint), id limit 1',
    [id],
  );
  const hint: Text = nearest
    ? { sv: `; närmast är ${nearest.id}`, en: `; the nearest is ${nearest.id}` }
    : { sv: '; inget har kommit in än', en: '; nothing has come in yet' };
  return new BilingualError(
    joined(
      expectedFound(
        { sv: 'numret på en leverans', en: 'the number of a delivery' },
        { sv: `ingen med numret ${id}`, en: `none with number ${id}` },
      ),
      hint,
    ),
  );
}

/** Deliveries that can be tried again: all that did nothing. Processing a document twice does nothing twice. */
const retried = `(state in ('waiting', 'received', 'rejected') or (state = 'done' and result = 'recorded'))`;

const setReceived = `state = 'received', result = null, reasons = '[]', attempts = 0, due_at = now(), last_error = null`;

/**
 * Has one delivery processed again, now; one that was rejected is no longer.
 * @param by who asks for it
 * @throws where there is none, or where its state does not allow it: says what to do
 */
export async function retryDelivery(db: Queryable, id: number, by: string): Promise<DeliveryStatus> {
  const [taken] = await db.query<DeliveryStatus>(
    `with taken as (update deliveries set ${setReceived}, by = $2 where id = $1 and ${retried} returning *)
     select ${columns}, pg_notify($3, '') from taken`,
    [id, by, signingsChannel],
  );
  if (!taken) throw await notRetried(db, id);
  return withoutNotify(taken);
}

/** Has all that wait, or are to be tried later, processed now. @returns their numbers */
export async function retryDeliveries(
  db: Queryable,
  { service, by }: { service?: SigningService; by: string },
): Promise<number[]> {
  const taken = await db.query<{ id: number }>(
    `with taken as (
       update deliveries set ${setReceived}, by = $2
        where ${pending} and ($1::text is null or service = $1) returning id)
     select id, pg_notify($3, '') from taken order by id`,
    [service ?? null, by, signingsChannel],
  );
  return taken.map(({ id }) => id);
}

async function notRetried(db: Queryable, id: number): Promise<Error> {
  const { state, result, service, agreement } = await findDelivery(db, id);
  if (state === 'refused')
    return new BilingualError({
      sv:
        `leverans ${id} avvisades: dess signatur passar ingen nyckel. Den kontrolleras igen först när den levereras ` +
        `igen: rätta nyckeln (SERVICEAVTAL_${service.toUpperCase()}_KEYS), och låt sedan tjänsten skicka den igen`,
      en:
        `delivery ${id} was refused: its signature does not fit any key. It is checked again only when it is delivered ` +
        `again: put the key right (SERVICEAVTAL_${service.toUpperCase()}_KEYS), then have the service send it again`,
    });
  const of = agreement === null ? '' : `, ${agreement}`;
  const end = (language: Language): string =>
    deliveryStateName(state, language) +
    (result === null ? '' : ` (${deliveryStateName(result, language)}${of})`);
  return new BilingualError(
    joined(
      expectedFound(
        {
          sv: 'en leverans som väntar, är mottagen, är åsidolagd eller noterad',
          en: 'a delivery that is waiting, received, rejected or recorded',
        },
        { sv: `${id}, ${end('sv')}`, en: `${id} ${end('en')}` },
      ),
      { sv: ': inget finns kvar att försöka', en: ': nothing is left to try' },
    ),
  );
}

/**
 * Puts one delivery aside: it is not processed until somebody has it tried again.
 * @param reason kept before the reasons for which it waited
 * @throws where there is none, or it neither waits nor is to be processed
 */
export async function rejectDelivery(
  db: Queryable,
  id: number,
  { reason, by }: { reason: string; by: string },
): Promise<DeliveryStatus> {
  const first: SigningReason = { message: { sv: reason, en: reason } };
  const [rejected] = await db.query<DeliveryStatus>(
    `update deliveries set state = 'rejected', reasons = $2::jsonb || reasons, by = $3, processed_at = now()
      where id = $1 and state in ('waiting', 'received') returning ${columns}`,
    [id, JSON.stringify([first]), by],
  );
  if (rejected) return rejected;
  const { state, result } = await findDelivery(db, id);
  const found = (language: Language): string =>
    deliveryStateName(state, language) + (result === null ? '' : ` (${deliveryStateName(result, language)})`);
  throw new BilingualError(
    expectedFound(
      { sv: 'en leverans som väntar eller är mottagen', en: 'a delivery that is waiting or received' },
      { sv: `${id}, ${found('sv')}`, en: `${id} ${found('en')}` },
    ),
  );
}

/** The row without what announcing it gave. */
function withoutNotify(row: DeliveryStatus): DeliveryStatus {
  const { pg_notify: _nothing, ...delivery } = row as DeliveryStatus & { pg_notify: unknown };
  return delivery;
}
