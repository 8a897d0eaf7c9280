/** Hour statements: what their lines come to, who did what, and that they are kept as they were sent. */
import { createHash } from 'node:crypto';
import { readHours } from '../../activities/hours/facts';
import { createHoursActivities } from '../../activities/hours/hours';
import type { ReportedEntry } from '../../activities/hours/ledger';
import { statementLines } from '../../activities/hours/lines';
import { createTermsActivities } from '../../activities/years/terms';
import { accountOf } from '../../templates/statement/account';
import { forgetStatements } from '../../activities/mail/kept-statements';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import type { Mailbox } from '../helpers/mailbox';
import { openMailbox } from '../helpers/mailbox';
import { readPdf } from '../helpers/read-pdf';
import { exampleContract } from '../helpers/example';
import { mailActivities, notice, signAndPlan } from './signed-agreement';

const agreement = 'testbolaget-2027';
let database: FreshDatabase;
let mailbox: Mailbox;

beforeEach(async () => {
  [database, mailbox] = await Promise.all([freshDatabase(), openMailbox()]);
});
afterEach(async () => {
  await Promise.all([database.close(), mailbox.close()]);
});

let count = 0;
type Said = Partial<Omit<ReportedEntry, 'asOf'>>;

async function report(day: string, hours: number, said: Said = {}): Promise<void> {
  const entry = { entryId: `entry-${(count += 1)}`, by: 'anna', byAssumed: false, confirmed: true, ...said };
  const asOf = `${day}T09:00:00.000Z`;
  await createHoursActivities(database).reportHours({
    agreement,
    year: 1,
    entries: [{ ...entry, seconds: hours * 3600, asOf }],
  });
}

const interim = notice({
  template: 'hour-statement',
  obligation: 'hours/statement-1',
  step: 'send',
  roles: ['management'],
  asOf: '2027-06-30T06:30:00.000Z',
});
const send = (changed: object = {}) =>
  mailActivities(database.db, mailbox.smtpUrl).sendNotice({ ...interim, ...changed });

const attached = (index: number, type: string): Buffer => {
  const found = mailbox.mails[index]?.attachments.find(({ contentType }) => contentType === type);
  if (!found) throw new Error(`expected ${type} in mail ${index}, found none`);
  return found.content;
};
const documents = (index: number) => [attached(index, 'application/pdf'), attached(index, 'text/csv')];

/** Closes the first year and plans the second. */
async function close(): Promise<void> {
  const asOf = '2027-12-31T23:00:00.000Z';
  await createHoursActivities(database).closeHours({ agreement, year: 1, asOf, ended: false });
  await createTermsActivities(database).planAgreementYear({ agreement, yearNumber: 2, asOf, revision: 1 });
}

describe('the lines of a statement', () => {
  const linesOn = async (on: string) => statementLines(await readHours(database.db, agreement), 1, on);

  it('add up to what is left: what went beyond the bank is not drawn on it, and has its price', async () => {
    await signAndPlan(database.db);
    await report('2027-02-01', 110);
    await report('2027-03-01', 20, { gives: { kind: 'purchased', months: 2, priceMinor: 120_000 } });
    await report('2027-04-01', 5);
    await report('2027-06-01', 14, { service: 'technical' });
    const { opening, lines } = accountOf(await linesOn('2027-12-30'), { from: '2027-01-01' });
    expect(opening / 3600).toBe(120);
    const told = lines.map((line) => [line.kind, line.seconds / 3600, line.left / 3600, line.prices]);
    expect(told).toEqual([
      ['other', -110, 10, [123_250]],
      ['added', 20, 30, undefined],
      ['other', -5, 25, [120_000]],
      ['addedExpired', -15, 10, undefined],
      ['technical', -14, -4, [123_250]],
      ['beyond', 4, 0, [123_250]],
    ]);
    expect(lines.at(-1)?.amountMinor).toBe(4 * 123_250);
  });

  it('name who did the work, whether an address, an id or a user name was written', async () => {
    await signAndPlan(database.db);
    for (const by of ['consultant', 'Anna.Berg@pector.example', 'konsult-1', 'anna.berg', 'Bo Ek', 'bo.ek'])
      await report('2027-02-01', 1, { by });
    await send();
    const rows = attached(0, 'text/csv').toString('utf8').split('\r\n').slice(2, -1);
    expect(rows.map((row) => row.split(';')[3])).toEqual([
      ...Array.from({ length: 4 }, () => 'Anna Berg'),
      ...['Bo Ek', 'bo.ek'],
    ]);
    expect(mailbox.mails[0]?.text).toContain('(nr 4): 1\u00a0tim, Övrigt (Anna Berg)');
  });
});

