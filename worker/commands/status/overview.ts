/** Queries a running agreement for its overview: what its page shows, as data. */
import type { Client } from '@temporalio/client';
import { localDateOf } from '../../../rules/engine/calendar/calendar';
import { drawBar, formatHours } from '../../../templates/words/numbers';
import type { Overview } from '../../../templates/ui/overview';
import { workflowIdOf } from '../../temporal/start-agreement';

/** Milliseconds to wait for an answer: without a worker there is none. */
const answerWithin = 5_000;

/** Asks for the overview. Without an answer it gives the reason: no worker runs, or the agreement ended long ago. */
export async function askOverview(
  client: Client,
  agreement: string,
): Promise<{ overview: Overview } | { silent: string }> {
  try {
    const overview = await client.withDeadline(Date.now() + answerWithin, () =>
      client.workflow.getHandle(workflowIdOf(agreement)).query<Overview>('overview'),
    );
    return { overview };
  } catch (error) {
    return { silent: (error as Error).message };
  }
}

/** Prints the parts of the overview that the projection in PostgreSQL does not have. */
export function printOverview(overview: Overview): string {
  const line = (name: string, text: string): string => `  ${name.padEnd(10)} ${text}`;
  const { hours, actions, improvements, paused, undo, rejected, last, messages } = overview;
  return [
    line(
      'plan',
      `revision ${overview.planRevision}, ruleset ${overview.ruleset.slice(0, 8)}, ${overview.phase}`,
    ),
    ...(hours ? [line('hour bank', hourBank(hours))] : []),
    ...overview.next.flatMap(({ id, on, at, booked }) =>
      booked === undefined
        ? []
        : [
            line(
              'meeting',
              `${id.padEnd(18)} ${booked ? `booked ${on} ${at ?? ''}` : `to be booked, planned ${on}`}`,
            ),
          ],
    ),
    ...actions.map(({ id, what, owner, dueOn, overdue }) =>
      line('action', `${id}. ${what} (${owner}, ${dueOn}${overdue ? ', OVERDUE' : ''})`),
    ),
    ...improvements.map(({ id, title, state }) => line('improve', `${id}. ${title} (${state})`)),
    ...paused.map(({ monitor, until }) => line('paused', `${monitor} until ${until}`)),
    ...rejected
      .slice(0, 3)
      .map(({ at, signal, reason }) => line('rejected', `${localDateOf(at)} ${signal}: ${reason}`)),
    ...last.slice(0, 5).map(({ at, text }) => line('latest', `${localDateOf(at)} ${text}`)),
    ...(undo ? [line('undo', `step ${undo.step}, ${undo.name}: stepUndone takes it back`)] : []),
    ...messages.map(({ name, example }) => line('send', `${name} ${JSON.stringify(example)}`)),
  ].join('\n');
}

function hourBank({ contracted, rolledIn, used }: NonNullable<Overview['hours']>): string {
  const available = contracted + rolledIn;
  return `${drawBar(used, available)} ${formatHours(used, 'en')} of ${formatHours(available, 'en')} h`;
}
