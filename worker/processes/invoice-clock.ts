/** Has each month's invoice basis made and mailed when its first working day begins; after an outage as soon as we run again. */
import type { Db } from '../../activities/db';
import { tellClerk } from '../../activities/invoicing/tell-clerk';
import type { ClerkMailDeps } from '../../activities/invoicing/tell-clerk';
import { inWords } from '../basics/spoken';
import { takeTurns } from '../basics/take-turns';

/** Milliseconds between looks at the calendar. What was done is in PostgreSQL: looking once more does nothing. */
const lookEvery = 600_000;
/** Of several processes, one looks at a time. */
const lock = 'invoice-clock';

export interface InvoiceClockOptions {
  db: Db;
  mail: ClerkMailDeps;
  log: (line: string) => void;
}

/** Starts looking, at once and then every ten minutes. */
export function startInvoiceClock({ db, mail, log }: InvoiceClockOptions): { stop(): Promise<void> } {
  return takeTurns(async () => {
    await db
      .withLock(lock, () => tellClerk(db, mail, new Date().toISOString()))
      .catch(({ message }: Error) =>
        log(
          inWords({
            sv: `fakturaunderlaget väntar: «${message}»`,
            en: `the invoice basis waits: ${message}`,
          }),
        ),
      );
    return lookEvery;
  });
}
