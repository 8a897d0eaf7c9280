/** `serviceavtal monitors`: the state of every check; `monitors run`: makes one check now. */
import type { Client } from '@temporalio/client';
import type { Command } from 'commander';
import { findAgreement } from '../../activities/agreements/agreements';
import type { Db } from '../../activities/db';
import type { MonitorRow } from '../../activities/monitors/overview';
import { monitorsOf, withVersions } from '../../activities/monitors/overview';
import { central } from '../../activities/monitors/places';
import { BilingualError } from '../../rules/engine/basics/bilingual-error';
import { expectedFound } from '../../rules/engine/basics/text';
import { whichIsMeant } from '../../rules/engine/basics/which-is-meant';
import type { Language } from '../../rules/engine/basics/text';
import { noAgreement } from '../../templates/words/no-agreement';
import { monitoringQueueOf, siteQueueOf } from '../../rules/engine/monitoring/queues';
import type { CheckResult } from '../../rules/engine/monitoring/watched';
import { formatMinute } from '../../templates/words/dates';
import { formatDecimal } from '../../templates/words/numbers';
import { suppressedBecause } from '../../templates/ui/monitoring';
import { readConfiguration } from '../settings/configuration';
import { createProgressReporter, runStep } from '../local/progress';

import { openClient } from '../temporal/temporal-connection';
import { agreementNumber, asJson, say } from './terminal';
import { withStack } from '../processes/with-stack';
import { languageOption } from './findings-output';

interface Options {
  json?: boolean;
  language?: Language;
}

export function registerMonitors(program: Command): void {
  const monitors = program.command('monitors').description('how every check stands, and one of them now');
  monitors
    .command('list', { isDefault: true })
    .argument('[agreement]', "an agreement's number; all without it", agreementNumber)
    .description(
      'the state of every check, since when, last good, its incident; what is not checked, and why',
    )
    .option('--json', 'print one document')
    .addOption(languageOption())
    .action(list);
  monitors
    .command('run')
    .argument('<agreement>', "an agreement's number", agreementNumber)
    .argument('<check>', "the check's id")
    .description(
      'makes one check now where it is always made, and tells the full answer; its state stays as it is',
    )
    .option('--json', 'print one document')
    .addOption(languageOption())
    .action(runNow);
}

async function list(agreement: string | undefined, options: Options): Promise<void> {
  const configuration = readConfiguration();
  const language = options.language ?? configuration.staffLanguage;
  await withStack(configuration, async ({ db }) => {
    await requireAgreement(db, agreement);
    const rows = await withVersions(db, await monitorsOf(db, { agreement, now: new Date().toISOString() }));
    if (options.json)
      return void say(asJson(rows.map(({ watched, ...row }) => ({ ...row, settings: watched.settings }))));
    say(rows.length === 0 ? words[language].none : printMonitors(rows, language));
  });
}

async function runNow(agreement: string, id: string, options: Options): Promise<void> {
  const configuration = readConfiguration();
  const language = options.language ?? configuration.staffLanguage;
  await withStack(configuration, async ({ db, stack, running }) => {
    await requireAgreement(db, agreement);
    const rows = await monitorsOf(db, { agreement, now: new Date().toISOString() });
    const named = rows.map((each) => ({ id: each.id, names: [each.name] }));
    const meant = rows.some((each) => each.id === id) ? [id] : whichIsMeant(id, named);
    const row = meant.length === 1 ? rows.find((each) => each.id === meant[0]) : undefined;
    const known = (meant.length > 0 ? meant : rows.map((each) => each.id)).join(', ') || '-';
    if (!row)
      throw new BilingualError(
        expectedFound(
          { sv: `en av avtalets kontroller (${known})`, en: `one of the agreement's checks (${known})` },
          id,
        ),
      );
    if (row.status === 'notSetUp' || row.status === 'notPossible')
      throw new BilingualError({
        sv: `${row.id} går inte att köra: ${stateOf(row, 'sv')}`,
        en: `${row.id} cannot be run: ${stateOf(row, 'en')}`,
      });
    if (!running)
      throw new BilingualError({
        sv: 'förväntade en worker som kör och kan göra kontrollen; `npm start` startar en',
        en: 'expected a running worker to make the check; `npm start` starts one',
      });
    const client = await openClient(stack);
    try {
      const log = createProgressReporter();
      const result = await runStep(log, `${row.name} (${row.place})`, () =>
        checkOnce(client, row, configuration.taskQueue, language),
      );
      say(options.json ? asJson(result) : printResult(result, language));
      if (result.outcome !== 'ok') process.exitCode = 1;
    } finally {
      await client.connection.close();
    }
  });
}

