/** Audits what runs: asks Temporal for all, and every year how it stands. A difference counts if it is still there a moment later. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { QueryNotRegisteredError } from '@temporalio/client';
import type { AuditFinding } from '../../activities/audit/findings';
import { knownAgreements } from '../../activities/audit/known-agreements';
import type { KnownAgreement } from '../../activities/audit/known-agreements';
import { compareRun, readKeptStanding } from '../../activities/audit/run-standing';
import type { RunStanding } from '../../activities/audit/run-standing';
import type { Db } from '../../activities/db';
import { readStanding } from '../../activities/health/health';
import { oneLine } from '../../rules/engine/basics/one-line';
import { expectedFound, inBoth } from '../../rules/engine/basics/text';
import { describe, inParallel } from '../health/workflows';
import { workflowIdOf } from '../temporal/start-agreement';
import { doubledRuns, missingRuns, orphanedRuns } from './compare-runs';
import type { ListedRun } from './list-runs';
import { listRuns } from './list-runs';

export interface AuditRunsOptions {
  db: Db;
  client: Client;
  /** Of the agreements. */
  taskQueue: string;
  /** Called with the share of the years that were asked, from 0 to 1. */
  onProgress?: ((share: number) => void) | undefined;
  /** Milliseconds after which a difference is looked at again. */
  again?: number;
}

/** Years that are asked at the same time: workers have other things to do. */
const atOnce = 8;
/** Milliseconds for a year to answer, and for Temporal to describe one. */
const answersWithin = 15_000;
/** Milliseconds in which what is on its way arrives, also in the lists of Temporal. */
const settlesWithin = 5_000;

/** Every difference between what runs and what PostgreSQL says. */
export async function auditRuns(options: AuditRunsOptions): Promise<AuditFinding[]> {
  const { db, client, taskQueue, again = settlesWithin } = options;
  // Agreements are read after what runs: one that is signed meanwhile is known.
  const runs = await listRuns(client, taskQueue);
  const known = await knownAgreements(db);
  const missing = missingRuns(await readStanding(db), known, runs);
  const years = runs.filter(({ workflowId, agreement }) => isLiveYear(workflowId, agreement, known));
  const doubtful = await askYears(options, years, known, options.onProgress);
  if (missing.length + doubtful.runs.length > 0) await pause(again);
  const doubted = await doubtedAgain(options, doubtful.runs);
  return [
    ...(await stillMissing(options, missing)),
    ...orphanedRuns(known, runs),
    ...doubledRuns(known, runs),
    ...(await askYears(options, doubted, await knownAgreements(db))).findings,
  ];
}

const isLiveYear = (
  workflowId: string,
  agreement: string | undefined,
  known: ReadonlyMap<string, KnownAgreement>,
): boolean =>
  agreement !== undefined && workflowId === workflowIdOf(agreement) && known.get(agreement)?.state === 'live';

/** The same runs with what the lists of Temporal say by now. */
async function doubtedAgain(
  { client, taskQueue }: AuditRunsOptions,
  runs: readonly ListedRun[],
): Promise<ListedRun[]> {
  if (runs.length === 0) return [];
  const ids = new Set(runs.map(({ workflowId }) => workflowId));
  return (await listRuns(client, taskQueue)).filter(({ workflowId }) => ids.has(workflowId));
}

/** Those of what is missing that Temporal does not run: its lists come late. */
async function stillMissing(
  { db, client }: AuditRunsOptions,
  missing: ReturnType<typeof missingRuns>,
): Promise<AuditFinding[]> {
  const findings: AuditFinding[] = [];
  await inParallel(missing, atOnce, async ({ workflowId, agreement, mend }) => {
    const run = await client.withDeadline(Date.now() + answersWithin, () => describe(client, workflowId));
    if (run?.running) return;
    const standing = agreement === null ? undefined : await readStanding(db, [agreement]);
    if (standing && !standing.agreements.some(({ lives }) => lives)) return;
    findings.push({
      kind: 'runMissing',
      subject: workflowId,
      agreement,
      detail: run
        ? { sv: `avslutat (${run.status})`, en: `closed (${run.status})` }
        : { sv: 'Temporal har det inte', en: 'Temporal does not have it' },
      // What a run that has ended knew is in its history: an agreement is not started anew.
      ...(mend && !(run && workflowId.startsWith('agreement-')) && { mend }),
    });
  });
  return findings;
}

/** Asks years how they stand. @returns what differs, and which of them */
async function askYears(
  { db, client }: AuditRunsOptions,
  years: readonly ListedRun[],
  known: ReadonlyMap<string, KnownAgreement>,
  onProgress?: (share: number) => void,
): Promise<{ findings: AuditFinding[]; runs: ListedRun[] }> {
  const found = { findings: [] as AuditFinding[], runs: [] as ListedRun[] };
  let asked = 0;
  await inParallel(years, atOnce, async (run) => {
    const findings = await askYear(db, client, run, known.get(run.agreement ?? ''));
    found.findings.push(...findings);
    if (findings.length > 0) found.runs.push(run);
    asked += 1;
    onProgress?.(asked / years.length);
  });
  return found;
}

async function askYear(
  db: Db,
  client: Client,
  { workflowId, year, attention }: ListedRun,
  agreement: KnownAgreement | undefined,
): Promise<AuditFinding[]> {
  if (agreement === undefined) return [];
  const { number, yearNumber } = agreement;
  const run = await standingOf(client, workflowId);
  if (run === undefined) return [];
  if (run instanceof Error)
    return [
      { kind: 'runSilent', subject: workflowId, agreement: number, detail: inBoth(oneLine(run.message)) },
    ];
  const otherYear = [run.year, year ?? run.year].filter((one) => one !== yearNumber);
  if (otherYear.length > 0)
    return [
      {
        kind: 'runYear',
        subject: workflowId,
        agreement: number,
        detail: expectedFound(String(yearNumber), otherYear.join(', ')),
      },
    ];
  const kept = await readKeptStanding(db, number, run.year, new Date().toISOString());
  return [...compareRun(number, run, kept), ...otherPage(number, run, attention)];
}

/** @returns nothing where the run is on a version of the worker that does not know the question */
async function standingOf(client: Client, workflowId: string): Promise<RunStanding | Error | undefined> {
  try {
    return await client.withDeadline(Date.now() + answersWithin, () =>
      client.workflow.getHandle(workflowId).query<RunStanding>('standing'),
    );
  } catch (error) {
    return isUnknown(error) ? undefined : (error as Error);
  }
}

/** Whether a worker does not know the question. A question that fails is told by an error of the same class. */
const isUnknown = (error: unknown): boolean =>
  error instanceof QueryNotRegisteredError && error.message.includes('did not register a handler');

/** The lists of Temporal show what a page shows. */
function otherPage(agreement: string, { attention }: RunStanding, listed: readonly string[]): AuditFinding[] {
  const [shown, found] = [
    [...new Set(attention.map(({ code }) => code))].sort().join(', '),
    listed.join(', '),
  ];
  if (shown === found) return [];
  const detail = expectedFound(shown || '-', found || '-');
  return [{ kind: 'pageDiffers', subject: workflowIdOf(agreement), agreement, detail }];
}
