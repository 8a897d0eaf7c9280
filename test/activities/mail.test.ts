import type { ReportedEntry } from '../../activities/hours/ledger';
import { createHoursActivities } from '../../activities/hours/hours';
import { storeContractChange, applyContractChange } from '../../activities/agreements/agreements';
import { createProgressActivities } from '../../activities/years/progress';
import { createTermsActivities } from '../../activities/years/terms';
import { listUnsettled } from '../../activities/mail/unsettled';
import { settleMail } from '../../worker/commands/mails/settle-mails';
import type { ContactRole, Contract } from '../../rules/engine/contract/contract';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import type { Mailbox } from '../helpers/mailbox';
import { openMailbox } from '../helpers/mailbox';
import { exampleContract } from '../helpers/example';
import { startTask } from './processes';
import {
  besides,
  eventually,
  mailActivities,
  mailStates,
  notice,
  signAndPlan,
  signAndPlanUnder,
} from './signed-agreement';

let database: FreshDatabase;
let mailbox: Mailbox;

beforeEach(async () => {
  [database, mailbox] = await Promise.all([freshDatabase(), openMailbox()]);
});

afterEach(async () => {
  await Promise.all([database.close(), mailbox.close()]);
});

const activities = () => mailActivities(database.db, mailbox.smtpUrl);
const karin = 'karin.ek@testbolaget.example.com';
const johan = 'johan.lind@testbolaget.example.com';
const toKarin = notice({ roles: ['management'] });
const keyOfKarin = 'testbolaget-2027/1/meeting-1/invite/1/contact-1';
const recipients = (): string[] =>
  mailbox.mails.flatMap(({ to }) =>
    [to ?? []].flat().flatMap((list) => list.value.map((one) => one.address!)),
  );

const withContacts = (contacts: Partial<Contract['contacts']>): Partial<Contract> => ({
  contacts: { ...exampleContract().contacts, ...contacts },
});

async function refusedAddresses(): Promise<string[]> {
  const rows = await database.db.query<{ email: string }>('select email from refused_addresses');
  return rows.map(({ email }) => email);
}

async function changeContract(changed: Contract): Promise<void> {
  await storeContractChange(
    database.db,
    changed.agreement,
    changed,
    '2026-12-02',
    '2026-12-02T00:00:00.000Z',
  );
  const [row] = await database.db.query<{ id: number }>('select max(id) as id from contract_changes');
  await applyContractChange(database.db, row!.id);
}

