/**
 * `serviceavtal start`: runs the stack, the worker and the dispatcher until somebody ends it. The stack restarts a part
 * that dies, and whatever depends on the part waits for it. The process ends by itself only if its start fails.
 */
import type { Text } from '../../rules/engine/basics/text';
import { inWords, spoken } from '../basics/spoken';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { storeSignedContract } from '../../activities/agreements/agreements';
import type { Db } from '../../activities/db';
import { migrate, openDb } from '../../activities/db';
import { findTrouble } from '../../activities/health/metrics';
import type { RecordFile } from '../../activities/record/record-file';
import { termsAtSigning } from '../../activities/agreements/rulesets';
import { openSigningApis } from '../../activities/signings/open-apis';
import type { CodeMailDeps } from '../../activities/mail/page-code';
import { createSendMessage } from '../../activities/mail/smtp';
import { startAgreementWorker } from './agreement-worker';
import type { CleanUp } from '../basics/clean-up';
import { createCleanUp } from '../basics/clean-up';
import type { Configuration } from '../settings/configuration';
import { environmentOf, projectRoot, showsColours } from '../settings/configuration';
import { startDeadMansSwitch } from './dead-mans-switch';
import { startDispatcher } from './dispatcher';
import { exportProfileOf } from '../files/export-profiles';
import { startAuditClock } from './audit-clock';
import { startInvoiceClock } from './invoice-clock';
import { startTakingOver } from '../deploy/take-over';
import { startHealthLook } from '../health/look';
import { customersPageLinks, intakeUrl, linkKey } from '../intake/address';
import type { Need } from '../intake/health';
import { troubleOf } from '../intake/health';
import { startIntake } from '../intake/server';
import type { SigningKeys } from '../intake/signings';
import { disksTakeData, temporalAnswers } from './needs';
import { startOwnMonitoring } from './own-monitoring';
import type { ProgressReporter } from '../local/progress';
import { createProgressReporter } from '../local/progress';
import { outsideDirectory } from '../local/postgres-place';
import type { Stack } from '../local/stack';
import { startStack } from '../local/stack';
import { onceInAWhile } from '../basics/once-in-a-while';
import { readContractFile } from '../files/read-contract-file';
import type { RulesOnDisk } from '../files/rule-files';
import { readRules } from '../files/rule-files';
import { openMappings } from '../files/signing-mappings';
import { recordOf, startRecordWatch } from './open-record';
import { putRulesInForce } from './put-rules-in-force';
import { startDeliveryLanes } from './delivery-lanes';
import { partsOf } from '../settings/secret';
import { surviveStrayErrors } from '../basics/stray-errors';
import { watchRules } from './watch-rules';
import { connectionOptions, openClient } from '../temporal/temporal-connection';
import { agreementLink } from '../temporal/web-ui-links';
import { stackStopsWithin } from './with-stack';
import { buildIdOf } from '../temporal/build-id';
import { showServed } from '../temporal/deployment';
import { workflowBundle } from '../temporal/workflow-bundle';
import { anyAgreement, newestAgreements } from '../../activities/agreements/list-agreements';

const exampleFile = path.join(projectRoot, 'examples/testbolaget.json');

/** Runs until `ended` is aborted. @returns the process's exit code */
export async function start(configuration: Configuration, ended: AbortSignal): Promise<number> {
  const log = createProgressReporter();
  const cleanUp = createCleanUp(log.warn);
  cleanUp.add(
    { sv: 'vakten över fel', en: 'the watch for errors' },
    surviveStrayErrors(onceInAWhile(log.warn)),
  );
  try {
    return await serve(configuration, ended, log, cleanUp);
  } finally {
    await cleanUp.run();
  }
}

