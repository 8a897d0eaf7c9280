/** What the customer is told when another becomes its dedicated consultant: names stand in the database alone. */
import type { LocalDate, Person } from '../../rules/engine/contract/contract';
import type { MailData } from '../../templates/mails/mail-data';
import type { Queryable } from '../db';
import type { MailContext } from './notice';
import { dateOf } from './mail-dates';
import { permanent } from '../permanent';

interface ChangeRow {
  old: Person;
  new: Person;
  from: LocalDate;
  until: LocalDate | null;
}

/**
 * @param change number of the change, as it is recorded
 * @throws NotFound if the agreement has no such change
 */
export async function replacementData(
  db: Queryable,
  { contract: { agreement }, plan, terms, asOf }: MailContext,
  change: number,
): Promise<Pick<MailData, 'replacement'>> {
  const [row] = await db.query<ChangeRow>(
    `select "old", "new", from_on as "from", until_on as until from consultant_changes where agreement = $1 and id = $2`,
    [agreement, change],
  );
  if (!row)
    throw permanent('NotFound', `expected change ${change} of the consultant of ${agreement}, found none`);
  const { from, until } = row;
  const open = await db.query<{ id: string }>(
    `select id from obligations where agreement = $1 and year = $2 and strand = 'meetings' and state = 'open'`,
    [agreement, plan.yearNumber],
  );
  const meetings = plan.obligations.filter(
    ({ id, booked, dueOn, dueAt }) =>
      booked === true &&
      dueAt > asOf &&
      dueOn >= from &&
      (until === null || dueOn <= until) &&
      open.some((one) => one.id === id),
  );
  const named = ({ name, email }: Person): Person => ({ name, email });
  return {
    replacement: {
      from,
      ...(until !== null && { until }),
      old: named(row.old),
      new: named(row.new),
      meetings: meetings.map((meeting) => dateOf(meeting, terms)),
    },
  };
}
