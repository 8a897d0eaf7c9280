/** Has each month's invoice basis made and mailed when its first working day begins; after an outage as soon as we run again. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from '../../activities/db';
import { tellClerk } from '../../activities/invoicing/tell-clerk';
import type { ClerkMailDeps } from '../../activities/invoicing/tell-clerk';
import { inWords } from '../basics/spoken';

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
  const stopping = new AbortController();
  const look = (): Promise<unknown> =>
    db
      .withLock(lock, () => tellClerk(db, mail, new Date().toISOString()))
      .catch(({ message }: Error) =>
        log(
          inWords({
            sv: `fakturaunderlaget väntar: «${message}»`,
            en: `the invoice basis waits: ${message}`,
          }),
        ),
      );
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await look();
      await pause(lookEvery, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const finished = loop();
  return {
    stop: () => {
      stopping.abort();
      return finished;
    },
  };
}
