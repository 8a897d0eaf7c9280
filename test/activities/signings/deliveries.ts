/** Deliveries as tests of the inbox need them: kept as they come in, then as if they had been processed. */
import type { Db } from '../../../activities/db';
import { keepDelivery } from '../../../activities/signings/inbox';
import type { DeliveryResult, DeliveryState } from '../../../activities/signings/delivery-commands';
import type { SigningReason, SigningService } from '../../../rules/engine/signing/signing';

export const missing = (field: string): SigningReason => ({
  about: 'contract.level',
  message: {
    sv: `förväntade fältet "${field}", hittade inget`,
    en: `expected the field "${field}", found none`,
  },
});

/** A body in our own form. */
export const signedBody = (id: string, document: object = {}): Buffer =>
  Buffer.from(
    JSON.stringify({
      event: 'completed',
      document: {
        id,
        title: `Serviceavtal ${id}`,
        completedAt: '2027-02-16T08:50:00Z',
        signers: [{ name: 'Anna Lindqvist', email: 'anna@kund.example.com' }],
        ...document,
      },
      contract: {},
    }),
  );

export interface Arrived {
  service?: SigningService;
  body?: Buffer;
  document?: string;
  state?: DeliveryState;
  result?: DeliveryResult;
  reasons?: SigningReason[];
  agreement?: string;
}

let count = 0;

/** Keeps a delivery and puts it where processing would have: by itself it waits for the field "Nivå". @returns its number */
export async function arrive(db: Db, arrived: Arrived = {}): Promise<number> {
  const { service = 'signed', document = `doc-${++count}`, state = 'waiting', agreement } = arrived;
  const {
    body = signedBody(document),
    result,
    reasons = state === 'waiting' ? [missing('Nivå')] : [],
  } = arrived;
  const headers = { 'content-type': 'application/json' };
  const { id } = await keepDelivery(db, { service, headers, body });
  await settle(db, id, {
    state,
    reasons,
    document,
    ...(result && { result }),
    ...(agreement && { agreement }),
  });
  return id;
}

/** What processing writes of a delivery. */
export async function settle(
  db: Db,
  id: number,
  { state = 'waiting', result, reasons = [], document, agreement }: Omit<Arrived, 'body' | 'service'>,
): Promise<void> {
  await db.query(
    `update deliveries set state = $2, result = $3, reasons = $4, document = coalesce($5, document),
            agreement = $6, processed_at = case when $2 = 'received' then null else now() end where id = $1`,
    [id, state, result ?? null, JSON.stringify(reasons), document ?? null, agreement ?? null],
  );
}
