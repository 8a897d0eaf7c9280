/** An audit of PostgreSQL: a healthy database gives nothing, and one planted fault of each kind gives that one, and is mended. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AuditFinding } from '../../activities/audit/findings';
import { failAudit, inOrder, readAuditFigures, recordAudit } from '../../activities/audit/findings';
import { carryOutMend } from '../../activities/audit/mend';
import { tellOfAudit } from '../../activities/audit/tell-audit';
import { tellOfRecord } from '../../activities/health/tell-record';
import { resendOperatorMail } from '../../activities/health/operator-mails';
import { createSendMessage } from '../../activities/mail/smtp';
import { settleMail } from '../../worker/commands/mails/settle-mails';
import { openMailbox } from '../helpers/mailbox';
import { lostByRestoration } from '../../activities/audit/restoration';
import { auditSources } from '../../activities/audit/sources';
import type { Db, Queryable } from '../../activities/db';
import { createHoursActivities } from '../../activities/hours/hours';
import { createConfigureActivities } from '../../activities/monitors/configure';
import { createTermsActivities } from '../../activities/years/terms';
import { auditKinds, auditWords } from '../../templates/words/audit-words';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { signAndPlan } from './signed-agreement';

const agreement = 'testbolaget-2027';
/** In the example's second year. */
const asOf = '2028-02-01T12:00:00.000Z';
let database: FreshDatabase;

beforeAll(async () => {
  database = await freshDatabase();
  const { db } = database;
  await signAndPlan(db);
  const closed = '2027-12-31T23:00:00.000Z';
  const hours = createHoursActivities(database);
  const worked = { by: 'anna', byAssumed: false, asOf: '2027-03-10T09:00:00.000Z' };
  await hours.reportHours({
    agreement,
    year: 1,
    entries: [
      { ...worked, entryId: 'entry-1', hours: 250, ref: 'one' },
      { ...worked, entryId: 'entry-2', hours: 100, ref: 'two' },
    ],
  });
  await db.query(`update obligations set state = 'missed', closed_at = due_at where year = 1`);
  await hours.closeHours({ agreement, year: 1, asOf: closed, ended: false });
  await createTermsActivities({ db }).planAgreementYear({
    agreement,
    yearNumber: 2,
    asOf: closed,
    revision: 1,
  });
  await createConfigureActivities({ db }).configureMonitors({ agreement, asOf });
  await db.query(`update obligations set state = 'done', closed_at = due_at where due_at < $1`, [asOf]);
  await db.query(`update plans set planned_at = now() - interval '1 day'`);
  await db.query(`update outbox set done_at = now() - interval '1 day'`);
  await db.query(
    `insert into watches (place, shard, worker, beat_at, checks, seen)
     select place, shard, 'w', $1, count(*), jsonb_object_agg(agreement || '/' || id, jsonb_build_array(extract(epoch from $1::timestamptz), null))
       from monitors group by place, shard`,
    [asOf],
  );
});
afterAll(() => database.close());

/** Everything in one transaction of which nothing is kept, with the triggers of the append-only tables off. */
async function pretending(work: (db: Db) => Promise<void>): Promise<void> {
  const over = new Error('nothing of it is kept');
  const run = database.db.transaction(async (tx) => {
    await tx.query('set local session_replication_role = replica');
    await work({
      ...database.db,
      query: tx.query,
      transaction: (inner) => inner(tx),
      withLock: async (_name, inner) => ({ value: await inner() }),
    });
    throw over;
  });
  await run.catch((error: Error) => {
    if (error !== over) throw error;
  });
}

async function audited(db: Queryable): Promise<AuditFinding[]> {
  const findings: AuditFinding[] = [];
  for (const source of auditSources) findings.push(...(await source(db, asOf)));
  return inOrder(findings);
}

