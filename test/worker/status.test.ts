import { createHoursActivities } from '../../activities/hours/hours';
import { createProgressActivities } from '../../activities/years/progress';
import { createTermsActivities } from '../../activities/years/terms';
import { printStatus } from '../../worker/commands/status/print-status';
import { readStatus } from '../../activities/health/read-status';
import { mailActivities, notice, sign, signAndPlan } from '../activities/signed-agreement';
import { openMailbox } from '../helpers/mailbox';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';

let database: FreshDatabase;

beforeEach(async () => {
  database = await freshDatabase();
});

afterEach(() => database.close());

const agreement = 'testbolaget-2027';
const inMarch = new Date('2027-03-10T09:00:00.000Z');
const status = async () => (await readStatus(database.db, inMarch))[0]!;
const record = createProgressRecorder();

function createProgressRecorder() {
  let count = 0;
  return (entry: object) =>
    createProgressActivities(database).recordProgress({
      agreement,
      year: 1,
      entries: [
        { id: `${++count}`, at: inMarch.toISOString(), kind: 'phase', ref: 'test', detail: {}, ...entry },
      ],
    });
}

it('says what to do where nothing is signed yet', async () => {
  expect(await readStatus(database.db, inMarch)).toEqual([]);
  expect(printStatus([])).toContain('npx serviceavtal sign examples/testbolaget.json');
});

it('tells of an agreement that is signed and has not begun', async () => {
  await sign(database.db);
  expect(await status()).toEqual({
    agreement,
    customer: 'Testbolaget AB',
    state: 'signed',
    year: null,
    strands: [],
    next: [],
    sick: [],
    attention: [],
    mails: [],
  });
  expect(printStatus([await status()])).toContain(`${agreement}  Testbolaget AB: signed`);
});

it('says of a very late start which meetings have no day left, and which phases share one', async () => {
  await sign(database.db);
  const asOf = '2027-12-28T15:00:00.000Z';
  await createTermsActivities(database).planAgreementYear({ agreement, asOf, revision: 1 });
  const openOnly = async (strand: string) => {
    await database.db.query(
      `update obligations set state = case when strand = $1 then 'open' else 'done' end,
              closed_at = case when strand = $1 then null else now() end`,
      [strand],
    );
    return (await readStatus(database.db, new Date(asOf)))[0]!;
  };
  const upgrade = await openOnly('upgrade');
  expect(upgrade.next.map(({ id, sharesDay = false }) => [id, sharesDay])).toEqual([
    ['upgrade/plan', false],
    ['upgrade/after-check', false],
    ['upgrade/approval', true],
    ['upgrade/integrations', true],
    ['upgrade/precheck', true],
  ]);
  expect(printStatus([upgrade])).toMatch(
    /2027-12-30 {2}upgrade\/precheck .*\(the same day as another phase\)\n/,
  );
  const meetings = await openOnly('meetings');
  expect(meetings.next.map(({ id, noDayLeft = false }) => [id, noDayLeft])).toEqual([
    ['meeting-1', false],
    ['meeting-2', false],
    ['meeting-3', true],
    ['meeting-4', true],
  ]);
  expect(printStatus([meetings], 'sv')).toMatch(
    /2027-12-30 {2}möte 4 .* {2}\(avtalsåret har ingen dag kvar; .*\)\n/,
  );
});

