/** `serviceavtal start`: the stack, the worker and the dispatcher, until somebody ends it. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { storeSignedContract } from '../activities/agreements';
import type { Db } from '../activities/db';
import { migrate, openDb } from '../activities/db';
import { findTrouble } from '../activities/monitors/metrics';
import { loadRuleset, publishRuleset, rulesetInForce, termsAtSigning } from '../activities/rulesets';
import { openSigningApis } from '../activities/signings/open-apis';
import { createSendMessage } from '../activities/smtp';
import { startAgreementWorker } from './agreement-worker';
import type { Configuration } from './configuration';
import { environmentOf, projectRoot, showsColours } from './configuration';
import { startDeadMansSwitch } from './dead-mans-switch';
import { startDispatcher } from './dispatcher';
import { startHealthLook } from './health/look';
import { intakeUrl, linkKey } from './intake/address';
import { startIntake } from './intake/server';
import type { SigningKeys } from './intake/signings';
import { startOwnMonitoring } from './own-monitoring';
import { createProgressReporter } from './local/progress';
import type { Stack } from './local/stack';
import { startStack } from './local/stack';
import { readContractFile } from './read-contract-file';
import type { RulesOnDisk } from './rule-files';
import { readRules } from './rule-files';
import { openMappings } from './signing-mappings';
import { startSignings } from './signings';
import { partsOf } from './secret';
import { watchRules } from './watch-rules';
import { connectionOptions, openClient } from './temporal-connection';
import { agreementLink } from './web-ui-links';

const exampleFile = path.join(projectRoot, 'examples/testbolaget.json');

/** Runs until `ended` resolves or a part fails. @returns the process's exit code */
export async function start(configuration: Configuration, ended: AbortSignal): Promise<number> {
  const log = createProgressReporter();
  const broken = new AbortController();
  const rules: RulesOnDisk | Error = readOrError(configuration);
  const firstStart =
    configuration.databaseUrl === undefined && !existsSync(path.join(configuration.dataDir, 'postgres'));
  if (rules instanceof Error && firstStart) throw rules;

  const cleanUp: (() => Promise<unknown>)[] = [];
  // Stopped before the services it uses, also when one of those has died.
  const working = { stop: (): Promise<void> => Promise.resolve() };
  try {
    const stack = await startStack({
      dataDir: configuration.dataDir,
      ports: configuration.ports,
      environment: environmentOf(),
      log,
      signal: ended,
      onPartDied: async (part, reason) => {
        log.warn(`${part} stopped by itself: ${reason}`);
        broken.abort();
        await working.stop();
      },
    });
    cleanUp.push(stack.stop);
    const db = openDb(stack.databaseUrl, { maxConnections: 20 });
    cleanUp.push(db.close);
    await migrate(db);
    await publish(db, rules, log.info);
    const signed = await signExample(db, stack);

    const step = log.step('Worker and dispatcher');
    const cacheDir = path.join(configuration.dataDir, 'cache');
    const { taskQueue, staffLanguage, mailFrom } = configuration;
    const shared = {
      connection: connectionOptions(stack),
      namespace: stack.namespace,
      taskQueue,
      cacheDir,
      deps: {
        db,
        sendMessage: createSendMessage(stack.smtpUrl),
        mailFrom,
        agreementLink: agreementLink(configuration, stack),
        staffLanguage,
      },
    };
    const worker = await startAgreementWorker(shared);
    const monitoring = await startOwnMonitoring(configuration, stack, shared);
    cleanUp.push(monitoring.close);
    const client = await openClient(stack);
    const dispatcher = startDispatcher({ db, client, taskQueue, language: staffLanguage, log: log.warn });
    const signings = startSignings({
      db,
      apis: openSigningApis(configuration.signing),
      mappingOf: openMappings(configuration.rulesDir, log.warn),
      mail: shared.deps,
      log: log.warn,
    });
    const health = startHealthLook({
      db,
      client,
      taskQueue,
      language: staffLanguage,
      mail: { ...shared.deps, operatorMail: configuration.operatorMail },
      log: log.warn,
    });
    const ofWorkers = [worker, monitoring.worker];
    working.stop = once(async () => {
      await Promise.race([
        Promise.all([
          dispatcher.stop(),
          signings.stop(),
          health.stop(),
          ...ofWorkers.map((each) => each.stop().catch(() => undefined)),
        ]),
        longestStop(),
      ]);
      await client.connection.close();
    });
    cleanUp.push(() => working.stop());
    step.done();
    cleanUp.push(await receive(configuration, stack, db, log.warn));
    cleanUp.push(
      watchRules({
        db,
        rulesDir: configuration.rulesDir,
        language: staffLanguage,
        coloured: showsColours(process.stdout),
        write: (text) => process.stdout.write(text),
      }),
    );
    process.stdout.write(await banner(configuration, stack, db, signed));

    await Promise.race([
      aborted(ended),
      aborted(broken.signal),
      ...ofWorkers.map((each) =>
        each.finished.catch((error: Error) => {
          log.warn(`a worker stopped by itself: ${error.message}`);
          broken.abort();
        }),
      ),
    ]);
    log.info('Stopping …');
    return broken.signal.aborted ? 1 : 0;
  } finally {
    for (const clean of cleanUp.reverse()) await clean();
  }
}