/** Makes a check on the worker of its place. @throws if no worker of the place takes it in time */
async function checkOnce(
  client: Client,
  { place, watched }: MonitorRow,
  taskQueue: string,
  language: Language,
): Promise<CheckResult> {
  const queue = place === central ? monitoringQueueOf(taskQueue) : siteQueueOf(taskQueue, place);
  try {
    return (await client.workflow.execute('checkOnce', {
      workflowId: `check-${watched.agreement}-${watched.check.id}-${Date.now()}`,
      taskQueue: monitoringQueueOf(taskQueue),
      args: [{ watched, taskQueue: queue, language }],
    })) as CheckResult;
  } catch (error) {
    const reason = ((error as Error).cause as Error | undefined)?.cause ?? (error as Error).cause ?? error;
    const why = (reason as Error).message;
    throw new BilingualError(
      {
        sv: `förväntade ett svar från workern på ${place}, hittade inget: «${why}»`,
        en: `expected an answer from the worker at ${place}, found none: ${why}`,
      },
      { cause: error },
    );
  }
}

async function requireAgreement(db: Db, agreement: string | undefined): Promise<void> {
  if (agreement !== undefined && !(await findAgreement(db, agreement)))
    throw new BilingualError(noAgreement(agreement));
}

const words = {
  sv: {
    none: 'Ingenting övervakas. Kontroller står i avtalets monitors, eller i en regel om monitoring.checks.',
    since: 'sedan',
    good: 'senast bra',
    never: 'aldrig',
    incident: 'larm',
    taken: 'taget av',
    kept: 'larmas inte',
    paused: 'vilar till',
    silent: 'ingen har vakat sedan',
    unwatched: 'ingen vakar ännu',
    measured: {
      ageMinutes: 'ålder i minuter',
      value: 'värde',
      oldestMinutes: 'äldsta filens ålder i minuter',
      newestMinutes: 'nyaste filens ålder i minuter',
      count: 'antal',
      megabytes: 'storlek i MB',
      seconds: 'tid i sekunder',
      certificateDays: 'certifikatets dagar kvar',
    } satisfies Record<Measured, string>,
    outcomes: { ok: 'BRA', warning: 'VARNING', down: 'NERE', unknown: 'OKÄNT' },
    states: {
      ok: 'bra',
      warning: 'VARNING',
      down: 'NERE',
      unknown: 'OKÄNT',
      pending: 'väntar på första kontrollen',
      awaited: 'väntar på sin första rapport',
      notSetUp: 'inte uppsatt',
      notPossible: 'går inte att köra',
    },
    version: 'version av',
    noVersion: 'ingen hittad ännu',
    lastSeen: 'senast sedd',
    declares: (version?: string) =>
      version === undefined ? '(avtalet säger ingen)' : `(avtalet säger ${version})`,
    answer: 'Svar:',
    took: 'tog',
  },
  en: {
    none: "Nothing is watched. Checks stand in a contract's monitors, or in a rule about monitoring.checks.",
    since: 'since',
    good: 'last good',
    never: 'never',
    incident: 'incident',
    taken: 'taken by',
    kept: 'not alerted',
    paused: 'rests until',
    silent: 'nobody has watched since',
    unwatched: 'nobody watches yet',
    measured: {
      ageMinutes: 'age in minutes',
      value: 'value',
      oldestMinutes: 'age of the oldest file in minutes',
      newestMinutes: 'age of the newest file in minutes',
      count: 'number',
      megabytes: 'size in MB',
      seconds: 'time in seconds',
      certificateDays: 'days left of the certificate',
    } satisfies Record<Measured, string>,
    outcomes: { ok: 'WELL', warning: 'WARNING', down: 'DOWN', unknown: 'UNKNOWN' },
    states: {
      ok: 'well',
      warning: 'WARNING',
      down: 'DOWN',
      unknown: 'UNKNOWN',
      pending: 'waits for its first check',
      awaited: 'waits for its first report',
      notSetUp: 'not set up',
      notPossible: 'cannot be run',
    },
    version: 'version of',
    noVersion: 'none found yet',
    lastSeen: 'last seen',
    declares: (version?: string) =>
      version === undefined ? '(the contract says none)' : `(the contract says ${version})`,
    answer: 'Answer:',
    took: 'took',
  },
} as const;

