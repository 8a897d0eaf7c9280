/** The desk in people's words: local times on the monitoring's page, messages without an incident's number. */
import { DateTime } from 'luxon';
import { instantAt } from '../../rules/engine/calendar/calendar';
import { addDays } from '../../rules/engine/calendar/dates';
import type { Instant } from '../../rules/engine/contract/contract';
import { isLocalDate } from '../../rules/engine/basics/is-local-date';
import { expectedFound } from '../../rules/engine/basics/text';
import { formatMinute } from '../../templates/words/dates';
import type { MonitoringPage } from '../../templates/ui/monitoring';
import type { Db } from '../db';
import type { DeskDeps, DeskPage } from './desk';
import { createDeskActivities } from './desk';
import type { Answered, AnswerInput, PauseInput } from './pause-and-answer';

/** An answer as people send it: without a number it means the only open incident. */
export type SaidOfIncident = Omit<AnswerInput, 'incident'> & { incident?: number };
/** A pause as people send it: through a day, or until a local time or an instant. */
export type SaidOfPause = Omit<PauseInput, 'untilAt'> & { until: string };

export function createAnswerActivities(deps: DeskDeps) {
  const desk = createDeskActivities(deps);
  return {
    ...desk,
    /** `attendDesk` of the desk, with the page's times in local time. */
    async attendDesk(input: {
      agreement: string;
      asOf: Instant;
    }): Promise<{ nextAt?: Instant; page: MonitoringPage }> {
      const { page, ...attended } = await desk.attendDesk(input);
      return { ...attended, page: pageOf(input.agreement, page) };
    },

    async answerIncident({ incident, ...said }: SaidOfIncident): Promise<Answered> {
      const meant = incident ?? (await onlyOpen(deps.db, said.agreement));
      if (typeof meant !== 'number') return meant;
      return desk.answerIncident({ ...said, incident: meant });
    },

    async pauseMonitor({ until, ...said }: SaidOfPause): Promise<Answered> {
      const untilAt = readUntil(until);
      if (untilAt !== undefined) return desk.pauseMonitor({ ...said, untilAt });
      return {
        rejected: expectedFound(
          {
            sv: 'until: en dag som 2027-06-04 eller en tid som 2027-06-07 08:30',
            en: 'until: a day as 2027-06-04 or a time as 2027-06-07 08:30',
          },
          until === '' ? { sv: 'ingen', en: 'none' } : until,
        ),
      };
    },
  };
}

/**
 * The end of a pause, from the text somebody wrote.
 * @example readUntil('2027-06-04') // '2027-06-04T22:00:00.000Z', through the day
 * @example readUntil('2027-06-07 8:30') // '2027-06-07T06:30:00.000Z'
 */
export function readUntil(text: string): Instant | undefined {
  const trimmed = text.trim();
  if (isLocalDate(trimmed)) return instantAt(addDays(trimmed, 1), '00:00');
  const [, day = '', hour = '', minute = ''] =
    /^(\d{4}-\d\d-\d\d)[ T](\d{1,2})[:.](\d\d)$/.exec(trimmed) ?? [];
  if (isLocalDate(day) && Number(hour) < 24 && Number(minute) < 60)
    return instantAt(day, `${hour.padStart(2, '0')}:${minute}`);
  if (!/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(trimmed)) return undefined;
  const instant = DateTime.fromISO(trimmed, { zone: 'utc' });
  return instant.isValid ? instant.toJSDate().toISOString() : undefined;
}

async function onlyOpen(db: Db, agreement: string): Promise<number | Answered> {
  const open = await db.query<{ id: number }>(
    'select id from incidents where agreement = $1 and closed_at is null order by id',
    [agreement],
  );
  const [first, ...more] = open;
  if (first && more.length === 0) return first.id;
  const ids = open
    .slice(0, 20)
    .map(({ id }) => id)
    .join(', ');
  return {
    rejected: expectedFound(
      { sv: `incident: ett av ${ids || 'inga'}`, en: `incident: one of ${ids || 'none'}` },
      { sv: 'inget', en: 'none' },
    ),
  };
}

function pageOf(agreement: string, page: DeskPage): MonitoringPage {
  const { incidents, more, checks, pauses, unsettled, versions } = page;
  return {
    agreement,
    incidents: incidents.map(({ id, monitor, name, severity, since, takenBy, suppressed }) => ({
      id,
      monitor,
      name,
      severity: severity as MonitoringPage['incidents'][number]['severity'],
      since: formatMinute(since),
      ...(takenBy !== undefined && { takenBy }),
      ...(suppressed !== undefined && { suppressed }),
    })),
    open: incidents.length + more,
    checks,
    pauses: pauses.map(({ until, ...pause }) => ({ ...pause, until: formatMinute(until) })),
    unsettled: unsettled.map(({ key, state }) => ({ key, state })),
    ...(versions && { versions: versions.map((each) => ({ ...each, since: formatMinute(each.since) })) }),
  };
}