describe('a statement that was sent', () => {
  it('is the same for whoever gets it later, and its documents byte for byte', async () => {
    await signAndPlan(database.db);
    await report('2027-02-01', 1.25);
    await send();
    await report('2027-02-02', 40);
    await send({ roles: ['finance'] });
    expect(mailbox.mails).toHaveLength(2);
    expect(documents(1)).toEqual(documents(0));
    for (const { text } of mailbox.mails) expect(text).toContain('Använda timmar: 1:15\n');
    const kept = await database.db.query('select name, sha256 from hour_statement_files order by media_type');
    expect(kept).toEqual(
      ['pdf', 'csv'].map((ending, index) => ({
        name: `timbesked-${agreement}-1-2027-06-30.${ending}`,
        sha256: createHash('sha256').update(documents(0)[index]!).digest('hex'),
      })),
    );
    await expect(database.db.query('update hour_statements set version = 9')).rejects.toThrow('append-only');
  });

  it('is the same when the mail server took it only at a second try', async () => {
    await signAndPlan(database.db);
    await report('2027-02-01', 1.25);
    mailbox.next.push('cut-after');
    await send();
    expect(await send()).toMatchObject({ unknown: [expect.any(String)] });
    await report('2027-02-02', 40);
    await database.db.query(`update mails set state = 'queued'`);
    await send();
    expect(documents(1)).toEqual(documents(0));
  });

  it('brings a PDF and a table in the reader’s language', async () => {
    const { customer } = exampleContract();
    await signAndPlan(database.db, { customer: { ...customer, language: 'en' } });
    await report('2027-02-01', 1.25, { note: '=1+1' });
    await send();
    const pdf = readPdf(attached(0, 'application/pdf'));
    expect(pdf).toMatchObject({ language: 'en-GB', tagged: true });
    expect(pdf.pages.join(' ')).toContain('–1:15 –1.25 1,232.50 118:45');
    expect(attached(0, 'text/csv').toString('utf8')).toContain("Other,anna,'=1+1,-1:15,-1.25,");
  });

  it('has versions: a corrected one takes the place of the one before, and says line by line what differs', async () => {
    await signAndPlan(database.db);
    await report('2027-03-01', 130, { ref: 'a' });
    await close();
    const final = { obligation: 'close', roles: ['finance'] };
    await send({ ...final, step: 'statement', asOf: '2028-01-07T07:30:00.000Z' });
    await report('2028-01-10', 13, { corrects: { ref: 'a' } });
    const corrected = { ...final, revision: 7, asOf: '2028-01-10T09:05:00.000Z' };
    await send({ ...corrected, step: 'statement-corrected' });
    await send({ ...corrected, step: 'statement-corrected-manager', to: 'manager' });
    expect(
      await database.db.query('select version, supersedes, corrects from hour_statements order by version'),
    ).toEqual([
      { version: 1, supersedes: null, corrects: false },
      { version: 2, supersedes: 1, corrects: true },
    ]);
    expect(mailbox.mails[1]?.text).toContain(
      [
        '- 1 mars 2027 (nr 1), Utöver timbanken, väntar på beställning: 10:00 → ingen rad',
        '- 1 mars 2027 (nr 2), Rättelse (anna): ingen rad → 117:00',
        '- 1 jan 2028, Överförs till nästa avtalsår: ingen rad → −24:00',
      ].join('\n'),
    );
    const [page = ''] = readPdf(attached(1, 'application/pdf')).pages;
    expect(page).toContain('ersätter version 1 från 7 jan 2028');
    expect(page).toContain('2 1 mars 2027 Rättelse anna ingen rad 117:00');
    expect(documents(2)).toEqual(documents(1));
  });

  it('tells what differs from one that was sent before statements were kept', async () => {
    await signAndPlan(database.db);
    await report('2027-03-01', 130, { ref: 'a' });
    await close();
    const final = { obligation: 'close', roles: ['finance'] };
    await send({ ...final, step: 'statement', asOf: '2028-01-07T07:30:00.000Z' });
    // Nobody but a test takes what is append-only away.
    await database.db.transaction(async (tx) => {
      await tx.query('set local session_replication_role = replica');
      await tx.query('delete from hour_statement_files');
      await tx.query('delete from hour_statements');
    });
    await report('2028-01-10', 13, { corrects: { ref: 'a' } });
    await send({
      ...final,
      step: 'statement-corrected',
      revision: 7,
      asOf: '2028-01-10T09:05:00.000Z',
    });
    expect(mailbox.mails[1]?.text).toContain(
      'version 2. Det ersätter det vi skickade fredag 7 januari 2028. ',
    );
    expect(mailbox.mails[1]?.text).toContain('(nr 2), Rättelse (anna): ingen rad → 117:00');
  });
});

