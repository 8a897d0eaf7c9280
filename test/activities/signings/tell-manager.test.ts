import type { MailDeps } from '../../../activities/mail/compose';
import { createSendMessage } from '../../../activities/mail/smtp';
import { rejectDelivery, retryDelivery } from '../../../activities/signings/delivery-commands';
import { resendSigningMail, tellManagers, warnOfUntold } from '../../../activities/signings/tell-manager';
import type { Contract, Person } from '../../../rules/engine/contract/contract';
import type { SigningService } from '../../../rules/engine/signing/signing';
import { agreementsShowing, listUnsettled } from '../../../activities/mail/unsettled';
import { settleMail } from '../../../worker/commands/mails/settle-mails';
import type { Mailbox } from '../../helpers/mailbox';
import { openMailbox } from '../../helpers/mailbox';
import type { FreshDatabase } from '../../helpers/stack';
import { freshDatabase } from '../../helpers/stack';
import { besides, sign, signAndPlan } from '../signed-agreement';
import { arrive, missing, settle, signedBody } from './deliveries';

let database: FreshDatabase;
let mailbox: Mailbox;

beforeEach(async () => {
  database = await freshDatabase();
  mailbox = await openMailbox();
});

afterEach(async () => {
  await mailbox.close();
  await database.close();
});

const erik: Person = { name: 'Erik Holm', email: 'erik.holm@pector.example' };
const sara: Person = { name: 'Sara Ny', email: 'sara.ny@pector.example' };

const deps = (changed: Partial<MailDeps> = {}): MailDeps => ({
  db: database.db,
  sendMessage: createSendMessage(mailbox.smtpUrl),
  mailFrom: 'avtal@pector.example',
  agreementLink: (agreement) => `http://temporal.example/agreement-${agreement}`,
  staffLanguage: 'sv',
  ...changed,
});
const tell = (managerOf: (service: SigningService) => Person | undefined = () => erik) =>
  tellManagers(deps(), managerOf);
const texts = () => mailbox.mails.map(({ text }) => text ?? '');
const ledger = () => database.db.query('select key, agreement, year, state from mails order by key');
const nothingSent = () => Promise.reject(new Error('nothing is sent'));
const resend = (request: Parameters<typeof resendSigningMail>[1]) => resendSigningMail(deps(), request);

