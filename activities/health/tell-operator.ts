/**
 * Mails about workflows that are not well: one for all that a look found, to the operator, or without one to the
 * managers of the agreements concerned. A mail and what it says are stored before it is sent.
 */
import { addressKey } from '../../rules/engine/basics/mail-address';
import type { Instant, Person } from '../../rules/engine/contract/contract';
import type { SickMailData, SickMailWorkflow } from '../../templates/mails/mail-data';
import { sickWords } from '../../templates/words/sick-words';
import type { Db, Queryable } from '../db';
import type { Finding } from './health';
import { managerOf } from './health';
import type { MailDeps, Sender } from '../mail/compose';
import { noticeOf, sendOrRefuse } from '../mail/compose';
import type { LedgerEntry } from '../mail/mail-ledger';
import type { SentNotice } from '../mail/notice';
import type { Delivery } from '../mail/smtp';
import { permanent } from '../permanent';

/** What the ledger keeps to make such a mail again. */
export interface SickMailRequest {
  sickMail: number;
}

export interface OperatorMailDeps extends Sender, Pick<MailDeps, 'staffLanguage'> {
  /** The operator's address; without it the agreements' managers are mailed. */
  operatorMail?: string | undefined;
}

/** Most workflows that a mail lists one by one. */
const mostTold = 30;

/**
 * Which rows need a mail. A workflow that falls sick again and again makes at most one mail an hour, and one that
 * stays sick one a day. A recovery is told where the sickness was told, or where the workflow was brought back before
 * anybody could be told.
 */
const untold = `(healed_at is null and ((told is distinct from 'sick' and (told_at is null or told_at < now() - interval '1 hour'))
                                       or told_at < now() - interval '1 day'))
             or (healed_at is not null and (told = 'sick' or (told is null and tries > 0)))`;

interface UntoldRow extends Finding {
  since: Instant;
  healedAt: Instant | null;
  tries: number;
  customer: string | null;
}

/**
 * Mails what nobody was told of yet.
 * @returns how many mails went out
 */
export async function tellOperator(db: Db, deps: OperatorMailDeps): Promise<number> {
  await db.transaction((tx) => settle(tx, deps));
  const waiting = await db.query<{ id: number }>(
    'select id from sick_mails where sent_at is null order by id',
  );
  let sent = 0;
  for (const { id } of waiting) if ((await send(deps, id))?.state === 'sent') sent += 1;
  return sent;
}

/** Puts all that is untold for one address into one mail. */
async function settle(tx: Queryable, { operatorMail }: OperatorMailDeps): Promise<void> {
  const rows = await tx.query<UntoldRow>(
    `select s.workflow_id as "workflowId", s.kind, s.agreement, s.code, s.detail, s.run_id as "runId", s.since,
            s.healed_at as "healedAt", s.tries, g.contract #>> '{customer,name}' as customer
       from sick_workflows s left join agreements g on g.number = s.agreement
      where ${untold} order by s.since, s.workflow_id, s.kind for update of s skip locked`,
  );
  const mails = new Map<string, { to: Person; rows: UntoldRow[] }>();
  for (const row of rows) {
    const to =
      operatorMail === undefined ? await managerOf(tx, row) : { name: operatorMail, email: operatorMail };
    if (!to) continue;
    const address = addressKey(to.email);
    const mail = mails.get(address) ?? { to, rows: [] };
    mail.rows.push(row);
    mails.set(address, mail);
    await tx.query(
      `update sick_workflows set told = $3, told_at = clock_timestamp() where workflow_id = $1 and kind = $2`,
      [row.workflowId, row.kind, row.healedAt === null ? 'sick' : 'healed'],
    );
  }
  for (const mail of mails.values())
    await tx.query('insert into sick_mails (name, recipient, content) values ($1, $2, $3)', [
      mail.to.name,
      mail.to.email,
      JSON.stringify(contentOf(mail.rows)),
    ]);
}

function contentOf(rows: readonly UntoldRow[]): SickMailData['workflows'] {
  const sick = rows.filter(({ healedAt }) => healedAt === null);
  const well = rows.filter(({ healedAt }) => healedAt !== null);
  return {
    count: sick.length,
    sick: sick.slice(0, mostTold).map(told),
    more: Math.max(0, sick.length - mostTold),
    healedCount: well.length,
    healed: well.slice(0, mostTold).map(told),
    moreHealed: Math.max(0, well.length - mostTold),
  };
}

function told({
  workflowId,
  kind,
  agreement,
  customer,
  code,
  detail,
  since,
  tries,
}: UntoldRow): SickMailWorkflow {
  return {
    id: workflowId,
    kind,
    ...(agreement !== null && { agreement }),
    ...(customer !== null && { customer }),
    reason: sickWords(code, detail),
    since,
    ...(tries > 0 && { broughtBack: true as const }),
  };
}

interface SickMail {
  name: string;
  recipient: string;
  content: SickMailData['workflows'];
  decidedAt: Instant;
}

/** @returns nothing where another attempt to send it is under way */
async function send(deps: OperatorMailDeps, id: number): Promise<Delivery | undefined> {
  const { db, staffLanguage } = deps;
  const [mail] = await db.query<SickMail>(
    'select name, recipient, content, decided_at as "decidedAt" from sick_mails where id = $1',
    [id],
  );
  if (!mail) throw permanent('NotFound', `expected the mail ${id} about workflows, found none`);
  const { name, recipient, content, decidedAt } = mail;
  const request: SickMailRequest = { sickMail: id };
  const entry: LedgerEntry = {
    key: `workflows/${id}/operator`,
    agreement: null,
    year: null,
    obligation: 'workflows',
    step: 'sick',
    revision: 1,
    contact: 'operator',
    recipient,
    template: 'workflow-sick',
    request,
    asOf: decidedAt,
  };
  // The operator has an address and no name here: the mail greets nobody by name.
  const party = name === recipient ? 'support' : 'manager';
  const data: SickMailData = { recipient: { name, party }, workflows: content };
  const delivery = await sendOrRefuse(deps, entry, () =>
    Promise.resolve({ to: { name, email: recipient }, language: staffLanguage, data }),
  );
  if (delivery) await db.query('update sick_mails set sent_at = now() where id = $1', [id]);
  return delivery;
}

/** Sends a mail about workflows again if its ledger row says that it may go out: for `mails resend`. */
export async function resendSickMail(
  deps: OperatorMailDeps,
  { sickMail }: SickMailRequest,
): Promise<SentNotice> {
  return noticeOf(await send(deps, sickMail), 'operator', `workflows/${sickMail}/operator`);
}
