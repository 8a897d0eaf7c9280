/** Makes up each month when its first working day begins, and mails the basis to our clerk. */
import { sum } from '../../rules/engine/basics/sum';
import { instantAt, localDateOf, nextOpenDay } from '../../rules/engine/calendar/calendar';
import type { Instant } from '../../rules/engine/contract/contract';
import { exportFile } from '../../rules/engine/invoicing/export-lines';
import type { ExportProfile } from '../../rules/engine/invoicing/export-lines';
import { exportedBases, invoiceTable, withoutNumber } from '../../templates/invoice-words';
import type { InvoiceBasis } from '../../templates/invoice-words';
import type { InvoiceMailData } from '../../templates/mails/mail-data';
import type { Db } from '../db';
import type { MailDeps, Sender } from '../mail/compose';
import { noticeOf, sendOrRefuse } from '../mail/compose';
import type { LedgerEntry } from '../mail/mail-ledger';
import type { SentNotice } from '../mail/notice';
import type { Delivery } from '../mail/smtp';
import { readBases } from './bases';
import { makeUpMonth } from './issue';
import type { MadeUpMonth } from './issue';

/** What the ledger keeps to make such a mail again. */
export interface InvoiceMailRequest {
  invoiceMonth: string;
}

export interface ClerkMailDeps extends Sender, Pick<MailDeps, 'staffLanguage'> {
  /** The clerk's address; without it no month is made up without a command. */
  clerkMail?: string | undefined;
  /** How bases are written for the ERP, if they are. */
  profile?: () => ExportProfile | undefined;
}

/** When the working day begins on which a month is made up. */
const opens = '08:30';
/** Most bases that a mail lists one by one. */
const mostTold = 30;

/**
 * Makes up the running month once its first working day has begun, and mails it. What is new in the month after that is on the
 * basis of the next one; so is what the end of an agreement leaves to settle.
 *
 * @returns how many mails went out
 */
export async function tellClerk(db: Db, deps: ClerkMailDeps, at: Instant): Promise<number> {
  const { clerkMail } = deps;
  if (clerkMail === undefined) return 0;
  const today = localDateOf(at);
  const month = today.slice(0, 7);
  if (at < instantAt(nextOpenDay(`${month}-01`), opens)) return 0;
  const [known] = await db.query<{ sent: boolean }>(
    'select sent_at is not null as sent from invoice_mails where month = $1',
    [month],
  );
  if (known?.sent) return 0;
  if (!known) {
    const { failed } = await makeUpMonth(db, { month, today, at });
    await db.query(
      'insert into invoice_mails (month, recipient, failed) values ($1, $2, $3) on conflict do nothing',
      [month, clerkMail, JSON.stringify(failed)],
    );
  }
  return (await send(deps, month))?.state === 'sent' ? 1 : 0;
}

interface DecidedMail {
  recipient: string;
  failed: MadeUpMonth['failed'];
  decidedAt: Instant;
}

/** @returns nothing where there is nothing to tell, or another attempt to send it is under way */
async function send(deps: ClerkMailDeps, month: string): Promise<Delivery | undefined> {
  const { db, staffLanguage: language, profile: profileOf } = deps;
  const bases = await readBases(db, { month });
  const done = (): Promise<unknown> =>
    db.query('update invoice_mails set sent_at = now() where month = $1 and sent_at is null', [month]);
  const [mail] = await db.query<DecidedMail>(
    'select recipient, failed, decided_at as "decidedAt" from invoice_mails where month = $1',
    [month],
  );
  if (!mail) return undefined;
  const { recipient, failed, decidedAt } = mail;
  if (bases.length + failed.length === 0) return void (await done());
  const request: InvoiceMailRequest = { invoiceMonth: month };
  const entry: LedgerEntry = {
    ...{ key: `invoices/${month}/clerk`, agreement: null, year: null, obligation: 'invoices', step: month },
    ...{ revision: 1, contact: 'clerk', recipient, template: 'invoice-basis', request, asOf: decidedAt },
  };
  const delivery = await sendOrRefuse(deps, entry, () => {
    const unnumbered = withoutNumber(bases);
    const profile = unnumbered.length > 0 ? undefined : profileOf?.();
    const base = `${language === 'sv' ? 'fakturaunderlag' : 'invoice-basis'}-${month}`;
    const attachments = [
      {
        filename: `${base}.csv`,
        content: Buffer.from(invoiceTable(bases, language)),
        contentType: 'text/csv; charset=utf-8',
      },
      ...(profile
        ? [
            {
              filename: `${base}.${profile.extension}`,
              content: Buffer.from(exportFile(exportedBases(bases), profile)),
              contentType: 'application/octet-stream',
            },
          ]
        : []),
    ];
    const isMissed = profileOf?.() !== undefined;
    const invoices = {
      ...invoicesOf(month, bases, profile !== undefined, isMissed ? unnumbered : []),
      failed,
    };
    // The clerk has an address and no name here: the mail greets nobody by name.
    const data: InvoiceMailData = { recipient: { name: recipient, party: 'support' }, invoices };
    const to = { name: recipient, email: recipient };
    return Promise.resolve({ to, language, data, enclosure: { attachments } });
  });
  if (delivery) await done();
  return delivery;
}

function invoicesOf(
  month: string,
  bases: readonly InvoiceBasis[],
  isExported: boolean,
  unnumbered: readonly InvoiceBasis[],
): Omit<InvoiceMailData['invoices'], 'failed'> {
  const totalOf = ({ rows }: InvoiceBasis): number => sum(rows.map(({ amountMinor }) => amountMinor));
  const credits = bases.filter((basis) => basis.credits !== undefined).length;
  const currencies = [...new Set(bases.map(({ currency }) => currency))].sort();
  const named = (of: readonly InvoiceBasis[]): string[] => [...new Set(of.map(({ agreement }) => agreement))];
  return {
    ...{ month: `${month}-01`, count: bases.length - credits, credits },
    totals: currencies.map((currency) => ({
      currency,
      minor: sum(bases.filter((basis) => basis.currency === currency).map(totalOf)),
    })),
    bases: bases.slice(0, mostTold).map((basis) => ({
      ...{ number: basis.number, customer: basis.customer, currency: basis.currency, minor: totalOf(basis) },
      ...(basis.credits && { credits: basis.credits.basis }),
    })),
    more: Math.max(0, bases.length - mostTold),
    ...(isExported && { exported: true as const }),
    unnumbered: named(unnumbered),
    unreferenced: named(bases.filter(({ billTo }) => billTo.reference === undefined)),
  };
}

/** Sends the mail about a month again if its ledger row says that it may go out: for `mails resend`. */
export async function resendInvoiceMail(
  deps: ClerkMailDeps,
  { invoiceMonth }: InvoiceMailRequest,
): Promise<SentNotice> {
  return noticeOf(await send(deps, invoiceMonth), 'clerk', `invoices/${invoiceMonth}/clerk`);
}
