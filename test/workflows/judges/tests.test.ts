/** The customer's tests case by case, our answers, who is invited, and an approval that stands for what was shown. */
import type { StoredPlan } from '../../../rules/engine/plan/plan';
import { judgeInvitation, judgeTestAnswer, judgeTested } from '../../../workflows/judges/tests';
import { judgeSession } from '../../../workflows/judges/test-session';
import { judgeUndo } from '../../../workflows/year/steps';
import { seenOf } from '../../../rules/engine/upgrade/test-cases';
import { shownResults } from '../../../workflows/judges/approved-results';
import { judgePhase, judgePhaseFailed } from '../../../workflows/judges/upgrade';
import { judgeIntegration, judgePart } from '../../../workflows/judges/upgrade-parts';
import { notify } from '../../../workflows/year/mails';
import { isAskedTwice, noteTold } from '../../../workflows/year/told-once';
import { pageOf } from '../../../workflows/year/page';
import type { Year } from '../../../workflows/year/year';
import { guldPlan, messageTo, yearAt } from '../year-at';

const now = '2027-06-14T08:00:00.000Z';
const words = { sv: 'Fakturera en order', en: 'Invoice an order' };
let plan: StoredPlan;
beforeAll(async () => {
  const planned = await guldPlan();
  const cases = [{ id: 'sales.1', words }, { id: 'sales.2' }, { id: 'bank.1' }, { id: 'webshop-orders' }];
  plan = { ...planned, upgrade: { ...planned.upgrade!, cases } };
});

const order = ['plan', 'precheck', 'technical', 'integrations', 'test', 'approval'];
/** The year with the phases before this one done. */
function yearIn(phase: string): Year {
  const done = { at: '2027-05-03T08:00:00.000Z', state: 'done', by: 'consultant' } as const;
  const closed = order.slice(0, order.indexOf(phase)).map((one) => [`upgrade/${one}`, done]);
  return yearAt(now, { plan, state: { closed: Object.fromEntries(closed) } });
}
const tested = messageTo('customerTested', judgeTested);
const answered = messageTo('testAnswered', judgeTestAnswer);
const invited = messageTo('testerInvited', judgeInvitation);
const completed = messageTo('upgradePhaseCompleted', judgePhase);
const failed = messageTo('upgradePhaseFailed', judgePhaseFailed);
const undone = messageTo('stepUndone', (year) => judgeUndo(year, undefined, undefined));
const integration = messageTo('integrationChecked', judgeIntegration);

const mails = ({ state }: Year): unknown[] =>
  state.heldMails.map(({ mail: { template, to, only, roles, tested: about } }) => [
    ...[template, to, only ?? roles?.join()],
    ...(about ? [`${about.case} ${about.kind}`] : []),
  ]);

test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  ['a case', { case: 'sales.1', by: 'tester-1' }, { ok: true, by: 'tester-1' }],
  ['as a module, as before', { module: 'sales.1' }, { ok: true }],
  [
    'a case that does not concern them',
    { case: 'sales.1', notApplicable: true },
    { ok: true, notApplicable: true },
  ],
  [
    'one that failed',
    { case: 'sales.1', ok: false, notApplicable: true, note: 'x' },
    { ok: false, note: 'x' },
  ],
  ['all of a process', { case: 'sales' }, { ok: true }],
])('takes %s', (_what, input, result) => {
  const year = yearIn('test');
  tested.take(year, input);
  expect(year.state.checks['module/sales.1']).toEqual({ at: now, ...result });
  expect(year.state.checks['module/bank.1']).toBeUndefined();
  expect(year.state.journal.flatMap(({ part }) => part ?? [])[0]).toMatchObject({
    part: 'sales.1',
    kind: 'module',
  });
});

