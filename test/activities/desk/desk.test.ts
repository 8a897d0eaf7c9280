import { randomBytes } from 'node:crypto';
import type { ParsedMail } from 'mailparser';
import type { Db } from '../../../activities/db';
import { migrate, openDb } from '../../../activities/db';
import { exampleContract } from '../../helpers/example';
import type { Transition } from '../../../rules/engine/monitoring/check-state';
import type { Check } from '../../../rules/engine/contract/monitor';
import type { Contract } from '../../../rules/engine/contract/contract';
import { settingsFor } from '../../../rules/engine/monitoring/watched-checks';
import { findPlan } from '../../../activities/agreements/plans';
import { findHolder } from '../../../activities/pages/holder';
import { readPageLink } from '../../../activities/pages/links';
import type { DeskDeps } from '../../../activities/desk/desk';
import { createDeskActivities } from '../../../activities/desk/desk';
import { incidentsOf } from '../../../activities/monitors/listed-incidents';
import { resendDeskMail } from '../../../activities/desk/desk-send';
import { monitoringSince } from '../../../activities/monitors/figures';
import { recordTransitions } from '../../../activities/monitors/incidents';
import { runningAlerts } from '../../../activities/monitors/running-alerts';
import { createSendMessage } from '../../../activities/mail/smtp';
import { listUnsettled } from '../../../activities/mail/unsettled';
import { settleMail } from '../../../worker/commands/mails/settle-mails';
import { besides, signAndPlan } from '../signed-agreement';
import type { FreshDatabase } from '../../helpers/stack';
import { freshDatabase, testStack } from '../../helpers/stack';
import type { Mailbox } from '../../helpers/mailbox';
import { openMailbox } from '../../helpers/mailbox';

let database: FreshDatabase;
let mailbox: Mailbox;

beforeEach(async () => {
  [database, mailbox] = await Promise.all([freshDatabase(), openMailbox()]);
});

afterEach(async () => {
  await Promise.all([database.close(), mailbox.close()]);
});

const agreement = 'testbolaget-2027';
const key = 'a key of a test';
/** A Tuesday; support is open from 07:30 to 15:30 UTC. */
const at = (time: string): string => `2027-02-16T${time}:00.000Z`;

const deps = (changed: Partial<DeskDeps> = {}): DeskDeps => ({
  db: database.db,
  sendMessage: createSendMessage(mailbox.smtpUrl),
  mailFrom: 'avtal@pector.example',
  agreementLink: (number) => `http://temporal.example/agreement-${number}`,
  staffLanguage: 'sv',
  pageLinks: { key, url: (token) => `https://intake.example/pages/${token}` },
  ...changed,
});
const desk = (changed: Partial<DeskDeps> = {}) => createDeskActivities(deps(changed));
const attend = (time: string) => desk().attendDesk({ agreement, asOf: at(time) });

/** Checks of an agreement as they are configured. */
async function watch(checks: (Check & { place?: string })[], number = agreement): Promise<void> {
  const stored = await findPlan(database.db, number, 1);
  for (const { place = 'central', ...check } of checks)
    await database.db.query(
      `insert into monitors (agreement, id, customer, place, shard, state, watched, configured_at)
       values ($1, $2, 'testbolaget', $3, 1, 'watched', $4, '2027-01-01')`,
      [
        number,
        check.id,
        place,
        JSON.stringify({
          agreement: number,
          customer: 'testbolaget',
          closedDays: [],
          check,
          settings: settingsFor(check, stored!.terms.monitoring),
        }),
      ],
    );
}

const web: Check = { id: 'web', kind: 'http', name: 'Webbutiken', runbook: 'Ring <driften>.' };

async function signed(
  changed: Partial<Contract> = {},
  checks: (Check & { place?: string })[] = [web],
): Promise<void> {
  const { contract } = await signAndPlan(database.db, changed);
  await watch(checks, contract.agreement);
}

const transition = (to: Transition['to'], when: string, changed: Partial<Transition> = {}): Transition => ({
  agreement,
  monitor: 'web',
  at: when,
  from: 'pending',
  to,
  since: when,
  lastGoodAt: '2027-02-16T08:55:00.000Z',
  message: { sv: 'väntade 200, fick 500', en: 'expected 200, found 500' },
  answer: '<h1>Fel & "annat"</h1>',
  ...changed,
});

