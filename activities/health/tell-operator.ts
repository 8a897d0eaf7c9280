/**
 * Mails about workflows that are not well: one for all that a look found, to the operator, or without one to the
 * managers of the agreements concerned.
 */
import type { Instant } from '../../rules/engine/contract/contract';
import type { SickMailData, SickMailWorkflow } from '../../templates/mails/mail-data';
import { sickWords } from '../../templates/words/sick-words';
import type { Db, Queryable } from '../db';
import type { Finding } from './health';
import { managerOf } from './health';
import type { OperatorMailDeps } from './operator-mails';
import { ByAddress, decideOperatorMail, operatorOr, sendOperatorMails } from './operator-mails';

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
  return sendOperatorMails(deps, 'workflows');
}

/** Puts all that is untold for one address into one mail. */
async function settle(tx: Queryable, deps: OperatorMailDeps): Promise<void> {
  const rows = await tx.query<UntoldRow>(
    `select s.workflow_id as "workflowId", s.kind, s.agreement, s.code, s.detail, s.run_id as "runId", s.since,
            s.healed_at as "healedAt", s.tries, g.contract #>> '{customer,name}' as customer
       from sick_workflows s left join agreements g on g.number = s.agreement
      where ${untold} order by s.since, s.workflow_id, s.kind for update of s skip locked`,
  );
  const mails = new ByAddress<UntoldRow>();
  for (const row of rows) {
    const to = operatorOr(deps, deps.operatorMail === undefined ? await managerOf(tx, row) : undefined);
    if (!to) continue;
    mails.add(to, row);
    await tx.query(
      `update sick_workflows set told = $3, told_at = clock_timestamp() where workflow_id = $1 and kind = $2`,
      [row.workflowId, row.kind, row.healedAt === null ? 'sick' : 'healed'],
    );
  }
  for (const { to, rows: theirs } of mails.mails())
    await decideOperatorMail(tx, 'workflows', to, contentOf(theirs));
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
