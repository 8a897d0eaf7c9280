import type { ImportedCase } from '../../activities/agreements/support-cases';
import {
  caseOwners,
  importSupportCases,
  listSupportCases,
  supportCasesSince,
} from '../../activities/agreements/support-cases';
import { exampleContract } from '../helpers/example';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { sign } from './signed-agreement';

let database: FreshDatabase;

beforeEach(async () => {
  database = await freshDatabase();
  await sign(database.db);
});

afterEach(() => database.close());

const agreement = 'testbolaget-2027';

const imported = (changed: Partial<ImportedCase> = {}): ImportedCase => ({
  agreements: [agreement],
  reference: 'A-1',
  title: 'Hur krediteras en delfaktura?',
  category: 'question',
  state: 'closed',
  openedOn: '2027-03-15',
  closedOn: '2027-03-16',
  hours: 25,
  resolution: 'Visade hur.',
  ...changed,
});

const open = (reference: string, openedOn: string): ImportedCase =>
  imported({ reference, openedOn, closedOn: null, state: 'open', hours: null, resolution: null });

describe('importing support cases', () => {
  it('adds what is new, brings up to date what is known, and never doubles', async () => {
    const { db } = database;
    expect(await importSupportCases(db, [imported(), open('A-2', '2027-04-01')])).toEqual({
      added: 2,
      updated: 0,
      unchanged: 0,
    });
    const again = [
      imported(),
      imported({ reference: 'A-2', openedOn: '2027-04-01', closedOn: '2027-04-02' }),
    ];
    expect(await importSupportCases(db, again)).toEqual({ added: 0, updated: 1, unchanged: 1 });
    expect(await listSupportCases(db, agreement)).toEqual([
      expect.objectContaining({ reference: 'A-2', state: 'closed', closedOn: '2027-04-02', hours: 25 }),
      { agreement, ...imported(), agreements: undefined },
    ]);
  });

  it('keeps a case of several agreements with each, and moves one that has come to belong to another', async () => {
    const { db } = database;
    const other = 'testbolaget-2028';
    await sign(db, { agreement: other });
    const both = imported({ agreements: [agreement, other] });
    expect(await importSupportCases(db, [both])).toMatchObject({ added: 1 });
    expect(await importSupportCases(db, [imported({ agreements: [other, agreement] })])).toMatchObject({
      unchanged: 1,
    });
    expect((await listSupportCases(db)).map((each) => each.agreement)).toEqual([agreement, other]);
    expect(await importSupportCases(db, [imported({ agreements: [other] })])).toMatchObject({ updated: 1 });
    expect((await listSupportCases(db)).map((each) => each.agreement)).toEqual([other]);
  });

  it('writes nothing when it only shows what would happen', async () => {
    expect(await importSupportCases(database.db, [imported()], { dryRun: true })).toMatchObject({ added: 1 });
    expect(await listSupportCases(database.db)).toEqual([]);
  });

  it('is all or nothing over many batches, and tells how far it has come', async () => {
    const { db } = database;
    const many = Array.from({ length: 1200 }, (_, index) => open(`A-${index}`, '2027-04-01'));
    const done: number[] = [];
    await importSupportCases(db, many, { onProgress: (count) => done.push(count) });
    expect(done).toEqual([500, 1000, 1200]);
    expect(await listSupportCases(db)).toHaveLength(1200);
    const changed = many.map((each) => ({ ...each, title: 'changed' }));
    const broken = [...changed.slice(0, -1), { ...changed[1199]!, agreements: ['nobody-2027'] }];
    await expect(importSupportCases(db, broken)).rejects.toThrow(/support_cases_agreement_fkey/);
    expect((await listSupportCases(db)).filter(({ title }) => title === 'changed')).toEqual([]);
  });

  it('stores what PostgreSQL would refuse', async () => {
    await importSupportCases(database.db, [imported({ title: 'a\u0000b' })]);
    expect((await listSupportCases(database.db))[0]?.title).toBe('a\ufffdb');
  });
});

describe('cases for an agenda', () => {
  it('are those opened or closed since a day, and those still open', async () => {
    const { db } = database;
    await importSupportCases(db, [
      imported({ reference: 'old', openedOn: '2027-01-02', closedOn: '2027-01-03' }),
      imported({ reference: 'closed since', openedOn: '2027-01-04', closedOn: '2027-03-02' }),
      open('open for long', '2027-01-05'),
      imported({ reference: 'since', openedOn: '2027-03-01', closedOn: '2027-03-01' }),
      open('later', '2027-06-01'),
    ]);
    const found = await supportCasesSince(db, agreement, '2027-03-01', '2027-05-01');
    expect(found.map(({ reference }) => reference)).toEqual(['closed since', 'open for long', 'since']);
  });

  it('know the agreements they can belong to', async () => {
    const { customer } = exampleContract();
    expect(await caseOwners(database.db)).toEqual([
      { agreement, ended: false, customerId: customer.id, customerName: customer.name },
    ]);
  });
});