const mail = (key: string, changed: Record<string, string> = {}): [string, unknown[]] => {
  const row = {
    ...{
      key,
      agreement,
      year: '2',
      obligation: 'meeting-1',
      step: 'call',
      revision: '1',
      contact: 'consultant',
    },
    ...{
      template: 'meeting-call',
      recipient: 'a@b.example',
      message_id: `<${key}@x>`,
      state: 'sent',
      request: '{}',
    },
    ...{ as_of: asOf, changed_at: '2026-01-01T00:00:00Z', ...changed },
  };
  const names = Object.keys(row);
  return [
    `insert into mails (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
    Object.values(row),
  ];
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const incident = (monitor: string): string =>
  `insert into incidents (id, agreement, monitor, class, severity, since, opened_at, message, confirmed_at)
   overriding system value values (1, '${agreement}', '${monitor}', 'customer', 'down', '2028-01-31Z', '2028-01-31Z', '{}', '2028-01-31Z')`;
type Planted = string | [string, unknown[]];

/** What is planted, and what is found of it: kinds and subjects. */
const faults: { found: [kind: string, subject: string][]; plant: Planted[] }[] = [
  {
    found: [['readerMissing', 'consultant-konsult-1']],
    plant: [`delete from digest_clocks where reader = 'consultant-konsult-1'`],
  },
  {
    found: [['obligationOverlooked', `${agreement}/1/meeting-2`]],
    plant: [`update obligations set state = 'open' where year = 1 and id = 'meeting-2'`],
  },
  {
    found: [['obligationOverlooked', `${agreement}/2/hours/statement-1`]],
    plant: [`update obligations set due_at = '2028-01-10Z' where year = 2 and id = 'hours/statement-1'`],
  },
  {
    found: [['obligationOverlooked', `${agreement}/2/meeting-1`]],
    plant: [
      `update obligations set due_at = '2028-01-20Z' where year = 2 and id = 'meeting-1'`,
      `update plans set plan = regexp_replace(plan::text, '"at": "2028-[^"]*"', '"at": "2028-01-22T08:00:00Z"', 'g')::jsonb where year = 2`,
    ],
  },
  { found: [['yearNotClosed', `${agreement}/1`]], plant: [`delete from decisions where key = 'rollover'`] },
  { found: [['mailHalfSent', 'half']], plant: [mail('half', { state: 'sending' })] },
  { found: [['mailWaiting', 'waits']], plant: [mail('waits', { state: 'queued', as_of: '2028-01-20Z' })] },
  { found: [['mailUntold', 'unknown']], plant: [mail('unknown', { state: 'unknown' })] },
  {
    found: [['mailUntold', 'refused']],
    plant: [mail('refused', { state: 'refused' }), mail('left', { state: 'refused', contact: 'contact-99' })],
  },
  { found: [['mailTwice', 'a']], plant: [mail('a'), mail('b')] },
  { found: [['mailOfNothing', 'none']], plant: [mail('none', { obligation: 'meeting-9' })] },
  { found: [['entryMissing', agreement]], plant: ['update hour_entries set number = 7 where number = 2'] },
  { found: [['refTwice', `${agreement}/one`]], plant: [`update hour_entry_refs set ref = 'one'`] },
  {
    found: [
      ['unbalanced', 'odd'],
      ['postingsDiffer', agreement],
    ],
    plant: [
      `insert into hour_transactions (id, agreement, subject, business_date, recorded_at, period, posted_in, reason)
       values ('odd', '${agreement}', 'odd', '2027-03-10', '2027-03-10Z', 1, 1, 'reported')`,
      `insert into hour_postings (transaction, account, seconds, minor) values ('odd', 'bank', 1, 0)`,
    ],
  },
  {
    found: [['postingsDiffer', agreement]],
    plant: [
      `delete from hour_postings where transaction in (select id from hour_transactions where subject like 'use/%')`,
      `delete from hour_transactions where subject like 'use/%'`,
    ],
  },
  {
    found: [['outboxStuck', '4711']],
    plant: [
      `insert into outbox (id, agreement, kind, due_at, last_error) overriding system value
       values (4711, '${agreement}', 'monitoring', now() - interval '1 hour', 'no answer')`,
    ],
  },
  {
    found: [
      ['deliveryStuck', '1'],
      ['deliveryStuck', '2'],
    ],
    plant: [
      `insert into deliveries (id, service, received_at, due_at, headers, body, digest, state) overriding system value
       values (1, 'scrive', now() - interval '1 hour', now() - interval '1 hour', '{}', '', 'a', 'received'),
              (2, 'scrive', now(), now(), '{}', '', 'b', 'waiting')`,
    ],
  },
  {
    found: [['checkMissing', `${agreement}/order-import`]],
    plant: [`delete from monitors where id = 'order-import'`],
  },
  {
    found: [['checkUndeclared', `${agreement}/nobody`]],
    plant: [
      `insert into monitors (agreement, id, customer, place, shard, state, watched, configured_at)
       select agreement, 'nobody', customer, place, shard, state, watched, '${asOf}' from monitors where id = 'order-import'`,
    ],
  },
  {
    found: [['checkSilent', `${agreement}/order-import`]],
    plant: [
      `update watches set seen = seen - '${agreement}/order-import'`,
      `update monitors set configured_at = '2028-01-01Z', state = 'watched', watched = jsonb_set(watched, '{settings,intervalMinutes}', '5')
        where id = 'order-import'`,
    ],
  },
  { found: [['incidentStale', '1']], plant: [incident('nobody')] },
  {
    found: [['incidentStale', '1']],
    plant: [
      incident('order-import'),
      `insert into monitor_states (agreement, id, status, state, changed_at)
       values ('${agreement}', 'order-import', 'ok', '{"status": "ok", "since": "2028-02-01T08:00:00Z"}', '2028-02-01T08:00:00Z')`,
    ],
  },
  {
    found: [['versionDiffers', `${agreement}/visma-business/order-import`]],
    plant: [
      `update monitors set watched = jsonb_set(watched, '{check,reportsVersion}', '{"of": "visma-business"}') where id = 'order-import'`,
      `insert into monitor_states (agreement, id, status, state)
       values ('${agreement}', 'order-import', 'ok', '{"status": "ok", "since": "2028-02-01T08:00:00Z",
               "version": {"of": "visma-business", "version": "99.00", "since": "2028-02-01T08:00:00Z"}}')`,
      `insert into found_versions (agreement, subject, monitor, version, first_seen_at, last_seen_at)
       values ('${agreement}', 'visma-business', 'order-import', '99.00', '2028-02-01T08:00:00Z', '2028-02-01T08:00:00Z')`,
    ],
  },
  {
    found: [['versionNotTaken', `${agreement}/systems.visma-business.version`]],
    plant: [
      `insert into upgrade_parts (agreement, year, upgrade, phase, part, kind, ok, version, at)
       values ('${agreement}', 1, 'upgrade', 'technical', 'visma-business', 'system', true, '99.00', '2027-06-01Z'),
              ('${agreement}', 1, 'upgrade', 'approval', 'decision', 'decision', true, null, '2027-06-02Z')`,
    ],
  },
  {
    found: [['fileDamaged', `content/${agreement}/1/close/1`]],
    plant: [
      `insert into hour_statements (agreement, year, obligation, corrects, revision, version, as_of, content, sha256)
       values ('${agreement}', 1, 'close', false, 1, 1, '2028-01-05Z', '{"b": 1, "a": [true]}', '${sha256('{"a":[true],"b":2}')}'),
              ('${agreement}', 1, 'close', false, 2, 2, '2028-01-05Z', '{"b": 1, "a": [true]}', '${sha256('{"a":[true],"b":1}')}')`,
    ],
  },
  {
    found: [
      ['fileDamaged', `picture/${agreement}/${sha256('a')}`],
      ['fileDamaged', `report/${agreement}/1/1/report.pdf`],
    ],
    plant: [
      `insert into page_pictures (agreement, sha256, media_type, bytes, at)
       values ('${agreement}', '${sha256('a')}', 'image/png', 'b', now()), ('${agreement}', '${sha256('b')}', 'image/png', 'b', now())`,
      `insert into upgrade_reports (agreement, of_year, version, language, year, obligation, step, revision, made_at, name, content, sha256)
       values ('${agreement}', 1, 1, 'sv', 1, 'upgrade/approval', 'news', 1, now(), 'report.pdf', 'b', '${sha256('a')}')`,
    ],
  },
  {
    found: [
      ['fileDamaged', 'paper/scrive/1/contract'],
      ['fileDamaged', `statement/${agreement}/1/close/1/a.pdf`],
    ],
    plant: [
      `insert into signings (service, document, agreement, kind, delivery) values ('scrive', '1', '${agreement}', 'original', 1)`,
      `insert into signed_files (service, document, kind, state, content, digest) values ('scrive', '1', 'contract', 'kept', 'b', 'x')`,
      `insert into hour_statements (id, agreement, year, obligation, corrects, revision, version, as_of, content, sha256) overriding system value
       values (9, '${agreement}', 1, 'close', false, 1, 1, '2028-01-05Z', '{}', '${sha256('{}')}')`,
      `insert into hour_statement_files (statement, language, name, media_type, content, sha256) values (9, 'sv', 'a.pdf', 'application/pdf', 'b', 'x')`,
    ],
  },
  {
    found: [['invoiceCounter', '2028']],
    plant: [
      'insert into invoice_counters (year, last) values (2028, 1)',
      `insert into invoice_bases (number, agreement, month, issued_at, currency, bill_to)
       select 'U-2028-0000' || n, '${agreement}', '2028-01', now(), 'SEK', '{}' from generate_series(1, 2) n`,
    ],
  },
];

