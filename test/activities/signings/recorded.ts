/** Documents in `signings`, as processing a delivery records them. */
import { randomUUID } from 'node:crypto';
import type { Queryable } from '../../../activities/db';
import { keepDelivery } from '../../../activities/signings/inbox';
import type { Signer, SigningService } from '../../../rules/engine/signing/signing';

export interface RecordedSigning {
  service: SigningService;
  document: string;
  agreement?: string;
  kind?: 'original' | 'amendment' | 'copy';
  title?: string;
  completedAt?: string;
  signers?: Signer[];
  ruleset?: string;
}

/** Records a document of an agreement, the example's unless told. */
export async function recordSigning(db: Queryable, signing: RecordedSigning): Promise<void> {
  const { service, document, agreement = 'testbolaget-2027', kind = 'original' } = signing;
  const { id } = await keepDelivery(db, { service, headers: {}, body: Buffer.from(randomUUID()) });
  await db.query(
    `insert into signings (service, document, agreement, kind, delivery, title, completed_at, signers, ruleset_hash)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      ...[service, document, agreement, kind, id, signing.title, signing.completedAt],
      ...[JSON.stringify(signing.signers ?? []), signing.ruleset],
    ],
  );
}
