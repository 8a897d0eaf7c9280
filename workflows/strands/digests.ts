/**
 * The digests: those of our own people who want it get one mail a week or a month with all that is open, instead of
 * single reminders. One that nothing is open for is not sent, and of several that came due together only the newest.
 */
import { condition } from '@temporalio/workflow';
import { digestEnd } from '../../rules/digest-end';
import { isOwedByPeople } from '../../rules/owed-by-people';
import type { DigestNotice } from '../../rules/plan';
import { timerSummary } from '../../templates/ui/wording';
import { settled } from '../journal';
import { mail } from '../mails';
import type { Year } from '../year';

type Reader = DigestNotice['to'];

export async function digests(year: Year): Promise<void> {
  await Promise.all([sendDigests(year, 'consultant'), sendDigests(year, 'manager')]);
}

async function sendDigests(year: Year, to: Reader): Promise<void> {
  const summary = timerSummary('digest', undefined, year.input.language);
  while (!year.over) {
    const { plan } = year;
    const came = await year.until(
      () => ahead(year, to)[0]?.at,
      () => false,
      summary,
    );
    if (came) await sendNewest(year, to);
    else await condition(() => year.over || year.plan !== plan);
  }
}

/** The reader's digests that were not seen to yet. */
const ahead = (year: Year, to: Reader): DigestNotice[] =>
  (year.plan.digests ?? []).filter(
    (digest) => digest.to === to && digest.at > (year.state.digested[to] ?? ''),
  );

async function sendNewest(year: Year, to: Reader): Promise<void> {
  const newest = ahead(year, to).findLast(({ at }) => at <= year.now());
  if (!newest) return;
  year.state.digested[to] = newest.at;
  const end = digestEnd(year.plan, newest.step);
  const open = year.plan.obligations.some(
    (owed) => isOwedByPeople(owed) && !year.isClosed(owed.id) && owed.dueAt < end,
  );
  if (!open) return;
  // The mail is made from what PostgreSQL knows: what was closed a moment ago has to stand there first.
  await settled(year);
  const { step, template } = newest;
  await mail(year, { obligation: 'digest', step, revision: 1, template, to });
}