describe('sending a notice', () => {
  it('mails each contact with a fitting role once, and nobody else', async () => {
    await signAndPlan(database.db);
    expect(await activities().sendNotice(notice())).toEqual({ sent: 2, refused: [], unknown: [] });
    expect(recipients()).toEqual([karin, johan]);
  });

  it('mails a contact with several roles whatever one of them gets, once', async () => {
    const [first, second] = exampleContract().contacts.customer;
    const customer = [{ ...first!, roles: ['tester', 'finance'] as ContactRole[] }, second!];
    await signAndPlan(database.db, withContacts({ customer }));
    await activities().sendNotice(notice({ roles: ['finance'] }));
    await activities().sendNotice(notice({ roles: ['finance', 'tester'], revision: 2 }));
    await activities().sendNotice(notice({ roles: ['system-owner'], revision: 3 }));
    expect(recipients()).toEqual([karin, karin, johan]);
  });

  it('mails everybody at the customer where nobody has a fitting role', async () => {
    await signAndPlan(database.db);
    expect(await activities().sendNotice(notice({ roles: ['tester'] }))).toMatchObject({ sent: 3 });
  });

  it('sends nothing a second time when it is retried, and gives the same answer', async () => {
    await signAndPlan(database.db);
    const first = await activities().sendNotice(notice());
    expect(await activities().sendNotice(notice())).toEqual(first);
    expect(mailbox.mails).toHaveLength(2);
  });

  it('sends a moved meeting again: another revision is another mail', async () => {
    await signAndPlan(database.db);
    await activities().sendNotice(toKarin);
    await activities().sendNotice({ ...toKarin, revision: 2 });
    expect(new Set(mailbox.mails.map(({ messageId }) => messageId)).size).toBe(2);
  });

  it('sends once when two attempts run at the same time', async () => {
    await signAndPlan(database.db);
    const attempts = await besides(database.databaseUrl, (other) =>
      Promise.allSettled([
        activities().sendNotice(toKarin),
        mailActivities(other, mailbox.smtpUrl).sendNotice(toKarin),
      ]),
    );
    expect(attempts.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(mailbox.mails).toHaveLength(1);
    expect(await activities().sendNotice(toKarin)).toEqual({ sent: 1, refused: [], unknown: [] });
    expect(mailbox.mails).toHaveLength(1);
  });

  it('fails for good where there is no such agreement', async () => {
    await expect(activities().sendNotice(notice())).rejects.toMatchObject({
      type: 'NotFound',
      nonRetryable: true,
    });
  });

  it('fails for good, and can be sent once mended, where the message cannot be made', async () => {
    await signAndPlan(database.db);
    const alert = notice({
      template: 'hours-alert',
      obligation: 'hours',
      step: 'alert-75',
      roles: ['finance'],
    });
    await expect(activities().sendNotice(alert)).rejects.toMatchObject({
      type: 'MessageUnusable',
      nonRetryable: true,
    });
    expect(await activities().sendNotice({ ...alert, alert: { percent: 75 } })).toMatchObject({ sent: 1 });
  });
});

describe('a mail server in trouble', () => {
  beforeEach(async () => {
    await signAndPlan(database.db);
  });

  it('is tried again after a 451, and gets the mail once', async () => {
    mailbox.next.push('busy');
    await expect(activities().sendNotice(toKarin)).rejects.toThrow('try later');
    expect(await mailStates(database.db)).toEqual({ 'contact-1': 'queued' });
    expect(await activities().sendNotice(toKarin)).toEqual({ sent: 1, refused: [], unknown: [] });
    expect(mailbox.mails).toHaveLength(1);
  });

  it('does not keep the others from their mail while it is busy with one', async () => {
    mailbox.next.push('busy');
    await expect(activities().sendNotice(notice())).rejects.toThrow('try later');
    expect(recipients()).toEqual([johan]);
    expect(await activities().sendNotice(notice())).toMatchObject({ sent: 2 });
    expect(recipients()).toEqual([johan, karin]);
  });

  it('leaves the mail queued when the connection is cut before the message, and gets it once later', async () => {
    mailbox.next.push('cut-before');
    await expect(activities().sendNotice(toKarin)).rejects.toThrow('did not take the message');
    expect(await mailStates(database.db)).toEqual({ 'contact-1': 'queued' });
    expect(await activities().sendNotice(toKarin)).toMatchObject({ sent: 1 });
    expect(mailbox.mails).toHaveLength(1);
  });

  it('leaves the mail queued when nobody answers at its address, and gets it once it is back', async () => {
    const gone = await openMailbox();
    await gone.close();
    await expect(mailActivities(database.db, gone.smtpUrl).sendNotice(toKarin)).rejects.toThrow(
      'did not take the message',
    );
    expect(await activities().sendNotice(toKarin)).toMatchObject({ sent: 1 });
    expect(mailbox.mails).toHaveLength(1);
  });

  it('names no person in what a history will hold', async () => {
    mailbox.refuses.add(karin);
    const { refused } = await activities().sendNotice(toKarin);
    expect(refused).toEqual([{ contact: 'contact-1', reason: expect.stringContaining('550') as string }]);
    expect(JSON.stringify(refused)).not.toMatch(/karin/i);
  });
});

describe('an address that refuses', () => {
  beforeEach(async () => {
    await signAndPlan(database.db);
    mailbox.refuses.add(karin);
  });

  it('is marked and returned, and the others get their mail', async () => {
    expect(await activities().sendNotice(notice())).toMatchObject({
      sent: 1,
      refused: [{ contact: 'contact-1' }],
      unknown: [],
    });
    expect(recipients()).toEqual([johan]);
    expect(await refusedAddresses()).toEqual([karin]);
    expect(await mailStates(database.db)).toEqual({ 'contact-1': 'refused', 'contact-2': 'sent' });
  });

  it('is told again to a retry, without asking the server again', async () => {
    const first = await activities().sendNotice(notice());
    mailbox.refuses.clear();
    expect(await activities().sendNotice(notice())).toEqual(first);
    expect(recipients()).toEqual([johan]);
  });

  it('is named with the words of the server in the mail that tells the consultant', async () => {
    await activities().sendNotice(toKarin);
    await activities().sendNotice(
      notice({
        obligation: 'contact/contact-1',
        step: 'refused',
        template: 'attention',
        to: 'consultant',
        attention: { code: 'address-refused', detail: 'contact-1: 550' },
      }),
    );
    expect(mailbox.mails[0]!.text).toContain(karin);
    expect(mailbox.mails[0]!.text).toContain('no such user');
  });

  it('is no longer marked when it takes a mail again', async () => {
    await activities().sendNotice(toKarin);
    mailbox.refuses.clear();
    expect((await settleMail(database.db, keyOfKarin, 'resend', activities().sendNotice)).en).toContain(
      'Sent',
    );
    expect(await refusedAddresses()).toEqual([]);
    expect(recipients()).toEqual([karin]);
  });
});

describe('a mail whose fate is not known', () => {
  beforeEach(async () => {
    await signAndPlan(database.db);
    mailbox.next.push('cut-after');
    expect(await activities().sendNotice(toKarin)).toEqual({ sent: 0, refused: [], unknown: [keyOfKarin] });
  });

  it('is not sent again by a retry', async () => {
    expect(await activities().sendNotice(toKarin)).toEqual({ sent: 0, refused: [], unknown: [keyOfKarin] });
    expect(mailbox.mails).toHaveLength(1);
    expect(await listUnsettled(database.db)).toMatchObject([{ key: keyOfKarin, state: 'unknown' }]);
  });

  it('is noted as sent by `mails confirm`, and its attention is cleared', async () => {
    await database.db.query(
      `insert into attention (agreement, code, subject, detail, raised_at) values ($1, 'mail-unknown', $2, '', now())`,
      ['testbolaget-2027', keyOfKarin],
    );
    await settleMail(database.db, keyOfKarin, 'confirm', activities().sendNotice);
    expect(mailbox.mails).toHaveLength(1);
    expect(await listUnsettled(database.db)).toEqual([]);
    expect(await database.db.query('select 1 from attention where cleared_at is null')).toEqual([]);
    expect(await activities().sendNotice(toKarin)).toMatchObject({ sent: 1, unknown: [] });
    expect(mailbox.mails).toHaveLength(1);
  });

  it('is sent once more by `mails resend`, under the same Message-ID', async () => {
    await settleMail(database.db, keyOfKarin, 'resend', activities().sendNotice);
    expect(mailbox.mails).toHaveLength(2);
    expect(mailbox.mails[1]!.messageId).toBe(mailbox.mails[0]!.messageId);
    expect(await mailStates(database.db)).toEqual({ 'contact-1': 'sent' });
  });

  it('is still unknown, and said so, when the same happens to `mails resend`', async () => {
    mailbox.next.push('cut-after');
    await expect(settleMail(database.db, keyOfKarin, 'resend', activities().sendNotice)).rejects.toThrow(
      'unknown again',
    );
    expect(await mailStates(database.db)).toEqual({ 'contact-1': 'unknown' });
  });

  it('can be resent again when the server was down at the first `mails resend`', async () => {
    mailbox.next.push('cut-before');
    await expect(settleMail(database.db, keyOfKarin, 'resend', activities().sendNotice)).rejects.toThrow(
      'did not take the message',
    );
    expect(await listUnsettled(database.db)).toMatchObject([{ key: keyOfKarin, state: 'unknown' }]);
    await settleMail(database.db, keyOfKarin, 'resend', activities().sendNotice);
    expect(mailbox.mails).toHaveLength(2);
    expect(await mailStates(database.db)).toEqual({ 'contact-1': 'sent' });
  });

  it('goes to the address the contact has now', async () => {
    const contract = exampleContract();
    const [first, ...others] = contract.contacts.customer;
    const moved = { ...first!, email: 'karin@new.example.com' };
    await changeContract({ ...contract, contacts: { ...contract.contacts, customer: [moved, ...others] } });
    await settleMail(database.db, keyOfKarin, 'resend', activities().sendNotice);
    expect(recipients()).toEqual([karin, 'karin@new.example.com']);
  });

  it('is not said to be sent when its contact has left', async () => {
    const contract = exampleContract();
    const customer = contract.contacts.customer.slice(1);
    await changeContract({ ...contract, contacts: { ...contract.contacts, customer } });
    await expect(settleMail(database.db, keyOfKarin, 'resend', activities().sendNotice)).rejects.toThrow(
      'contact-1',
    );
    expect(await mailStates(database.db)).toMatchObject({ 'contact-1': 'unknown' });
    expect(mailbox.mails).toHaveLength(1);
  });

  it('brings nobody else a mail that was not theirs when it is resent', async () => {
    const contract = exampleContract();
    const added = {
      name: 'Ny Chef',
      email: 'ny.chef@testbolaget.example.com',
      roles: ['management' as const],
    };
    const customer = [...contract.contacts.customer, added];
    await changeContract({ ...contract, contacts: { ...contract.contacts, customer } });
    await settleMail(database.db, keyOfKarin, 'resend', activities().sendNotice);
    expect(recipients()).toEqual([karin, karin]);
  });

  it.each([
    ['confirm', 'sent'],
    ['resend', 'sent'],
  ] as const)('refuses `mails %s` of a mail that is %s, and of one that nobody knows', async (how, state) => {
    await settleMail(database.db, keyOfKarin, 'confirm', activities().sendNotice);
    const settled = settleMail(database.db, keyOfKarin, how, activities().sendNotice);
    await expect(settled).rejects.toThrow(`found it ${state}`);
    await expect(settleMail(database.db, 'no/such', how, activities().sendNotice)).rejects.toThrow(
      'found no mail with this key',
    );
    expect(mailbox.mails).toHaveLength(1);
  });
});

it('is unknown to the next attempt when the process is killed between handing over and noting', async () => {
  await signAndPlan(database.db);
  mailbox.next.push('hang-after');
  const task = startTask('send', database.databaseUrl, mailbox.smtpUrl);
  await eventually(`the message is handed over; ${task.said()}`, () => mailbox.mails.length === 1);
  task.child.kill('SIGKILL');
  await task.ended;
  expect(await mailStates(database.db)).toEqual({ 'contact-1': 'sending' });
  await eventually('the lock of the killed process is free', async () => {
    const answer = await activities()
      .sendNotice(toKarin)
      .catch((error: Error) => error.message);
    return JSON.stringify(answer) === JSON.stringify({ sent: 0, refused: [], unknown: [keyOfKarin] });
  });
  expect(mailbox.mails).toHaveLength(1);
});

describe('what a mail looks like', () => {
  it('has a Message-ID made of its key, and answers reach the dedicated consultant', async () => {
    await signAndPlan(database.db);
    await activities().sendNotice(toKarin);
    const [mail] = mailbox.mails;
    expect(mail!.messageId).toBe('<testbolaget-2027.1.meeting-1.invite.1.contact-1@pector.example>');
    expect(mail!.replyTo?.value).toEqual([{ name: 'Anna Berg', address: 'anna.berg@pector.example' }]);
    expect(mail!.from?.value[0]?.address).toBe('avtal@pector.example');
    expect(mail!.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail!.headers.get('x-auto-response-suppress')).toBe('OOF, AutoReply');
    expect(mail!.text).toBeTruthy();
    expect(mail!.html).toBeTruthy();
  });

  it('speaks the language of the customer to the customer, and ours to our own people', async () => {
    await signAndPlan(database.db, { customer: { ...exampleContract().customer, language: 'en' } });
    await activities().sendNotice(toKarin);
    await activities().sendNotice(
      notice({ template: 'meeting-call', step: 'call', to: 'consultant', asOf: '2027-01-11T07:30:00.000Z' }),
    );
    const [customer, consultant] = mailbox.mails.map(({ text }) => text);
    expect(customer).toMatch(/^Hi Karin/m);
    expect(consultant).toMatch(/^Hej/m);
  });

  it('carries a calendar request in an invitation', async () => {
    await signAndPlan(database.db);
    await activities().sendNotice(toKarin);
    expect(mailbox.sources[0]).toMatch(/^Content-Type: text\/calendar;[^]*?method=REQUEST/m);
    const calendar = mailbox.mails[0]!.attachments.find(({ contentType }) => contentType === 'text/calendar');
    const text = calendar!.content.toString('utf8').replaceAll('\r\n ', '').replaceAll('\r\n\t', '');
    expect(text).toContain('METHOD:REQUEST');
    expect(text).toContain(karin);
    expect(text).not.toContain(johan);
  });

  it('carries the dates of the year in the welcome, as a file', async () => {
    const { plan } = await signAndPlan(database.db);
    await activities().sendNotice(notice({ obligation: 'agreement', step: 'welcome', template: 'welcome' }));
    const file = mailbox.mails[0]!.attachments.find(({ filename }) => filename?.endsWith('.ics'));
    expect(file).toMatchObject({ contentType: 'text/calendar', contentDisposition: 'attachment' });
    const events = file!.content.toString('utf8').match(/BEGIN:VEVENT/g) ?? [];
    expect(events.length).toBeGreaterThanOrEqual(
      plan.obligations.filter(({ strand }) => strand === 'meetings').length,
    );
  });

  it('promises nothing from a day that has passed, in the welcome to a year that has begun', async () => {
    await signAndPlan(database.db);
    const welcomed = async (asOf: string): Promise<string> => {
      await activities().sendNotice(
        notice({ obligation: 'agreement', step: `welcome-${asOf}`, template: 'welcome', asOf }),
      );
      return mailbox.mails.at(-1)!.text!;
    };
    expect(await welcomed('2027-01-01T10:00:00.000Z')).toContain('Från och med fredag 1 januari 2027 tar vi');
    const late = await welcomed('2027-01-02T10:00:00.000Z');
    expect(late).not.toContain('Från och med');
    expect(late).toContain('Avtalsåret började fredag 1 januari 2027, och nu tar vi hela steget');
  });

  it('is made for whatever party the terms name as owner, for reminders and for escalations', async () => {
    const parties = ['consultant', 'manager', 'support', 'customer'] as const;
    const escalation = parties.map((to, index) => ({ openDaysAfter: index + 1, to }));
    const steps = { reminders: [{ openDaysBefore: 2 }], escalation };
    const owned = (ids: string[], terms: object) =>
      Object.fromEntries(ids.map((id, index) => [id, { owner: parties[index % 4], ...terms }]));
    const { contract } = await signAndPlanUnder(database.db, {
      meetings: { reminders: parties.map((to, index) => ({ daysBefore: 9 - index, to })), escalation },
      upgrade: {
        ...steps,
        phases: owned(['precheck', 'integrations', 'technical', 'test', 'approval'], { openDays: 9 }),
      },
      start: { ...steps, steps: owned(['consultant', 'kickoff', 'monitoring'], { dueOpenDays: 20 }) },
      notices: { digests: { consultant: 'never', manager: 'never' } },
    });
    const since = '2027-01-04T09:00:00.000Z';
    const plan = await createTermsActivities(database).planAgreementYear({
      agreement: contract.agreement,
      asOf: since,
      revision: 2,
      meetings: { 'meeting-2': { booked: { on: '2027-05-18', time: '10:00', since, revision: 2 } } },
    });
    const tried = new Set<string>();
    for (const { id, strand, owner, revision, notices } of plan.obligations)
      for (const { at, step, template, to, roles } of notices) {
        const kind = [template, strand, owner, to].join(' ');
        if (tried.has(kind)) continue;
        tried.add(kind);
        const owed = { obligation: id, revision, step, template, to, roles: roles ?? [], asOf: at };
        expect([kind, await activities().sendNotice(notice(owed))]).toMatchObject([kind, { refused: [] }]);
      }
    for (const to of parties) {
      expect(tried).toContain(`meeting-reminder meetings consultant ${to}`);
      expect(tried).toContain(`${to === 'manager' ? 'escalation' : 'step-reminder'} upgrade support ${to}`);
    }
  });

  it('tells a partner which versions of its integration go with the release that the upgrade goes to', async () => {
    const contact = { name: 'Petra Sund', email: 'petra@lonepartner.example', language: 'sv' as const };
    const { integrations } = exampleContract();
    await signAndPlan(database.db, {
      integrations: integrations.map((one) => (one.owner === 'partner' ? { ...one, contact } : one)),
    });
    const goesWith = [
      {
        ...{ product: 'visma-business', version: '18.00.0' },
        components: { 'payroll-vouchers': { name: 'Löner', fits: ['5.3', '6.x'] } },
      },
    ];
    const upgrade = { targets: { 'visma-business': '18.00.0' }, goesWith };
    await database.db.query(
      `update plans set plan = jsonb_set(plan, '{upgrade}', plan->'upgrade' || $1::jsonb)`,
      [JSON.stringify(upgrade)],
    );
    const partner = { integration: 'payroll-vouchers', question: 'before' as const };
    const ask = { obligation: 'upgrade/plan', step: 'partner', template: 'upgrade-partner' } as const;
    await activities().sendNotice(notice({ ...ask, partner, asOf: '2027-05-10T06:30:00.000Z' }));
    expect(mailbox.mails[0]?.text).toContain(
      '\n\nVersion av integrationen som passar till Visma Business 18.00.0: 5.3 eller 6.x.',
    );
  });

  it('asks the customer of integrations that others answer for, and names who took the risk', async () => {
    await signAndPlan(database.db);
    const asOf = '2027-06-07T06:30:00.000Z';
    const ask = {
      obligation: 'upgrade/integrations',
      step: 'ask-risk',
      template: 'upgrade-risk',
      asOf,
    } as const;
    await activities().sendNotice(notice({ ...ask, roles: ['management'] }));
    expect(mailbox.mails[0]?.text).toContain('- Verifikationer från lönesystemet (partner ansvarar)');
    expect(mailbox.mails[0]?.text).not.toContain('Order från webshop');
    const waived = { by: 'contact-2', reason: 'lönen körs för hand' };
    const part = {
      upgrade: 'upgrade',
      phase: 'integrations',
      part: 'payroll-vouchers',
      kind: 'integration',
    } as const;
    await createProgressActivities(database).recordProgress({
      ...{ agreement: 'testbolaget-2027', year: 1 },
      entries: [
        {
          ...{ id: '1', at: asOf, kind: 'row', ref: 'x', detail: {} },
          part: { ...part, result: { ok: false, at: asOf, waived } },
        },
        {
          ...{ id: '2', at: asOf, kind: 'row', ref: 'y', detail: {} },
          part: { ...part, phase: 'test', kind: 'module', result: { ok: false, at: asOf, waived } },
        },
      ],
    });
    const approval = {
      obligation: 'upgrade/approval',
      step: 'start',
      template: 'upgrade-approval',
      asOf,
    } as const;
    await activities().sendNotice(notice({ ...approval, roles: ['management'] }));
    // What is accepted by the same person for the same reason is told once.
    expect(mailbox.mails.at(-1)?.text?.match(/^.*godtagen av .*$/gm)).toEqual([
      '- Verifikationer från lönesystemet, Test: Verifikationer från lönesystemet: godtagen av Johan Lind: lönen körs för hand',
    ]);
  });

  it('lists the checks of a phase, and the test cases of what the contract has', async () => {
    const text = { sv: 'Läs in en order', en: 'Import an order' };
    const nowhere = { sv: 'Ingenstans', en: 'Nowhere' };
    await signAndPlanUnder(database.db, {
      upgrade: {
        testCases: { all: [text], 'webshop-orders': [text], 'visma-business': [text], other: [nowhere] },
      },
    });
    const start = { step: 'start', asOf: '2027-05-27T06:30:00.000Z' };
    await activities().sendNotice(notice({ ...start, obligation: 'upgrade/test', template: 'upgrade-test' }));
    await activities().sendNotice(
      notice({ ...start, obligation: 'upgrade/precheck', template: 'upgrade-precheck', to: 'consultant' }),
    );
    const [test, , precheck] = mailbox.mails.map((mail) => mail.text ?? '');
    expect(test?.match(/^.*:\n- Läs in en order/gm)).toEqual([
      'Allmänt:\n- Läs in en order',
      'Visma Business:\n- Läs in en order',
      'Order från webshop:\n- Läs in en order',
    ]);
    expect(test).not.toContain('Ingenstans');
    expect(precheck).toContain('1. Säkerhetskopia tagen och återläst på prov');
    expect(precheck).toContain('- Visma Business 17.0 → 18.');
  });

  it.each([
    ['18.10.0', true],
    ['17.0', false],
  ])(
    'says with the planning whether there is a newer version than %s, and what to send',
    async (version, isNone) => {
      const { systems } = exampleContract();
      await signAndPlan(database.db, { systems: { ...systems, 'visma-business': { version } } });
      const start = { step: 'start', asOf: '2027-05-03T06:30:00.000Z', obligation: 'upgrade/plan' };
      await activities().sendNotice(notice({ ...start, template: 'upgrade-plan', to: 'consultant' }));
      const text = mailbox.mails[0]?.text ?? '';
      expect(text.includes('INGEN NYARE VERSION I ÅR')).toBe(isNone);
      expect(text.includes('det finns ingen nyare version av Visma Business än 18.10.0 att använda')).toBe(
        isNone,
      );
      expect(text.includes('upgradeNotNeeded')).toBe(isNone);
    },
  );

  it('tells the versions that were reported, and who approved as the others of the customer that it is approved', async () => {
    await signAndPlan(database.db);
    const at = '2027-05-27T06:30:00.000Z';
    const part = { upgrade: 'upgrade', phase: 'technical', part: 'visma-business', kind: 'system' } as const;
    await createProgressActivities(database).recordProgress({
      ...{ agreement: 'testbolaget-2027', year: 1 },
      entries: [
        {
          ...{ id: '1', at, kind: 'row', ref: 'technical', detail: {} },
          part: { ...part, result: { ok: true, version: '18.0.7', at } },
        },
      ],
    });
    const about = { step: 'start', asOf: '2027-05-28T06:30:00.000Z', obligation: 'upgrade/integrations' };
    await activities().sendNotice(notice({ ...about, template: 'upgrade-integrations', to: 'consultant' }));
    expect(mailbox.mails[0]?.text).toContain('- Visma Business 17.0 → 18.0.7');
    const news = { kind: 'approved', contact: 'contact-1' } as const;
    const end = {
      ...about,
      obligation: 'upgrade/approval',
      template: 'upgrade-news',
      to: 'customer',
      news,
    } as const;
    await activities().sendNotice(notice({ ...end, step: 'n', roles: ['management', 'system-owner'] }));
    expect(recipients().slice(1)).toEqual([karin, johan]);
  });

  it('sets aside the consultant’s time in the call, if there is any', async () => {
    await signAndPlan(database.db);
    const call = notice({ template: 'meeting-call', step: 'call', to: 'consultant' });
    await activities().sendNotice(call);
    await database.db.query(
      `update plans set terms = jsonb_set(jsonb_set(terms, '{meetings,preparationMinutes}', '0'), '{meetings,followUpMinutes}', '0')`,
    );
    await activities().sendNotice({ ...call, revision: 2 });
    expect(mailbox.mails.map(({ text }) => /Förberedelse: 60 minuter/.test(text ?? ''))).toEqual([
      true,
      false,
    ]);
  });

  it('tells time exactly that is no hundredth of an hour, with the number of its entry', async () => {
    await signAndPlan(database.db);
    const said = { by: 'anna', byAssumed: false, asOf: '2027-01-20T09:00:00.000Z' };
    const entries = [{ entryId: 'one', seconds: 4800, ...said }];
    await createHoursActivities(database).reportHours({ agreement: 'testbolaget-2027', year: 1, entries });
    await activities().sendNotice(
      notice({ template: 'hour-statement', obligation: 'hours/statement-1', step: 'send' }),
    );
    const { text, attachments } = mailbox.mails[0]!;
    expect(text).toContain('(nr 1): 1\u00a0tim 20\u00a0min, Övrigt');
    expect(text).toContain('118:40');
    const [table] = attachments.filter(({ contentType }) => contentType === 'text/csv');
    expect(table?.filename).toBe('timbesked-testbolaget-2027-1-2027-01-25.csv');
    expect(table?.content.toString('utf8').split('\r\n').slice(1, -1)).toEqual([
      ';2027-01-01;Avtalade timmar;;;120:00;120;120:00;120;',
      '1;2027-01-20;Övrigt;anna;;-1:20;-1,3333;118:40;118,6667;1232,50',
    ]);
  });

  it('tells every reader of a corrected statement what differs from the one before', async () => {
    await signAndPlan(database.db);
    const agreement = 'testbolaget-2027';
    const hours = createHoursActivities(database);
    const said = { by: 'anna', byAssumed: false, confirmed: true };
    const reported = (entry: object, asOf: string) =>
      hours.reportHours({
        agreement,
        year: 1,
        entries: [{ entryId: asOf, ...said, ...entry, asOf } as ReportedEntry],
      });
    await reported({ seconds: 130 * 3600, ref: 'a' }, '2027-03-01T09:00:00.000Z');
    const asOf = '2027-12-31T23:00:00.000Z';
    await hours.closeHours({ agreement, year: 1, asOf, ended: false });
    const statement = (changed: object) =>
      activities().sendNotice(
        notice({
          template: 'hour-statement',
          obligation: 'close',
          roles: ['finance', 'management'],
          ...changed,
        }),
      );
    await statement({ step: 'statement', asOf: '2028-01-07T07:30:00.000Z' });
    await reported({ seconds: 13 * 3600, corrects: { ref: 'a' } }, '2028-01-10T09:00:00.000Z');
    const corrected = { step: 'statement-corrected', revision: 7, asOf: '2028-01-10T09:05:00.000Z' };
    await statement(corrected);
    await statement({ ...corrected, step: 'statement-corrected-manager', to: 'manager' });
    const texts = mailbox.mails
      .map(({ text = '' }) => text)
      .filter((text) => text.includes('rättat slutbesked'));
    expect(texts.length).toBeGreaterThanOrEqual(3);
    for (const text of texts) {
      expect(text).toContain('ersätter det vi skickade fredag 7 januari 2028');
      expect(text).toContain('- Använda timmar: 130:00 → 13:00');
    }
  });

  it('tells what was reported where less is booked', async () => {
    await signAndPlan(database.db);
    await database.db.query(`update plans set terms = jsonb_set(terms, '{hourBank,roundToMinutes}', '15')`);
    const said = { by: 'anna', byAssumed: false, asOf: '2027-01-20T09:00:00.000Z' };
    const entries = [{ entryId: 'one', hours: 137, ...said }];
    await createHoursActivities(database).reportHours({ agreement: 'testbolaget-2027', year: 1, entries });
    await activities().sendNotice(
      notice({ template: 'hour-statement', obligation: 'hours/statement-1', step: 'send' }),
    );
    expect(mailbox.mails[0]!.text).toContain('1\u00a0tim 15\u00a0min (rapporterat 1:22:12), Övrigt');
  });

  it('shows the way to Temporal to our own people only', async () => {
    const { contract, plan } = await signAndPlan(database.db);
    const owed = plan.obligations.flatMap((obligation) =>
      obligation.notices.map((owedNotice) => ({ obligation, owedNotice })),
    );
    for (const { obligation, owedNotice } of owed) {
      const { step, template, to, roles, at } = owedNotice;
      const changed = { obligation: obligation.id, step, template, to, asOf: at };
      await activities().sendNotice({ ...notice(changed), roles: roles ?? [] });
    }
    const ours = Object.values(contract.contacts).flatMap((who) => ('email' in who ? [who.email] : []));
    const seen = { ours: 0, theirs: 0 };
    mailbox.mails.forEach((mail, index) => {
      const to = recipients()[index]!;
      const whole = `${mail.text ?? ''}${mail.html || ''}${mail.attachments.map((a) => a.content.toString()).join('')}`;
      if (ours.includes(to)) seen.ours += whole.includes('http://temporal.example/') ? 1 : 0;
      else {
        seen.theirs += 1;
        expect(whole).not.toContain('temporal.example');
        expect(whole).not.toMatch(/signal/i);
      }
    });
    expect(seen.ours).toBeGreaterThan(0);
    expect(seen.theirs).toBeGreaterThan(0);
  });

  it('takes no header and no recipient from a name', async () => {
    const evil = 'Karin\r\nBcc: thief@evil.example\r\nX-Evil: yes\r\n\r\nBody';
    const { contacts, customer } = exampleContract();
    await signAndPlan(database.db, {
      customer: { ...customer, name: `Testbolaget\r\nBcc: thief@evil.example` },
      contacts: {
        ...contacts,
        customer: [{ ...contacts.customer[0]!, name: evil }],
        consultant: { ...contacts.consultant, name: `Anna\r\nX-Evil: yes` },
      },
    });
    await activities().sendNotice(toKarin);
    await activities().sendNotice(
      notice({ template: 'meeting-call', step: 'call', to: 'consultant', asOf: '2027-01-11T07:30:00.000Z' }),
    );
    expect(mailbox.mails).toHaveLength(2);
    for (const mail of mailbox.mails) {
      const names = mail.headerLines.map(({ key }) => key);
      expect(names).not.toContain('bcc');
      expect(names).not.toContain('x-evil');
      expect(names.filter((name) => name === 'subject')).toHaveLength(1);
      expect(mail.subject).not.toMatch(/[\r\n]/);
    }
    expect(recipients()).toEqual([karin, 'anna.berg@pector.example']);
  });

  it('hands over to no second address hidden in an address', async () => {
    const { contacts } = exampleContract();
    const hidden = { ...contacts.customer[0]!, email: `${karin}>\r\nRCPT TO:<thief@evil.example` };
    await signAndPlan(database.db, withContacts({ customer: [hidden] }));
    await activities()
      .sendNotice(toKarin)
      .catch(() => undefined);
    expect(recipients()).not.toContain('thief@evil.example');
    expect(mailbox.sources.join('')).not.toContain('RCPT TO');
  });
});

describe('the link to the customer’s page', () => {
  const day = 24 * 60 * 60_000;
  const sentOn = (days: number): string =>
    new Date(Date.parse('2027-01-25T07:30:00.000Z') + days * day).toISOString();
  const linked = () =>
    mailActivities(database.db, mailbox.smtpUrl, {
      pageLinks: { key: 'k', url: (token) => `http://pages.example/pages/${token}` },
    });
  const linkIn = (text = ''): string | undefined => /http:\/\/pages\.example\/pages\/\S+/.exec(text)?.[0];
  const linksTo = (address: string): (string | undefined)[] =>
    mailbox.mails.filter(({ to }) => JSON.stringify(to).includes(address)).map(({ text }) => linkIn(text));
  const send = (obligation: string, days: number): Promise<unknown> =>
    linked().sendNotice(notice({ obligation, asOf: sentOn(days) }));

  it('is one for each contact, in all their mails, until it has little time left or is revoked', async () => {
    await signAndPlan(database.db);
    await send('meeting-1', 0);
    await send('meeting-2', 100);
    const [first, second] = linksTo(karin);
    expect([second, linksTo(johan)[0]]).toEqual([first, expect.not.stringContaining(first ?? '-')]);
    await send('meeting-3', 130);
    expect(linksTo(karin)[2]).not.toBe(first);
    await database.db.query(`update page_links set revoked_at = now() where contact = 'contact-1'`);
    await send('meeting-4', 131);
    expect(new Set(linksTo(karin)).size).toBe(3);
    expect(
      await database.db.query('select contact, count(*)::int as count from page_links group by 1 order by 1'),
    ).toEqual([
      { contact: 'contact-1', count: 3 },
      { contact: 'contact-2', count: 2 },
    ]);
  });

  it('is in no mail to who only tests, to a partner, or to our own people', async () => {
    const { customer, ...ours } = exampleContract().contacts;
    const [one] = customer;
    const testers = [{ ...one!, roles: ['tester' as const] }];
    await signAndPlan(database.db, { contacts: { ...ours, customer: testers } });
    await linked().sendNotice(notice({ roles: ['tester'] }));
    await linked().sendNotice(notice({ template: 'meeting-blocks', step: 'blocks', to: 'consultant' }));
    expect(mailbox.mails).toHaveLength(2);
    expect(mailbox.mails.map(({ text }) => linkIn(text))).toEqual([undefined, undefined]);
  });
});
