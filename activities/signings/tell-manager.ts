/**
 * Mails about signings: what waits in the inbox, to the person who handles its service, and amendments, to the
 * agreement's manager. A mail is stored with what it is about before it is sent: so an attempt that was cut short is
 * found again, and the ledger tells what became of it.
 */
import { addressKey } from '../../rules/engine/basics/mail-address';
import { withoutUnseen } from '../../rules/engine/basics/one-line';
import { periodOf, yearNumberOn } from '../../rules/engine/calendar/agreement-period';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { diffContract } from '../../rules/engine/contract/change-contract';
import type { Contract, Instant, LocalDate, Person } from '../../rules/engine/contract/contract';
import type { TemplateId } from '../../rules/engine/plan/plan';
import type { Read, Signer, SigningReason, SigningService } from '../../rules/engine/signing/signing';
import { signingServices } from '../../rules/engine/signing/signing';
import { contractChangeWords } from '../../templates/preview/contract-change';
import type {
  AnyMailData,
  InboxMailData,
  MailAmendment,
  MailData,
  MailDelivery,
} from '../../templates/mails/mail-data';
import type { Db } from '../db';
import type { MailDeps } from '../mail/compose';
import { noticeOf, sendOrRefuse } from '../mail/compose';
import type { LedgerEntry } from '../mail/mail-ledger';
import type { SentNotice } from '../mail/notice';
import type { Delivery } from '../mail/smtp';
import { permanent } from '../permanent';
import { describeDocument } from './delivery-commands';

/** What the ledger keeps to make such a mail again. */
export type SigningMailRequest = { signingMail: number } | { amendment: number };

/** Most deliveries that a mail tells one by one, and most reasons and signers of each. */
const mostDeliveries = 20;
const mostReasons = 10;
const mostSigners = 10;
/** Most differences of an amendment that a mail lists. */
const mostChanges = 30;
/** Most characters of what others wrote. */
const longestTitle = 80;
const longestText = 300;

/** What others wrote, on one line: it cannot look like lines of ours. Numbers keep their spaces. */
function cut(text: string, longest = longestText): string {
  const characters = Array.from(
    withoutUnseen(text)
      .replace(/(?:[^\S\u00a0]|\p{Cc})+/gu, ' ')
      .trim(),
  );
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : characters.join('');
}

/**
 * Mails those who have to do something about signings and have not been told. One mail that fails does not keep the
 * others from theirs; what another attempt may mend is thrown when all had their turn.
 *
 * @param managerOf who handles the deliveries of a service; those of a service without anybody wait to be told
 * @returns how many mails went out
 */
export async function tellManagers(
  deps: MailDeps,
  managerOf: (service: SigningService) => Person | undefined,
): Promise<number> {
  await settleWaiting(deps.db, managerOf);
  const waiting = await deps.db.query<{ id: number; recipient: string }>(
    'select id, recipient from signing_mails where sent_at is null order by id',
  );
  const amendments = await deps.db.query<{ id: number; recipient: string }>(
    `select a.id, g.contract #>> '{contacts,manager,email}' as recipient
       from amendments a join agreements g on g.number = a.agreement
      where a.told_at is null and (a.state = 'proposed' or exists (select from mails where key = 'amendments/' || a.id || '/manager'))
      order by a.id`,
  );
  const mails = [
    ...waiting.map(({ id, recipient }) => ({ request: { signingMail: id }, recipient })),
    ...amendments.map(({ id, recipient }) => ({ request: { amendment: id }, recipient })),
  ];
  let sent = 0;
  let failed: Error | undefined;
  for (const { request, recipient } of mails) {
    try {
      const delivery = await sendSigningMail(deps, request);
      if (delivery?.state === 'sent') sent += 1;
    } catch (error) {
      // What goes into a log names nobody.
      const message = (error as Error).message.replaceAll(recipient, 'the manager');
      failed ??= new Error(`mail about signings ${JSON.stringify(request)}: ${message}`);
    }
  }
  if (failed) throw failed;
  return sent;
}