it('finds nothing in a healthy database', async () => {
  expect(await audited(database.db)).toEqual([]);
});

it('finds what a restoration lost, by the record, and nothing where there was none', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'serviceavtal-record-'));
  const written = '2028-01-31T12:00:00.000Z';
  const lines = [
    { kind: 'opened', written: '2028-01-01T00:00:00.000Z' },
    { kind: 'hours', agreement, id: 'gone', number: 3, action: 'use', seconds: 3600, at: written, written },
    { kind: 'invoice', number: 'U-2028-00001', agreement: 'unknown-2028', month: '2028-01', written },
  ];
  writeFileSync(
    path.join(folder, 'record-2028-01.jsonl'),
    lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  );
  const lost = lostByRestoration(folder);
  expect(await lost(database.db, asOf)).toEqual([]);
  await pretending(async (db) => {
    await db.query(
      `insert into restorations (taken_at, restored_at, by, is_whole) values ('2028-01-31T03:00:00Z', '2028-01-31T14:00:00Z', 'anna', true)`,
    );
    expect(await lost(db, asOf)).toMatchObject([
      { kind: 'lostAgreement', subject: 'unknown-2028', agreement: null },
      { kind: 'lostHours', subject: `gone ${written}`, agreement },
      { kind: 'lostBasis', subject: 'U-2028-00001', agreement: null },
    ]);
    expect(await lost(db, '2028-06-01T12:00:00.000Z')).toEqual([]);
  });
  rmSync(folder, { recursive: true });
});

