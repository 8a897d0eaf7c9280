/** `serviceavtal doctor`: looks at everything the service needs, and says of each what is wrong and what to do. */
import type { Command } from 'commander';
import { openDb } from '../../activities/db';
import type { Text } from '../../rules/engine/basics/text';
import { inWords, spoken } from '../basics/spoken';
import { looked, wrong } from '../health/doctor';
import type { Finding, Standing } from '../health/doctor';
import { lookAtDatabase, lookAtWork } from '../health/doctor-database';
import { lookAtBackUp, lookAtData, lookAtKeys, lookAtNode, lookAtRecord } from '../health/doctor-machine';
import {
  lookAtIntake,
  lookAtMailServer,
  lookAtOutside,
  lookAtQueues,
  lookAtTemporal,
} from '../health/doctor-services';
import type { StackInfo } from '../local/running-stack';
import { readRunningStack } from '../local/running-stack';
import type { Configuration } from '../settings/configuration';
import { readConfiguration } from '../settings/configuration';
import { openClient } from '../temporal/temporal-connection';
import { languageOption } from './findings-output';
import { asJson, say } from './terminal';

const words: Record<Standing, Text> = {
  ok: { sv: 'bra', en: 'ok' },
  warning: { sv: 'varning', en: 'warning' },
  wrong: { sv: 'fel', en: 'wrong' },
};

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'looks at every connection, setting, clock, disk, queue and version: what is wrong and what to do',
    )
    .option('--json', 'print one document')
    .addOption(languageOption('what is shown'))
    .action(async ({ json }: { json?: boolean }) => {
      const findings = await examine(readConfiguration());
      const language = spoken();
      if (json)
        say(
          asJson(findings.map((one) => ({ ...one, found: one.found[language], todo: one.todo?.[language] }))),
        );
      else for (const finding of findings) say(lineOf(finding));
      if (findings.some(({ standing }) => standing === 'wrong')) process.exitCode = 1;
    });
}

const lineOf = ({ standing, found, todo }: Finding): string => {
  const line = `${inWords(words[standing]).padEnd(8)} ${inWords(found)}`;
  return todo === undefined ? line : `${line}\n         → ${inWords(todo)}`;
};

/** Where the services are: of the stack that runs here, or of the environment. */
interface Services {
  databaseUrl: string | undefined;
  temporal: Parameters<typeof openClient>[0] | undefined;
  smtpUrl: string | undefined;
  intakePort: number | undefined;
}

function servicesOf(configuration: Configuration, stack: StackInfo | undefined): Services {
  if (stack)
    return {
      ...{ databaseUrl: stack.databaseUrl, temporal: stack, smtpUrl: stack.smtpUrl },
      intakePort: stack.intakePort,
    };
  const { databaseUrl, temporalAddress, namespace, smtpUrl, ports } = configuration;
  const outside = temporalAddress && { temporalAddress, namespace, embedded: { temporal: false } };
  return { databaseUrl, temporal: outside || undefined, smtpUrl, intakePort: ports.intake };
}

/** Looks at all, each by itself: one that fails hides no other. Starts nothing. */
async function examine(configuration: Configuration): Promise<Finding[]> {
  const { dataDir, intake, databaseUrl } = configuration;
  const stack = readRunningStack(dataDir);
  const services = servicesOf(configuration, stack);
  const isDown = stack === undefined && databaseUrl === undefined;
  return [
    lookAtNode(),
    ...(await looked('disk.data', todos.disk, () => lookAtData(configuration))),
    ...(await looked('disk.record', todos.disk, () => lookAtRecord(configuration))),
    ...(await looked('keys', todos.disk, () => lookAtKeys(configuration))),
    ...(databaseUrl === undefined
      ? await looked('back-up', todos.disk, () => [lookAtBackUp(configuration)])
      : []),
    ...(isDown ? [wrong('stack', said.down(dataDir), said.start)] : []),
    ...(await ofDatabase(services)),
    ...(await ofTemporal(configuration, services)),
    ...(await of(services.smtpUrl, 'smtp', todos.smtp, lookAtMailServer)),
    ...(await of(services.intakePort, 'intake', todos.intake, (port) =>
      lookAtIntake(port, /^(0\.0\.0\.0|::)$/.test(intake.host) ? '127.0.0.1' : intake.host),
    )),
    ...(await looked('intake.outside', todos.outside, () => lookAtOutside(configuration))),
  ];
}

const said = {
  down: (dataDir: string): Text => ({
    sv: `Stacken kör inte (${dataDir}); dess databas, Temporal, mejl och intag är inte prövade`,
    en: `The stack does not run (${dataDir}); its database, Temporal, mail and intake were not looked at`,
  }),
  start: { sv: 'starta den med `npm start`, och fråga igen', en: 'start it with `npm start`, and ask again' },
};

const todos = {
  disk: { sv: 'se till disken och rättigheterna', en: 'see to the disk and its permissions' },
  database: { sv: 'se till PostgreSQL och DATABASE_URL', en: 'see to PostgreSQL and DATABASE_URL' },
  temporal: { sv: 'se till Temporal och TEMPORAL_ADDRESS', en: 'see to Temporal and TEMPORAL_ADDRESS' },
  smtp: {
    sv: 'se till mejlservern och SMTP_URL; mejl väntar så länge',
    en: 'see to the mail server and SMTP_URL; mails wait meanwhile',
  },
  intake: {
    sv: 'se att `npm start` kör, och på vilken port',
    en: 'see that `npm start` runs, and at which port',
  },
  outside: {
    sv: 'se till proxyn och SERVICEAVTAL_INTAKE_URL',
    en: 'see to the proxy and SERVICEAVTAL_INTAKE_URL',
  },
};

const of = <T>(
  value: T | undefined,
  about: string,
  todo: Text,
  look: (value: T) => Promise<Finding[]>,
): Promise<Finding[]> => (value === undefined ? Promise.resolve([]) : looked(about, todo, () => look(value)));

async function ofDatabase({ databaseUrl }: Services): Promise<Finding[]> {
  if (databaseUrl === undefined) return [];
  const db = openDb(databaseUrl, { maxConnections: 2 });
  try {
    const server = await looked('database', todos.database, () => lookAtDatabase(db));
    const isThere = server.every(({ standing }) => standing !== 'wrong');
    return isThere ? [...server, ...(await looked('work', todos.database, () => lookAtWork(db)))] : server;
  } finally {
    await db.close();
  }
}

async function ofTemporal(configuration: Configuration, { temporal }: Services): Promise<Finding[]> {
  if (temporal === undefined) return [];
  const findings = await looked('temporal', todos.temporal, async () => {
    const client = await openClient(temporal);
    try {
      return [...(await lookAtTemporal(client)), ...(await lookAtQueues(client, configuration))];
    } finally {
      await client.connection.close();
    }
  });
  return findings;
}