it('statements are forgotten seven years after the year in which they were sent, and not before', async () => {
  await signAndPlan(database.db);
  const keep = (asOf: string, revision: number) =>
    database.db.query(
      `insert into hour_statements (agreement, year, obligation, corrects, revision, version, as_of, content, sha256)
       values ('testbolaget-2027', 1, 'close', false, $2, $2, $1, '{}', 'x')`,
      [asOf, revision],
    );
  const thisYear = new Date().getUTCFullYear();
  await keep(`${thisYear - 8}-12-31T12:00:00Z`, 1);
  await keep(`${thisYear - 7}-01-02T12:00:00Z`, 2);
  await database.db.query(
    `insert into hour_statement_files select id, 'sv', 'a', 'text/csv', '', 'x' from hour_statements`,
  );
  await expect(database.db.query('delete from hour_statement_files')).rejects.toThrow('append-only');
  await expect(
    database.db.transaction(async (tx) => {
      await tx.query(`select set_config('serviceavtal.forgets', 'statements', true)`);
      await tx.query('delete from hour_statement_files');
    }),
  ).rejects.toThrow('kept for seven years');
  await forgetStatements(database.db);
  expect(await database.db.query('select revision from hour_statements')).toEqual([{ revision: 2 }]);
  expect(await database.db.query('select name from hour_statement_files')).toHaveLength(1);
});

describe('an alert that is taken back', () => {
  const alert = { template: 'hours-alert', obligation: 'hours/alert-75', roles: ['finance'] };
  const passed = { ...alert, step: 'alert', alert: { percent: 75 }, asOf: '2027-03-01T10:00:00.000Z' };
  const back = {
    ...alert,
    ...{ step: 'back', revision: 2, alert: { percent: 75, takenBack: true } },
    asOf: '2027-03-03T10:00:00.000Z',
  };

  it('says that hours were bought where that is why, and calls nothing a mistake', async () => {
    await signAndPlan(database.db);
    await report('2027-03-01', 100);
    await send(passed);
    await report('2027-03-02', 60, { gives: { kind: 'purchased', months: 12, priceMinor: 120_000 } });
    await send(back);
    expect(mailbox.mails[1]?.subject).toBe('Köpta timmar är på plats i timbanken');
    expect(mailbox.mails[1]?.text).toContain('Ni har köpt timmar, så det finns mer att använda');
    expect(mailbox.mails[1]?.text).not.toMatch(/rätta|stämmer inte/i);
  });

  it('says that it was a mistake where hours were corrected, bought ones or not', async () => {
    await signAndPlan(database.db);
    await report('2027-03-01', 100, { ref: 'a' });
    await send(passed);
    await report('2027-03-02', 60, { gives: { kind: 'purchased', months: 12, priceMinor: 120_000 } });
    await report('2027-03-02', 10, { corrects: { ref: 'a' } });
    await send(back);
    expect(mailbox.mails[1]?.subject).toBe('Rättelse: 75 % av timbanken är inte använd');
  });
});
