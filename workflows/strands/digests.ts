/**
 * The digests: those of our own people who want it get one mail a week or a month with all that is open, instead of
 * single reminders. The run wakes up for those that have something to tell, and of several that came due together only
 * the newest goes out.
 */
import { condition } from '@temporalio/workflow';
import type { Instant } from '../../rules/engine/contract/contract';
import { digestEnd } from '../../rules/engine/plan/digest-end';
import { isOwedByPeople } from '../../rules/engine/plan/owed-by-people';
import type { DigestNotice } from '../../rules/engine/plan/plan';
import { timerSummary } from '../../templates/ui/wording';
import { settled } from '../year/journal';
import { mail } from '../year/mails';
import type { Year } from '../year/year';

type Reader = DigestNotice['to'];

export async function digests(year: Year): Promise<void> {
  await Promise.all([sendDigests(year, 'consultant'), sendDigests(year, 'manager')]);
}

async function sendDigests(year: Year, to: Reader): Promise<void> {
  const summary = timerSummary('digest', undefined, year.input.language);
  const next = nextDigest(year, to);
  while (!year.over) {
    const { plan } = year;
    const came = await year.until(next, () => false, summary);
    if (came) await sendNewest(year, to);
    else await condition(() => year.over || year.plan !== plan);
  }
  // Those passed over are not made up for by the next run either.
  next();
}

/**
 * When the next digest is due that has something to tell; a week in which nothing is open costs no events. What a
 * re-plan adds is told by the next one: those passed over meanwhile are not made up for.
 */
function nextDigest(year: Year, to: Reader): () => Instant | undefined {
  let awaited = '';
  return () => {
    const all = ahead(year, to);
    if (all.length === 0) return all[0]?.at;
    const passed = all.findLast(({ at }) => at < awaited && at < year.now());
    if (passed) year.state.digested[to] = passed.at;
    const worth = ahead(year, to).find(({ step }) => hasOpen(year, step));
    awaited = worth?.at ?? year.plan.endsAt;
    return worth?.at;
  };
}

/** The reader's digests that were not seen to yet. */
const ahead = (year: Year, to: Reader): DigestNotice[] =>
  (year.plan.digests ?? []).filter(
    (digest) => digest.to === to && digest.at > (year.state.digested[to] ?? ''),
  );

/** Whether a digest has anything to tell of this agreement. */
function hasOpen(year: Year, step: string): boolean {
  const end = digestEnd(year.plan, step);
  return year.plan.obligations.some(
    (owed) => isOwedByPeople(owed) && !year.isClosed(owed.id) && owed.dueAt < end,
  );
}

async function sendNewest(year: Year, to: Reader): Promise<void> {
  const newest = ahead(year, to).findLast(({ at }) => at <= year.now());
  if (!newest) return;
  year.state.digested[to] = newest.at;
  if (!hasOpen(year, newest.step)) return;
  // The mail is made from what PostgreSQL knows: what was closed a moment ago has to stand there first.
  await settled(year);
  const { step, template } = newest;
  await mail(year, { obligation: 'digest', step, revision: 1, template, to });
}
