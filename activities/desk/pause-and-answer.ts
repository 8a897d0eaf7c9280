/** Carries out what support says about incidents and checks: taken, mended, paused, resumed. */
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { addDays, addMinutes } from '../../rules/engine/calendar/dates';
import type { Instant } from '../../rules/engine/contract/contract';
import type { Text } from '../../rules/engine/basics/text';
import { expectedFound } from '../../rules/engine/basics/text';
import { whichIsMeant } from '../../rules/engine/basics/which-is-meant';
import { reasons } from '../../templates/ui/reasons';
import { alsoCalled } from '../../templates/ui/spoken';
import { findAgreement } from '../agreements/agreements';
import type { Db, Queryable } from '../db';
import { permanent } from '../permanent';
import { decideAlone, deskOf } from './desk-data';
import { log } from '../monitors/incidents';
import { askForResults } from '../monitors/recheck';

export interface AnswerInput {
  agreement: string;
  incident: number;
  answer: 'taken' | 'mended';
  by: string;
  note?: string;
  asOf: Instant;
}

export interface PauseInput {
  agreement: string;
  /** A check's id or name, or `all`. */
  monitor: string;
  untilAt: Instant;
  reason?: string;
  by: string;
  asOf: Instant;
}

export type ResumeInput = Pick<PauseInput, 'agreement' | 'monitor' | 'by' | 'asOf'>;

/** Done, or why nothing was changed. */
export type Answered = { ok: true } | { rejected: Text };

/** Longest pause: a check that rests longer should be removed from the contract. */
const longestPauseDays = 92;

const rejected = (expected: Text, found: Text): Answered => ({ rejected: expectedFound(expected, found) });

/**
 * Marks an incident as taken, or as mended: then a fresh result is asked for, which has to confirm it. Waits while the
 * desk decides: the desk would overwrite the answer with what it read before.
 */
export async function answerIncident(db: Db, input: AnswerInput): Promise<Answered> {
  const { agreement, incident, answer, by, note, asOf } = input;
  const known = await findAgreement(db, agreement);
  if (!known) throw permanent('NotFound', `expected the agreement ${agreement}, found none`);
  return decideAlone(db, deskOf(known.contract), async (tx) => {
    const [row] = await tx.query<{
      monitor: string;
      closedAt: Instant | null;
      takenBy: string | null;
      mendedAt: Instant | null;
      isCheck: boolean;
    }>(
      `select monitor, closed_at as "closedAt", taken_by as "takenBy", mended_at as "mendedAt",
              exists (select 1 from monitors where monitors.agreement = incidents.agreement and monitors.id = monitor) as "isCheck"
         from incidents where id = $1 and agreement = $2 for update`,
      [incident, agreement],
    );
    const open = { sv: `ett pågående larm i ${agreement}`, en: `an open incident of ${agreement}` };
    if (!row)
      return rejected(open, { sv: `inget med nummer ${incident}`, en: `none with number ${incident}` });
    if (row.closedAt !== null)
      return rejected(open, {
        sv: `att ${incident} är över sedan ${row.closedAt}`,
        en: `that ${incident} is over since ${row.closedAt}`,
      });
    if (answer === 'mended' && !row.isCheck)
      return rejected(
        { sv: 'en kontroll som kan göras om', en: 'a check that can be made again' },
        {
          sv: `${row.monitor}, som är över när den hörs igen`,
          en: `${row.monitor}, which is over once it is heard again`,
        },
      );
    if (answer === 'taken' && row.takenBy !== null)
      return row.takenBy === by
        ? { ok: true }
        : rejected(
            { sv: 'ett larm som ingen har tagit', en: 'an incident that nobody has taken' },
            {
              sv: `att ${row.takenBy} har tagit ${incident}`,
              en: `that ${row.takenBy} has taken ${incident}`,
            },
          );
    if (answer === 'mended' && row.mendedAt !== null) return { ok: true };
    await tx.query(
      answer === 'taken'
        ? 'update incidents set taken_at = $2, taken_by = $3 where id = $1'
        : 'update incidents set mended_at = $2, mended_by = $3 where id = $1',
      [incident, asOf, by],
    );
    await log(tx, incident, asOf, answer, { by, ...(note !== undefined && { note }) });
    if (answer === 'mended') await askForResults(tx, [{ agreement, monitor: row.monitor }], asOf);
    return { ok: true };
  });
}