const record = (...transitions: Transition[]): Promise<void> =>
  database.db.transaction((tx) => recordTransitions(tx, transitions));

const subjects = (): string[] => mailbox.mails.map(({ subject }) => subject ?? '');
const only = (): ParsedMail => mailbox.mails[0]!;
const recipientOf = ({ to }: ParsedMail): string | undefined => [to ?? []].flat()[0]?.value[0]?.address;
const incident = async (): Promise<number> =>
  (await database.db.query<{ id: number }>('select max(id) as id from incidents'))[0]!.id;
const logged = async (): Promise<string[]> =>
  (await database.db.query<{ what: string }>('select what from incident_log order by id')).map(
    ({ what }) => what,
  );

describe('an alert', () => {
  it('says what failed, since when, what was answered and what to do, to the support desk', async () => {
    await signed();
    await record(transition('down', at('09:00')));
    expect((await attend('09:00')).nextAt).toBe(at('09:01'));
    expect(mailbox.mails).toEqual([]);
    await attend('09:01');
    const { subject, text = '', html, replyTo, headers, date } = only();
    expect(recipientOf(only())).toBe('support@pector.example');
    expect(replyTo?.value[0]?.address).toBe('anna.berg@pector.example');
    expect(headers.get('auto-submitted')).toBe('auto-generated');
    expect(date?.toISOString()).toBe(at('09:01'));
    expect(subject).toBe('Nere: Webbutiken, Testbolaget AB');
    for (const said of [
      'väntade 200, fick 500',
      'Sedan: tis 16 feb 2027 kl. 10:00',
      'Senast bra: tis 16 feb 2027 kl. 09:55',
      'Gör så här: Ring <driften>.',
      '<h1>Fel & "annat"</h1>',
      `http://temporal.example/agreement-${agreement}`,
    ])
      expect(text).toContain(said);
    expect(html).toContain('&lt;h1&gt;Fel &amp; &quot;annat&quot;&lt;/h1&gt;');
    expect(html).not.toContain('<h1>');
  });

  it('runs on the agreement’s page from the mail about it until it is over', async () => {
    await signed();
    const announced = (): Promise<unknown[]> =>
      database.db.query(`select agreement from outbox where payload ->> 'signal' = 'alertsChanged'`);
    await record(transition('down', at('09:00')));
    expect([await announced(), await runningAlerts(database.db, agreement)]).toEqual([
      [],
      { alerts: [], more: 0 },
    ]);
    await attend('09:01');
    await attend('09:02');
    expect(await announced()).toEqual([{ agreement }]);
    expect(await runningAlerts(database.db, agreement)).toEqual({
      alerts: [{ monitor: 'web', severity: 'down', since: at('09:00') }],
      more: 0,
    });
    await record(transition('ok', at('09:10'), { from: 'down' }));
    expect(await announced()).toHaveLength(2);
    expect(await runningAlerts(database.db, agreement)).toEqual({ alerts: [], more: 0 });
  });

  it('carries signed links to take it, to say it is mended, and to let it rest', async () => {
    await signed();
    await record(transition('down', at('09:00')));
    await attend('09:01');
    const links = () =>
      [...(only().text ?? '').matchAll(/pages\/(\S+)/g)].map(([, token]) => readPageLink(key, token!)!);
    const expires = '2027-02-23T09:01:00.000Z';
    const subject = `incident/${await incident()}`;
    const expected = {
      id: expect.any(Number) as number,
      agreement,
      contact: 'support',
      subject,
      expires,
      language: 'sv',
    };
    expect(links()).toEqual(
      ['alert-take', 'alert-mended', 'alert-pause'].map((purpose) => ({ ...expected, purpose })),
    );
    expect(await findHolder(database.db, links()[0]!)).toMatchObject({
      state: 'good',
      holder: { email: 'support@pector.example' },
    });
  });

  it('has no such links where nothing takes them', async () => {
    await signed();
    await record(transition('down', at('09:00')));
    const { pageLinks: _, ...without } = deps();
    await createDeskActivities(without).attendDesk({ agreement, asOf: at('09:01') });
    expect(only().text).not.toMatch(/pages\/|Jag tar det/);
  });

  it('and all that follows hang on one root, each under a Message-ID of its own', async () => {
    await signed();
    await record(transition('warning', at('09:00')));
    await attend('09:01');
    await record(transition('down', at('09:10')));
    await attend('09:10');
    await attend('13:10');
    await record(transition('ok', at('13:20')));
    await attend('13:21');
    expect(subjects()).toEqual([
      'Varning: Webbutiken, Testbolaget AB',
      'Nere: Webbutiken, Testbolaget AB',
      'Nere, påminnelse: Webbutiken, Testbolaget AB',
      'Nere, ingen har tagit det: Webbutiken, Testbolaget AB',
      'Över: Webbutiken, Testbolaget AB',
    ]);
    const root = `<incident.${await incident()}@pector.example>`;
    for (const { inReplyTo, references } of mailbox.mails)
      expect([inReplyTo, references]).toEqual([root, root]);
    expect(new Set(mailbox.mails.map(({ messageId }) => messageId)).size).toBe(5);
    expect(mailbox.mails.map(recipientOf)[3]).toBe('erik.holm@pector.example');
    expect(mailbox.mails[3]?.replyTo?.value[0]?.address).toBe('support@pector.example');
    expect(await logged()).toEqual(
      expect.arrayContaining([
        'opened',
        'told',
        'worsened',
        'told',
        'reminded',
        'escalated',
        'recovered',
        'recoveryTold',
      ]),
    );
  });

  it('of several at one customer names them all, whichever agreement they belong to', async () => {
    await signed();
    await signed({ agreement: 'andra-2027' }, [{ ...web, name: 'Lagret' }]);
    await record(
      transition('down', at('09:00')),
      transition('down', '2027-02-16T09:00:40.000Z', { agreement: 'andra-2027' }),
    );
    await attend('09:01');
    expect(subjects()).toEqual(['2 larm, Testbolaget AB: Webbutiken med flera']);
    expect(only().text).toContain('Nere: Lagret');
    expect([only().references].flat()).toHaveLength(2);
  });

  it('is not sent for an agreement that has ended, nor for one without a plan', async () => {
    await signed();
    await record(transition('down', at('09:00')));
    await database.db.query(`update agreements set state = 'ended'`);
    await attend('09:05');
    await database.db.query(`update agreements set state = 'signed', year_number = null`);
    expect(await attend('09:05')).toEqual({ page: expect.objectContaining({ more: 0 }) as unknown });
    expect(mailbox.mails).toEqual([]);
    await expect(desk().attendDesk({ agreement: 'ingen', asOf: at('09:00') })).rejects.toMatchObject({
      type: 'NotFound',
    });
  });
});

