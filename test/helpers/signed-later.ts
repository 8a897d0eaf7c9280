/** Does what the inbox does with a document for an agreement that already exists. */
import type { Db } from '../../activities/db';
import type { Judged, SignedLater } from '../../activities/signings/amendments';
import { judgeAmendment, recordAmendment } from '../../activities/signings/amendments';
import { localDateOf } from '../../rules/engine/calendar/calendar';

let documents = 0;

/**
 * Judges a document, and stores it as an amendment if it changes something.
 * @returns the judgement, and the amendment's number
 */
export async function signLater(
  db: Db,
  signed: Pick<SignedLater, 'contract' | 'from'>,
  today = localDateOf(new Date().toISOString()),
  title = 'Tillägg',
): Promise<{ judged: Judged['outcome']; id: number }> {
  const [service, document] = ['scrive', `document-${String(++documents)}`];
  const later = { ...signed, service, document };
  return db.transaction(async (tx) => {
    const judged = await judgeAmendment(tx, later, today);
    if (judged.outcome !== 'amendment') return { judged: judged.outcome, id: 0 };
    const signers = [{ name: 'Karin Ek', email: 'karin.ek@testbolaget.example.com' }];
    await tx.query(
      `with came as (insert into deliveries (service, headers, body, digest, state)
                     values ($1, '{}', '', $2, 'done') returning id)
       insert into signings (service, document, agreement, kind, delivery, title, completed_at, signers)
       select $1, $2, $3, 'amendment', id, $5, '2027-03-10T08:00:00Z', $4 from came`,
      [service, document, signed.contract.agreement, JSON.stringify(signers), title],
    );
    return { judged: judged.outcome, id: await recordAmendment(tx, later, judged, today) };
  });
}