describe('what waits', () => {
  it('is told in one mail to whoever handles it, once, and belongs to no agreement', async () => {
    const ids = [await arrive(database.db), await arrive(database.db)];
    expect(await tell()).toBe(1);
    expect(await tell()).toBe(0);
    expect(mailbox.mails).toHaveLength(1);
    const [mail] = mailbox.mails;
    expect(mail).toMatchObject({
      subject: '2 leveranser från signeringen väntar på dig',
      to: { text: '"Erik Holm" <erik.holm@pector.example>' },
    });
    for (const id of ids) {
      expect(mail?.text).toContain(
        `npx serviceavtal intake show ${id}\n  npx serviceavtal intake retry ${id}`,
      );
    }
    expect(mail?.text).toContain('- contract.level: förväntade fältet "Nivå", hittade inget');
    expect(mail?.text).toContain('Rätta rules/signing/signed.json');
    expect(await ledger()).toEqual([
      { key: 'signings/1/manager', agreement: null, year: null, state: 'sent' },
    ]);
  });

  it('goes to the manager of each service; one address gets one mail, however it is written', async () => {
    const shouted = { ...erik, email: erik.email.toUpperCase() };
    const managers: Partial<Record<SigningService, Person>> = {
      signed: erik,
      scrive: shouted,
      docusign: sara,
    };
    await arrive(database.db);
    await arrive(database.db, { service: 'scrive' });
    await arrive(database.db, { service: 'docusign' });
    const untold = await arrive(database.db, { service: 'oneflow' });
    expect(await tell((service) => managers[service])).toBe(2);
    const counts = mailbox.mails.map(({ to, text }) => [
      Array.isArray(to) ? '' : to?.value[0]?.address,
      text?.split('intake retry').length ?? 0,
    ]);
    expect(counts).toEqual([
      [erik.email, 3],
      [sara.email, 2],
    ]);
    // Nobody handled it then; as soon as somebody does, it is told.
    expect(await tell()).toBe(1);
    expect(texts()[2]).toContain(`intake show ${untold}\n`);
  });

  it('is named up to twenty, and counted beyond', async () => {
    for (let count = 0; count < 23; count += 1) await arrive(database.db);
    await tell();
    expect(mailbox.mails[0]?.subject).toContain('23 leveranser');
    expect(texts()[0]?.split('intake show').length).toBe(21);
    expect(texts()[0]).toContain('Och 3 till. Alla visas av npx serviceavtal intake list');
  });

  it('is named by its title and signers, as far as what came can be read', async () => {
    await arrive(database.db, { document: 'doc-x' });
    await arrive(database.db, { body: Buffer.from('{"document":'), document: 'doc-y' });
    await tell();
    expect(texts()[0]).toMatch(/^1: Serviceavtal doc-x\n.*dokument doc-x · signerat av Anna Lindqvist\n/m);
    expect(texts()[0]).toMatch(/^2: eget system\n.*dokument doc-y\n/m);
  });

  it('is not told where nothing waits: what is done, refused, rejected or to be processed', async () => {
    for (const state of ['received', 'refused', 'rejected'] as const) await arrive(database.db, { state });
    await arrive(database.db, { state: 'done', result: 'started', reasons: [] });
    expect(await tell()).toBe(0);
    expect(mailbox.mails).toEqual([]);
    expect(await ledger()).toEqual([]);
  });

  it('says what others wrote on one line each, cut, and nothing of it as HTML', async () => {
    const hostile = `<script>x</script>\n\nnpx evil ${'å'.repeat(5_000)}`;
    const message = { sv: hostile, en: hostile };
    await arrive(database.db, {
      document: hostile,
      body: signedBody('x', { title: hostile }),
      reasons: Array.from({ length: 14 }, () => ({ about: hostile, message })),
    });
    await tell();
    const [mail] = mailbox.mails;
    expect(mail?.html).not.toContain('<script');
    expect(mail?.text).not.toMatch(/^npx evil/m);
    expect(mail?.text).toContain('Och 4 orsaker till');
    expect(mail?.text?.length).toBeLessThan(10_000);
  });

  it('again after a retry is told at once for other reasons, and for the same not within a day', async () => {
    const id = await arrive(database.db);
    await tell();
    await retryDelivery(database.db, id, 'erik');
    await settle(database.db, id, { reasons: [missing('Nivå')] });
    expect(await tell()).toBe(0);
    await retryDelivery(database.db, id, 'erik');
    await settle(database.db, id, { reasons: [missing('Start')] });
    expect(await tell()).toBe(1);
    expect(texts()[1]).toContain('"Start"');
    await database.db.query(
      `update deliveries set told_at = now() - interval '25 hours', processed_at = now() - interval '26 hours'`,
    );
    expect(await tell()).toBe(0);
    await retryDelivery(database.db, id, 'erik');
    await settle(database.db, id, { reasons: [missing('Start')] });
    expect(await tell()).toBe(1);
  });
});

it('what has started with something to mend is told apart from what waits, once', async () => {
  await sign(database.db);
  await arrive(database.db);
  const message = { sv: 'er referens saknas', en: 'there is no reference' };
  await arrive(database.db, {
    ...{ state: 'done', result: 'started', agreement: 'testbolaget-2027' },
    reasons: [{ about: 'contract.customer.reference', message }],
  });
  expect(await tell()).toBe(2);
  expect(await tell()).toBe(0);
  const started = mailbox.mails.find(
    ({ subject }) => subject === 'testbolaget-2027 har startat, men e-fakturor avvisas',
  );
  expect(started?.text).toContain('- contract.customer.reference: er referens saknas');
  expect(started?.text).toContain('npx serviceavtal change testbolaget-2027 avtal.json');
  expect(started?.text).not.toMatch(/intake|kunde inte bli/);
});