test('takes a late failure for the upgrade of an earlier year, while that goes on and the year’s own has not begun', () => {
  const left = ['test', 'approval', 'after-check'];
  const own = plan.obligations;
  const obligations = left
    .map((phase) => own.find(({ id }) => id === `upgrade/${phase}`)!)
    .map(({ after: _, ...one }) => ({ ...one, id: one.id.replace('upgrade/', 'upgrade-1/') }))
    .concat(own);
  const { phases, cases } = plan.upgrade!;
  const carried = {
    year: 1,
    phases,
    cases: cases!,
    closed: ['plan', 'precheck', 'technical', 'integrations'],
  };
  const done = { at: '2027-05-03T08:00:00.000Z', state: 'done', by: 'anna' } as const;
  const closed = { 'upgrade-1/test': done, 'upgrade-1/approval': done };
  const upgrade = { ...plan.upgrade!, carried };
  const year = yearAt(now, { plan: { ...plan, obligations, upgrade }, state: { closed } });
  tested.take(year, { case: 'sales.1', ok: false, note: 'empty rows' });
  expect(year.state.checks['upgrade-1:module/sales.1']).toMatchObject({ ok: false, note: 'empty rows' });
  expect(year.isClosed('upgrade-1/test')).toBe(false);
});

test('takes a process with a single case for that case', () => {
  const year = yearIn('test');
  expect(tested.take(year, { module: 'bank', ok: false })).toEqual({ case: 'bank.1', ok: false });
});

test('completes the test with the last case, once the session was led', () => {
  const year = yearIn('test');
  expect(tested.take(year, {})).toMatchObject({
    tested: 'all',
    stillOwes: expect.stringContaining('session'),
  });
  expect(completed.take(year, { phase: 'test', session: '2027-06-11' })).toEqual({
    obligation: 'upgrade/test',
  });
});

test.each<[string, Record<string, unknown>, string]>([
  [
    'an unknown case',
    { case: 'sale' },
    'case: expected one of sales.1, sales.2, bank.1, webshop-orders, found sale',
  ],
  [
    'a process that failed: which case?',
    { case: 'sales', ok: false },
    'case: expected one of sales.1, sales.2, found sales',
  ],
  ['a picture that is none', { case: 'sales.1', pictures: ['me.png'] }, 'expected pictures: their sha256'],
])('refuses %s', (_what, input, en) => {
  const year = yearIn('test');
  const before = structuredClone(year.state);
  expect(tested.refusal(year, input)?.en).toContain(en);
  expect(year.state).toEqual(before);
});

describe('what somebody else reported meanwhile', () => {
  const seen = (year: Year): string => seenOf(year.state.checks['module/sales.1']);
  it.each<[string, Record<string, unknown>, boolean]>([
    ['in the same moment', { ok: true, by: 'contact-2', seen: 'nothing' }, false],
    ['with the same outcome', { ok: false, note: 'y', by: 'contact-2', seen: 'nothing' }, true],
    ['by the same person', { ok: true, by: 'tester-1', seen: 'nothing' }, true],
    ['and was read', { ok: true, by: 'contact-2' }, true],
  ])('%s is not replaced unseen', (_when, input, taken) => {
    const year = yearIn('test');
    tested.take(year, { case: 'sales.1', ok: false, note: 'x', by: 'tester-1', seen: seenOf(undefined) });
    const sent = { seen: seen(year), case: 'sales.1', ...input };
    if (taken) expect(tested.take(year, sent)).toMatchObject({ case: 'sales.1' });
    else expect(tested.refusal(year, sent)?.en).toContain('somebody else has reported it');
  });
});

test.each<[string, boolean]>([
  ['contact-2', true],
  ['tester-7', true],
  ['consultant', true],
  ['konsult-1', true],
  ['somebody', false],
])('who tested is somebody of the agreement: %s', (by, known) => {
  const [year, sent] = [yearIn('test'), { case: 'sales.1', by }];
  if (known) expect(tested.take(year, sent)).toMatchObject({ case: 'sales.1' });
  else expect(tested.refusal(year, sent)?.en).toContain('by: expected one of contact-1');
});

test('what a phase still owes is told with the field that names a case', () => {
  const year = yearIn('test');
  tested.take(year, { case: 'sales.1', ok: false, note: 'x' });
  const refused = completed.refusal(year, { phase: 'test', session: '2027-06-11', passed: 'all' })?.en;
  expect(refused).toContain('customerTested {"case": "sales.1", "ok": true}');
});