describe('none twice, none missing', () => {
  const due = async (): Promise<void> => {
    await signed();
    await record(transition('down', at('09:00')));
  };

  it('when the mail server was away: what was decided is sent by whoever comes next', async () => {
    await due();
    const away = desk({ sendMessage: () => Promise.reject(new Error('no route to support@pector.example')) });
    await expect(away.attendDesk({ agreement, asOf: at('09:01') })).rejects.toThrow(
      /^desk mail \d+: no route to support$/,
    );
    await attend('09:20');
    expect(subjects()).toHaveLength(1);
    expect(only().date?.toISOString()).toBe(at('09:01'));
    await attend('09:21');
    expect(subjects()).toHaveLength(1);
  });

  it('when many attend at once', async () => {
    await due();
    await besides(database.databaseUrl, (other) =>
      Promise.all(
        [1, 2, 3, 4, 5, 6].map((number) =>
          desk(number % 2 === 0 ? { db: other } : {}).attendDesk({ agreement, asOf: at('09:01') }),
        ),
      ),
    );
    expect(subjects()).toHaveLength(1);
  });

  it('when one of several mails fails: the others have their turn', async () => {
    await signed({}, [web, { id: 'lager', kind: 'sql', name: 'Lagret' }]);
    await database.db.query(
      `update monitors set watched = jsonb_set(watched, '{settings,groupBy}', '"none"')`,
    );
    await record(transition('down', at('09:00')), transition('down', at('09:00'), { monitor: 'lager' }));
    mailbox.next.push('busy');
    await expect(attend('09:01')).rejects.toThrow('try later');
    expect(subjects()).toHaveLength(1);
    await attend('09:01');
    expect(subjects().sort()).toEqual(['Nere: Lagret, Testbolaget AB', 'Nere: Webbutiken, Testbolaget AB']);
  });

  it('when the server refuses: it is settled, shown on the page, and can be sent again', async () => {
    await due();
    mailbox.refuses.add('support@pector.example');
    const { page } = await attend('09:01');
    expect(page.unsettled).toEqual([
      { key: expect.stringMatching(/^desk\/\d+\/support$/) as string, state: 'refused' },
    ]);
    expect((await attend('09:02')).page.unsettled).toHaveLength(1);
    mailbox.refuses.clear();
    const [{ key: refused } = { key: '' }] = await listUnsettled(database.db);
    const send = (): Promise<never> => Promise.reject(new Error('this is no notice'));
    await settleMail(database.db, refused, 'resend', send, (request) => resendDeskMail(deps(), request));
    expect(subjects()).toEqual(['Nere: Webbutiken, Testbolaget AB']);
    expect(await listUnsettled(database.db)).toEqual([]);
  });

  it('when the answer never came: it is unknown, and is not sent again by itself', async () => {
    await due();
    mailbox.next.push('cut-after');
    expect((await attend('09:01')).page.unsettled).toMatchObject([{ state: 'unknown' }]);
    await attend('09:02');
    expect(subjects()).toHaveLength(1);
    const [{ key: unknown } = { key: '' }] = await listUnsettled(database.db);
    await settleMail(database.db, unknown, 'confirm', () => Promise.reject(new Error('nothing is sent')));
    expect((await attend('09:03')).page.unsettled).toEqual([]);
  });

  it('when a mail cannot be made: it stands in nobody’s way, and a person settles it', async () => {
    await due();
    const { page } = await desk({ agreementLink: () => 'javascript:alert(1)' }).attendDesk({
      agreement,
      asOf: at('09:01'),
    });
    expect(page.unsettled).toMatchObject([{ state: 'refused' }]);
    expect(await listUnsettled(database.db)).toMatchObject([
      { error: expect.stringContaining('monitor-alert') as string },
    ]);
    await record(transition('ok', at('09:10')));
    await attend('09:11');
    expect(subjects()).toEqual(['Över: Webbutiken, Testbolaget AB']);
  });
});