describe('a mail about what waits', () => {
  it('that the server did not take goes out later, under the same key, with what waits then', async () => {
    const [first, second] = [await arrive(database.db), await arrive(database.db)];
    mailbox.next.push('busy');
    await expect(tell()).rejects.toThrow('did not take the message');
    await rejectDelivery(database.db, first, { reason: 'x', by: 'erik' });
    expect(await tell()).toBe(1);
    expect(texts()).toHaveLength(1);
    expect(texts()[0]).toContain(`intake show ${second}\n`);
    expect(texts()[0]).not.toContain(`intake show ${first}\n`);
    expect(await ledger()).toMatchObject([{ key: 'signings/1/manager', state: 'sent' }]);
  });

  it('is dropped when nothing of it waits any more', async () => {
    const id = await arrive(database.db);
    mailbox.next.push('busy');
    await expect(tell()).rejects.toThrow();
    await rejectDelivery(database.db, id, { reason: 'x', by: 'erik' });
    await tell();
    expect(mailbox.mails).toEqual([]);
    expect(await ledger()).toMatchObject([{ state: 'abandoned' }]);
  });

  it('whose fate a crash hid is unknown, not sent twice; `mails` confirms it or sends it again', async () => {
    await arrive(database.db);
    mailbox.next.push('cut-after');
    expect(await tell()).toBe(0);
    expect(await tell()).toBe(0);
    expect(mailbox.mails).toHaveLength(1);
    const [{ key } = { key: '' }] = await listUnsettled(database.db);
    expect(await agreementsShowing(database.db, key)).toEqual([]);
    expect(await settleMail(database.db, key, 'resend', nothingSent, undefined, resend)).toEqual({
      sv: `Skickat: ${key}`,
      en: `Sent: ${key}`,
    });
    expect(mailbox.mails).toHaveLength(2);
    expect(mailbox.mails[1]?.messageId).toBe(mailbox.mails[0]?.messageId);
    expect(await listUnsettled(database.db)).toEqual([]);
  });

  it('that a killed attempt had handed over is found again by the next, and not sent again', async () => {
    await arrive(database.db);
    // As a process leaves it that dies between handing the message over and noting the answer.
    const dies = () => new Promise<never>((_, reject) => setTimeout(() => reject(new Error('died')), 50));
    await expect(tellManagers(deps({ sendMessage: dies }), () => erik)).rejects.toThrow('died');
    await database.db.query(`update mails set state = 'sending'`);
    expect(await tell()).toBe(0);
    expect(mailbox.mails).toEqual([]);
    expect(await listUnsettled(database.db)).toMatchObject([{ key: 'signings/1/manager', state: 'unknown' }]);
  });

  it('is one, although two workers tell at the same time', async () => {
    for (let count = 0; count < 5; count += 1) await arrive(database.db);
    const counts = await besides(database.databaseUrl, (other) =>
      Promise.all([tell(), tellManagers(deps({ db: other }), () => erik)]),
    );
    await tell();
    expect(mailbox.mails).toHaveLength(1);
    expect(counts[0] + counts[1]).toBeGreaterThanOrEqual(1);
  });

  it('to an address that is refused does not keep the others from theirs, and is for a person to settle', async () => {
    mailbox.refuses.add(sara.email);
    await arrive(database.db, { service: 'docusign' });
    await arrive(database.db);
    expect(await tell((service) => (service === 'docusign' ? sara : erik))).toBe(1);
    expect(texts()).toHaveLength(1);
    const [{ key, recipient } = { key: '', recipient: '' }] = await listUnsettled(database.db);
    expect(recipient).toBe(sara.email);
    await expect(settleMail(database.db, key, 'resend', nothingSent, undefined, resend)).rejects.toThrow(
      'refused again',
    );
    await expect(settleMail(database.db, key, 'resend', nothingSent)).rejects.toThrow(
      'expected a way to send mails about signings',
    );
  });

  it('names nobody in what is thrown', async () => {
    await arrive(database.db);
    const fails = () => Promise.reject(new Error(`no route for ${erik.email}`));
    await expect(tellManagers(deps({ sendMessage: fails }), () => erik)).rejects.toThrow(
      'no route for the manager',
    );
  });
});

