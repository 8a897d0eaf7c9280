/** Every workflow closed or waiting where it should, its histories one after another without a gap. */
import type { Agreement, Finding, Run } from './evidence';

/** Failed tasks for which the workflow cannot be blamed: something arrived meanwhile, or its worker went away. */
const outside = /UNHANDLED_COMMAND|UNHANDLED_UPDATE|FORCE_CLOSE_COMMAND|RESET_STICKY_TASK_QUEUE/;

/** The agreement's last day, where people have ended it. */
export function lastDay({ story }: Agreement): string | undefined {
  const ended = story.find(
    ({ name, answer, senseless }) => name === 'agreementTerminated' && answer === 'taken' && !senseless,
  );
  return (ended?.input as { on?: string } | undefined)?.on;
}

/** Whether people ended the agreement, and its last day has passed. */
export const isEnded = (agreement: Agreement): boolean => {
  const last = lastDay(agreement);
  return last !== undefined && last < agreement.now.slice(0, 10);
};

/** Timers of a run that have neither fired nor been cancelled. */
function openTimers({ events }: Run): string[] {
  const open = new Map<number, string>();
  for (const { type, id, dueAt = '', startedBy = 0 } of events) {
    if (type === 'TIMER_STARTED') open.set(id, dueAt);
    if (type === 'TIMER_FIRED' || type === 'TIMER_CANCELED') open.delete(startedBy);
  }
  return [...open.values()];
}

/** All about an agreement's workflow. */
export function auditWorkflow(agreement: Agreement): Finding[] {
  const { runs, contract, rows, now } = agreement;
  const say = (kind: Finding['kind'], what: string): Finding => ({
    kind,
    agreement: contract.agreement,
    what,
  });
  const last = runs.at(-1);
  if (!last) return [say('workflow-ended', 'there is no workflow')];
  const gaps = runs.flatMap(({ events, runId }, index) => {
    const following = runs[index + 1];
    const [end] = events.slice(-1);
    return [
      ...(events.every(({ id }, place) => id === place + 1) ? [] : [say('history-gap', `in run ${runId}`)]),
      ...(following && end?.next !== following.runId ? [say('history-gap', `after run ${runId}`)] : []),
    ];
  });
  const failed = runs.flatMap(({ events }) =>
    events
      .filter(({ type, cause }) => type === 'WORKFLOW_TASK_FAILED' && !outside.test(cause ?? ''))
      .map(({ cause }) => say('task-failed', String(cause))),
  );
  const abandoned = agreement.abandoned ? [say('workflow-stuck', agreement.abandoned)] : [];
  return [...gaps, ...failed, ...abandoned, ...standing(last)];

  function standing(run: Run): Finding[] {
    const { status, pending } = run;
    if (isEnded(agreement)) {
      const isOver = status === 'COMPLETED' && rows.agreement.state === 'ended';
      return isOver
        ? []
        : [say('workflow-stuck', `it was to end, and is ${status}, the agreement ${rows.agreement.state}`)];
    }
    if (status !== 'RUNNING') return [say('workflow-ended', `it is ${status}`)];
    if (rows.agreement.state !== 'live')
      return [say('workflow-stuck', `it runs, the agreement is ${rows.agreement.state}`)];
    if (pending > 0) return [say('workflow-stuck', `${pending} pieces of work are under way`)];
    const timers = openTimers(run);
    if (timers.length === 0) return [say('workflow-stuck', 'it waits for nothing')];
    return timers.some((due) => due < now) ? [say('workflow-stuck', 'it waits for what is past')] : [];
  }
}
