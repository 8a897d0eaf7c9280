/** The audit: everything that should be, compared with what is. Reads, and changes nothing. */
import type { AuditFinding } from '../../activities/audit/findings';
import { inOrder } from '../../activities/audit/findings';
import { carryOutMend } from '../../activities/audit/mend';
import { lostByRestoration } from '../../activities/audit/restoration';
import { auditSources } from '../../activities/audit/sources';
import type { Db } from '../../activities/db';
import { auditRuns } from './runs';
import type { AuditRunsOptions } from './runs';

export interface AuditOptions extends AuditRunsOptions {
  /** Folder of the record outside of the database. */
  recordDir: string;
}

/** The share of an audit that asking PostgreSQL takes. */
const shareOfDatabase = 0.5;

/**
 * Looks at all agreements, once.
 *
 * @throws if PostgreSQL or Temporal does not answer: half an audit would look like a good one
 */
export async function audit({ onProgress, recordDir, ...options }: AuditOptions): Promise<AuditFinding[]> {
  const findings: AuditFinding[] = [];
  const asOf = new Date().toISOString();
  const sources = [lostByRestoration(recordDir), ...auditSources];
  for (const [index, source] of sources.entries()) {
    onProgress?.((index / sources.length) * shareOfDatabase);
    findings.push(...(await source(options.db, asOf)));
  }
  const asked = (share: number): void => onProgress?.(shareOfDatabase + share * (1 - shareOfDatabase));
  findings.push(...(await auditRuns({ ...options, onProgress: asked })));
  return inOrder(findings);
}

export interface Mended {
  mended: AuditFinding[];
  /** What a person has to do something about, with why mending it failed, where it did. */
  left: (AuditFinding & { failed?: string })[];
}

/** Mends what can be mended, one thing after the other; one that fails does not keep the others from it. */
export async function mendAll(db: Db, findings: readonly AuditFinding[]): Promise<Mended> {
  const done: Mended = { mended: [], left: [] };
  const outcomes = new Map<string, string | undefined>();
  for (const finding of findings) {
    const { mend } = finding;
    if (!mend) {
      done.left.push(finding);
      continue;
    }
    // Several findings may be mended by the same: it is done once.
    const key = JSON.stringify(mend);
    if (!outcomes.has(key)) outcomes.set(key, await failureOf(db, mend));
    const failed = outcomes.get(key);
    if (failed === undefined) done.mended.push(finding);
    else done.left.push({ ...finding, failed });
  }
  return done;
}

async function failureOf(db: Db, mend: NonNullable<AuditFinding['mend']>): Promise<string | undefined> {
  try {
    await carryOutMend(db, mend, new Date().toISOString());
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