describe('a case that failed', () => {
  it('is acknowledged to who reported it, and told to the consultant with what to send', () => {
    const year = yearIn('test');
    const pictures = ['ab'.repeat(32)];
    expect(
      tested.take(year, { case: 'sales.1', ok: false, note: 'no discount', pictures, by: 'tester-1' }),
    ).toEqual({
      ...{ case: 'sales.1', ok: false, note: 'no discount', pictures },
    });
    expect(mails(year)).toEqual([
      ['attention', 'consultant', undefined],
      ['test-case', 'customer', 'tester-1', 'sales.1 received'],
    ]);
    expect(year.state.heldMails[0]?.mail.attention?.signal).toEqual({
      name: 'customerTested',
      fields: { case: 'sales.1', ok: true },
    });
    expect(pageOf(year)).toContain('Invoice an order');
  });

  it('is answered, and tested again until it passes', () => {
    const year = yearIn('test');
    tested.take(year, { case: 'sales.1', ok: false, note: 'no discount', by: 'contact-2' });
    year.state.heldMails = [];
    expect(pageOf(year)).toContain('testAnswered');
    expect(answered.take(year, { note: 'mended', retest: true })).toEqual({
      ...{ case: 'sales.1', note: 'mended', retest: true },
    });
    expect(mails(year)).toEqual([['test-case', 'customer', 'contact-2', 'sales.1 retest']]);
    expect(pageOf(year)).not.toContain('testAnswered\n');
    expect(year.state.checks['module/sales.1']).toMatchObject({
      ok: false,
      retest: true,
      note: 'no discount',
    });
    expect(answered.take(year, { case: 'sales.1', note: 'for all invoices' })).toEqual({
      ...{ case: 'sales.1', note: 'for all invoices' },
    });
    tested.take(year, { case: 'sales.1', by: 'contact-2' });
    expect(year.state.checks['module/sales.1']).toEqual({ ok: true, at: now, by: 'contact-2' });
    expect(year.state.attention).toEqual([]);
    expect(answered.refusal(year, { case: 'sales.1', retest: true })?.en).toContain('has not failed');
    year.state.heldMails = [];
    // Nothing is asked of anybody: it stands on the page.
    expect(answered.take(year, { case: 'sales.1', note: 'thank you' })).toMatchObject({ onPage: true });
    expect(mails(year)).toEqual([]);
  });

  it('is not asked to be tested again without a word why', () => {
    const year = yearIn('test');
    tested.take(year, { case: 'sales.1', ok: false, note: 'x' });
    expect(answered.refusal(year, { case: 'sales.1', retest: true })?.en).toContain(
      'note: expected an answer',
    );
  });

  it('reported by one of ours is answered to those who are told of the upgrade', () => {
    const year = yearIn('test');
    tested.take(year, { case: 'sales.1', ok: false, by: 'consultant' });
    answered.take(year, { note: 'mended' });
    expect(mails(year)).toEqual([
      ['attention', 'consultant', undefined],
      ['test-case', 'customer', 'system-owner', 'sales.1 answered'],
    ]);
  });
});

test('a case that failed is told to the manager too, where the terms say so', () => {
  const year = yearIn('test');
  const upgrade = { ...plan.upgrade!, tellFailedTests: ['consultant' as const, 'manager' as const] };
  year.state.plan = { ...plan, upgrade };
  tested.take(year, { case: 'sales.1', ok: false, note: 'x', by: 'consultant' });
  expect(mails(year)).toEqual([
    ['attention', 'consultant', undefined],
    ['attention', 'manager', undefined],
  ]);
});

test('all that is tested leaves out what has failed, and keeps who tested what', () => {
  const year = yearIn('test');
  tested.take(year, { case: 'sales.1', ok: false, note: 'x' });
  tested.take(year, { case: 'sales.2', by: 'contact-2' });
  expect(tested.take(year, { by: 'consultant' })).toMatchObject({ tested: 'all' });
  const results = ['sales.1', 'sales.2', 'bank.1'].map((id) => year.state.checks[`module/${id}`]);
  expect(results.map((one) => [one?.ok, one?.by])).toEqual([
    [false, undefined],
    [true, 'contact-2'],
    [true, 'consultant'],
  ]);
});

