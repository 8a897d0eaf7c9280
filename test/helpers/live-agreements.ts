/** Agreements in real time on the test stack: live namespace, wall clock, a worker, a database, a mailbox. */
import { randomBytes } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { storeSignedContract } from '../../activities/agreements/agreements';
import type { Db } from '../../activities/db';
import { openDb } from '../../activities/db';
import { publishRuleset, termsAtSigning } from '../../activities/agreements/rulesets';
import type { MailDeps } from '../../activities/mail/compose';
import { createSendMessage } from '../../activities/mail/smtp';
import type { Contract } from '../../rules/engine/contract/contract';
import { startAgreementWorker } from '../../worker/processes/agreement-worker';
import type { RunningWorker } from '../../worker/temporal/temporal-runtime';
import { startAgreement, workflowIdOf } from '../../worker/temporal/start-agreement';
import { openClient } from '../../worker/temporal/temporal-connection';
import type { NoticeTerms } from '../../rules/engine/ruleset/terms';
import { rule, sleepless, withRules } from './changed-rules';
import { exampleContract } from './example';
import type { Mailbox } from './mailbox';
import { openMailbox } from './mailbox';
import { freshDatabase, testStack } from './stack';

export interface LiveAgreements {
  client: Client;
  db: Db;
  databaseUrl: string;
  taskQueue: string;
  mailbox: Mailbox;
  /** Signs the example under a new number, with parts of it replaced, and starts its workflow. */
  sign(changed?: Partial<Contract>, clockOffset?: number): Promise<Contract>;
  /** The worker; after `stop` it can be started again, also with another bundle, or as a version. */
  worker: { start(bundle?: { codePath: string }, build?: string): Promise<void>; stop(): Promise<void> };
  /** Address of the agreement's page. */
  link(agreement: string): string;
  close(): Promise<void>;
}

/**
 * Starts the worker and what it needs.
 * @param notices terms of all agreements that differ from the working rules
 * @param bundle workflows to run instead of today's own
 * @param proxied stands between the worker and PostgreSQL, so that a test can cut it off
 * @param pageLinks for mails that link pages
 */
export async function startLiveAgreements(
  notices: Partial<NoticeTerms> = {},
  bundle?: { codePath: string },
  proxied?: (databaseUrl: string) => Promise<string>,
  pageLinks?: MailDeps['pageLinks'],
): Promise<LiveAgreements> {
  const stack = testStack();
  const { webUiUrl, namespace } = stack;
  if (webUiUrl === undefined) throw new Error('the test stack has no Web UI');
  const id = randomBytes(4).toString('hex');
  const taskQueue = `live-${id}`;
  const database = await freshDatabase();
  const { db, databaseUrl } = database;
  await publishRuleset(db, withRules(rule('notices', { ...notices }), sleepless), {
    author: 'test',
    message: 'live',
  });
  const workersDb = proxied ? openDb(await proxied(databaseUrl)) : db;
  const mailbox = await openMailbox();
  const link = (agreement: string): string =>
    `${webUiUrl}/namespaces/${namespace}/workflows/${workflowIdOf(agreement)}`;
  const startWorker = (other?: { codePath: string }, build?: string): Promise<RunningWorker> =>
    startAgreementWorker({
      connection: { address: stack.temporalAddress },
      namespace,
      taskQueue,
      cacheDir: stack.cacheDir,
      ...(other && { bundle: other }),
      ...(build !== undefined && { build }),
      deps: {
        db: workersDb,
        sendMessage: createSendMessage(mailbox.smtpUrl),
        mailFrom: 'avtal@pector.example',
        agreementLink: link,
        pageLinks,
        staffLanguage: 'sv',
      },
    });
  let worker = await startWorker(bundle);
  const client = await openClient(stack);
  const signed: string[] = [];
  return {
    client,
    db,
    databaseUrl,
    taskQueue,
    mailbox,
    link,
    worker: {
      start: async (other, build) => {
        worker = await startWorker(other, build);
      },
      stop: () => worker.stop(),
    },
    sign: async (changed = {}, clockOffset = 0) => {
      const contract = exampleContract({ agreement: `testbolaget-${id}-${signed.length + 1}`, ...changed });
      await storeSignedContract(db, contract, {
        ...(await termsAtSigning(db, contract)),
        start: false,
      });
      await startAgreement(client, contract, { taskQueue, language: 'sv', clockOffset });
      signed.push(contract.agreement);
      return contract;
    },
    close: async () => {
      for (const agreement of signed)
        await client.workflow
          .getHandle(workflowIdOf(agreement))
          .terminate('the test is over')
          .catch((error: Error) => {
            if (!(error instanceof WorkflowNotFoundError)) throw error;
          });
      await worker.stop();
      await client.connection.close();
      await mailbox.close();
      if (workersDb !== db) await workersDb.close();
      await database.close();
    },
  };
}
