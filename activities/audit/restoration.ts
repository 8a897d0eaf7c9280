/** Audits a restoration: what the record outside of the database names, and the database has not (any more). */
import type { Text } from '../../rules/engine/basics/text';
import type { AuditKind } from '../../templates/words/audit-words';
import { readLost } from '../health/read-lost';
import { findRestoration } from '../health/restorations';
import type { AuditFinding, AuditSource } from './findings';

/** Days after a restoration in which what it lost is told. */
const toldFor = 90;

/** @param recordDir folder of the record, besides the one that the restoration was given */
export const lostByRestoration =
  (recordDir: string): AuditSource =>
  async (db, asOf) => {
    const restoration = await findRestoration(db);
    if (!restoration || Date.parse(restoration.restoredAt) < Date.parse(asOf) - toldFor * 86_400_000)
      return [];
    const { record } = restoration;
    const lost = await readLost(db, restoration, record === null ? [recordDir] : [record, recordDir]);
    if (!lost) return [];
    const known = new Set(
      (await db.query<{ number: string }>('select number from agreements')).map(({ number }) => number),
    );
    const finding = (
      kind: AuditKind,
      subject: string,
      agreement: string | null,
      detail: Text,
    ): AuditFinding => ({
      ...{ kind, subject, detail },
      agreement: agreement !== null && known.has(agreement) ? agreement : null,
    });
    const gone = { sv: 'finns inte i databasen', en: 'is not in the database' };
    return [
      ...lost.agreements.map((number) => finding('lostAgreement', number, number, gone)),
      ...lost.mails.map(({ key, agreement }) => finding('lostMail', key, agreement, gone)),
      ...lost.messages.map(({ key, agreement, name, at }) =>
        finding('lostMessage', key, agreement, { sv: `${name}, ${at}`, en: `${name}, ${at}` }),
      ),
      ...lost.hours.map(({ id, at, agreement }) => finding('lostHours', `${id} ${at}`, agreement, gone)),
      ...lost.invoices.map(({ number, agreement }) => finding('lostBasis', number, agreement, gone)),
    ];
  };