test('a case that fails again with more to say is told again', () => {
  const year = yearIn('test');
  tested.take(year, { case: 'sales.1', ok: false });
  tested.take(year, { case: 'sales.1', ok: false, note: 'no discount' });
  expect(year.state.attention.map(({ detail }) => detail)).toEqual(['no discount']);
  expect(mails(year).filter((one) => (one as string[])[0] === 'attention')).toHaveLength(2);
});

test('what is accepted by name covers the cases that are named, and no other that failed', () => {
  const year = yearIn('test');
  for (const id of ['sales.1', 'sales.2']) tested.take(year, { case: id, ok: false, note: 'x' });
  const accepted = { acceptedBy: 'manager', reason: 'the layout is mended in January' };
  const said = { phase: 'test', session: '2027-06-11', passed: 'all', ...accepted };
  const refused = completed.refusal(year, { ...said, except: ['sales.2'] })?.en;
  expect(refused).toContain('sales.1');
  expect(refused).not.toContain('sales.2');
  expect(completed.take(year, { ...said, except: ['sales.1', 'sales.2'] })).toMatchObject({
    accepted: ['sales.1', 'sales.2'],
  });
});

test('an answer to what nobody has reported is refused, as is a failure that is done again without a reason', () => {
  expect(answered.refusal(yearIn('test'), { case: 'sales.1', note: 'x' })?.en).toContain('has not failed');
  expect(failed.refusal(yearIn('test'), { phase: 'test', then: 'precheck' })?.en).toContain('reason');
});

test('a version of a newer line than the target is asked about', () => {
  const year = yearIn('technical');
  year.state.plan = { ...plan, upgrade: { ...plan.upgrade!, targets: { 'visma-business': '18.00.0' } } };
  const said = (version: string) =>
    completed.refusal(year, { phase: 'technical', versions: { 'visma-business': version } })?.en;
  expect(said('18.10.0')).toContain('the upgrade goes to 18.00.0, not 18.10.0');
  expect(said('v18.0.2')).not.toContain('the upgrade goes to');
  expect(said('17.10.0')).not.toContain('the upgrade goes to');
});

test('who is invited gets a mail each time; somebody who is none is refused', () => {
  const year = yearIn('test');
  expect(invited.take(year, { tester: 'tester-2', by: 'contact-2' })).toEqual({ tester: 'tester-2' });
  expect(invited.take(year, { tester: 'contact-3', by: 'contact-2' })).toEqual({ tester: 'contact-3' });
  expect(mails(year)).toEqual([
    ['test-invitation', 'customer', 'tester-2'],
    ['test-invitation', 'customer', 'contact-3'],
  ]);
  expect(invited.refusal(year, { tester: 'Petra' })?.en).toContain('tester');
});

