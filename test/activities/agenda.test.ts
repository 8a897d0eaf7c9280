import type { AgendaContext } from '../../activities/mail/agenda';
import { agendaAttachments, agendaData } from '../../activities/mail/agenda';
import { createHoursActivities } from '../../activities/hours/hours';
import type { JournalEntry } from '../../activities/years/progress';
import { createProgressActivities } from '../../activities/years/progress';
import { importSupportCases } from '../../activities/agreements/support-cases';
import { findPlan } from '../../activities/agreements/plans';
import { readPdf } from '../helpers/read-pdf';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { signAndPlan } from './signed-agreement';

let database: FreshDatabase;
let context: AgendaContext;

const agreement = 'testbolaget-2027';
const asOf = '2027-05-11T06:30:00.000Z';

beforeEach(async () => {
  database = await freshDatabase();
  const { contract } = await signAndPlan(database.db);
  const stored = (await findPlan(database.db, agreement, 1))!;
  context = { contract, ...stored, asOf };
});

afterEach(() => database.close());

let count = 0;

/** Records what a running year would, each at its own instant. */
async function record(...entries: Partial<JournalEntry>[]): Promise<void> {
  await createProgressActivities(database).recordProgress({
    agreement,
    year: 1,
    entries: entries.map((entry) => ({
      id: `test-${String((count += 1))}`,
      at: asOf,
      kind: 'signal',
      ref: 'test',
      detail: {},
      ...entry,
    })),
  });
}

const held = (id: string, heldOn: string, decisions: string[] = []): Partial<JournalEntry> => ({
  at: `${heldOn}T12:00:00.000Z`,
  obligation: { id, state: 'done' },
  meeting: { id, bookedAt: `${heldOn}T09:00:00.000Z`, heldOn, decisions },
});

const done = (id: string, at: string): Partial<JournalEntry> => ({ at, obligation: { id, state: 'done' } });

const used = (entryId: string, hours: number, at: string, note?: string) =>
  createHoursActivities(database).reportHours({
    agreement,
    year: 1,
    entries: [
      {
        entryId,
        hours,
        by: 'anna',
        byAssumed: false,
        asOf: at,
        ...(note && { note }),
        service: 'consulting',
      },
    ],
  });

const gather = (id = 'meeting-2', changed: Partial<AgendaContext> = {}) =>
  agendaData(database.db, { ...context, ...changed }, id, 'sv');