/**
 * Deliveries to tell of: never told, told for other reasons, or told more than a day ago and tried since. One that
 * only goes on waiting is told once.
 */
const untold = `(told_at is null or told_reasons is distinct from reasons
  or (processed_at > told_at and told_at < now() - interval '1 day'))`;

/** Deliveries that have started an agreement of which something is to be mended, as what an e-invoice needs; told once. */
const startedWithDoubts = `(state = 'done' and result = 'started' and reasons <> '[]' and told_at is null)`;

/** Puts all that wait untold for one address into one mail. */
async function settleWaiting(
  db: Db,
  managerOf: (service: SigningService) => Person | undefined,
): Promise<void> {
  await db.transaction(async (tx) => {
    const rows = await tx.query<{ id: number; service: SigningService; state: 'waiting' | 'done' }>(
      `select id, service, state from deliveries where (state = 'waiting' and ${untold}) or ${startedWithDoubts}
        order by id for update skip locked`,
    );
    const mails = new Map<string, { to: Person; ids: number[] }>();
    for (const { id, service, state } of rows) {
      const to = managerOf(service);
      if (!to) continue;
      // What waits and what has started are told apart.
      const key = `${state} ${addressKey(to.email)}`;
      const mail = mails.get(key) ?? { to, ids: [] };
      mail.ids.push(id);
      mails.set(key, mail);
    }
    for (const { to, ids } of mails.values()) {
      await tx.query('insert into signing_mails (name, recipient, deliveries) values ($1, $2, $3)', [
        to.name,
        to.email,
        ids,
      ]);
      await tx.query(
        'update deliveries set told_at = clock_timestamp(), told_reasons = reasons where id = any ($1)',
        [ids],
      );
    }
  });
}

/** Least milliseconds between two warnings about the same service. */
const warnedEvery = 3_600_000;

/**
 * Warns of deliveries that wait for a person while nobody can be told: their service's mapping, which names who
 * handles them, is missing or broken.
 *
 * @param mappingOf the mapping in use for a service, or why there is none
 * @param log gets a line for each such service, at most once an hour
 * @returns looks for such deliveries; to be called repeatedly
 */
export function warnOfUntold(
  db: Db,
  mappingOf: (service: SigningService) => Read<unknown>,
  log: (line: string) => void,
  now: () => number = () => performance.now(),
): () => Promise<void> {
  const warned = new Map<SigningService, number>();
  return async () => {
    const nobody = signingServices.flatMap((service) => {
      const mapping = mappingOf(service);
      return 'reasons' in mapping ? [{ service, reasons: mapping.reasons }] : [];
    });
    if (nobody.length === 0) return;
    const waiting = await db.query<{ service: SigningService; count: number }>(
      `select service, count(*)::int as count from deliveries
        where state = 'waiting' and service = any ($1) and ${untold} group by service order by service`,
      [nobody.map(({ service }) => service)],
    );
    for (const { service, count } of waiting) {
      if (now() - (warned.get(service) ?? -Infinity) < warnedEvery) continue;
      warned.set(service, now());
      const [reason] = nobody.find((each) => each.service === service)?.reasons ?? [];
      const why = [reason?.about, reason?.message.en].filter((part) => part !== undefined).join(': ');
      log(
        `${count} ${count === 1 ? 'delivery' : 'deliveries'} of ${service} ${count === 1 ? 'waits' : 'wait'} and nobody is told: ${why}`,
      );
    }
  };
}

/** One mail that is to go out, whichever it is. */
interface SettledMail {
  entry: LedgerEntry;
  to: Person;
  /** What it says, as things stand; nothing where there is nothing to say any more. */
  data: () => Promise<AnyMailData | undefined>;
  /** Notes that it is dealt with. */
  done: () => Promise<unknown>;
}

/**
 * Sends one mail, or tells how it ended before.
 *
 * @returns nothing where another attempt to send it is under way
 */