describe('the session', () => {
  const booked = messageTo('testSessionBooked', judgeSession);
  const partChecked = messageTo('upgradePartChecked', judgePart);
  const booking = { on: '2027-06-15', at: '09:00', minutes: 120, place: 'Teams' };
  const told = ({ state }: Year): unknown[] =>
    state.heldMails
      .filter(({ mail }) => mail.template === 'test-session')
      .map(({ mail: { to, roles, session } }) => [
        ...[to, roles?.join(), session?.at.slice(0, 16)],
        ...(session?.cancelled ? ['cancelled'] : []),
      ]);
  const invited = (at: string, ...more: string[]): unknown[] => [
    ['customer', 'tester,system-owner', at, ...more],
    ['consultant', undefined, at, ...more],
  ];
  /** A year whose session is booked, and who is invited told. */
  function yearWithSession(): Year {
    const year = yearIn('test');
    booked.take(year, booking);
    year.state.heldMails = [];
    return year;
  }

  it('is booked: who tests and the consultant are invited, and page and message say when it is', () => {
    const year = yearIn('test');
    expect(pageOf(year)).toContain('no time booked');
    expect(pageOf(year)).toContain('testSessionBooked');
    expect(booked.take(year, booking)).toEqual({ obligation: 'upgrade/test', on: '2027-06-15', at: '09:00' });
    expect(told(year)).toEqual(invited('2027-06-15T07:00'));
    expect(pageOf(year)).toContain('booked for 2027-06-15 09:00, Teams');
    expect(pageOf(year)).toMatch(/"session": ?"2027-06-15"/);
    expect(booked.take(year, booking)).toMatchObject({ repeat: true });
    expect(year.state.journal.flatMap(({ part }) => part ?? [])).toEqual([
      expect.objectContaining({ kind: 'booked', phase: 'test', part: 'booked' }),
    ]);
  });

  it('is booked before its phase opens', () => {
    const year = yearIn('precheck');
    booked.take(year, booking);
    expect(pageOf(year)).toContain('booked for 2027-06-15 09:00');
  });

  it('moves: what is left out stays, and an invitation that still waits does not go out', () => {
    const year = yearIn('test');
    booked.take(year, booking);
    booked.take(year, { at: '13:00' });
    expect(told(year)).toEqual(invited('2027-06-15T11:00'));
    undone.take(year, {});
    expect(told(year)).toEqual(invited('2027-06-15T07:00'));
  });

  it.each<[string, (year: Year) => unknown]>([
    ['called off', (year) => booked.take(year, { cancelled: true })],
    ['rolled back', (year) => failed.take(year, { phase: 'test', then: 'roll-back', reason: 'x' })],
    ['undone', (year) => undone.take(year, {})],
  ])('is off once %s', (_what, change) => {
    const year = yearWithSession();
    change(year);
    expect(told(year)).toEqual(invited('2027-06-15T07:00', 'cancelled'));
    expect(year.state.checks['booked/test']).toBeUndefined();
  });

  it('is as before where a move or a cancellation that was told is undone', () => {
    for (const change of [{ on: '2027-06-16' }, { cancelled: true }]) {
      const year = yearWithSession();
      booked.take(year, change);
      year.state.heldMails = [];
      undone.take(year, {});
      expect(told(year)).toEqual(invited('2027-06-15T07:00'));
    }
  });

  it('is held when somebody says so', () => {
    const year = yearWithSession();
    const held = { phase: 'test', part: 'session', on: '2027-06-11' };
    // It is booked for later: a slip is likelier.
    expect(partChecked.refusal(year, held)?.en).toMatch(
      /it is booked for 2027-06-15 09:00.*"confirmed": true/,
    );
    expect(partChecked.take(year, { ...held, confirmed: true })).toMatchObject({
      part: 'session',
      on: '2027-06-11',
    });
    expect(year.state.checks['session/test']).toMatchObject({ ok: true, on: '2027-06-11' });
    expect(partChecked.refusal(year, { phase: 'test', part: 'session', on: '2027-07-11' })?.en).toContain(
      'session: expected a day from',
    );
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['no day', { at: '09:00' }, 'on: expected a date'],
    ['a time that has passed', { ...booking, on: '2027-06-14', at: '09:00' }, 'a time that has not passed'],
    ['a day years ahead', { ...booking, on: '2029-06-14' }, 'a day from 2027-06-14'],
    ['a minute', { ...booking, minutes: 1 }, 'a number from 15 to 480'],
    ['a Saturday, unless confirmed', { ...booking, on: '2027-06-19' }, '"confirmed": true'],
    ['a day before the upgrade, unless confirmed', booking, 'before the day of the upgrade, 2027-06-20'],
    ['off, where none is booked', { cancelled: true }, 'no test session is booked'],
  ])('is not taken: %s', (what, input, en) => {
    const year = yearIn('test');
    if (what.includes('upgrade')) year.state.checks['date/plan'] = { ok: true, at: now, on: '2027-06-20' };
    expect(booked.refusal(year, input)?.en).toContain(en);
    if (/unless/.test(what))
      expect(booked.take(year, { ...input, confirmed: true })).toMatchObject({ obligation: 'upgrade/test' });
  });

  it('is not booked once the test is closed, nor in plans without cases', () => {
    expect(booked.refusal(yearIn('approval'), booking)?.en).toContain('is open');
    const year = yearIn('test');
    delete year.plan.upgrade!.cases;
    expect(booked.refusal(year, booking)?.en).toContain('is open');
  });
});