describe('what an agenda is written from', () => {
  it('tells everything since the agreement was signed where no meeting was held', async () => {
    await used('e1', 150, '2026-12-15T10:00:00.000Z', 'före start');
    const data = await gather('meeting-1', { asOf: '2027-02-09T07:30:00.000Z' });
    expect(data.since).toEqual({ on: '2027-01-01', decisions: [] });
    expect(data.entries).toEqual([
      { on: '2027-01-01', hours: 150, service: 'consulting', note: 'före start' },
    ]);
    expect(data.hours).toEqual({
      contracted: 12000,
      rolledIn: 0,
      used: 150,
      remaining: 11850,
      overage: 0,
      usedSince: 150,
      curve: [
        { on: '2027-01-01', used: 0, available: 12000 },
        { on: '2027-01-01', used: 150, available: 12000 },
      ],
    });
    expect(data).toMatchObject({
      customer: 'Testbolaget AB',
      cases: [],
      actions: [],
      improvements: [],
      closed: [],
    });
  });

  it('begins with the meeting held last, its decisions, and what was done from its day to now', async () => {
    await used('before', 200, '2027-02-15T10:00:00.000Z');
    await used('same day', 100, '2027-02-17T15:00:00.000Z');
    await used('since', 300, '2027-03-10T10:00:00.000Z');
    await used('later', 400, '2027-05-12T10:00:00.000Z');
    await record(
      held('meeting-1', '2027-02-17', ['Orderimporten flyttas.']),
      done('start/kickoff', '2027-01-20T12:00:00.000Z'),
      done('start/monitoring', '2027-02-18T12:00:00.000Z'),
    );
    const data = await gather();
    expect(data.since).toEqual({
      on: '2027-02-17',
      meeting: 'meeting-1',
      decisions: ['Orderimporten flyttas.'],
    });
    expect(data.entries.map(({ hours }) => hours)).toEqual([100, 300]);
    expect(data.hours).toMatchObject({ used: 600, usedSince: 400, remaining: 11400 });
    expect(data.closed).toEqual([{ id: 'start/monitoring', on: '2027-02-18', state: 'done' }]);
  });

  it('takes the newest meeting of an earlier year, and one that was only reported as done', async () => {
    await record(held('meeting-1', '2027-02-17'), done('meeting-2', '2027-04-20T09:00:00.000Z'));
    expect((await gather('meeting-3')).since).toMatchObject({ on: '2027-04-20', meeting: 'meeting-2' });
    const next = { ...context.plan, yearNumber: 2, from: '2028-01-01', to: '2029-01-01' };
    const data = await gather('meeting-1', { plan: next, asOf: '2028-02-08T07:30:00.000Z' });
    expect(data.since).toMatchObject({ on: '2027-04-20', meeting: 'meeting-2' });
  });

  it('shows a correction as a negative entry that names the day it corrects', async () => {
    await used('wrong', 800, '2027-03-10T10:00:00.000Z');
    const right = {
      entryId: 'right',
      hours: 600,
      by: 'anna',
      byAssumed: false,
      asOf: '2027-04-02T10:00:00.000Z',
    };
    await createHoursActivities(database).reportHours({
      agreement,
      year: 1,
      entries: [{ ...right, corrects: { entryId: 'wrong' } }],
    });
    const data = await gather();
    expect(data.entries[1]).toEqual({
      on: '2027-04-02',
      hours: -200,
      service: 'consulting',
      corrects: '2027-03-10',
    });
    expect(data.hours).toMatchObject({ used: 600, usedSince: 600 });
  });

  it('lets rolled hours that lapsed fall out of what there is to use', async () => {
    await database.db.query(
      `insert into hour_grants (id, agreement, year, kind, seconds, recorded_at)
       values ('in', $1, 1, 'rolled', 24 * 3600, '2026-12-31T23:00:00Z')`,
      [agreement],
    );
    await database.db.query(
      `insert into obligations (agreement, year, id, strand, owner, opens_at, due_on, due_at, revision, late)
       values ($1, 1, 'hours/lapse', 'hourBank', 'consultant', '2027-03-31T22:00:00Z', '2027-04-01', '2027-03-31T22:00:00Z', 1, false)`,
      [agreement],
    );
    const data = await gather();
    expect(data.hours).toMatchObject({ contracted: 12000, rolledIn: 0 });
    expect(data.hours.curve.map(({ available }) => available)).toEqual([14400, 12000]);
    const before = await gather('meeting-2', { asOf: '2027-03-31T10:00:00.000Z' });
    expect(before.hours).toMatchObject({ rolledIn: 2400, remaining: 14400 });
  });

  it('has hours that an amendment added from its day on', async () => {
    await database.db.query(
      `insert into hour_grants (id, agreement, year, kind, seconds, recorded_at)
       values ('more', $1, 1, 'contracted', 40 * 3600, '2027-04-01T00:00:00Z')`,
      [agreement],
    );
    const data = await gather();
    expect(data.hours).toMatchObject({ contracted: 16000 });
    expect(data.hours.curve.map(({ available }) => available)).toEqual([12000, 16000]);
    const before = await gather('meeting-2', { asOf: '2027-03-31T10:00:00.000Z' });
    expect(before.hours).toMatchObject({ contracted: 12000 });
  });

  it('lists open actions by their day, those done since, and who owns them by name', async () => {
    const action = { meeting: 'meeting-1', what: 'x', dueOn: '2027-03-31', state: 'open' } as const;
    await record(
      {
        ...held('meeting-1', '2027-02-17'),
        actions: [
          { ...action, id: '1', owner: 'contact-2', dueOn: '2027-06-01' },
          { ...action, id: '2', owner: 'consultant' },
          { ...action, id: '3', owner: 'customer', state: 'withdrawn' },
        ],
      },
      { at: '2027-02-10T10:00:00.000Z', actions: [{ ...action, id: '4', owner: 'customer', state: 'done' }] },
      { at: '2027-03-05T10:00:00.000Z', actions: [{ ...action, id: '5', owner: 'support', state: 'done' }] },
    );
    const { contract } = context;
    const data = await gather();
    expect(data.actions.map(({ owner, state, doneOn }) => [owner, state, doneOn])).toEqual([
      ['Anna Berg', 'open', undefined],
      [contract.contacts.customer[1]?.name, 'open', undefined],
      ['supporten', 'done', '2027-03-05'],
    ]);
  });

  it('brings a proposed improvement back until it is decided, an accepted one until it is done', async () => {
    const improvement = (
      id: string,
      state: 'proposed' | 'accepted' | 'rejected' | 'done' | 'withdrawn',
      at: string,
    ) => ({
      at,
      improvement: { id, title: `${id}: ${state}`, state },
    });
    await record(
      held('meeting-1', '2027-02-17'),
      improvement('1', 'proposed', '2027-01-10T10:00:00.000Z'),
      improvement('2', 'accepted', '2027-01-11T10:00:00.000Z'),
      improvement('3', 'done', '2027-01-12T10:00:00.000Z'),
      improvement('4', 'rejected', '2027-03-01T10:00:00.000Z'),
      improvement('5', 'done', '2027-03-02T10:00:00.000Z'),
      improvement('6', 'withdrawn', '2027-03-03T10:00:00.000Z'),
    );
    const titles = async () => (await gather()).improvements.map(({ title }) => title);
    expect(await titles()).toEqual(['1: proposed', '2: accepted', '5: done', '4: rejected']);
    await record(improvement('1', 'accepted', '2027-03-04T10:00:00.000Z'));
    expect(await titles()).toEqual(['1: accepted', '2: accepted', '5: done', '4: rejected']);
  });

  it('takes notes that were on no agenda before; news of the upgrade until it is done', async () => {
    const note = (
      id: string,
      kind: 'training' | 'proposal' | 'upgrade' | 'other',
      at: string,
      withdrawn = false,
    ) => ({
      at,
      note: { id, kind, text: `${kind} ${id}`, by: 'anna', withdrawn },
    });
    await record(
      held('meeting-1', '2027-02-17'),
      note('1', 'training', '2027-01-10T10:00:00.000Z'),
      // The agenda of the meeting of 17 February went out on the 12th.
      note('2', 'training', '2027-02-15T10:00:00.000Z'),
      note('3', 'proposal', '2027-03-01T10:00:00.000Z'),
      note('4', 'proposal', '2027-03-02T10:00:00.000Z', true),
      note('5', 'other', '2027-03-03T10:00:00.000Z'),
      note('6', 'upgrade', '2027-01-12T10:00:00.000Z'),
      note('7', 'training', '2027-05-12T10:00:00.000Z'),
    );
    const data = await gather();
    expect(data.training).toEqual([{ on: '2027-02-15', text: 'training 2' }]);
    expect(data.proposals).toEqual([{ on: '2027-03-01', text: 'proposal 3' }]);
    expect(data.remarks).toEqual([{ on: '2027-03-03', text: 'other 5' }]);
    expect(data.upgrade.news).toEqual([{ on: '2027-01-12', text: 'upgrade 6' }]);
    await record(done('upgrade/approval', '2027-08-02T10:00:00.000Z'));
    const next = { ...context.plan, yearNumber: 2 };
    expect(
      (await gather('meeting-1', { plan: next, asOf: '2028-02-08T07:30:00.000Z' })).upgrade.news,
    ).toEqual([]);
  });

  it('tells the news of the releases that an upgrade would take, for the modules of the customer', async () => {
    const newsOf = async (modules: string[] | undefined, asOf: string, version = '17.10.0') => {
      const systems = { 'visma-business': { version, ...(modules && { modules }) } };
      const data = await gather('meeting-2', { contract: { ...context.contract, systems }, asOf });
      return data.upgrade.releaseNews.map(
        (news) => `${news.version} ${news.text.split(' ').slice(0, 2).join(' ')}`,
      );
    };
    const [before, after] = ['2027-03-14T12:00:00.000Z', '2027-03-16T12:00:00.000Z'];
    expect(await newsOf(['finance'], before)).toEqual(['18.00.0 Inloggning med']);
    expect(await newsOf(['finance'], after)).toEqual(['18.00.0 Inloggning med', '18.10.0 E-faktura enligt']);
    expect(await newsOf(undefined, before)).toHaveLength(3);
    expect(await newsOf(['finance'], after, '18.10.0')).toEqual([]);
  });

  it('tells at the first meeting after people work in it what an upgrade brought, and not at the next', async () => {
    const contract = {
      ...context.contract,
      systems: { 'visma-business': { version: '17.10.0', modules: ['finance'] } },
    };
    const at = '2027-06-08T19:00:00.000Z';
    await record(held('meeting-2', '2027-05-18'), {
      ...done('upgrade/technical', at),
      part: {
        ...{
          upgrade: 'upgrade',
          phase: 'technical',
          part: 'visma-business',
          kind: 'system',
          from: '17.10.0',
        },
        result: { ok: true, version: '18.00.2', at },
      },
    });
    const at3 = { contract, asOf: '2027-08-10T06:30:00.000Z' };
    const { upgrade } = await gather('meeting-3', at3);
    expect(upgrade).toMatchObject({
      // The contract has the new version when the upgrade is approved.
      systems: [{ id: 'visma-business', version: '18.00.2' }],
      releaseNews: [{ version: '18.10.0' }],
      upgraded: {
        on: '2027-06-08',
        systems: [{ id: 'visma-business', from: '17.10.0', to: '18.00.2' }],
        news: [{ version: '18.00.0', text: expect.stringContaining('Inloggning med') as string }],
      },
    });
    await record(held('meeting-3', '2027-08-17'));
    const later = await gather('meeting-4', { contract, asOf: '2027-11-02T07:30:00.000Z' });
    expect(later.upgrade).not.toHaveProperty('upgraded');
    expect(later.upgrade.releaseNews).toEqual(upgrade.releaseNews);
  });

  it('tells how far the upgrade has come, and the dates ahead', async () => {
    await record(done('upgrade/plan', '2027-05-07T10:00:00.000Z'));
    const data = await gather();
    const dueOn = (id: string) => context.plan.obligations.find((owed) => owed.id === id)!.dueOn;
    expect(data.upgrade.phases.map(({ phase, state, dueOn: on }) => [phase, state, on])).toEqual([
      ['plan', 'done', dueOn('upgrade/plan')],
      ['precheck', expect.stringMatching(/running|planned/), dueOn('upgrade/precheck')],
      ['technical', 'planned', dueOn('upgrade/technical')],
      ['integrations', 'planned', dueOn('upgrade/integrations')],
      ['test', 'planned', dueOn('upgrade/test')],
      ['approval', 'planned', dueOn('upgrade/approval')],
      ['after-check', 'planned', dueOn('upgrade/after-check')],
    ]);
    expect(data.dates.map(({ id }) => id)).toEqual([
      'upgrade/precheck',
      'upgrade/technical',
      'upgrade/integrations',
      'upgrade/test',
      'upgrade/approval',
      'upgrade/after-check',
      'meeting-3',
      'renewal/notice',
      'meeting-4',
    ]);
    const third = data.dates.find(({ id }) => id === 'meeting-3');
    expect(third?.at).toBe(context.plan.obligations.find(({ id }) => id === 'meeting-3')?.dueAt);
    const overdue = await gather('meeting-4', { asOf: '2027-10-01T10:00:00.000Z' });
    expect(overdue.upgrade.phases[1]).toMatchObject({ phase: 'precheck', state: 'overdue' });
  });

  it('takes place and length from the booking, else from the terms', async () => {
    expect((await gather()).meeting).toEqual({
      id: 'meeting-2',
      at: context.plan.obligations.find(({ id }) => id === 'meeting-2')?.dueAt,
      minutes: context.terms.meetings.lengthMinutes,
      booked: false,
      participants: ['Karin Ek', 'Johan Lind', 'Anna Berg (Pector)'],
    });
    await record({ meeting: { id: 'meeting-2', bookedAt: asOf, minutes: 45, place: 'Teams' } });
    expect((await gather()).meeting).toMatchObject({ minutes: 45, place: 'Teams', booked: true });
  });

  it('tells the support cases of this agreement', async () => {
    const told = {
      agreements: [agreement],
      reference: 'INC-1',
      title: 'Importen stod still',
      category: 'incident',
      state: 'open',
      openedOn: '2027-05-10',
      closedOn: null,
      hours: null,
      resolution: null,
    } as const;
    await importSupportCases(database.db, [{ ...told, agreements: [agreement] }]);
    expect((await gather()).cases).toEqual([
      { reference: 'INC-1', title: told.title, category: 'incident', state: 'open', openedOn: '2027-05-10' },
    ]);
  });

  it('fails for good where the plan has no such meeting', async () => {
    await expect(gather('meeting-9')).rejects.toMatchObject({ type: 'NotFound', nonRetryable: true });
    await expect(gather('upgrade/test')).rejects.toThrow('expected a meeting upgrade/test in year 1');
  });
});

