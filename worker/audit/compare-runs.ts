/** Compares what runs with what should: which workflows there are, by PostgreSQL and by Temporal. Pure. */
import type { AuditFinding } from '../../activities/audit/findings';
import type { Mend } from '../../activities/audit/mend';
import type { KnownAgreement } from '../../activities/audit/known-agreements';
import type { Standing } from '../../activities/health/health';
import { watchIdOf } from '../../activities/monitors/places';
import { expectedFound } from '../../rules/engine/basics/text';
import { agreementOf, readWorkflowId } from '../health/workflows';
import { monitoringIdOf, workflowIdOf } from '../temporal/start-agreement';
import { digestClockIdOf } from '../temporal/start-digest-clock';
import type { ListedRun } from './list-runs';

/** A workflow that should run and is not listed. */
export interface Missing {
  workflowId: string;
  agreement: string | null;
  mend?: Mend;
}

/** What should run and does not. A year that was planned has its state in its history alone: it is not started anew. */
export function missingRuns(
  { agreements, watches, readers }: Standing,
  known: ReadonlyMap<string, KnownAgreement>,
  runs: readonly ListedRun[],
): Missing[] {
  const running = new Set(runs.map(({ workflowId }) => workflowId));
  const [any] = known.keys();
  const told = (
    workflowId: string,
    agreement: string | null,
    row: Pick<Extract<Mend, { how: 'tell' }>, 'kind' | 'payload'>,
  ): Missing => {
    const by = agreement ?? any;
    return {
      workflowId,
      agreement,
      ...(by !== undefined && { mend: { how: 'tell', agreement: by, ...row } }),
    };
  };
  return [
    ...agreements
      .filter(({ lives }) => lives)
      .map(({ number }) =>
        known.get(number)?.state === 'signed'
          ? told(workflowIdOf(number), number, { kind: 'start', payload: {} })
          : { workflowId: workflowIdOf(number), agreement: number },
      ),
    ...agreements
      .filter(({ monitored }) => monitored)
      .map(({ number }) =>
        told(monitoringIdOf(number), number, {
          kind: 'monitoring',
          payload: { signal: 'configurationChanged' },
        }),
      ),
    ...watches.map((watch) => told(watchIdOf(watch), null, { kind: 'watch', payload: { ...watch } })),
    ...readers.map((reader) => told(digestClockIdOf(reader), null, { kind: 'digests', payload: { reader } })),
  ].filter(({ workflowId }) => !running.has(workflowId));
}

/** What runs for agreements that PostgreSQL does not know, or that have ended some time ago. */
export function orphanedRuns(
  known: ReadonlyMap<string, KnownAgreement>,
  runs: readonly ListedRun[],
): AuditFinding[] {
  return runs.flatMap(({ workflowId }): AuditFinding[] => {
    const number = agreementOf(workflowId);
    if (number === null) return [];
    const about = { kind: 'runOrphaned' as const, subject: workflowId };
    const agreement = known.get(number);
    if (!agreement) {
      const detail = { sv: 'databasen har inget sådant avtal', en: 'the database has no such agreement' };
      return [{ ...about, agreement: null, detail }];
    }
    if (!agreement.endedLongAgo) return [];
    const detail = { sv: 'avtalet har upphört', en: 'the agreement has ended' };
    const mend: Mend = {
      how: 'tell',
      agreement: number,
      kind: 'monitoring',
      payload: { signal: 'configurationChanged' },
    };
    const isMonitoring = readWorkflowId(workflowId)?.type === 'monitoring';
    return [{ ...about, agreement: number, detail, ...(isMonitoring && { mend }) }];
  });
}

/** Workflows that carry an agreement under another id than the usual one. */
export function doubledRuns(
  known: ReadonlyMap<string, KnownAgreement>,
  runs: readonly ListedRun[],
): AuditFinding[] {
  return runs.flatMap(({ workflowId, type, agreement }): AuditFinding[] => {
    if (agreement === undefined || (type !== 'agreementYear' && type !== 'monitoring')) return [];
    const usual = type === 'monitoring' ? monitoringIdOf(agreement) : workflowIdOf(agreement);
    if (workflowId === usual) return [];
    return [
      {
        kind: 'runTwice',
        subject: workflowId,
        agreement: known.has(agreement) ? agreement : null,
        detail: expectedFound(usual, workflowId),
      },
    ];
  });
}
