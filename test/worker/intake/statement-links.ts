/** A statement of two uses, mailed, and links to its page: what the tests of pages begin with. */
import type { Db } from '../../../activities/db';
import { createHoursActivities } from '../../../activities/hours/hours';
import { createSendMessage } from '../../../activities/mail/smtp';
import { issueLinks } from '../../../activities/pages/links';
import type { ContactRole } from '../../../rules/engine/contract/contract';
import { mailActivities, notice, signAndPlan, signAndPlanUnder } from '../../activities/signed-agreement';
import { agreement, linkKey, morning } from './listening';

export const statement = notice({
  template: 'hour-statement',
  obligation: 'hours/statement-1',
  step: 'send',
  roles: ['management'],
  asOf: new Date(morning).toISOString(),
});

/** Signs, plans, and reports two uses. */
export async function reportTwoUses(db: Db): Promise<void> {
  await signAndPlan(db);
  const entry = { by: 'anna', byAssumed: false, confirmed: true, asOf: '2027-02-01T09:00:00.000Z' };
  await createHoursActivities({ db }).reportHours({
    agreement,
    year: 1,
    entries: [
      { ...entry, entryId: 'a', seconds: 4_500, note: '<b>Ny</b> rapport' },
      { ...entry, entryId: 'b', seconds: 7_200 },
    ],
  });
}

/** Sends the statement to Karin Ek, who has the role of management, with links to its page. */
export const sendStatement = (db: Db, smtpUrl: string): Promise<unknown> =>
  mailActivities(db, smtpUrl, {
    pageLinks: { key: linkKey, url: (token) => `http://pages.example/pages/${token}` },
  }).sendNotice(statement);

/** Sends the statement without links, which keeps it. */
export const sendKeptStatement = (db: Db, smtpUrl: string): Promise<unknown> =>
  mailActivities(db, smtpUrl).sendNotice(statement);

let mails = 0;

type Holder = [contact: string, recipient: string, ...roles: ContactRole[]];

/** The address of a link of its own to the statement's page, for a contact of the example. */
export const linkTo = (db: Db, base: string, ...holder: Holder): Promise<string> =>
  linkAbout(db, base, { purpose: 'statement', subject: 'statement/1' }, holder);

/** The same to the page to order hours. */
export const orderLink = (db: Db, base: string, ...holder: Holder): Promise<string> =>
  linkAbout(db, base, { purpose: 'order', subject: 'order/1' }, holder);

async function linkAbout(
  db: Db,
  base: string,
  page: { purpose: 'statement' | 'order'; subject: string },
  [contact, recipient, ...roles]: Holder,
): Promise<string> {
  const about = { ...page, language: 'sv' } as const;
  const times = { issuedAt: new Date(morning).toISOString(), expires: '2027-06-01T00:00:00.000Z' };
  const links = { key: linkKey, url: (token: string) => `${base}/pages/${token}` };
  const one = { agreement, contact, recipient: `${recipient}@testbolaget.example.com`, roles };
  const [url] = await issueLinks(db, links, [{ ...one, ...about, ...times, mail: `${(mails += 1)}` }]);
  return url!;
}

/** How the intake of a test mails codes. */
export const codeMail = (smtpUrl: string) => ({
  sendMessage: createSendMessage(smtpUrl),
  mailFrom: 'avtal@pector.example',
  agreementLink: () => 'http://temporal.example/agreement',
});

/** Signs and plans with packages to buy, and reports six hours more than the bank has. */
export async function reportBeyond(db: Db): Promise<void> {
  await signAndPlanUnder(db, { hourBank: { packages: [{ hours: 20, pricePerHour: 1190 }] } });
  await createHoursActivities({ db }).reportHours({
    agreement,
    year: 1,
    entries: [
      {
        ...{ by: 'anna', byAssumed: false, confirmed: true, asOf: '2027-02-01T09:00:00.000Z' },
        ...{ entryId: 'a', seconds: 126 * 3600, note: 'Ny rapport' },
      },
    ],
  });
}