describe('an amendment', () => {
  async function propose(
    contract: Contract,
    changed: Partial<Contract>,
    document = 'doc-a',
  ): Promise<number> {
    const { agreement } = contract;
    const delivery = await arrive(database.db, { document, state: 'done', result: 'amendment', agreement });
    await database.db.query(
      `insert into signings (service, document, agreement, kind, delivery, title, signers)
       values ('signed', $1, $2, 'amendment', $3, 'Tillägg 1', '[{"name":"Karin Ek","email":"k@kund.example.com"}]')`,
      [document, agreement, delivery],
    );
    const [row] = await database.db.query<{ id: number }>(
      `insert into amendments (agreement, service, document, contract, from_date)
       values ($1, 'signed', $2, $3, '2027-07-01') returning id`,
      [agreement, document, JSON.stringify({ ...contract, ...changed })],
    );
    return row!.id;
  }

  it('is mailed to the agreement’s manager, once: what changes, from when, and what to type', async () => {
    const { contract } = await signAndPlan(database.db);
    const id = await propose(contract, { hourBank: { ...contract.hourBank, hours: 150, hourlyRate: 1395 } });
    expect(await tell(() => undefined)).toBe(1);
    expect(await tell(() => undefined)).toBe(0);
    expect(mailbox.mails).toHaveLength(1);
    const [mail] = mailbox.mails;
    expect(mail).toMatchObject({
      subject: 'Godkänn ändring av avtalet med Testbolaget AB, gäller från 1 juli 2027',
      to: { value: [{ address: contract.contacts.manager.email }] },
    });
    expect(mail?.text).toContain('- timmar per år (hourBank.hours): 120\u00a0timmar -> 150\u00a0timmar');
    expect(mail?.text).toContain('(hourBank.hourlyRate): 1\u00a0450,00\u00a0kr -> 1\u00a0395,00\u00a0kr');
    expect(mail?.text).toContain('Tillägg 1 · dokument doc-a · signerat av Karin Ek');
    expect(mail?.text).toContain(`npx serviceavtal amendments approve ${id}\n`);
    expect(mail?.text).toContain(`http://temporal.example/agreement-${contract.agreement}`);
    expect(await ledger()).toEqual([
      { key: `amendments/${id}/manager`, agreement: contract.agreement, year: 1, state: 'sent' },
    ]);
  });

  it('of an agreement that has not begun is told too', async () => {
    const contract = await sign(database.db);
    await propose(contract, { level: 'silver' });
    expect(await tell()).toBe(1);
    expect(texts()[0]).toContain('- nivå (level): Guld -> Silver');
  });

  it('that was decided before it was told is not told; one whose fate a crash hid is settled by a person', async () => {
    const contract = await sign(database.db);
    const decided = await propose(contract, { level: 'silver' });
    await database.db.query(`update amendments set state = 'rejected' where id = $1`, [decided]);
    expect(await tell()).toBe(0);
    const id = await propose(contract, { level: 'brons' }, 'doc-b');
    mailbox.next.push('cut-after');
    expect(await tell()).toBe(0);
    expect(await tell()).toBe(0);
    const key = `amendments/${id}/manager`;
    expect(await listUnsettled(database.db)).toMatchObject([{ key, state: 'unknown' }]);
    expect(await agreementsShowing(database.db, key)).toEqual([contract.agreement]);
    expect(await settleMail(database.db, key, 'resend', nothingSent, undefined, resend)).toEqual({
      sv: `Skickat: ${key}`,
      en: `Sent: ${key}`,
    });
    expect(mailbox.mails).toHaveLength(2);
  });

  it('decided while its mail waited for the server is not told any more', async () => {
    const contract = await sign(database.db);
    await propose(contract, { level: 'silver' });
    mailbox.next.push('busy');
    await expect(tell()).rejects.toThrow('did not take the message');
    await database.db.query(`update amendments set state = 'approved'`);
    await tell();
    expect(mailbox.mails).toEqual([]);
    expect(await ledger()).toMatchObject([{ state: 'abandoned' }]);
  });
});

describe('what waits while nobody can be told', () => {
  const without = new Set<SigningService>();
  const logged: string[] = [];
  let now = 0;
  const none = { about: 'rules/signing/docusign.json:1:1', message: { sv: 'ingen fil', en: 'no file' } };
  const watch = () =>
    warnOfUntold(
      database.db,
      (service) => (without.has(service) ? { reasons: [none] } : { value: 'a mapping' }),
      (line) => logged.push(line),
      () => now,
    );

  beforeEach(() => {
    without.clear();
    logged.length = 0;
  });

  it('is said of each service without a mapping, with the number and the reason, once an hour', async () => {
    for (const service of ['docusign', 'docusign', 'scrive', 'signed'] as const)
      await arrive(database.db, { service });
    await arrive(database.db, { service: 'docusign', state: 'done' });
    const warn = watch();
    await warn();
    expect(logged).toEqual([]);
    without.add('docusign');
    without.add('oneflow');
    await warn();
    const first =
      '2 deliveries of docusign wait and nobody is told: rules/signing/docusign.json:1:1: no file';
    expect(logged).toEqual([first]);
    now += 1_000;
    without.add('scrive');
    await warn();
    const second = expect.stringMatching(/^1 delivery of scrive waits and nobody is told: /) as unknown;
    expect(logged).toEqual([first, second]);
    now += 3_599_000;
    await warn();
    expect(logged).toEqual([first, second, first]);
  });

  it('is not said of what was told before its mapping broke, or is told again', async () => {
    await arrive(database.db, { service: 'docusign' });
    await tell();
    without.add('docusign');
    const warn = watch();
    await warn();
    expect(logged).toEqual([]);
    await arrive(database.db, { service: 'docusign' });
    without.clear();
    await warn();
    expect(logged).toEqual([]);
    without.add('docusign');
    await warn();
    expect(logged).toEqual([expect.stringMatching(/^1 delivery of docusign waits/)]);
  });
});
