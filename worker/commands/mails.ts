/** `serviceavtal mails`: lists mails that are unknown, refused or waiting, and lets a person settle them. */
import { mailStateName } from '../../templates/words/mail-states';
import { inWords, spoken } from '../basics/spoken';
import { languageOption } from './findings-output';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Command } from 'commander';
import type { Db } from '../../activities/db';
import { createMailActivities } from '../../activities/mail/mail';
import { resendDeskMail } from '../../activities/desk/desk-send';
import { resendSigningMail } from '../../activities/signings/tell-manager';
import { createSendMessage } from '../../activities/mail/smtp';
import { resendInvoiceMail } from '../../activities/invoicing/tell-clerk';
import { resendOperatorMail } from '../../activities/health/operator-mails';
import type { Configuration } from '../settings/configuration';
import { readConfiguration } from '../settings/configuration';
import { customersPageLinks, pageLinks } from '../intake/address';
import type { StackAddresses } from '../local/running-stack';
import { agreementsShowing, listUnsettled } from '../../activities/mail/unsettled';
import { exportProfileOf } from '../files/export-profiles';
import { settleMail } from './mails/settle-mails';
import { workflowIdOf } from '../temporal/start-agreement';
import { openClient } from '../temporal/temporal-connection';
import { asJson, say } from './terminal';
import { agreementLink } from '../temporal/web-ui-links';
import { withStack } from '../processes/with-stack';
import { keptReason } from '../../templates/words/kept-reasons';
import { oneLine } from '../../rules/engine/basics/one-line';

const notMade = { sv: '(inte skrivet än)', en: '(not made yet)' };

export function registerMails(program: Command): void {
  const mails = program.command('mails').description('mails whose fate a person has to settle');
  mails
    .command('list', { isDefault: true })
    .description('mails that are unknown, refused or waiting')
    .option('--json', 'print one document')
    .addOption(languageOption('what is shown'))
    .action(async ({ json }: { json?: boolean }) => {
      await withStack(readConfiguration(), async ({ db }) => {
        const unsettled = await listUnsettled(db);
        if (json) return void say(asJson(unsettled));
        if (unsettled.length === 0)
          say(inWords({ sv: 'Inget mejl väntar på någon.', en: 'No mail waits for anybody.' }));
        for (const { key, state, recipient, subject, error } of unsettled)
          say(
            [
              `${mailStateName(state, spoken()).padEnd(8)} ${key}`,
              `         ${inWords({ sv: 'till', en: 'to' })} ${recipient}: ${subject ?? inWords(notMade)}`,
              ...(error ? [`         ${oneLine(keptReason(error, spoken()))}`] : []),
            ].join('\n'),
          );
      });
    });
  for (const [name, description] of [
    ['resend', 'sends a mail that is unknown or refused once more, under the same Message-ID'],
    ['confirm', 'notes that an unknown mail did arrive'],
  ] as const)
    mails
      .command(name)
      .argument('<key>', 'as `mails list` shows it')
      .description(description)
      .addOption(languageOption('what is shown'))
      .action(async (key: string) => {
        const configuration = readConfiguration();
        await withStack(configuration, async ({ db, stack }) => {
          const deps = mailDeps(configuration, db, stack);
          const desk = { ...deps, pageLinks: pageLinks(configuration, stack) };
          const { sendNotice } = createMailActivities(deps);
          const settled = await settleMail(
            db,
            key,
            name,
            sendNotice,
            (request) => resendDeskMail(desk, request),
            (request) => resendSigningMail(deps, request),
            (request) => resendOperatorMail(deps, request),
            (request) => resendInvoiceMail(deps, request),
          );
          say(inWords(settled));
          await tellPages(stack, key, await agreementsShowing(db, key));
        });
      });
}

/** Removes a settled mail from the agreements' pages; agreements that have ended have no page. */
async function tellPages(stack: StackAddresses, key: string, agreements: string[]): Promise<void> {
  const client = await openClient(stack);
  try {
    for (const agreement of agreements) {
      const handle = client.workflow.getHandle(workflowIdOf(agreement));
      try {
        await handle.signal('attentionCleared', { code: 'mail-unknown', subject: key, by: 'mails' });
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    }
  } finally {
    await client.connection.close();
  }
}

function mailDeps(configuration: Configuration, db: Db, stack: StackAddresses) {
  const { mailFrom, staffLanguage } = configuration;
  return {
    db,
    sendMessage: createSendMessage(stack.smtpUrl),
    mailFrom,
    staffLanguage,
    agreementLink: agreementLink(configuration, stack),
    pageLinks: customersPageLinks(configuration, stack),
    profile: exportProfileOf(configuration),
  };
}
