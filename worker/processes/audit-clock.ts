/** Has everything audited once a night; after an outage that lasted over the night as soon as we run again. */
import { beginAudit, failAudit, readLastAudit, recordAudit } from '../../activities/audit/findings';
import type { LastAudit } from '../../activities/audit/findings';
import { tellOfAudit } from '../../activities/audit/tell-audit';
import type { OperatorMailDeps } from '../../activities/health/operator-mails';
import { instantAt, localDateOf } from '../../rules/engine/calendar/calendar';
import type { Instant } from '../../rules/engine/contract/contract';
import { audit } from '../audit/audit';
import type { AuditOptions } from '../audit/audit';
import { inWords } from '../basics/spoken';
import { takeTurns } from '../basics/take-turns';

/** Milliseconds between looks at the clock. When the last audit was made is in PostgreSQL: looking once more does nothing. */
const lookEvery = 600_000;
/** Of several processes, one audits. */
const lock = 'audit';
/** When the night's audit may begin, and until when: people's working day is left alone. */
const [begins, ends] = ['01:30', '05:00'] as const;
/** Milliseconds after which one is made at any time of day, where there was one before. */
const overdueAfter = 36 * 3_600_000;
/** Milliseconds until one that failed is tried again. */
const againAfter = 3_600_000;

/** Whether an audit is to be made now. */
export function isAuditDue(last: LastAudit | undefined, now: Instant): boolean {
  const today = localDateOf(now);
  const isNight = now >= instantAt(today, begins) && now < instantAt(today, ends);
  if (last === undefined) return isNight;
  const since = (instant: Instant): number => Date.parse(now) - Date.parse(instant);
  if (since(last.begunAt) < againAfter) return false;
  // One that was cut short, or failed, is made again in the same night.
  const done = last.endedAt !== null && last.failed === null ? last.endedAt : undefined;
  if (isNight) return done === undefined || done < instantAt(today, begins);
  return since(last.endedAt ?? last.begunAt) > overdueAfter;
}

export interface AuditClockOptions extends Omit<AuditOptions, 'onProgress'> {
  mail: OperatorMailDeps;
  log: (line: string) => void;
}

/** Starts looking at the clock, at once and then every ten minutes. */
export function startAuditClock(options: AuditClockOptions): { stop(): Promise<void> } {
  const { db, mail, log } = options;
  const look = async (): Promise<void> => {
    if (isAuditDue(await readLastAudit(db), new Date().toISOString())) await auditAtNight(options);
    await tellOfAudit(db, mail);
  };
  return takeTurns(async () => {
    await db
      .withLock(lock, look)
      .catch(({ message }: Error) =>
        log(inWords({ sv: `avstämningen väntar: «${message}»`, en: `the audit waits: ${message}` })),
      );
    return lookEvery;
  });
}

/** Audits, and keeps what was found; a failure is kept, too. */
export async function auditAtNight(options: AuditClockOptions): Promise<void> {
  const { db, log } = options;
  const at = new Date().toISOString();
  await beginAudit(db, at);
  try {
    const findings = await audit(options);
    await recordAudit(db, findings, at);
    if (findings.length > 0)
      log(
        inWords({
          sv: `avstämningen hittade ${findings.length} avvikelser: npx serviceavtal audit`,
          en: `the audit found ${findings.length} differences: npx serviceavtal audit`,
        }),
      );
  } catch (error) {
    await failAudit(db, (error as Error).message).catch(() => undefined);
    throw error;
  }
}