describe('answers', () => {
  const open = async (): Promise<number> => {
    await signed();
    await record(transition('down', at('09:00')));
    await attend('09:01');
    return incident();
  };
  const answer = (id: number, how: 'taken' | 'mended', by = 'lina', time = '09:10') =>
    desk().answerIncident({ agreement, incident: id, answer: how, by, asOf: at(time) });

  it('taking ends reminders and escalation, once', async () => {
    const id = await open();
    expect(await answer(id, 'taken')).toEqual({ ok: true });
    expect(await answer(id, 'taken')).toEqual({ ok: true });
    expect(await answer(id, 'taken', 'olle')).toEqual({
      rejected: {
        sv: `förväntade ett larm som ingen har tagit, hittade att lina har tagit ${id}`,
        en: `expected an incident that nobody has taken, found that lina has taken ${id}`,
      },
    });
    const { nextAt, page } = await attend('14:00');
    expect(nextAt).toBeUndefined();
    expect(page.incidents).toMatchObject([{ id, monitor: 'web', name: 'Webbutiken', takenBy: 'lina' }]);
    expect(subjects()).toHaveLength(1);
  });

  it('mended asks for a fresh result; if it is still so, it is told anew and nobody’s', async () => {
    const id = await open();
    await answer(id, 'taken');
    expect(await answer(id, 'mended', 'lina', '09:20')).toEqual({ ok: true });
    const rechecks = await database.db.query('select recheck_at as at from monitors');
    expect(rechecks).toEqual([{ at: at('09:20') }]);
    await record(transition('down', at('09:21')));
    const { page } = await attend('09:21');
    expect(subjects()).toHaveLength(2);
    expect(page.incidents[0]).not.toHaveProperty('takenBy');
    expect(await logged()).toEqual(['opened', 'told', 'taken', 'mended', 'confirmed', 'notMended', 'told']);
  });

  it.each([
    ['one that does not exist', 999, /none with number 999/],
    ['one that is over', 0, /is over since 2027-02-16T09:05/],
  ])('to %s are rejected', async (_, other, why) => {
    const id = await open();
    await record(transition('ok', at('09:05')));
    const answered = await answer(other || id, 'taken');
    expect('rejected' in answered && answered.rejected.en).toMatch(why);
  });

  it('that a silent site is mended is rejected: it ends when it is heard', async () => {
    await signed();
    const [{ id } = { id: 0 }] = await database.db.query<{ id: number }>(
      `insert into incidents (agreement, monitor, class, severity, since, opened_at, message, confirmed_at)
       values ($1, 'site:lager', 'ours', 'silent', $2, $2, '{"sv": "hörs inte", "en": "not heard"}', $2) returning id`,
      [agreement, at('09:00')],
    );
    expect(await answer(id, 'mended')).toHaveProperty('rejected');
    await attend('09:01');
    expect(subjects()).toEqual(['Platsen hörs inte: lager, Testbolaget AB']);
  });
});