describe('an approval', () => {
  /** A year whose upgrade is approved as it was shown. */
  function approved(): Year {
    const year = yearIn('test');
    tested.take(year, {});
    completed.take(year, { phase: 'test', session: '2027-06-11' });
    const shown = shownResults(year, 'upgrade')!;
    completed.take(year, { phase: 'approval', contact: 'contact-1', shown });
    expect(year.state.checks['decision/approval']).toMatchObject({ contact: 'contact-1', shown });
    return year;
  }

  const asks = ({ state }: Year): unknown[] =>
    state.heldMails.flatMap(({ mail }) =>
      mail.template === 'upgrade-approval' ? [[mail.changed, mail.roles?.join()]] : [],
    );

  it('of results that have changed since is refused', () => {
    const year = yearIn('approval');
    expect(
      completed.refusal(year, { phase: 'approval', contact: 'contact-1', shown: 'f'.repeat(64) })?.en,
    ).toContain('has changed since they were shown');
  });

  it.each<[string, (year: Year) => unknown, string[]]>([
    [
      'a case fails',
      (year) => tested.take(year, { case: 'bank.1', ok: false, note: 'x' }),
      ['upgrade/test', 'upgrade/approval'],
    ],
    [
      'an integration fails',
      (year) => integration.take(year, { integration: 'webshop-orders', ok: false, note: 'x' }),
      ['upgrade/integrations', 'upgrade/approval'],
    ],
    [
      'a case gets another note',
      (year) => tested.take(year, { case: 'bank.1', note: 'slowly' }),
      ['upgrade/approval'],
    ],
  ])('is asked for again once %s', (_what, change, open) => {
    const year = approved();
    change(year);
    expect(year.open('upgrade').map(({ id }) => id)).toEqual(expect.arrayContaining(open));
    expect(year.state.checks['decision/approval']).toBeUndefined();
    const isClosed = year.isClosed('upgrade/test') && year.isClosed('upgrade/integrations');
    expect(asks(year)).toEqual(isClosed ? [[true, 'system-owner']] : []);
    expect(year.state.heldMails.some(({ mail }) => mail.news?.kind === 'approved')).toBe(false);
  });

  it('is asked for again with the last phase that is closed again, once', () => {
    const year = approved();
    year.state.sent = [`upgrade/approval#${year.obligation('upgrade/approval')!.revision}/start`];
    tested.take(year, { case: 'bank.1', ok: false, note: 'x' });
    integration.take(year, { integration: 'webshop-orders', ok: false, note: 'x' });
    integration.take(year, { integration: 'webshop-orders' });
    completed.take(year, { phase: 'integrations', passed: 'all' });
    expect(asks(year)).toEqual([]);
    tested.take(year, { case: 'bank.1' });
    expect(asks(year)).toEqual([[true, 'system-owner']]);
    tested.take(year, { case: 'bank.1', note: 'slowly' });
    expect(asks(year)).toEqual([[true, 'system-owner']]);
  });

  it('is asked for again in one mail, also where the phase is planned for another day', async () => {
    const id = 'upgrade/approval';
    const year = approved();
    year.state.sent = [`${id}#${year.obligation(id)!.revision}/start`];
    const again = (note: string): void => {
      tested.take(year, { case: 'bank.1', ok: false, note: 'x' });
      tested.take(year, { case: 'bank.1', note });
      expect(asks(year)).toEqual([[true, 'system-owner']]);
    };
    const planned = async (revision: number): Promise<void> => {
      year.state.plan!.obligations = year.plan.obligations.map((owed) =>
        owed.id === id ? { ...owed, revision } : owed,
      );
      await notify(
        year,
        id,
        year.obligation(id)!.notices.find(({ step }) => step === 'start')!,
      );
    };
    again('slowly');
    await planned(7);
    expect(year.state.owedMails).toEqual([]);
    for (const { mail } of year.state.heldMails.splice(0)) noteTold(year, mail);
    await planned(8);
    expect(year.state.owedMails).toEqual([]);
    // Once more, before what is planned for that day has come: it is asked for in the mail of its own.
    year.state.sent = year.state.sent.filter((key) => !key.endsWith('/start'));
    again('by hand');
    for (const { mail } of year.state.heldMails.splice(0)) noteTold(year, mail);
    // A new attempt asks for it as for the first time.
    failed.take(year, { phase: 'approval', then: 'roll-back', reason: 'x' });
    const start = year.obligation(id)!.notices.find(({ step }) => step === 'start')!;
    expect(isAskedTwice(year, id, start)).toBe(false);
  });

  it('that a manager ended without the customer is opened again, too, and nobody is told that it ended', () => {
    const year = yearIn('approval');
    completed.take(year, { phase: 'approval', acceptedBy: 'manager', reason: 'no answer' });
    tested.take(year, { case: 'bank.1', ok: false, note: 'x' });
    expect(year.isClosed('upgrade/approval')).toBe(false);
    expect(year.state.heldMails.flatMap(({ mail }) => mail.news?.kind ?? [])).toEqual([]);
  });

  it('holds again once the results are those that it stands for, and the customer is asked no more', () => {
    const year = approved();
    const given = year.state.checks['decision/approval'];
    year.state.heldMails = [];
    tested.take(year, { case: 'bank.1', ok: false, note: 'x' });
    tested.take(year, { case: 'bank.1', note: 'slowly' });
    expect(year.isClosed('upgrade/approval')).toBe(false);
    tested.take(year, { case: 'bank.1' });
    expect(year.isClosed('upgrade/approval')).toBe(true);
    expect(year.state.checks['decision/approval']).toEqual(given);
    expect(asks(year)).toEqual([]);
    const news = year.state.heldMails.filter(({ mail }) => mail.news).map(({ mail }) => [mail.to, mail.news]);
    const again = expect.objectContaining({ kind: 'approved', contact: 'contact-1', again: true }) as unknown;
    expect(news).toEqual([
      ['customer', again],
      ['consultant', again],
    ]);
    expect(year.state.journal.some(({ ref, detail }) => ref === 'upgrade/approval' && detail.again)).toBe(
      true,
    );
    undone.take(year, {});
    expect(year.isClosed('upgrade/approval')).toBe(false);
  });

  it('that was given since is the one that holds, as is none of what is done anew', () => {
    const year = approved();
    tested.take(year, { case: 'bank.1', note: 'slowly' });
    const shown = shownResults(year, 'upgrade')!;
    completed.take(year, { phase: 'approval', contact: 'contact-2', shown });
    tested.take(year, { case: 'bank.1' });
    expect(year.isClosed('upgrade/approval')).toBe(false);
    tested.take(year, { case: 'bank.1', note: 'slowly' });
    expect(year.state.checks['decision/approval']).toMatchObject({ contact: 'contact-2', shown });
    tested.take(year, { case: 'bank.1', ok: false, note: 'x' });
    failed.take(year, { phase: 'test', then: 'technical', reason: 'x' });
    expect(year.state.checks['lapsed/approval']).toBeUndefined();
  });

  it('holds where the same is said again', () => {
    const year = approved();
    tested.take(year, { case: 'bank.1' });
    expect(year.isClosed('upgrade/approval')).toBe(true);
    // Who reported it is what was approved, too.
    tested.take(year, { case: 'bank.1', by: 'consultant' });
    expect(year.isClosed('upgrade/approval')).toBe(false);
  });
});

test('the results of an upgrade that goes on are hashed with what its year had closed', () => {
  const { phases, cases } = plan.upgrade!;
  const carried = { year: 9, phases, ...(cases && { cases }), closed: ['plan', 'precheck'] };
  const [first] = plan.obligations;
  const obligations = [...plan.obligations, { ...first!, id: 'upgrade-9/approval' }];
  const year = yearAt(now, { plan: { ...plan, obligations, upgrade: { ...plan.upgrade!, carried } } });
  const before = shownResults(year, 'upgrade-9');
  expect(before).toMatch(/^[0-9a-f]{64}$/);
  expect(before).not.toBe(shownResults(year, 'upgrade'));
  year.state.checks['upgrade-9:check/precheck/1'] = { ok: true, at: now };
  expect(shownResults(year, 'upgrade-9')).not.toBe(before);
  // What is no phase of it any more counts nothing.
  year.state.checks['upgrade-9:check/technical/1'] = { ok: true, at: now };
  const after = shownResults(year, 'upgrade-9');
  delete year.state.checks['upgrade-9:check/technical/1'];
  expect(shownResults(year, 'upgrade-9')).toBe(after);
});