async function sendSigningMail(deps: MailDeps, request: SigningMailRequest): Promise<Delivery | undefined> {
  const { entry, to, data, done } =
    'amendment' in request
      ? await amendmentMail(deps, request.amendment)
      : await waitingMail(deps.db, request.signingMail);
  const delivery = await sendOrRefuse(deps, entry, async () => {
    const said = await data();
    return said ? { to, language: deps.staffLanguage, data: said } : { abandoned: 'nothing waits any more' };
  });
  if (delivery) await done();
  return delivery;
}

/** Sends a mail about signings again if its ledger row says that it may go out: for `mails resend`. */
export async function resendSigningMail(deps: MailDeps, request: SigningMailRequest): Promise<SentNotice> {
  return noticeOf(await sendSigningMail(deps, request), 'manager', JSON.stringify(request));
}

/** What all mails about signings have in common in the ledger. */
const entryOf = (
  of: Pick<LedgerEntry, 'key' | 'agreement' | 'year' | 'recipient' | 'asOf'>,
  template: TemplateId,
  request: SigningMailRequest,
): LedgerEntry => ({
  ...of,
  obligation: 'signings',
  step: template === 'signing-waiting' ? 'waiting' : 'amendment',
  revision: 1,
  contact: 'manager',
  template,
  request,
});

async function waitingMail(db: Db, id: number): Promise<SettledMail> {
  const [mail] = await db.query<{
    name: string;
    recipient: string;
    deliveries: number[];
    decidedAt: Instant;
  }>(
    `select name, recipient, to_jsonb(deliveries) as deliveries, decided_at as "decidedAt"
       from signing_mails where id = $1`,
    [id],
  );
  if (!mail) throw permanent('NotFound', `expected the mail ${id} about signings, found none`);
  const { name, recipient, deliveries, decidedAt } = mail;
  return {
    entry: entryOf(
      { key: `signings/${id}/manager`, agreement: null, year: null, recipient, asOf: decidedAt },
      'signing-waiting',
      { signingMail: id },
    ),
    to: { name, email: recipient },
    data: async () => inboxData(db, name, deliveries),
    done: () => db.query('update signing_mails set sent_at = now() where id = $1', [id]),
  };
}

/** What the mail says of those of its deliveries that still wait, or of what has started. */
async function inboxData(db: Db, name: string, ids: number[]): Promise<InboxMailData | undefined> {
  const told = await db.query<{ id: number; started: boolean }>(
    `select id, state = 'done' as started from deliveries
      where id = any ($1) and (state = 'waiting' or (result = 'started' and reasons <> '[]')) order by id`,
    [ids],
  );
  const waiting = told.some(({ started }) => !started) ? told.filter(({ started }) => !started) : told;
  if (waiting.length === 0) return undefined;
  const deliveries: MailDelivery[] = [];
  // One after the other: a body may have ten megabytes.
  for (const { id } of waiting.slice(0, mostDeliveries)) deliveries.push(await toldDelivery(db, id));
  return {
    recipient: { name, party: 'manager' },
    inbox: {
      ...{ count: waiting.length, deliveries, more: waiting.length - deliveries.length },
      ...(waiting[0]?.started && { started: true }),
    },
  };
}

async function toldDelivery(db: Db, id: number): Promise<MailDelivery> {
  const [row] = await db.query<{
    service: SigningService;
    receivedAt: Instant;
    document: string | null;
    agreement: string | null;
    reasons: SigningReason[];
    content: Buffer;
  }>(
    `select service, received_at as "receivedAt", document, agreement, reasons, coalesce(fetched, body) as content
       from deliveries where id = $1`,
    [id],
  );
  if (!row) throw permanent('NotFound', `expected the delivery ${id}, found none`);
  const { service, receivedAt, document, agreement, reasons, content } = row;
  const { title = '', signers } = describeDocument(service, content);
  return {
    id,
    service,
    receivedAt,
    ...(document !== null && cut(document) !== '' && { document: cut(document) }),
    ...(cut(title) !== '' && { title: cut(title, longestTitle) }),
    ...(agreement !== null && { agreement }),
    signers: namesOf(signers),
    reasons: reasons.slice(0, mostReasons).map(({ about, message }) => ({
      ...(about !== undefined && cut(about) !== '' && { about: cut(about) }),
      message: { sv: cut(message.sv), en: cut(message.en) },
    })),
    moreReasons: Math.max(0, reasons.length - mostReasons),
    mapping: `rules/signing/${service}.json`,
  };
}