function stateOf({ status, message }: MonitorRow, language: Language): string {
  const state = words[language].states[status];
  return status === 'notPossible' && message ? `${state}: ${message[language]}` : state;
}

/** Minutes of silence after which a watch is mentioned. */
const quietMinutes = 3;

/** The checks of each agreement, one or two lines each. */
export function printMonitors(rows: readonly MonitorRow[], language: Language, now = Date.now()): string {
  const say_ = words[language];
  const width = Math.max(...rows.map(({ id }) => id.length));
  const lines: string[] = [];
  let agreement = '';
  for (const row of rows) {
    if (row.agreement !== agreement) lines.push(...(agreement === '' ? [] : ['']), row.agreement);
    agreement = row.agreement;
    const when = row.since === undefined ? '' : ` ${say_.since} ${formatMinute(row.since)}`;
    const place = row.place === central ? '' : ` @${row.place}`;
    lines.push(
      `  ${row.id.padEnd(width)}  ${stateOf(row, language)}${when}  ${row.name} (${row.kind}${place})`,
    );
    for (const more of detailsOf(row, language, now))
      for (const line of more.split('\n')) lines.push(`  ${''.padEnd(width)}  ${line}`);
  }
  return lines.join('\n');
}

function detailsOf(row: MonitorRow, language: Language, now: number): string[] {
  const say_ = words[language];
  const { status, message, incident, pausedUntil, lastGoodAt, watchedAt, version } = row;
  const bad = status === 'down' || status === 'warning' || status === 'unknown';
  const good = lastGoodAt === undefined ? say_.never : formatMinute(lastGoodAt);
  const checked = status !== 'notSetUp' && status !== 'notPossible';
  const quiet = watchedAt !== undefined && now - Date.parse(watchedAt) > quietMinutes * 60_000;
  return [
    ...(bad && message ? [message[language]] : []),
    ...(bad ? [`${say_.good} ${good}`] : []),
    ...(incident
      ? [
          [
            `${say_.incident} ${incident.id}`,
            ...(incident.takenBy === undefined ? [] : [`${say_.taken} ${incident.takenBy}`]),
            ...(incident.suppressed === undefined
              ? []
              : [`${say_.kept}: ${suppressedBecause(incident.suppressed, language)}`]),
          ].join(', '),
        ]
      : []),
    ...(pausedUntil === undefined ? [] : [`${say_.paused} ${formatMinute(pausedUntil)}`]),
    ...(version ? [versionOf(version, language)] : []),
    ...(checked && quiet ? [`${say_.silent} ${formatMinute(watchedAt)}`] : []),
    ...(checked && watchedAt === undefined ? [say_.unwatched] : []),
  ];
}

/** A version that a check reports, beside the contract's. */
function versionOf(
  { of, declared, found, differs }: NonNullable<MonitorRow['version']>,
  language: Language,
): string {
  const say_ = words[language];
  const last = found?.isCurrent === false ? `, ${say_.lastSeen} ${formatMinute(found.lastSeenAt)}` : '';
  return [
    `${say_.version} ${of}: `,
    found ? `${found.version} ${say_.since} ${formatMinute(found.firstSeenAt)}${last}` : say_.noVersion,
    differs ? ` ${say_.declares(declared)}` : '',
  ].join('');
}

type Measured = keyof NonNullable<CheckResult['measured']>;

/** What one check found when it was made now; further lines of its message stand below its first. */
export function printResult(
  { outcome, milliseconds, message, answer, measured, version }: CheckResult,
  language: Language,
): string {
  const say_ = words[language];
  const values = Object.entries(measured ?? {}).map(
    ([name, value]) => `  ${say_.measured[name as Measured]}: ${formatDecimal(value, language)}`,
  );
  const found = `${say_.outcomes[outcome]}  `;
  const told = message[language].split('\n').join(`\n${''.padEnd(found.length)}`);
  return [
    `${found}${told}  (${say_.took} ${Math.round(milliseconds)} ms)`,
    ...values,
    ...(version ? [`  ${say_.version} ${version.of}: ${version.version ?? version.problem[language]}`] : []),
    ...(answer === undefined || answer === '' ? [] : ['', say_.answer, answer]),
  ].join('\n');
}
