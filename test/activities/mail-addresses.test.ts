import { format } from 'node:util';
import type { Person } from '../../rules/engine/contract/contract';
import { exampleContract } from '../helpers/example';
import type { Mailbox } from '../helpers/mailbox';
import { openMailbox } from '../helpers/mailbox';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { mailActivities, notice, signAndPlan } from './signed-agreement';

let database: FreshDatabase;
let mailbox: Mailbox;

beforeEach(async () => {
  database = await freshDatabase();
});

afterEach(async () => {
  await Promise.all([database.close(), mailbox.close()]);
});

const bo: Person = { name: 'Bo Åkesson', email: 'bo@åkeri.example' };
const asa: Person = { name: 'Åsa Ek', email: 'åsa@åkeri.example' };

/** Sends the invitation to a meeting to contacts of the customer, through the mail server. */
async function invite(...people: Person[]) {
  const { contacts } = exampleContract();
  const customer = people.map((person) => ({ ...person, roles: ['management' as const] }));
  await signAndPlan(database.db, { contacts: { ...contacts, customer } });
  return mailActivities(database.db, mailbox.smtpUrl).sendNotice(notice());
}

const headerOf = (source = '', name = ''): string =>
  new RegExp(`^${name}: (.*(?:\\r\\n[ \\t].*)*)`, 'm').exec(source)?.[1] ?? '';

describe('addresses with letters as å', () => {
  it.each([true, false])('in the domain go out in ASCII (a server without SMTPUTF8: %p)', async (without) => {
    const said: string[] = [];
    const log = (_: unknown, ...line: unknown[]) => said.push(format(...line));
    const logger = { trace: log, debug: log, info: log, warn: log, error: log, fatal: log, level: log };
    mailbox = await openMailbox({ hideSMTPUTF8: without, logger });
    expect(await invite(bo)).toEqual({ sent: 1, refused: [], unknown: [] });
    expect(said.filter((line) => line.includes('RCPT TO'))).toEqual([
      expect.stringContaining('RCPT TO:<bo@xn--keri-poa.example>'),
    ]);
    expect(headerOf(mailbox.sources[0], 'To')).toContain('<bo@xn--keri-poa.example>');
    const calendar = mailbox.mails[0]?.attachments.find(({ contentType }) => contentType === 'text/calendar');
    expect(calendar?.content.toString().replace(/\r\n /g, '')).toContain('mailto:bo@xn--keri-poa.example');
  });

  it('before the @ are sent by SMTPUTF8, and the next address on the same connection without', async () => {
    mailbox = await openMailbox();
    expect(await invite(asa, bo)).toMatchObject({ sent: 2 });
    expect(mailbox.envelopes).toEqual([
      { to: 'åsa@åkeri.example', utf8: true },
      { to: 'bo@åkeri.example', utf8: false },
    ]);
    expect(headerOf(mailbox.sources[0], 'To')).toContain('<åsa@');
  });

  it('before the @ are refused at once, in words, where the server has no SMTPUTF8; others get theirs', async () => {
    mailbox = await openMailbox({ hideSMTPUTF8: true });
    expect(await invite(asa, bo)).toEqual({
      sent: 1,
      refused: [{ contact: 'contact-1', reason: expect.stringContaining('offers SMTPUTF8') as string }],
      unknown: [],
    });
    expect(mailbox.envelopes).toEqual([{ to: 'bo@åkeri.example', utf8: false }]);
    expect(await database.db.query('select email from refused_addresses')).toEqual([{ email: asa.email }]);
    const [mail] = await database.db.query(`select state, attempts from mails where contact = 'contact-1'`);
    expect(mail).toMatchObject({ state: 'refused', attempts: 1 });
  });
});