describe('the mail about a job', () => {
  const job: Check = { id: 'nightly', kind: 'heartbeat', name: 'Nattjobbet', dailyAt: '02:15' };
  const failed = (answer: string, lastGoodAt?: string): Transition => {
    const { lastGoodAt: _, ...rest } = transition('down', at('09:00'), { monitor: 'nightly', answer });
    return { ...rest, ...(lastGoodAt !== undefined && { lastGoodAt }) };
  };

  it('has all that is kept of its output, and says that it never went well', async () => {
    await signed({}, [job]);
    const output = `${'rad\n'.repeat(495)}ORA-01653: disk full`;
    await record(failed(output));
    await attend('09:01');
    const { text = '', html } = only();
    expect(text).toContain(`Så här slutade jobbets utskrift:\n${output}\n`);
    expect(text).toContain('Senast bra: aldrig: jobbet har inte gått bra någon gång');
    expect(html).toContain('ORA-01653: disk full');
    expect(html).toContain('aldrig: jobbet har inte gått bra någon gång');
  });

  it('says when it last went well', async () => {
    await signed({}, [job]);
    await record(failed('x', '2027-02-15T01:15:00.000Z'));
    await attend('09:01');
    expect(only().text).toContain('Senast bra: mån 15 feb 2027 kl. 02:15');
  });
});

it('says of a check that was never good that it was not, and of a silent site nothing', async () => {
  await signed();
  const { lastGoodAt: _, ...never } = transition('down', at('09:00'));
  await record(never);
  await database.db.query(
    `insert into incidents (agreement, monitor, class, severity, since, opened_at, message, confirmed_at)
     values ($1, 'site:lager', 'ours', 'silent', $2, $2, '{"sv": "hörs inte", "en": "not heard"}', $2)`,
    [agreement, at('09:00')],
  );
  await attend('09:01');
  const texts = mailbox.mails.map(({ text = '' }) => text).join('\n');
  expect(texts.match(/Senast bra: .*/g)).toEqual(['Senast bra: aldrig sedan kontrollen sattes upp']);
});

describe('the button that lets a check rest', () => {
  it.each([
    ['when support opens tomorrow', {}, 'Pausa tills supporten öppnar i morgon'],
    [
      'on the next working day where support never closes',
      { hours: [{ days: 'all', from: '00:00', to: '24:00' }] },
      'Pausa till nästa arbetsdag',
    ],
  ])('says when that ends: %s', async (_, hours, label) => {
    await signed();
    await database.db.query(
      `update plans set terms = jsonb_set(terms, '{support}', terms -> 'support' || $1)`,
      [JSON.stringify(hours)],
    );
    await record(transition('down', at('09:00')));
    await attend('09:01');
    expect(only().text).toContain(`${label}: https://intake.example/pages/`);
    expect(only().html).toContain(label);
  });
});