describe('what is attached', () => {
  it('is an HTML file and a PDF, in the language asked for, the same each time', async () => {
    const attach = (language: 'sv' | 'en') => agendaAttachments(database.db, context, 'meeting-2', language);
    const [html, pdf] = await attach('sv');
    expect([html?.filename, html?.contentType]).toEqual([
      'dagordning-mote-2.html',
      'text/html; charset=utf-8',
    ]);
    expect([pdf?.filename, pdf?.contentType]).toEqual(['dagordning-mote-2.pdf', 'application/pdf']);
    expect(html?.content).toContain('<h1>Förvaltningsmöte 2</h1>');
    expect(readPdf(pdf?.content as Buffer).pages[0]).toContain('Testbolaget AB');
    expect(await attach('sv')).toEqual([html, pdf]);
    const english = await attach('en');
    expect(english.map(({ filename }) => filename)).toEqual([
      'agenda-meeting-2.html',
      'agenda-meeting-2.pdf',
    ]);
    expect(english[0]?.content).toContain('<html lang="en">');
  });

  it('is named for an extra meeting', async () => {
    const [second, ...others] = context.plan.obligations.filter(({ strand }) => strand === 'meetings');
    const extra = {
      ...second!,
      id: 'meeting-extra-1',
      extra: true as const,
      booked: true as const,
      minutes: 30,
    };
    const plan = { ...context.plan, obligations: [...others, extra] };
    const [html, pdf] = await agendaAttachments(database.db, { ...context, plan }, extra.id, 'sv');
    expect([html?.filename, pdf?.filename]).toEqual([
      'dagordning-extra-mote-1.html',
      'dagordning-extra-mote-1.pdf',
    ]);
    expect(html?.content).toContain('<h1>Extra förvaltningsmöte 1</h1>');
  });
});