/** The services' keys as they are whenever they are asked for: they change while we run. */
function signingKeys({ signing }: Pick<Configuration, 'signing'>): SigningKeys {
  const { docusign, scrive, oneflow, signed } = signing;
  return {
    docusign: () => partsOf(docusign.keys),
    scrive: () => partsOf(scrive.keys),
    oneflow: () => partsOf(oneflow.keys),
    signed: () => partsOf(signed.keys),
  };
}

/** The intake, and our own sign of life. @returns what stops both */
async function receive(
  configuration: Configuration,
  stack: Stack,
  db: Db,
  log: (line: string) => void,
): Promise<() => Promise<void>> {
  const { intake, heartbeatUrl } = configuration;
  const own = openDb(stack.databaseUrl, { maxConnections: 5 });
  try {
    const server = await startIntake({
      db: own,
      host: intake.host,
      port: stack.intakePort ?? 0,
      linkKey: linkKey(configuration),
      signing: signingKeys(configuration),
      metricsToken: intake.metricsToken,
      requestLog: intake.requestLog ? process.stderr : undefined,
      log,
    });
    const alive =
      heartbeatUrl === undefined
        ? undefined
        : startDeadMansSwitch({ url: heartbeatUrl, healthy: () => findTrouble(db), log });
    return async () => {
      await Promise.all([server.stop(), alive?.stop()]);
      await own.close();
    };
  } catch (error) {
    await own.close();
    throw error;
  }
}

const longestStop = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 15_000).unref());

/** However often it is asked for, it is done once. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}

function readOrError({ rulesDir }: Configuration): RulesOnDisk | Error {
  try {
    return readRules(rulesDir);
  } catch (error) {
    return error as Error;
  }
}

/**
 * The first ruleset comes into force by itself, and one that replaces what this version can no longer read; from
 * then on applying is a person's decision. Rule files that fail stay out; the last good ruleset stays in force.
 */
async function publish(db: Db, rules: RulesOnDisk | Error, say: (line: string) => void): Promise<void> {
  const inForce = await rulesetInForce(db);
  if (rules instanceof Error) {
    if (inForce === undefined) throw rules;
    say(`${rules.message}\nThe ruleset in force stays: ${inForce.slice(0, 8)}.`);
    return;
  }
  const { ruleset } = rules;
  const name = ruleset.hash.slice(0, 8);
  const readable = inForce !== undefined && (await reads(db, inForce));
  if (readable && inForce === ruleset.hash) return;
  if (readable)
    return say(
      `The rule files say something else (${name}) than the ruleset in force (${inForce.slice(0, 8)}), which stays.\n` +
        'See what they would change with `npx serviceavtal plan`, and decide with `npx serviceavtal apply`.',
    );
  const message =
    inForce === undefined ? 'the first ruleset' : 'the one before was written for an earlier version';
  await publishRuleset(db, ruleset, { author: '', message });
  say(`Ruleset ${name} is in force (${message}).`);
}

/** Whether this version can still read a ruleset. */
async function reads(db: Db, hash: string): Promise<boolean> {
  return loadRuleset(db, hash).then(
    () => true,
    () => false,
  );
}

/** On the fully embedded stack, and only while it holds no agreement. */
async function signExample(db: Db, stack: Stack): Promise<boolean> {
  if (!stack.fullyEmbedded) return false;
  const [any] = await db.query('select 1 from agreements limit 1');
  if (any) return false;
  const contract = readContractFile(exampleFile);
  await storeSignedContract(db, contract, await termsAtSigning(db, contract));
  return true;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

async function banner(configuration: Configuration, stack: Stack, db: Db, signed: boolean): Promise<string> {
  const agreements = await db.query<{ number: string }>(
    `select number from agreements where state <> 'ended' order by recorded_at desc limit 3`,
  );
  const link = agreementLink(configuration, stack);
  const lines = [
    '',
    signed ? 'serviceavtal is running. The example agreement was signed.' : 'serviceavtal is running.',
    '',
    ...agreements.map(({ number }) => `  Agreement   ${link(number)}`),
    ...(stack.inboxUrl ? [`  Mail inbox  ${stack.inboxUrl}`] : []),
    `  Intake      ${intakeUrl(configuration, stack)}`,
    '',
    '  Next: open the agreement and its tab "User Metadata", which says what is due; look at the welcome in the inbox;',
    '  then, in another terminal:',
    '    npx serviceavtal status',
    '    npx serviceavtal simulate examples/testbolaget.json',
    '',
    'Ctrl-C stops everything; the data stays.',
    '',
  ];
  return lines.join('\n');
}