describe('pauses', () => {
  const pause = (monitor: string, until: string, asOf = at('08:00')) =>
    desk().pauseMonitor({ agreement, monitor, untilAt: until, by: 'lina', reason: 'serverflytt', asOf });

  it('keep an incident from being told until they end, and it was seen again', async () => {
    await signed({}, [{ ...web, place: 'lager', site: 'lager' }]);
    expect(await pause('web', at('10:00'))).toEqual({ ok: true });
    await record(transition('down', at('09:00')));
    const { nextAt, page } = await attend('09:00');
    expect(nextAt).toBe(at('10:00'));
    expect(page).toMatchObject({
      incidents: [{ suppressed: 'pause' }],
      pauses: [{ monitor: 'web', name: 'Webbutiken', until: at('10:00'), reason: 'serverflytt' }],
    });
    await attend('10:00');
    // In a customer's network the wish is carried by the dispatcher.
    const watchRows = await database.db.query(`select payload from outbox where kind = 'watch'`);
    expect(watchRows).toEqual([{ payload: { place: 'lager', shard: 1 } }]);
    await record(transition('down', '2027-02-16T10:00:20.000Z'));
    await attend('10:01');
    expect(subjects()).toHaveLength(1);
    expect(await logged()).toEqual(['opened', 'suppressed', 'gateOpened', 'confirmed', 'told']);
  });

  it('keep a site’s silence from being told too, which no check can confirm afterwards', async () => {
    await signed();
    await pause('all', at('10:00'));
    await database.db.query(
      `insert into incidents (agreement, monitor, class, severity, since, opened_at, message, confirmed_at)
       values ($1, 'site:lager', 'ours', 'silent', $2, $2, '{"sv": "hörs inte", "en": "not heard"}', $2)`,
      [agreement, at('09:00')],
    );
    await attend('09:01');
    expect((await attend('10:00')).nextAt).toBe(at('10:01'));
    await attend('10:01');
    expect(subjects()).toEqual(['Platsen hörs inte: lager, Testbolaget AB']);
  });

  it('end when support ends them', async () => {
    await signed();
    await pause('all', at('10:00'));
    expect(await desk().resumeMonitor({ agreement, monitor: 'all', by: 'lina', asOf: at('08:30') })).toEqual({
      ok: true,
    });
    await record(transition('down', at('09:00')));
    await attend('09:01');
    expect(subjects()).toHaveLength(1);
  });

  it('begin and end by the name of a check, and ask which is meant where two have it', async () => {
    await signed({}, [
      { ...web, name: 'Webbshoppen' },
      { ...web, id: 'port', name: 'Porten' },
      { ...web, id: 'port-2', name: 'Porten' },
    ]);
    const resting = async () => (await attend('08:01')).page.pauses.map(({ monitor }) => monitor);
    const resume = (monitor: string) =>
      desk().resumeMonitor({ agreement, monitor, by: 'lina', asOf: at('08:00') });
    expect(await pause('webbshoppen', at('10:00'))).toEqual({ ok: true });
    expect(await resting()).toEqual(['web']);
    expect(await resume('Webbshoppen')).toEqual({ ok: true });
    expect(await resting()).toEqual([]);
    expect(await pause('Alla', at('10:00'))).toEqual({ ok: true });
    expect(await resting()).toEqual(['all']);
    expect(await pause('Porten', at('10:00'))).toMatchObject({
      rejected: { en: 'monitor: "Porten" may be port or port-2; write the one that is meant' },
    });
  });

  it.each([
    ['of a check that is not there', 'annan', at('10:00'), /expected all or a check: web, found annan/],
    ['that would be over', 'web', at('08:00'), /expected a time after/],
    ['without end', 'web', '2028-01-01T00:00:00.000Z', /at most 92 days ahead/],
  ])('%s are rejected', async (_, monitor, until, why) => {
    await signed();
    const answered = await pause(monitor, until);
    expect('rejected' in answered && answered.rejected.en).toMatch(why);
  });

  it('that nobody made, or that the agreement’s page made, are not ended here', async () => {
    await signed();
    const resume = () => desk().resumeMonitor({ agreement, monitor: 'web', by: 'lina', asOf: at('08:30') });
    expect(await resume()).toMatchObject({
      rejected: { en: expect.stringContaining('does not rest') as string },
    });
    await database.db.query(
      `insert into monitor_pauses (agreement, monitor, source, from_at, until_at) values ($1, 'web', 'signal', $2, $3)`,
      [agreement, at('08:00'), at('10:00')],
    );
    expect(await resume()).toMatchObject({
      rejected: {
        en: expect.stringMatching(
          /send monitoringPaused there with a day that has passed, \{"monitor":"web","until":"\d{4}-\d\d-\d\d"\}$/,
        ) as string,
      },
    });
  });
});

