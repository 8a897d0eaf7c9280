/** `serviceavtal status`: what lives, where each strand stands, what is due next and who owes it. */
import type { Db } from '../activities/db';
import { hourBalance } from '../activities/hours';
import { localDateOf } from '../rules/calendar';
import type { Contract, LocalDate } from '../rules/contract';
import { formatHours } from '../rules/hour-bank';
import type { Party } from '../rules/terms';

export interface AgreementStatus {
  agreement: string;
  customer: string;
  state: 'signed' | 'live' | 'ended';
  year: number | null;
  from?: LocalDate;
  to?: LocalDate;
  /** Obligations by strand; one that a new plan no longer asks for is not counted. */
  strands: {
    strand: string;
    done: number;
    missed: number;
    /** Of the done ones, and those that had passed besides, before the agreement was taken over in mid-year. */
    takenOver?: { done: number; passed: number };
    total: number;
  }[];
  next: { id: string; dueOn: LocalDate; owner: Party; overdue: boolean; late: boolean }[];
  /** In hours, at most two decimals. */
  hours?: { contracted: number; rolledIn: number; used: number; remaining: number; overage: number };
  attention: { code: string; subject: string; detail: string; raisedAt: string }[];
  /** Mails that wait for a server or for a person. */
  mails: { key: string; state: string; recipient: string; error: string | null }[];
}

const mostNext = 5;

/** The state of one agreement, or of all, read from PostgreSQL alone. */
export async function readStatus(db: Db, now: Date, agreement?: string): Promise<AgreementStatus[]> {
  const rows = await db.query<{
    number: string;
    state: AgreementStatus['state'];
    year: number | null;
    contract: Contract;
  }>(
    `select number, state, year_number as year, contract from agreements
      where $1::text is null or number = $1 order by number`,
    [agreement ?? null],
  );
  return Promise.all(
    rows.map(async ({ number, state, year, contract }) => ({
      agreement: number,
      customer: contract.customer.name,
      state,
      year,
      ...(await periodOf(db, number, year)),
      strands: await strandsOf(db, number, year),
      next: await nextOf(db, number, year, localDateOf(now.toISOString())),
      ...(year === null ? {} : { hours: await hoursOf(db, number, year) }),
      attention: await db.query(
        `select code, subject, detail, raised_at as "raisedAt" from attention
          where agreement = $1 and cleared_at is null order by raised_at, code, subject`,
        [number],
      ),
      mails: await db.query(
        `select key, state, recipient, error from mails
          where agreement = $1 and (state in ('unknown', 'refused')
             or (state in ('queued', 'sending') and changed_at < now() - interval '1 minute')) order by changed_at, key`,
        [number],
      ),
    })),
  );
}

async function periodOf(
  db: Db,
  agreement: string,
  year: number | null,
): Promise<{ from?: LocalDate; to?: LocalDate }> {
  const [plan] = await db.query<{ from: LocalDate; to: LocalDate }>(
    `select plan->>'from' as from, plan->>'to' as to from plans
      where agreement = $1 and year = $2 order by revision desc limit 1`,
    [agreement, year],
  );
  return plan ?? {};
}

async function strandsOf(
  db: Db,
  agreement: string,
  year: number | null,
): Promise<AgreementStatus['strands']> {
  const rows = await db.query<Required<AgreementStatus['strands'][number]>>(
    `select strand, count(*) filter (where state = 'done')::int as done,
            count(*) filter (where state = 'missed')::int as missed,
            jsonb_build_object('done', count(*) filter (where state = 'done' and closed_by = 'takeover'),
                               'passed', count(*) filter (where state = 'cancelled')) as "takenOver",
            count(*) filter (where state <> 'cancelled')::int as total
       from obligations where agreement = $1 and year = $2 and strand <> 'close'
        and (state <> 'cancelled' or closed_by = 'takeover')
      group by strand order by min(due_on), strand`,
    [agreement, year],
  );
  return rows.map(({ takenOver, ...strand }) => ({
    ...strand,
    ...(takenOver.done + takenOver.passed > 0 && { takenOver }),
  }));
}

async function nextOf(
  db: Db,
  agreement: string,
  year: number | null,
  today: LocalDate,
): Promise<AgreementStatus['next']> {
  const rows = await db.query<{ id: string; dueOn: LocalDate; owner: Party; late: boolean }>(
    `select id, due_on as "dueOn", owner, late from obligations
      where agreement = $1 and year = $2 and state = 'open' and strand not in ('close', 'hourBank')
        and id <> 'renewal/notice'
      order by due_on, id limit $3`,
    [agreement, year, mostNext],
  );
  return rows.map((row) => ({ ...row, overdue: row.dueOn < today }));
}

async function hoursOf(
  db: Db,
  agreement: string,
  year: number,
): Promise<NonNullable<AgreementStatus['hours']>> {
  const { contracted, rolledIn, used, remaining, overage } = await hourBalance(db, agreement, year);
  const hours = { contracted, rolledIn, used, remaining, overage };
  return Object.fromEntries(
    Object.entries(hours).map(([name, amount]) => [name, amount / 100]),
  ) as typeof hours;
}

/** The same for a terminal. */
export function printStatus(statuses: AgreementStatus[]): string {
  if (statuses.length === 0)
    return 'No agreement yet. Sign one: npx serviceavtal sign examples/testbolaget.json\n';
  return statuses.map(printOne).join('\n');
}

function before({ done, passed }: { done: number; passed: number }): string {
  const parts = [...(done > 0 ? [`${done} done`] : []), ...(passed > 0 ? [`${passed} passed`] : [])];
  return `; ${parts.join(', ')} before the takeover`;
}

function printOne(status: AgreementStatus): string {
  const hours = (amount: number): string => formatHours(Math.round(amount * 100), 'en');
  const period = status.from ? `, year ${status.year} (${status.from} to ${status.to})` : '';
  return [
    `${status.agreement}  ${status.customer}: ${status.state}${period}`,
    ...status.strands.map(
      ({ strand, done, missed, takenOver, total }) =>
        `  ${strand.padEnd(10)} ${done} of ${total} done${missed > 0 ? `, ${missed} not delivered` : ''}` +
        (takenOver ? before(takenOver) : ''),
    ),
    ...(status.hours
      ? [
          `  hours      ${hours(status.hours.used)} used of ${hours(status.hours.contracted)} contracted` +
            ` + ${hours(status.hours.rolledIn)} rolled in` +
            (status.hours.overage > 0 ? `, ${hours(status.hours.overage)} beyond` : ''),
        ]
      : []),
    ...status.next.map(
      ({ id, dueOn, owner, overdue, late }) =>
        `  next       ${dueOn}  ${id.padEnd(22)} ${owner}${overdue ? '  OVERDUE' : late ? '  (late)' : ''}`,
    ),
    ...status.attention.map(({ code, subject, detail }) => `  attention  ${code} ${subject}: ${detail}`),
    ...status.mails.map(({ key, state, recipient }) => `  mail       ${state}: ${key} to ${recipient}`),
    '',
  ].join('\n');
}
