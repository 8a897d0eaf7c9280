/** What `doctor` looks at in PostgreSQL: the server, the schema, its clock, and what our tables say of our own work. */
import type { Db } from '../../activities/db';
import { compareSchema, tryRoom } from '../../activities/db';
import { listSick, readLooking, troubleOfLooking } from '../../activities/health/health';
import { findTrouble, readMonitoringFigures } from '../../activities/health/metrics';
import { findRestoration } from '../../activities/health/restorations';
import { counted } from '../../rules/engine/basics/counted';
import type { Finding } from './doctor';
import { fewSeconds, most, ok, tooManySeconds, warning, wrong } from './doctor';

/** Looks at the server and the schema. */
export async function lookAtDatabase(db: Db): Promise<Finding[]> {
  const begun = Date.now();
  const [server] = await db.query<{ version: string; now: string; mayCreate: boolean }>(
    `select current_setting('server_version') as version, clock_timestamp()::text as now,
            has_schema_privilege(current_user, 'public', 'create') as "mayCreate"`,
  );
  const took = Date.now() - begun;
  const { version = '?', now = '', mayCreate = true } = server ?? {};
  const findings = [
    ok('database', {
      sv: `PostgreSQL ${version} svarar på ${took} ms`,
      en: `PostgreSQL ${version} answers in ${took} ms`,
    }),
    clockOf('PostgreSQL', Date.parse(now) - (begun + took / 2)),
    await lookAtSchema(db),
  ];
  if (!mayCreate)
    findings.push(
      warning(
        'database.rights',
        { sv: 'Vår användare får inte göra tabeller', en: 'Our user may not make tables' },
        {
          sv: 'kör nästa uppgradering som en användare som får det',
          en: 'run the next upgrade as a user who may',
        },
      ),
    );
  await tryRoom(db);
  return findings;
}

/** How far another clock is from ours, in milliseconds. */
export function clockOf(whose: string, milliseconds: number): Finding {
  const seconds = Math.round(milliseconds / 100) / 10;
  const standing = most(Math.abs(seconds), fewSeconds, tooManySeconds);
  const about = `clock.${whose.toLowerCase()}`;
  if (standing === 'ok')
    return ok(about, { sv: `Klockan går som ${whose}s`, en: `The clock agrees with ${whose}'s` });
  return (standing === 'warning' ? warning : wrong)(
    about,
    { sv: `Klockan går ${-seconds} s före ${whose}s`, en: `The clock is ${-seconds} s ahead of ${whose}'s` },
    { sv: 'ställ båda efter en tidsserver (NTP)', en: 'set both by a time server (NTP)' },
  );
}

async function lookAtSchema(db: Db): Promise<Finding> {
  const { missing, unknown } = await compareSchema(db);
  if (unknown.length > 0)
    return wrong(
      'database.schema',
      {
        sv: `Databasen är av en nyare version: ${unknown.join(', ')}`,
        en: `The database is of a newer version: ${unknown.join(', ')}`,
      },
      { sv: 'kör den nyare versionen', en: 'run the newer version' },
    );
  if (missing.length > 0)
    return wrong(
      'database.schema',
      { sv: `Databasen saknar ${missing.join(', ')}`, en: `The database lacks ${missing.join(', ')}` },
      { sv: 'starta den här versionen: den gör dem', en: 'start this version: it makes them' },
    );
  return ok('database.schema', {
    sv: 'Databasens tabeller är den här versionens',
    en: 'The tables are those of this version',
  });
}

/** Looks at what our tables say: workflows, waiting rows, mails, a restoration. */
export async function lookAtWork(db: Db): Promise<Finding[]> {
  return [
    ...(await lookAtWorkflows(db)),
    await lookAtOwnTrouble(db),
    ...(await lookAtMails(db)),
    ...(await lookAtRestoration(db)),
  ];
}

async function lookAtWorkflows(db: Db): Promise<Finding[]> {
  const sick = await listSick(db);
  const trouble = troubleOfLooking(await readLooking(db));
  const findings =
    sick.length === 0
      ? [ok('workflows', { sv: 'Alla arbetsflöden mår bra', en: 'All workflows are well' })]
      : [
          wrong(
            'workflows',
            {
              sv: `${counted(sick.length, ['arbetsflöde', 'arbetsflöden'])} mår inte bra: ${namesOf(sick)}`,
              en: `${counted(sick.length, ['workflow is', 'workflows are'])} not well: ${namesOf(sick)}`,
            },
            { sv: 'npx serviceavtal agreements sick', en: 'npx serviceavtal agreements sick' },
          ),
        ];
  if (trouble !== undefined)
    findings.push(
      wrong('workflows.look', trouble, { sv: 'se loggen av `npm start`', en: 'see the log of `npm start`' }),
    );
  return findings;
}

const mostNamed = 5;
const namesOf = (sick: readonly { workflowId: string }[]): string =>
  sick
    .slice(0, mostNamed)
    .map(({ workflowId }) => workflowId)
    .join(', ') + (sick.length > mostNamed ? ' …' : '');

/** The first reason why our own monitoring cannot be trusted; the look at Temporal has a line of its own. */
async function lookAtOwnTrouble(db: Db): Promise<Finding> {
  const trouble = await findTrouble(db);
  const { outbox } = await readMonitoringFigures(db);
  if (trouble === undefined || trouble.startsWith('the look at Temporal'))
    return ok('queue.outbox', {
      sv: `${counted(outbox.waiting, ['rad', 'rader'])} väntar på att Temporal får veta dem`,
      en: `${counted(outbox.waiting, ['row waits', 'rows wait'])} for Temporal to be told`,
    });
  return wrong('queue.outbox', trouble, {
    sv: 'se att `npm start` kör, och dess logg',
    en: 'see that `npm start` runs, and its log',
  });
}

async function lookAtMails(db: Db): Promise<Finding[]> {
  const rows = await db.query<{ state: string; count: number }>(
    `select state, count(*)::int as count from mails
      where state in ('unknown', 'refused') or (state in ('queued', 'sending') and changed_at < now() - interval '15 minutes')
      group by state order by state`,
  );
  if (rows.length === 0)
    return [ok('mails', { sv: 'Inget mejl väntar på någon', en: 'No mail waits for anybody' })];
  const told = rows.map(({ state, count }) => `${count} ${state}`).join(', ');
  return [
    warning(
      'mails',
      { sv: `Mejl som någon får avgöra: ${told}`, en: `Mails for a person to settle: ${told}` },
      { sv: 'npx serviceavtal mails list', en: 'npx serviceavtal mails list' },
    ),
  ];
}

/** Days for which a restoration is told of. */
const toldFor = 30;

async function lookAtRestoration(db: Db): Promise<Finding[]> {
  const last = await findRestoration(db);
  if (!last || Date.now() - Date.parse(last.restoredAt) > toldFor * 86_400_000) return [];
  const { takenAt, restoredAt, isWhole } = last;
  const [whole, half] = [
    { sv: '', en: '' },
    { sv: ', utan en hel journal', en: ', without a whole record' },
  ];
  const how = isWhole ? whole : half;
  return [
    warning(
      'restoration',
      {
        sv: `Databasen återställdes ${restoredAt} från en säkerhetskopia av ${takenAt}${how.sv}`,
        en: `The database was restored at ${restoredAt} from a back-up of ${takenAt}${how.en}`,
      },
      {
        sv: 'npx serviceavtal restore --missing, och mails list',
        en: 'npx serviceavtal restore --missing, and mails list',
      },
    ),
  ];
}