/** What there is of a mend that asks somebody else: a row for the dispatcher, or a check that is asked for. */
async function asked(db: Queryable): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    `select (select count(*) from outbox where done_at is null and due_at > now() - interval '1 minute')
          + (select count(*) from monitors where recheck_at is not null) as count`,
  );
  return row?.count ?? 0;
}

it.each(faults.map((fault) => [fault.found.join(' and '), fault] as const))(
  'finds a planted %s, and mends it where it says so',
  async (_what, { found, plant }) => {
    await pretending(async (db) => {
      for (const one of plant) await (typeof one === 'string' ? db.query(one) : db.query(...one));
      const before = await audited(db);
      expect(before.map(({ kind, subject }) => [kind, subject])).toEqual(found);
      // A ledger that somebody has written into is for a person.
      if (found.some(([kind]) => kind === 'unbalanced')) return;
      const mends = before.flatMap(({ mend }) => mend ?? []);
      for (const mend of mends) await carryOutMend(db, mend, asOf);
      const isTold = ({ mend }: AuditFinding): boolean => mend?.how === 'tell' || mend?.how === 'recheck';
      expect(await asked(db)).toBeGreaterThanOrEqual(before.filter(isTold).length);
      const left = new Set((await audited(db)).map(({ kind, subject }) => `${kind}/${subject}`));
      for (const one of before.filter((each) => !isTold(each)))
        expect([one.subject, left.has(`${one.kind}/${one.subject}`)]).toEqual([one.subject, !one.mend]);
    });
  },
);

it('says of each kind in both languages what it means and what to do', () => {
  const planted = new Set(faults.flatMap(({ found }) => found.map(([kind]) => kind)));
  for (const kind of auditKinds) {
    const { means, mends = means, todo } = auditWords(kind);
    for (const words of [means, mends, todo])
      for (const text of [words.sv, words.en]) expect(text).toMatch(/^\S.*[^.\s]$/);
  }
  expect(planted.size).toBeGreaterThan(18);
});