describe('an upgrade', () => {
  const technicalIsOn = async (): Promise<void> => {
    await signed();
    await database.db.query(
      `update obligations set state = 'done' where id in ('upgrade/precheck', 'upgrade/integrations')`,
    );
    await database.db.query(`update obligations set opens_at = $1 where id = 'upgrade/technical'`, [
      at('08:00'),
    ]);
  };

  it('lets monitoring go on while only a copy is upgraded', async () => {
    await technicalIsOn();
    await database.db.query(
      `update plans set plan = jsonb_set(plan, '{upgrade,phases,2,installs}', '"copy"')`,
    );
    await record(transition('down', at('09:00')));
    await attend('09:05');
    expect(subjects()).toHaveLength(1);
  });

  it('lets monitoring rest while a phase is open that the terms name', async () => {
    await technicalIsOn();
    await record(transition('down', at('09:00')));
    expect((await attend('09:05')).page.incidents).toMatchObject([{ suppressed: 'upgrade' }]);
    await database.db.query(`update obligations set state = 'done' where id = 'upgrade/technical'`);
    await attend('10:00');
    await record(transition('down', '2027-02-16T10:00:20.000Z'));
    await attend('10:01');
    expect(subjects()).toHaveLength(1);
  });
});

describe('a database whose collation knows no letters but those of ASCII', () => {
  const name = `plain_${randomBytes(6).toString('hex')}`;
  const server = openDb(testStack().databaseUrl, { maxConnections: 1 });
  const url = new URL(testStack().databaseUrl);
  url.pathname = `/${name}`;
  let plain: Db;

  beforeAll(async () => {
    await server.query(
      `create database ${name} template template0 encoding 'UTF8' locale_provider libc locale 'C'`,
    );
    plain = openDb(url.toString());
    await migrate(plain);
  });
  afterAll(async () => {
    await plain.close();
    await server.query(`drop database ${name} with (force)`);
    await server.close();
  });

  it('has agreements whose support writes Å, Ä, Ö in capitals share a desk all the same', async () => {
    const unused = database;
    database = { ...unused, db: plain };
    try {
      const [row] = await plain.query<{ lower: string }>(`select lower('FÖRRÅD') as lower`);
      expect(row!.lower).not.toBe('förråd');
      const { support } = exampleContract().contacts;
      const withSupport = (email: string): Partial<Contract> => ({
        contacts: { ...exampleContract().contacts, support: { ...support, email } },
      });
      await signed(withSupport('förråd@pector.example'));
      await signed({ ...withSupport('FÖRRÅD@pector.example'), agreement: 'b-2027' });
      await record(transition('down', at('09:00')), transition('down', at('09:00'), { agreement: 'b-2027' }));
      await attend('09:05');
      const told = await plain.query<{ agreement: string }>(
        'select agreement from incidents where told_at is not null order by agreement',
      );
      expect(told.map((each) => each.agreement)).toEqual(['b-2027', agreement]);
    } finally {
      database = unused;
    }
  });
});

describe('what happened, for agenda, statement and summary', () => {
  it('counts the time to act in support hours, from the first mail to the first answer', async () => {
    await signed({}, [web, { id: 'lager', kind: 'sql', name: 'Lagret' }]);
    // At night: nobody is late before support opens.
    await record(transition('down', at('05:00')));
    await attend('05:01');
    await desk().answerIncident({
      agreement,
      incident: await incident(),
      answer: 'taken',
      by: 'lina',
      asOf: at('07:50'),
    });
    await record(transition('down', at('09:00'), { monitor: 'lager' }));
    await attend('09:01');
    await record(transition('ok', at('09:31'), { monitor: 'lager' }));
    await attend('09:32');
    const told = await monitoringSince(database.db, agreement, at('00:00'), at('23:00'));
    const count = told?.incidents.filter(({ actedAfter }) => actedAfter !== undefined).length;
    expect({ count, ...told?.acted }).toEqual({ count: 2, median: 25, longest: 30 });
    const listed = await incidentsOf(database.db, agreement, at('00:00'), at('23:00'));
    expect(listed.map(({ name, actMinutes, closedAt }) => [name, actMinutes, closedAt])).toEqual([
      ['Webbutiken', 20, null],
      ['Lagret', 30, at('09:31')],
    ]);
    expect(await incidentsOf(database.db, agreement, at('00:00'), at('05:00'))).toEqual([]);
  });
});