/** Pauses a check, or all of an agreement, until an instant; replaces an earlier pause. */
export async function pauseMonitor(db: Db, input: PauseInput): Promise<Answered> {
  const { agreement, untilAt, reason, by, asOf } = input;
  const latest = addMinutes(asOf, longestPauseDays * 24 * 60);
  if (!(untilAt > asOf && untilAt <= latest))
    return rejected(
      {
        sv: `en tid efter ${asOf}, högst ${longestPauseDays} dygn framåt`,
        en: `a time after ${asOf}, at most ${longestPauseDays} days ahead`,
      },
      { sv: untilAt, en: untilAt },
    );
  return db.transaction(async (tx) => {
    const monitor = await monitorMeant(tx, agreement, input.monitor);
    if (typeof monitor !== 'string') return monitor;
    await tx.query(
      `insert into monitor_pauses (agreement, monitor, source, from_at, until_at, reason, by)
       values ($1, $2, 'desk', $3, $4, $5, $6)
       on conflict (agreement, monitor, source) do update
         set from_at = case when monitor_pauses.until_at > excluded.from_at then monitor_pauses.from_at else excluded.from_at end,
             until_at = excluded.until_at, reason = excluded.reason, by = excluded.by`,
      [agreement, monitor, asOf, untilAt, reason ?? null, by],
    );
    await logAll(tx, { agreement, monitor, asOf }, 'paused', {
      by,
      until: untilAt,
      ...(reason !== undefined && { reason }),
    });
    return { ok: true };
  });
}

/** Ends a pause that support made; a pause from the agreement's own page is ended there. */
export async function resumeMonitor(db: Db, input: ResumeInput): Promise<Answered> {
  const { agreement, by, asOf } = input;
  return db.transaction(async (tx) => {
    const monitor = await monitorMeant(tx, agreement, input.monitor);
    if (typeof monitor !== 'string') return monitor;
    const pauses = await tx.query<{ source: string }>(
      `select source from monitor_pauses where agreement = $1 and monitor = $2 and until_at > $3 for update`,
      [agreement, monitor, asOf],
    );
    const expected = {
      sv: 'en kontroll som supporten har pausat',
      en: 'a check that support has paused',
    };
    if (pauses.length === 0)
      return rejected(expected, { sv: `${monitor}, som inte vilar`, en: `${monitor}, which does not rest` });
    if (!pauses.some(({ source }) => source === 'desk'))
      return rejected(expected, {
        sv: `${monitor}, som pausats från avtalets sida: skicka monitoringPaused dit med en dag som har passerat, ${ending(monitor, asOf)}`,
        en: `${monitor}, paused from the agreement's page: send monitoringPaused there with a day that has passed, ${ending(monitor, asOf)}`,
      });
    await tx.query(
      `update monitor_pauses set until_at = $3 where agreement = $1 and monitor = $2 and source = 'desk' and until_at > $3`,
      [agreement, monitor, asOf],
    );
    await logAll(tx, { agreement, monitor, asOf }, 'resumed', { by });
    return { ok: true };
  });
}

/** What ends a pause where it was sent to the agreement. */
const ending = (monitor: string, asOf: Instant): string =>
  JSON.stringify({ monitor, until: addDays(localDateOf(asOf), -1) });

/** The id of the check that somebody named, or `all`; a rejection where none is meant, or more than one. */
async function monitorMeant(tx: Queryable, agreement: string, given: string): Promise<string | Answered> {
  const known = await tx.query<{ id: string; name: string }>(
    `select id, watched #>> '{check,name}' as name from monitors where agreement = $1
     union select monitor, monitor from incidents
            where agreement = $1 and closed_at is null
              and not exists (select 1 from monitors where monitors.agreement = $1 and monitors.id = monitor)
     union select monitor, monitor from monitor_pauses
            where agreement = $1 and monitor <> 'all'
              and not exists (select 1 from monitors where monitors.agreement = $1 and monitors.id = monitor)
     order by id`,
    [agreement],
  );
  if (given === 'all' || known.some(({ id }) => id === given)) return given;
  const checks = known.map(({ id, name }) => ({ id, names: [name] }));
  const choices = [...checks, { id: 'all', names: alsoCalled.all ?? [] }];
  const meant = whichIsMeant(given, choices);
  if (meant.length > 1) return { rejected: reasons.ambiguous('monitor', meant, given) };
  if (meant[0] !== undefined) return meant[0];
  const ids = known
    .slice(0, 20)
    .map(({ id }) => id)
    .join(', ');
  return rejected(
    { sv: `all eller en kontroll: ${ids || 'inga'}`, en: `all or a check: ${ids || 'none'}` },
    { sv: given, en: given },
  );
}

/** Notes a pause or its end on the open incidents it concerns. */
async function logAll(
  tx: Queryable,
  { agreement, monitor, asOf }: Pick<PauseInput, 'agreement' | 'monitor' | 'asOf'>,
  what: string,
  detail: Record<string, unknown>,
): Promise<void> {
  const open = await tx.query<{ id: number }>(
    `select id from incidents where agreement = $1 and closed_at is null and ($2 = 'all' or monitor = $2) order by id`,
    [agreement, monitor],
  );
  for (const { id } of open) await log(tx, id, asOf, what, detail);
}