async function serve(
  configuration: Configuration,
  ended: AbortSignal,
  log: ProgressReporter,
  cleanUp: CleanUp,
): Promise<number> {
  const warn = onceInAWhile(log.warn);
  const rules: RulesOnDisk | Error = readOrError(configuration);
  const firstStart =
    configuration.databaseUrl === undefined && !existsSync(path.join(configuration.dataDir, 'postgres'));
  if (rules instanceof Error && firstStart) throw rules;

  const stack = await startStack({
    dataDir: configuration.dataDir,
    ports: configuration.ports,
    environment: environmentOf(),
    log,
    signal: ended,
  });
  cleanUp.add({ sv: 'stacken', en: 'the stack' }, stack.stop, stackStopsWithin);
  const record = recordOf(configuration, log.warn);
  cleanUp.add({ sv: 'journalen utanför databasen', en: 'the record outside of the database' }, record.close);
  void record.append([{ kind: 'opened' }]);
  const db = openDb(stack.databaseUrl, { maxConnections: 20, record });
  cleanUp.add({ sv: 'förbindelserna till databasen', en: 'the connections to the database' }, db.close);
  await migrate(db);
  await putRulesInForce(db, rules, log.info);
  const signed = await signExample(db, stack);

  const step = log.step(inWords({ sv: 'Worker och dispatcher', en: 'Worker and dispatcher' }));
  const { taskQueue, staffLanguage, mailFrom, recordDir } = configuration;
  const build = buildIdOf(configuration);
  cleanUp.add(
    { sv: 'versionens lås i databasen', en: "the version's lock in the database" },
    await showServed(db, taskQueue, build),
  );
  const shared = {
    build,
    connection: connectionOptions(stack),
    namespace: stack.namespace,
    taskQueue,
    cacheDir: path.join(configuration.dataDir, 'cache'),
    deps: {
      db,
      sendMessage: createSendMessage(stack.smtpUrl),
      mailFrom,
      agreementLink: agreementLink(configuration, stack),
      staffLanguage,
      pageLinks: customersPageLinks(configuration, stack),
    },
  };
  const client = await openClient(stack);
  cleanUp.add({ sv: 'förbindelsen till Temporal', en: 'the connection to Temporal' }, () =>
    client.connection.close(),
  );
  const working = stoppedTogether(cleanUp);
  const worker = await startAgreementWorker(shared);
  working.push(worker.stop);
  const monitoring = await startOwnMonitoring(configuration, stack, { ...shared, record });
  working.push(() => monitoring.worker.stop().finally(monitoring.close));
  const bundle = await workflowBundle(shared.cacheDir);
  const version = { db, client, taskQueue, build, workflowBundle: bundle };
  const takingOver = await startTakingOver({ ...version, log: log.info });
  working.push(takingOver.stop);
  const dispatcher = startDispatcher({ db, client, taskQueue, language: staffLanguage, log: warn });
  working.push(dispatcher.stop);
  const signings = startDeliveryLanes({
    db,
    apis: openSigningApis(configuration.signing),
    mappingOf: openMappings(configuration.rulesDir, log.warn),
    mail: shared.deps,
    log: warn,
  });
  working.push(signings.stop);
  const mail = { ...shared.deps, operatorMail: configuration.operatorMail };
  const health = startHealthLook({
    db,
    client,
    taskQueue,
    language: staffLanguage,
    workflowBundle: bundle,
    mail,
    log: warn,
  });
  working.push(health.stop);
  working.push(startAuditClock({ db, client, taskQueue, recordDir, mail, log: warn }).stop);
  working.push(startRecordWatch({ db, record, recordDir, mail, log: warn }).stop);
  const { mail: clerkMail } = configuration.invoices;
  const clerk = { ...shared.deps, clerkMail, profile: exportProfileOf(configuration) };
  if (clerkMail !== undefined) working.push(startInvoiceClock({ db, mail: clerk, log: warn }).stop);
  step.done();
  const needs = [
    temporalAnswers(client, stack.namespace),
    disksTakeData(
      [configuration.dataDir, outsideDirectory(configuration.dataDir) ?? configuration.dataDir],
      warn,
    ),
  ];
  await receive(configuration, stack, { db, needs, mail: shared.deps, record }, warn, cleanUp);
  cleanUp.add(
    { sv: 'bevakningen av regelfilerna', en: 'the watch of the rule files' },
    watchRules({
      db,
      rulesDir: configuration.rulesDir,
      language: spoken(),
      coloured: showsColours(process.stdout),
      write: (text) => process.stdout.write(text),
    }),
  );
  process.stdout.write(await banner(configuration, stack, db, signed));
  if (takingOver.place === 'beside') log.info(inWords(runsBeside(build)));

  await aborted(ended);
  log.info(inWords({ sv: 'Stoppar …', en: 'Stopping …' }));
  return 0;
}

/** Stops the workers and the like at the same time, since each waits for the work that it has under way. */
function stoppedTogether(cleanUp: CleanUp): (() => Promise<void>)[] {
  const stops: (() => Promise<void>)[] = [];
  cleanUp.add({ sv: 'arbetet', en: 'the work' }, async () => {
    const ended = await Promise.allSettled(stops.map((stop) => stop()));
    for (const each of ended) if (each.status === 'rejected') throw each.reason;
  });
  return stops;
}