describe('how it was signed', () => {
  const deliver = (document: string, kind: string, at: string, files: [string, string][]) =>
    database.db.query(
      `with d as (insert into deliveries (service, headers, body, digest, state)
                  values ('docusign', '{}', '', $1, 'done') returning id),
            s as (insert into signings (service, document, agreement, kind, delivery, title, completed_at)
                  select 'docusign', $1, $2, $3, id, 'Serviceavtal', $4 from d returning document)
       insert into signed_files (service, document, kind, state)
       select 'docusign', document, f ->> 0, f ->> 1 from s, jsonb_array_elements($5) as f`,
      [document, agreement, kind, at, JSON.stringify(files)],
    );

  it('tells service, document, day, ruleset, papers of all its documents, and amendments that are open', async () => {
    await sign(database.db);
    const [{ hash } = { hash: '' }] = await database.db.query<{ hash: string }>('select hash from rulesets');
    await database.db.query('update agreements set signed_ruleset = $1', [hash]);
    await deliver('doc-1', 'original', '2026-11-30T23:30:00Z', [
      ['contract', 'kept'],
      ['certificate', 'wanted'],
    ]);
    await deliver('doc-\u001b2', 'amendment', '2027-02-01T09:00:00Z', [
      ['contract', 'kept'],
      ['certificate', 'unavailable'],
    ]);
    const amendments = await database.db.query<{ id: number }>(
      `insert into amendments (agreement, service, document, contract, from_date, state)
       select $1, 'docusign', d, '{}', '2027-03-01', s
         from (values ('doc-1', 'rejected'), ($2, 'proposed')) as v (d, s) returning id`,
      [agreement, 'doc-\u001b2'],
    );
    const proposed = amendments[1]!.id;
    expect((await status()).signed).toEqual({
      service: 'docusign',
      document: 'doc-1',
      title: 'Serviceavtal',
      on: '2026-12-01',
      ruleset: hash,
      papers: { kept: 2, wanted: 1, unavailable: 1 },
      amendments: [proposed],
    });
    expect(printStatus([await status()])).toContain(
      `  signed     docusign, document doc-1, 2026-12-01, ruleset ${hash.slice(0, 8)}, 2 of 4 papers kept, ` +
        `1 not to be had, open amendments: ${proposed} (npx serviceavtal amendments list)\n`,
    );
  });

  it('is told in Swedish as well', async () => {
    await sign(database.db);
    const [{ hash } = { hash: '' }] = await database.db.query<{ hash: string }>('select hash from rulesets');
    await database.db.query('update agreements set signed_ruleset = $1', [hash]);
    const said = printStatus([await status()], 'sv');
    expect(said).toMatch(
      /Testbolaget AB: signerat\n {2}signerat +med en fil, 2026-12-01, regler [0-9a-f]{8}\n/,
    );
    expect(printStatus([], 'sv')).toMatch(/^Inget avtal än\..*npx serviceavtal sign/);
  });

  it('tells the ruleset of what was signed by a file', async () => {
    await sign(database.db);
    const [{ hash } = { hash: '' }] = await database.db.query<{ hash: string }>('select hash from rulesets');
    await database.db.query('update agreements set signed_ruleset = $1', [hash]);
    expect(printStatus([await status()])).toContain(
      `  signed     by file, 2026-12-01, ruleset ${hash.slice(0, 8)}\n`,
    );
  });
});