const namesOf = (signers: readonly Signer[]): string[] =>
  signers
    .slice(0, mostSigners)
    .map(({ name, email }) => cut(name, longestTitle) || cut(email, longestTitle))
    .filter((name) => name !== '');

interface AmendmentRow {
  agreement: string;
  contract: Contract;
  yearNumber: number | null;
  amended: Contract;
  from: LocalDate;
  state: string;
  service: SigningService;
  document: string;
  title: string | null;
  signers: Signer[];
  recordedAt: Instant;
}

async function amendmentMail({ db, agreementLink }: MailDeps, id: number): Promise<SettledMail> {
  const [row] = await db.query<AmendmentRow>(
    `select a.agreement, g.contract, g.year_number as "yearNumber", a.contract as amended, a.from_date as from, a.state,
            a.service, a.document, s.title, s.signers, a.recorded_at as "recordedAt"
       from amendments a join agreements g on g.number = a.agreement
       join signings s on s.service = a.service and s.document = a.document
      where a.id = $1`,
    [id],
  );
  if (!row) throw permanent('NotFound', `expected the amendment ${id}, found none`);
  const { agreement, contract, recordedAt } = row;
  const year = row.yearNumber ?? yearNumberOn(contract.startsOn, localDateOf(recordedAt));
  const { manager } = contract.contacts;
  return {
    entry: entryOf(
      {
        key: `amendments/${id}/manager`,
        agreement,
        year,
        recipient: manager.email,
        asOf: recordedAt,
      },
      'signing-amendment',
      { amendment: id },
    ),
    to: manager,
    data: async () =>
      row.state === 'proposed'
        ? {
            ...dataOf(contract, year, agreementLink(agreement)),
            amendment: amendmentData(id, row),
          }
        : undefined,
    done: () => db.query('update amendments set told_at = now() where id = $1', [id]),
  };
}

function dataOf(contract: Contract, year: number, agreement: string): MailData {
  const { customer, contacts } = contract;
  const { name, email } = contacts.consultant;
  return {
    agreement: { number: contract.agreement, level: contract.level },
    customer: { id: customer.id, name: customer.name },
    year: { number: year, ...periodOf(contract.startsOn, year) },
    recipient: { name: contacts.manager.name, party: 'manager' },
    consultant: { name, email },
    manager: contacts.manager,
    support: contacts.support,
    links: { agreement },
  };
}

function amendmentData(number: number, row: AmendmentRow): MailAmendment {
  const { contract, amended, from, service, document, title, signers } = row;
  const currencies = { from: contract.hourBank.currency, to: amended.hourBank.currency };
  const changes = diffContract(contract, amended);
  const shown = changes.slice(0, mostChanges).map((change) => contractChangeWords(change, currencies));
  return {
    number,
    from,
    service,
    document: cut(document),
    ...(title !== null && cut(title) !== '' && { title: cut(title, longestTitle) }),
    signers: namesOf(signers),
    changes: shown.map(({ what, ...change }) => ({
      path: cut(change.path),
      ...(what && { what }),
      // What a contract has as an empty text is shown as such, not left out.
      from: { sv: cut(change.from.sv) || '""', en: cut(change.from.en) || '""' },
      to: { sv: cut(change.to.sv) || '""', en: cut(change.to.en) || '""' },
    })),
    more: changes.length - shown.length,
  };
}
