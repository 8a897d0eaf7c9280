/** What a reader's clock asks for: to send the digest that is due, and to be told when the next one may be. */
import type { Instant } from '../../rules/engine/contract/contract';
import type { DigestNotice } from '../../rules/engine/plan/plan-digests';
import type { Db, Queryable } from '../db';
import { announceOutbox } from '../outbox';
import { findOpenSteps } from './digest';
import { ensureClock, findReadAgreements } from '../agreements/digest-readers';
import type { ReadAgreement } from '../agreements/digest-readers';
import type { MailDeps } from './compose';
import type { SendNoticeInput, SentNotice } from './notice';
import { createMailActivities } from './mail';

export interface AttendDigestsInput {
  /** As in `digest-readers.ts`. */
  reader: string;
  asOf: Instant;
}

/** What became of a mail; or why it cannot be made or sent. */
export type Fate = Omit<SentNotice, 'sent'> | { failed: string };

/** A mail about an agreement that its own run did not send, for that run to show. */
export type ReturnedMail = { mail: SendNoticeInput } & Fate;

/** An agreement with its newest digest that is due. */
interface DueAgreement {
  agreement: string;
  year: number;
  digest: DigestNotice;
}

export function createDigestActivities(deps: MailDeps) {
  const { db } = deps;
  const { sendNotice } = createMailActivities(deps);

  /** Sends a digest; what fails for good is told as the mail's fate. */
  async function send(mail: SendNoticeInput): Promise<Fate | undefined> {
    try {
      const { refused, unknown } = await sendNotice(mail);
      return refused.length + unknown.length > 0 ? { refused, unknown } : undefined;
    } catch (error) {
      if ((error as { nonRetryable?: boolean }).nonRetryable !== true) throw error;
      return { failed: (error as Error).message };
    }
  }

  return {
    /**
     * Sends the newest digest that has come due, if anything is open in an agreement that has one; those before it are
     * not made up for. Asked again after it was cut short, it sends nothing twice.
     *
     * @returns when the next one may be due, nothing while none is planned; that the clock is not needed any more
     */
    async attendDigests({ reader, asOf }: AttendDigestsInput): Promise<{ nextAt?: Instant; ended?: true }> {
      const toldUntil = await openClock(db, reader, asOf);
      const read = await findReadAgreements(db, reader);
      const due = await withOpenSteps(db, dueOf(read, toldUntil, asOf));
      const newest = due.reduce<DueAgreement | undefined>(
        (best, one) => (best && best.digest.at >= one.digest.at ? best : one),
        undefined,
      );
      const fate = newest && (await send(mailOf(newest, asOf)));
      await db.transaction(async (tx) => {
        if (fate) await returnMails(tx, due, asOf, fate);
        await tx.query(
          read.length === 0
            ? 'delete from digest_clocks where reader = $1 and told_until <= $2'
            : 'update digest_clocks set told_until = greatest(told_until, $2) where reader = $1',
          [reader, asOf],
        );
      });
      if (read.length === 0) return { ended: true };
      const [nextAt] = read.flatMap(({ digests }) => digests.find(({ at }) => at > asOf)?.at ?? []).sort();
      return nextAt === undefined ? {} : { nextAt };
    },
  };
}

/** @returns until when the reader's digests are seen to */
async function openClock(db: Db, reader: string, asOf: Instant): Promise<Instant> {
  await ensureClock(db, reader, asOf);
  const [clock] = await db.query<{ toldUntil: Instant }>(
    'select told_until as "toldUntil" from digest_clocks where reader = $1',
    [reader],
  );
  return clock?.toldUntil ?? asOf;
}

/** The agreements with a digest after one instant and not after another, each with its newest. */
const dueOf = (read: readonly ReadAgreement[], after: Instant, asOf: Instant): DueAgreement[] =>
  read.flatMap(({ agreement, year, digests }) => {
    const digest = digests.findLast(({ at }) => at > after && at <= asOf);
    return digest ? [{ agreement, year, digest }] : [];
  });

/** Those in which somebody has something to do before the next digest. */
async function withOpenSteps(db: Db, due: readonly DueAgreement[]): Promise<DueAgreement[]> {
  const last = due.reduce((latest, { digest }) => (digest.until > latest ? digest.until : latest), '');
  if (last === '') return [];
  const open = await findOpenSteps(db, due, last);
  return due.filter((one) =>
    open.some(({ agreement, dueAt }) => agreement === one.agreement && dueAt < one.digest.until),
  );
}

const mailOf = (
  { agreement, year, digest: { step, template, to } }: DueAgreement,
  asOf: Instant,
): SendNoticeInput => ({
  ...{ agreement, year, obligation: 'digest', step, revision: 1, template, to, asOf },
});

/** Has every agreement that the mail was due for show what became of it. */
async function returnMails(
  tx: Queryable,
  due: readonly DueAgreement[],
  asOf: Instant,
  fate: Fate,
): Promise<void> {
  const returned = due.map((one): ReturnedMail => ({ mail: mailOf(one, asOf), ...fate }));
  await tx.query(
    `insert into outbox (agreement, kind, payload)
     select r #>> '{mail,agreement}', 'mail-returned', r from jsonb_array_elements($1::jsonb) as r`,
    [JSON.stringify(returned)],
  );
  await announceOutbox(tx);
}
