import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { keepDelivery } from '../../activities/signings/inbox';
import { createSendMessage } from '../../activities/mail/smtp';
import { projectRoot } from '../../worker/settings/configuration';
import { openMappings } from '../../worker/files/signing-mappings';
import { startDeliveryLanes } from '../../worker/processes/delivery-lanes';
import { eventually, publishWorkingRules } from '../activities/signed-agreement';
import { openMailbox } from '../helpers/mailbox';
import { freshDatabase } from '../helpers/stack';
import { fileText } from '../rules/fixtures';

test('where the mapping that names a manager is not there, the manager of another one is told', async () => {
  const [database, mailbox] = await Promise.all([freshDatabase(), openMailbox()]);
  const { db } = database;
  await publishWorkingRules(db);
  const rulesDir = mkdtempSync(path.join(os.tmpdir(), 'serviceavtal-signings-'));
  const one = path.join(rulesDir, 'signing/oneflow.json');
  cpSync(path.join(projectRoot, 'rules/signing/oneflow.json'), one);
  const said: string[] = [];
  const log = (line: string): void => void said.push(line);
  const signings = startDeliveryLanes({
    db,
    apis: {},
    mappingOf: openMappings(rulesDir, log),
    mail: {
      db,
      sendMessage: createSendMessage(mailbox.smtpUrl),
      mailFrom: 'avtal@pector.example',
      agreementLink: (agreement) => agreement,
      staffLanguage: 'en',
    },
    tellEvery: 100,
    log,
  });
  const body = Buffer.from(fileText('examples/signing/docusign.json'));
  await keepDelivery(db, { service: 'docusign', headers: {}, body });
  await eventually('somebody is told', () => mailbox.mails.length > 0);
  await signings.stop();
  const [mail] = mailbox.mails;
  expect([mail?.to].flat().map((to) => to?.text)).toEqual([
    expect.stringContaining('erik.holm@pector.example'),
  ]);
  expect(mail?.text).toContain('rules/signing/docusign.json');
  expect(mail?.text).toContain('expected a mapping file, found none');
  expect(said.join('\n')).toContain('The mapping of docusign cannot be used, its documents wait');
  await Promise.all([database.close(), mailbox.close()]);
  rmSync(rulesDir, { recursive: true });
});
