/**
 * Mails to whoever operates this: what they say is decided and stored together with what that notes, and sent afterwards, once.
 */
import { addressKey } from '../../rules/engine/basics/mail-address';
import type { Instant, Person } from '../../rules/engine/contract/contract';
import type { TemplateId } from '../../rules/engine/plan/plan';
import type { AuditMailData, RecordMailData, SickMailData } from '../../templates/mails/mail-data';
import type { Queryable } from '../db';
import type { MailDeps, Sender } from '../mail/compose';
import { noticeOf, sendOrRefuse } from '../mail/compose';
import type { LedgerEntry } from '../mail/mail-ledger';
import type { SentNotice } from '../mail/notice';
import type { Delivery } from '../mail/smtp';
import { permanent } from '../permanent';

/** What the ledger keeps to make such a mail again. */
export interface OperatorMailRequest {
  operatorMail: number;
}

/** What it kept in versions before, of mails about workflows. */
export interface SickMailRequest {
  sickMail: number;
}

export interface OperatorMailDeps extends Sender, Pick<MailDeps, 'staffLanguage'> {
  /** The operator's address; without it the agreements' managers are mailed. */
  operatorMail?: string | undefined;
}

/** What each kind of mail says. */
interface Contents extends Pick<SickMailData, 'workflows'>, Pick<AuditMailData, 'audit'> {
  record: RecordMailData['record'];
}
export type OperatorMailKind = keyof Contents;

const templates: Record<OperatorMailKind, { template: TemplateId; step: string }> = {
  workflows: { template: 'workflow-sick', step: 'sick' },
  audit: { template: 'audit-findings', step: 'found' },
  record: { template: 'record-trouble', step: 'unwritable' },
};

/** Whom a mail goes to: the operator, or without one whoever answers for what it tells. */
export const operatorOr = (
  { operatorMail }: OperatorMailDeps,
  otherwise: Person | null | undefined,
): Person | undefined =>
  operatorMail === undefined ? (otherwise ?? undefined) : { name: operatorMail, email: operatorMail };

/** Puts what is to be told to one address together. */
export class ByAddress<T> {
  private readonly all = new Map<string, { to: Person; rows: T[] }>();

  add(to: Person, row: T): void {
    const key = addressKey(to.email);
    const mail = this.all.get(key) ?? { to, rows: [] };
    mail.rows.push(row);
    this.all.set(key, mail);
  }

  mails(): Iterable<{ to: Person; rows: T[] }> {
    return this.all.values();
  }
}

/** Decides on a mail; it goes out by `sendOperatorMails`. */
export async function decideOperatorMail<K extends OperatorMailKind>(
  tx: Queryable,
  kind: K,
  to: Person,
  content: Contents[K],
): Promise<void> {
  await tx.query('insert into operator_mails (kind, name, recipient, content) values ($1, $2, $3, $4)', [
    ...[kind, to.name, to.email],
    JSON.stringify(content),
  ]);
}

/** Sends mails of a kind that wait. @returns how many went out */
export async function sendOperatorMails(deps: OperatorMailDeps, kind: OperatorMailKind): Promise<number> {
  const waiting = await deps.db.query<OperatorMail>(
    `${select} where kind = $1 and sent_at is null order by id`,
    [kind],
  );
  let sent = 0;
  for (const mail of waiting) if ((await send(deps, mail))?.state === 'sent') sent += 1;
  return sent;
}

interface OperatorMail {
  id: number;
  kind: OperatorMailKind;
  key: string;
  name: string;
  recipient: string;
  content: Contents[OperatorMailKind];
  decidedAt: Instant;
}

const select = `select id, kind, name, recipient, content, decided_at as "decidedAt",
                       coalesce(old_key, 'operator/' || id || '/' || kind) as key from operator_mails`;

/** @returns nothing where another attempt to send it is under way */
async function send(deps: OperatorMailDeps, mail: OperatorMail): Promise<Delivery | undefined> {
  const { db, staffLanguage: language } = deps;
  const { id, kind, key, name, recipient, content, decidedAt } = mail;
  const { template, step } = templates[kind];
  const request: OperatorMailRequest = { operatorMail: id };
  const entry: LedgerEntry = {
    ...{ key, agreement: null, year: null, obligation: kind, step, revision: 1 },
    ...{ contact: 'operator', recipient, template, request, asOf: decidedAt },
  };
  // The operator has an address and no name here: the mail greets nobody by name.
  const party = name === recipient ? 'support' : 'manager';
  const data = { recipient: { name, party }, [kind]: content } as unknown as SickMailData;
  const delivery = await sendOrRefuse(deps, entry, () =>
    Promise.resolve({ to: { name, email: recipient }, language, data }),
  );
  if (delivery) await db.query('update operator_mails set sent_at = now() where id = $1', [id]);
  return delivery;
}

/** Sends such a mail again if its ledger row says that it may go out: for `mails resend`. */
export async function resendOperatorMail(
  deps: OperatorMailDeps,
  request: OperatorMailRequest | SickMailRequest,
): Promise<SentNotice> {
  const [column, value] =
    'operatorMail' in request
      ? ['id', request.operatorMail]
      : ['old_key', `workflows/${request.sickMail}/operator`];
  const [mail] = await deps.db.query<OperatorMail>(`${select} where ${column} = $1`, [value]);
  if (!mail) throw permanent('NotFound', `expected the mail ${value} to the operator, found none`);
  return noticeOf(await send(deps, mail), 'operator', mail.key);
}
