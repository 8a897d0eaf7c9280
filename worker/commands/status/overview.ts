/** Queries a running agreement for its overview: what its page shows, as data. */
import type { Client } from '@temporalio/client';
import type { Language } from '../../../rules/engine/basics/text';
import { availableHours } from '../../../rules/engine/hours/hour-bank';
import { localDateOf } from '../../../rules/engine/calendar/calendar';
import { drawBar, formatHours } from '../../../templates/words/numbers';
import type { Overview } from '../../../templates/ui/overview';
import { label } from '../../../templates/words/labels';
import { stepNotes } from '../../../templates/words/step-notes';
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

const words = {
  sv: {
    width: 12,
    names: {
      plan: 'plan',
      hourBank: 'timbank',
      meeting: 'möte',
      action: 'åtgärd',
      improvement: 'förbättring',
      paused: 'vilar',
      rejected: 'avvisat',
      latest: 'senast',
      undo: 'ångra',
      send: 'skicka',
    },
    plan: (revision: number, ruleset: string) => `version ${revision}, regler ${ruleset}`,
    booked: (on: string, at: string) => `bokat ${on} ${at}`,
    toBook: (on: string) => `att boka, tänkt ${on}`,
    overdue: ', FÖRSENAT',
    until: 'till',
    undo: (step: number | string, name: string) => `steg ${step}, ${name}: stepUndone tar tillbaka det`,
    of: 'av',
    allChecks: 'alla kontroller',
    improvements: { proposed: 'föreslagen, inte avgjord', accepted: 'beslutad, inte införd' },
  },
  en: {
    width: 10,
    names: {
      plan: 'plan',
      hourBank: 'hour bank',
      meeting: 'meeting',
      action: 'action',
      improvement: 'improve',
      paused: 'paused',
      rejected: 'rejected',
      latest: 'latest',
      undo: 'undo',
      send: 'send',
    },
    plan: (revision: number, ruleset: string) => `revision ${revision}, ruleset ${ruleset}`,
    booked: (on: string, at: string) => `booked ${on} ${at}`,
    toBook: (on: string) => `to be booked, planned ${on}`,
    overdue: ', OVERDUE',
    until: 'until',
    undo: (step: number | string, name: string) => `step ${step}, ${name}: stepUndone takes it back`,
    of: 'of',
    allChecks: 'all checks',
    improvements: { proposed: 'proposed, not decided', accepted: 'decided, not in use yet' },
  },
} as const;

/** Prints the parts of the overview that the projection in PostgreSQL does not have. */
export function printOverview(overview: Overview, language: Language = 'en'): string {
  const say = words[language];
  const line = (name: keyof typeof say.names, text: string): string =>
    `  ${say.names[name].padEnd(say.width)} ${text}`;
  const { hours, actions, improvements, paused, undo, rejected, last, messages } = overview;
  const idOrName = (id: string): string => (language === 'sv' ? label('shortObligation', id, language) : id);
  const phase = language === 'sv' ? label('state', overview.phase, language) : overview.phase;
  return [
    line('plan', `${say.plan(overview.planRevision, overview.ruleset.slice(0, 8))}, ${phase}`),
    ...(hours ? [line('hourBank', hourBank(hours, language))] : []),
    ...overview.next.flatMap(({ id, on, at, booked, noDayLeft }) =>
      booked === undefined
        ? []
        : [
            line(
              'meeting',
              `${idOrName(id).padEnd(18)} ${booked ? say.booked(on, at ?? '') : noDayLeft ? stepNotes.noDayLeft[language] : say.toBook(on)}`,
            ),
          ],
    ),
    ...actions.map(({ id, what, owner, dueOn, overdue }) => {
      const who = language === 'sv' ? label('party', owner, language) : owner;
      return line('action', `${id}. ${what} (${who}, ${dueOn}${overdue ? say.overdue : ''})`);
    }),
    ...improvements.map(({ id, title, state }) =>
      line('improvement', `${id}. ${title} (${say.improvements[state]})`),
    ),
    ...paused.map(({ monitor, name, until }) =>
      line('paused', `${monitor === 'all' ? say.allChecks : (name ?? monitor)} ${say.until} ${until}`),
    ),
    ...rejected
      .slice(0, 3)
      .map(({ at, signal, reason }) => line('rejected', `${localDateOf(at)} ${signal}: ${reason}`)),
    ...last.slice(0, 5).map(({ at, text }) => line('latest', `${localDateOf(at)} ${text}`)),
    ...(undo ? [line('undo', say.undo(undo.step, undo.name))] : []),
    ...messages.map(({ name, example }) => line('send', `${name} ${JSON.stringify(example)}`)),
  ].join('\n');
}

function hourBank(hours: NonNullable<Overview['hours']>, language: Language): string {
  const available = availableHours(hours);
  return `${drawBar(hours.used, available)} ${formatHours(hours.used, language)} ${words[language].of} ${formatHours(available, language)} h`;
}