describe('what was found', () => {
  const finding = (subject: string): AuditFinding => ({
    kind: 'mailTwice',
    subject,
    agreement,
    detail: { sv: `också ${subject}`, en: `also ${subject}` },
  });

  it('is kept until it is found no more, and mailed once, to the operator or else to the manager', async () => {
    const { db } = database;
    const mailbox = await openMailbox();
    const tell = (operatorMail?: string) =>
      tellOfAudit(db, {
        ...{ db, mailFrom: 'avtal@pector.example', staffLanguage: 'sv', operatorMail },
        sendMessage: createSendMessage(mailbox.smtpUrl),
      });
    await recordAudit(db, [finding('a'), finding('b')], '2028-02-01T01:30:00.000Z');
    expect([await tell('drift@pector.example'), await tell('drift@pector.example')]).toEqual([1, 0]);
    await recordAudit(db, [finding('b'), finding('c')], '2028-02-02T01:30:00.000Z');
    expect(await readAuditFigures(db)).toMatchObject({
      findings: [{ kind: 'mailTwice', count: 2 }],
      failing: false,
    });
    expect(await tell()).toBe(1);
    expect(mailbox.mails.map(({ to, subject }) => [[to].flat()[0]?.text, subject])).toEqual([
      ['drift@pector.example', 'Nattens avstämning: 2 nya avvikelser'],
      [expect.stringContaining('erik.holm@pector.example'), 'Samma mejl står två gånger'],
    ]);
    expect(mailbox.mails[1]?.text).toContain('- c: också c');
    expect(mailbox.mails[1]?.text).not.toContain('också b');
    await failAudit(db, 'Temporal does not answer');
    expect(await readAuditFigures(db)).toMatchObject({ findings: [{ count: 2 }], failing: true });
    await mailbox.close();
  });

  it('is sent again by a person where its mail was refused', async () => {
    const { db } = database;
    const mailbox = await openMailbox();
    mailbox.refuses.add('nobody@pector.example');
    const deps = {
      ...{
        db,
        mailFrom: 'avtal@pector.example',
        staffLanguage: 'sv' as const,
        operatorMail: 'nobody@pector.example',
      },
      sendMessage: createSendMessage(mailbox.smtpUrl),
    };
    await recordAudit(db, [finding('d')], '2028-02-03T01:30:00.000Z');
    expect(await tellOfAudit(db, deps)).toBe(0);
    mailbox.refuses.clear();
    const [refused] = await db.query<{ key: string }>(`select key from mails where state = 'refused'`);
    const none = (): Promise<never> => Promise.reject(new Error('this is no such mail'));
    const settled = settleMail(db, refused?.key ?? '', 'resend', none, none, none, (request) =>
      resendOperatorMail(deps, request),
    );
    expect(await settled).toMatchObject({ en: `Sent: ${refused?.key}` });
    expect(mailbox.mails).toHaveLength(1);
    await mailbox.close();
  });
});

describe('the record outside of the database', () => {
  it('is told of once a day while it cannot be written, and once when it is written again', async () => {
    const { db } = database;
    const mailbox = await openMailbox();
    const deps = {
      ...{ db, mailFrom: 'avtal@pector.example', staffLanguage: 'sv' as const },
      ...{ operatorMail: 'drift@pector.example', sendMessage: createSendMessage(mailbox.smtpUrl) },
    };
    const tell = (trouble?: string, place = 'avtal-1:/srv/record') =>
      tellOfRecord(db, deps, { place, trouble, lost: 2 });
    const aDayLater = () => db.query(`update record_troubles set told_at = told_at - interval '25 hours'`);
    expect([await tell(), await tell('ENOSPC'), await tell('ENOSPC')]).toEqual([0, 1, 0]);
    await aDayLater();
    expect([await tell('EIO'), await tell(), await tell()]).toEqual([1, 1, 0]);
    // It goes up and down: nobody is told again on the same day.
    expect([await tell('EIO'), await tell()]).toEqual([0, 0]);
    expect(await tell('EROFS', 'avtal-2:/srv/record')).toBe(1);
    const fails = 'Journalen utanför databasen går inte att skriva';
    expect(mailbox.mails.map(({ subject }) => subject)).toEqual([
      ...[fails, fails],
      ...['Journalen utanför databasen skrivs igen', fails],
    ]);
    expect(mailbox.mails[0]?.text).toMatch(
      /avtal-1:\/srv\/record\s+Orsak: ENOSPC\s+2 händelser saknas hittills\./,
    );
    await mailbox.close();
  });
});