/** Functions that give the signing services' current keys, which may change while we run. */
function signingKeys({ signing }: Pick<Configuration, 'signing'>): SigningKeys {
  const { docusign, scrive, oneflow, signed } = signing;
  return {
    docusign: () => partsOf(docusign.keys),
    scrive: () => partsOf(scrive.keys),
    oneflow: () => partsOf(oneflow.keys),
    signed: () => partsOf(signed.keys),
  };
}

/** Starts the intake, and the sign of life to a service outside. */
async function receive(
  configuration: Configuration,
  stack: Stack,
  { db, needs, mail, record }: { db: Db; needs: readonly Need[]; mail: CodeMailDeps; record: RecordFile },
  log: (line: string) => void,
  cleanUp: CleanUp,
): Promise<void> {
  const { intake, heartbeatUrl } = configuration;
  const own = openDb(stack.databaseUrl, { maxConnections: 5 });
  cleanUp.add({ sv: 'intagets förbindelser', en: 'the connections of the intake' }, own.close);
  const server = await startIntake({
    db: own,
    host: intake.host,
    port: stack.intakePort ?? 0,
    linkKey: linkKey(configuration),
    mail,
    publicUrl: intake.url,
    signing: signingKeys(configuration),
    metricsToken: intake.metricsToken,
    proxies: intake.proxies,
    needs,
    record,
    requestLog: intake.requestLog ? process.stderr : undefined,
    log,
  });
  cleanUp.add({ sv: 'intaget', en: 'the intake' }, server.stop);
  if (heartbeatUrl === undefined) return;
  const healthy = async (): Promise<string | undefined> => (await findTrouble(db)) ?? troubleOf(needs);
  const alive = startDeadMansSwitch({ url: heartbeatUrl, healthy, log });
  cleanUp.add({ sv: 'vårt eget livstecken', en: 'our own sign of life' }, alive.stop);
}

function readOrError({ rulesDir }: Configuration): RulesOnDisk | Error {
  try {
    return readRules(rulesDir);
  } catch (error) {
    return error as Error;
  }
}

/** Signs the example, on the fully embedded stack and only while it holds no agreement. @returns whether it did */
async function signExample(db: Db, stack: Stack): Promise<boolean> {
  if (!stack.fullyEmbedded) return false;
  if (await anyAgreement(db)) return false;
  const contract = readContractFile(exampleFile);
  await storeSignedContract(db, contract, await termsAtSigning(db, contract));
  return true;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** What is said where an earlier version goes on as well: nothing is moved unasked. */
const runsBeside = (build: string): Text => ({
  sv: `Version ${build} körs bredvid den som gäller. Så flyttas avtalen: npx serviceavtal deploy`,
  en: `Version ${build} runs beside the current one. To move agreements to it: npx serviceavtal deploy`,
});

const said = {
  sv: {
    running: 'serviceavtal körs.',
    exampleSigned: 'Exempelavtalet signerades.',
    agreement: 'Avtal',
    inbox: 'Inkorg',
    intake: 'Intag',
    next: [
      '  Härnäst: öppna avtalet och dess flik "User Metadata", som säger vad som ska göras; se välkomstmejlet i inkorgen',
      '  (på natten väntar det till nästa arbetsmorgon); sedan, i en annan terminal:',
    ],
    stops: 'Ctrl-C stoppar allt; data finns kvar.',
  },
  en: {
    running: 'serviceavtal is running.',
    exampleSigned: 'The example agreement was signed.',
    agreement: 'Agreement',
    inbox: 'Mail inbox',
    intake: 'Intake',
    next: [
      '  Next: open the agreement and its tab "User Metadata", which says what is due; look at the welcome in the inbox',
      '  (at night it waits for the next working morning); then, in another terminal:',
    ],
    stops: 'Ctrl-C stops everything; the data stays.',
  },
} as const;

async function banner(configuration: Configuration, stack: Stack, db: Db, signed: boolean): Promise<string> {
  const agreements = await newestAgreements(db, 3);
  const link = agreementLink(configuration, stack);
  const words = said[spoken()];
  const lines = [
    '',
    signed ? `${words.running} ${words.exampleSigned}` : words.running,
    '',
    ...agreements.map((number) => `  ${words.agreement.padEnd(10)}  ${link(number)}`),
    ...(stack.inboxUrl ? [`  ${words.inbox.padEnd(10)}  ${stack.inboxUrl}`] : []),
    `  ${words.intake.padEnd(10)}  ${intakeUrl(configuration, stack)}`,
    '',
    ...words.next,
    '    npx serviceavtal status',
    '    npx serviceavtal simulate examples/testbolaget.json',
    '',
    words.stops,
    '',
  ];
  return lines.join('\n');
}