describe('a live agreement', () => {
  beforeEach(async () => {
    await signAndPlan(database.db);
  });

  it('tells its year, its strands and its hours', async () => {
    await createHoursActivities(database).reportHours({
      agreement,
      year: 1,
      entries: [
        { entryId: 'a', hours: 1_225, by: 'anna', byAssumed: false, asOf: '2027-03-01T09:00:00.000Z' },
      ],
    });
    await record({ obligation: { id: 'meeting-1', state: 'done' } });
    await record({ obligation: { id: 'start/kickoff', state: 'missed' } });
    const { strands, ...rest } = await status();
    expect(rest).toMatchObject({
      state: 'live',
      year: 1,
      from: '2027-01-01',
      to: '2028-01-01',
      hours: { contracted: 120, rolledIn: 0, used: 12.25, remaining: 107.75, overage: 0 },
    });
    expect(strands).toEqual(
      expect.arrayContaining([
        { strand: 'meetings', done: 1, missed: 0, total: 4 },
        { strand: 'start', done: 0, missed: 1, total: 3 },
        { strand: 'upgrade', done: 0, missed: 0, total: 7 },
      ]),
    );
    expect(printStatus([await status()])).toContain('12.25 used of 120 contracted');
  });

  it('calls a phase of the upgrade as the rules do', async () => {
    const { db } = database;
    await db.query(`update obligations set state = 'done' where strand <> 'upgrade'`);
    expect(printStatus([await status()], 'sv')).toMatch(/2027-05-17 {2}uppgradering: planering /);
    const name = JSON.stringify({ sv: 'avstämning med driften', en: 'talk with the host' });
    await db.query(`update plans set plan = jsonb_set(plan, '{upgrade,phases,0,name}', $1)`, [name]);
    expect(printStatus([await status()], 'sv')).toMatch(
      /2027-05-17 {2}uppgradering: avstämning med driften /,
    );
  });

  it('tells what is due next, who owes it, and what is overdue, in order of the dates', async () => {
    const { next } = await status();
    expect(next).toHaveLength(5);
    expect(next.map(({ dueOn }) => dueOn)).toEqual(next.map(({ dueOn }) => dueOn).sort());
    for (const { dueOn, overdue } of next) expect(overdue).toBe(dueOn < '2027-03-10');
    expect(next.find(({ id }) => id === 'start/consultant')).toMatchObject({
      owner: 'manager',
      overdue: true,
    });
    expect(printStatus([await status()])).toMatch(/next +2027-01-\d\d +start\/consultant +manager +OVERDUE/);
    const swedish = printStatus([await status()], 'sv');
    expect(swedish).toMatch(
      /härnäst +2027-01-\d\d +presentation av dedikerad konsult +ansvarig chef +FÖRSENAT/,
    );
    expect(swedish).not.toMatch(/\b(next|done|of|OVERDUE|hours|live)\b/);
  });

  it('does not count what is owed no more', async () => {
    await record({ obligation: { id: 'meeting-4', state: 'cancelled' } });
    expect((await status()).strands).toContainEqual({ strand: 'meetings', done: 0, missed: 0, total: 3 });
  });

  it('tells attention that is raised, and forgets what is cleared', async () => {
    const attention = { code: 'mail-unknown', subject: 'a', detail: 'settle it', cleared: false };
    await record({ attention });
    await record({ attention: { ...attention, subject: 'b' } });
    await record({ attention: { ...attention, subject: 'b', cleared: true } });
    expect((await status()).attention).toEqual([
      { code: 'mail-unknown', subject: 'a', detail: 'settle it', raisedAt: inMarch.toISOString() },
    ]);
  });

  it('tells mails that wait for a person', async () => {
    const mailbox = await openMailbox();
    mailbox.next.push('cut-after');
    mailbox.refuses.add('johan.lind@testbolaget.example.com');
    await mailActivities(database.db, mailbox.smtpUrl).sendNotice(notice());
    await mailbox.close();
    const { mails } = await status();
    expect(mails.map(({ key, state }) => [key.split('/').at(-1), state])).toEqual([
      ['contact-1', 'unknown'],
      ['contact-2', 'refused'],
    ]);
    expect(printStatus([await status()])).toContain(
      'mail       unknown: testbolaget-2027/1/meeting-1/invite/1/',
    );
  });

  it('is told as JSON that survives being written and read', async () => {
    expect(JSON.parse(JSON.stringify(await status()))).toEqual(await status());
  });

  it('tells an agreement that has ended, with the hours of its last year', async () => {
    await record({ kind: 'agreement', ended: true });
    expect(await status()).toMatchObject({ state: 'ended', year: 1, hours: { contracted: 120 } });
  });
});

it('tells all agreements by number, or the one that is asked for', async () => {
  for (const number of ['b-2027', 'a-2027']) await signAndPlan(database.db, { agreement: number });
  const numbers = async (asked?: string) =>
    (await readStatus(database.db, inMarch, asked)).map((one) => one.agreement);
  expect(await numbers()).toEqual(['a-2027', 'b-2027']);
  expect(await numbers('b-2027')).toEqual(['b-2027']);
  expect(await numbers('c-2027')).toEqual([]);
});
