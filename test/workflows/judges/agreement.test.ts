import { askedFor, guldPlan, messageTo, replansAskedFor, searchAttributesSet, yearAt } from '../year-at';
import { guldTerms, plan as planned } from '../../rules/fixtures';
import type { StoredPlan } from '../../../rules/engine/plan/plan';
import {
  judgeClearing,
  judgeContractChange,
  judgePause,
  judgeRetry,
  judgeStart,
  judgeTermination,
  judgeTermsChange,
} from '../../../workflows/judges/agreement';
import { readFields } from '../../../workflows/messages/fields';
import { messages } from '../../../workflows/messages/messages';
import type { Year } from '../../../workflows/year/year';
import type { Attention, MeetingState, YearState } from '../../../workflows/year/year-state';

const now = '2027-03-10T09:00:00.000Z';
const since = '2027-03-01T09:00:00.000Z';

let plan: StoredPlan;
beforeAll(async () => {
  plan = await guldPlan();
});

const year = (state: Partial<YearState> = {}, at = now): Year => yearAt(at, { plan, state });

const toLookAt = (code: string, subject: string): Attention => ({ code, subject, detail: 'x', at: since });

describe('startStepCompleted', () => {
  const { take, refusal } = messageTo('startStepCompleted', judgeStart);

  it.each([
    ['its name', { step: 'kickoff' }, 'start/kickoff'],
    ['its id', { step: 'start/monitoring' }, 'start/monitoring'],
    ['nothing: the first that is open', {}, 'start/consultant'],
  ])('closes the step named by %s', async (_what, input, obligation) => {
    const one = year();
    expect(take(one, { ...input, note: 'went well', by: 'anna' })).toEqual({ obligation });
    expect(one.state.closed).toEqual({ [obligation]: { at: now, state: 'done', by: 'anna' } });
    expect(one.state.journal).toMatchObject([
      { kind: 'phase', ref: obligation, obligation: { state: 'done', note: 'went well' } },
    ]);
    expect(await askedFor()).toEqual([]);
  });

  it('takes the same once more for a repeat', () => {
    const one = year({ closed: { 'start/kickoff': { at: since, state: 'done' } } });
    expect(take(one, { step: 'kickoff' })).toEqual({ obligation: 'start/kickoff', repeat: true });
    expect(one.state.steps).toEqual([]);
  });

  it.each<[string, YearState['closed'], Record<string, unknown>, string, string]>([
    [
      'there is no such step',
      {},
      { step: 'upgrade/test' },
      'step: expected one of consultant (introducing the dedicated consultant), kickoff (kick-off), monitoring (agreeing what to monitor), found upgrade/test',
      'step: förväntade ett av consultant (presentation av dedikerad konsult), kickoff (uppstartsmöte), monitoring (överenskommelse om övervakning), hittade upgrade/test',
    ],
    [
      'it was missed',
      { 'start/kickoff': { at: since, state: 'missed' } },
      { step: 'kickoff' },
      'kick-off is closed as not delivered (2027-03-01)',
      'uppstartsmöte är avslutat som inte levererat (2027-03-01)',
    ],
    [
      'all are closed',
      Object.fromEntries(
        ['consultant', 'kickoff', 'monitoring'].map((step) => [
          `start/${step}`,
          { at: since, state: 'done' as const },
        ]),
      ),
      {},
      'nothing of "Start" is open',
      'inget i "Uppstart" är öppet',
    ],
  ])('is refused where %s', (_what, closed, input, en, sv) => {
    expect(refusal(year({ closed }), input)).toEqual({ en, sv });
  });
});

describe('agreementTerminated', () => {
  const { take, refusal } = messageTo('agreementTerminated', judgeTermination);

  it.each([
    ['today', '2027-03-10', '2027-03-10T23:00:00.000Z'],
    ['the day before summer time', '2027-03-27', '2027-03-27T23:00:00.000Z'],
    ['the day on which it begins', '2027-03-28', '2027-03-28T22:00:00.000Z'],
    ['the day on which it ends', '2027-10-31', '2027-10-31T23:00:00.000Z'],
    ['the end of a month', '2027-09-30', '2027-09-30T22:00:00.000Z'],
    ['the last day of the year', '2027-12-31', '2027-12-31T23:00:00.000Z'],
  ])('ends the agreement at midnight after its last day: %s', (_what, on, at) => {
    const one = year();
    expect(take(one, { on, reason: 'gave notice' })).toEqual({ on, reason: 'gave notice' });
    expect(one.state.termination).toEqual({ at, reason: 'gave notice' });
    expect(one.state.steps).toMatchObject([{ name: 'agreementTerminated', terminates: {} }]);
  });

  it('ends the agreement at midnight of a summer in a later year, by the calendar of that year', async () => {
    const one = year();
    const on = '2028-06-30';
    expect(take(one, { on, reason: 'gave notice' })).toEqual({ on, reason: 'gave notice' });
    expect(one.terminatedInYear()).toBeUndefined();
    const { termination } = one.state;
    const terms = await guldTerms();
    const second = { ...plan, ...planned({ terms, yearNumber: 2, asOf: '2027-12-31T23:00:00.000Z' }) };
    const next = yearAt('2028-01-10T09:00:00.000Z', { plan: second, state: { termination: termination! } });
    expect(next.terminatedInYear()).toMatchObject({ at: '2028-06-30T22:00:00.000Z', reason: 'gave notice' });
  });

  it('with a reason alone ends it now, once there was time to undo it', () => {
    const one = year();
    expect(take(one, { reason: 'gave notice' })).toEqual({ on: 'now', reason: 'gave notice' });
    expect(one.state.termination).toEqual({ at: '2027-03-10T09:05:00.000Z', reason: 'gave notice' });
  });

  it.each([
    ['sv', 'inget skäl angivet'],
    ['en', 'no reason given'],
  ] as const)('with a day alone says that no reason was given: %s', (language, reason) => {
    const one = yearAt(now, { plan, language });
    expect(take(one, { on: '2027-09-30' })).toEqual({ on: '2027-09-30', reason });
  });

  it('keeps what was said about the end before, to put it back', () => {
    const before = { at: '2027-09-30T22:00:00.000Z', reason: 'gave notice' };
    const one = year({ termination: before });
    take(one, { on: '2027-06-30' });
    expect(one.state.termination?.at).toBe('2027-06-30T22:00:00.000Z');
    expect(one.state.steps[0]?.terminates).toEqual({ before, told: true });
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    [
      'it says neither when nor why',
      { by: 'anna' },
      'expected on (the last day) or reason (why, if the agreement is to end now), found neither',
      'förväntade on (sista dagen) eller reason (skälet, om avtalet ska upphöra nu), hittade inget av dem',
    ],
    [
      'its texts are blank',
      { on: ' ', reason: '' },
      'expected on (the last day) or reason (why, if the agreement is to end now), found neither',
      'förväntade on (sista dagen) eller reason (skälet, om avtalet ska upphöra nu), hittade inget av dem',
    ],
    [
      'the day has passed',
      { on: '2027-03-09' },
      'on: expected today or a later day, found 2027-03-09',
      'on: förväntade i dag eller en senare dag, hittade 2027-03-09',
    ],
    [
      'there is no such day',
      { on: '2027-02-29' },
      'on: expected a date as YYYY-MM-DD, found 2027-02-29',
      'on: förväntade ett datum som ÅÅÅÅ-MM-DD, hittade 2027-02-29',
    ],
  ])('is refused where %s', (_what, input, en, sv) => {
    expect(refusal(year(), input)).toEqual({ en, sv });
  });

  it('takes today for what it is in Sweden, just after midnight there', () => {
    const one = year({}, '2027-03-09T23:30:00.000Z');
    expect(refusal(one, { on: '2027-03-09' }).en).toBe('on: expected today or a later day, found 2027-03-09');
    expect(take(one, { on: '2027-03-10' })).toMatchObject({ on: '2027-03-10' });
  });
});

describe('failuresRetried', () => {
  const { take } = messageTo('failuresRetried', judgeRetry);

  const mail = {
    ...{ agreement: 'testbolaget-2027', year: 1, asOf: since, obligation: 'meeting-1', step: 'invite' },
    ...{ revision: 2, template: 'meeting-invitation' as const, to: 'customer' as const },
  };
  const hours = { entryId: 'a', hours: 100, by: 'anna', byAssumed: false, asOf: since };
  const entries = [{ id: '1', at: since, kind: 'signal' as const, ref: 'x', detail: {} }];

  it('tries again what failed, and takes back that it did', async () => {
    const one = year({
      failedMails: [mail],
      failedHours: [hours],
      failedJournal: [{ year: 1, entries }],
      attention: [
        ...['mail-failed', 'hours-failed', 'journal-failed', 'plan-failed', 'close-failed', 'lapse-failed'],
        ...['hours-low', 'upgrade-failed'],
      ].map((code) => toLookAt(code, 'x')),
    });
    expect(take(one)).toEqual({ mails: 1, hours: 1, journal: 1 });
    expect(one.state).toMatchObject({
      ...{ failedMails: [], failedHours: [], failedJournal: [] },
      ...{ owedMails: [mail], hoursToBook: [hours], journalAgain: [{ year: 1, entries }] },
    });
    expect(one.state.attention.map(({ code }) => code)).toEqual(['hours-low', 'upgrade-failed']);
    expect(await askedFor()).toEqual([{ name: 'sendNotice', input: mail }]);
    expect(one.state.steps).toEqual([]);
  });

  it('has the year planned again where that failed', async () => {
    const one = year({ attention: [toLookAt('replan-failed', 'the contract changed (7)')] });
    expect(take(one)).toEqual({ mails: 0, hours: 0, journal: 0 });
    expect(one.state.attention).toEqual([]);
    expect(await replansAskedFor()).toEqual(['tried again']);
  });

  it('does nothing where nothing failed', async () => {
    const one = year();
    expect(take(one)).toEqual({ mails: 0, hours: 0, journal: 0 });
    expect(one.state.journal).toEqual([]);
    expect(await askedFor()).toEqual([]);
  });
});

describe('attentionCleared', () => {
  const { take, refusal } = messageTo('attentionCleared', judgeClearing);
  const attention = [
    toLookAt('address-refused', 'contact-1'),
    toLookAt('hours-low', '75'),
    toLookAt('address-refused', 'contact-2'),
  ];

  it.each<[string, Record<string, unknown>, number, Attention[]]>([
    ['all of a code', { code: 'address-refused' }, 2, [attention[1]!]],
    ['one subject of it', { code: 'address-refused', subject: 'contact-2' }, 1, attention.slice(0, 2)],
  ])('takes back %s', (_what, input, cleared, left) => {
    const one = year({ attention });
    expect(take(one, input)).toEqual({ code: 'address-refused', cleared });
    expect(one.state.attention).toEqual(left);
    expect(one.state.journal).toHaveLength(cleared);
    expect(one.state.journal[0]).toMatchObject({ kind: 'attention', attention: { cleared: true } });
    expect(one.state.steps).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    [
      'no code is given',
      {},
      'code: expected one of address-refused, hours-low, found -',
      'code: förväntade ett av address-refused, hours-low, hittade -',
    ],
    [
      'nothing has that code',
      { code: 'mail-failed' },
      'code: expected one of address-refused, hours-low, found mail-failed',
      'code: förväntade ett av address-refused, hours-low, hittade mail-failed',
    ],
    [
      'nothing of that code has that subject',
      { code: 'hours-low', subject: '90' },
      'code: expected one of address-refused, hours-low, found hours-low',
      'code: förväntade ett av address-refused, hours-low, hittade hours-low',
    ],
  ])('is refused where %s', (_what, input, en, sv) => {
    expect(refusal(year({ attention }), input)).toEqual({ en, sv });
  });

  it('is refused where there is nothing to look at', () => {
    expect(refusal(year(), { code: 'hours-low' }).sv).toBe('code: förväntade inget, hittade hours-low');
  });
});

describe('monitoringPaused', () => {
  const { take, refusal } = messageTo('monitoringPaused', judgePause);

  it.each<[string, Record<string, unknown>, YearState['pauses']]>([
    ['all where none is named', { until: '2027-06-05' }, { all: { until: '2027-06-05' } }],
    [
      'one check, today',
      { monitor: 'order-import', until: '2027-03-10', reason: 'server move' },
      { 'order-import': { until: '2027-03-10', reason: 'server move' } },
    ],
  ])('lets monitoring rest: %s', (_what, input, pauses) => {
    const one = year();
    expect(take(one, input)).toEqual({ monitor: input.monitor ?? 'all', until: input.until });
    expect(one.state.pauses).toEqual(pauses);
    expect(one.state.journal).toMatchObject([{ kind: 'row', pause: { until: input.until } }]);
    expect(one.state.steps).toHaveLength(1);
  });

  it('takes the place of the pause before, with its reason', () => {
    const one = year({ pauses: { all: { until: '2027-03-12', reason: 'server move' } } });
    take(one, { until: '2027-03-15' });
    expect(one.state.pauses).toEqual({ all: { until: '2027-03-15' } });
  });

  it('ends a pause that goes on, with a day that has passed; undone it goes on', () => {
    const one = year({ pauses: { 'order-import': { until: '2027-03-12' } } });
    expect(take(one, { monitor: 'order-import', until: '2027-03-09' })).toEqual({
      monitor: 'order-import',
      until: '2027-03-09',
    });
    expect(one.state.journal).toMatchObject([{ kind: 'row', pause: { until: '2027-03-09' } }]);
  });

  it('refuses a day that has passed where nothing rests, or where it was refused before', () => {
    expect(refusal(year(), { monitor: 'order-import', until: '2027-03-09' }).en).toContain(
      'until: expected a time that has not passed',
    );
    const over = year({ pauses: { all: { until: '2027-03-09' } } });
    expect(refusal(over, { until: '2027-03-08' }).en).toContain('expected a time that has not passed');
    const one = year({ pauses: { all: { until: '2027-03-12' } } });
    const read = readFields({ until: '2027-03-09' }, one.agreement, messages.monitoringPaused.fields);
    if ('rejected' in read) throw new Error(read.rejected.en);
    expect(judgePause(one, read.value, () => false)).toHaveProperty('rejected');
  });

  it.each([
    ['letters', 'x'.repeat(300), 'x'.repeat(100)],
    ['characters of two halves, never within one', `x${'😀'.repeat(300)}`, `x${'😀'.repeat(99)}`],
  ])('cuts a reason of many %s', (_what, reason, kept) => {
    const one = year();
    take(one, { until: '2027-03-15', reason });
    expect(one.state.pauses.all?.reason).toBe(kept);
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    [
      'there is no end',
      {},
      'until: expected a date as YYYY-MM-DD, found nothing',
      'until: förväntade ett datum som ÅÅÅÅ-MM-DD, hittade ingenting',
    ],
    [
      'the end has passed',
      { until: '2027-03-09' },
      'until: expected a time that has not passed, found 2027-03-09',
      'until: förväntade en tid som inte har passerat, hittade 2027-03-09',
    ],
    [
      'there is no such check',
      { until: '2027-03-15', monitor: 'orders' },
      'monitor: expected one of order-import, business-services, all, found orders',
      'monitor: förväntade ett av order-import, business-services, all, hittade orders',
    ],
  ])('is refused where %s', (_what, input, en, sv) => {
    expect(refusal(year(), input)).toEqual({ en, sv });
  });
});

describe('contractChanged', () => {
  const { take } = messageTo('contractChanged', judgeContractChange);
  const booked = (on: string, more: Partial<MeetingState> = {}): MeetingState => ({
    booked: { on, time: '10:00', since, revision: 2 },
    called: true,
    organizer: 'konsult-1',
    ...more,
  });

  it.each([
    [7, 'the contract changed (7)'],
    [undefined, 'the contract changed (no number)'],
  ])('has the year planned again, and takes back refused addresses: change %s', async (change, reason) => {
    const one = year({ attention: [toLookAt('address-refused', 'contact-1'), toLookAt('hours-low', '75')] });
    expect(take(one, change === undefined ? {} : { change })).toEqual({ change });
    expect(one.state.attention.map(({ code }) => code)).toEqual(['hours-low']);
    expect(one.state.steps).toEqual([]);
    expect(await replansAskedFor()).toEqual([reason]);
  });

  it('tells the customer once of a new consultant, and the page is found by them', async () => {
    const one = year();
    take(one, { change: 7, consultant: 'konsult-2', replacement: 3 });
    expect(one.state.heldMails).toEqual([
      {
        at: now,
        step: 0,
        mail: {
          ...{ obligation: 'agreement', step: 'consultant', revision: 3, template: 'consultant-changed' },
          ...{ to: 'customer', replacement: { change: 3 } },
        },
      },
    ]);
    expect(searchAttributesSet()).toMatchObject({ Consultant: ['konsult-2'] });
  });

  it('tells nobody of a new consultant who is no replacement', () => {
    const one = year();
    take(one, { change: 7, consultant: 'konsult-2' });
    expect(one.state.heldMails).toEqual([]);
  });

  it('has the new consultant invite to the meetings to come that fall within the replacement', () => {
    const one = year({
      meetings: {
        'meeting-1': booked('2027-02-16', { invited: 2 }),
        'meeting-2': booked('2027-05-18', { invited: 2 }),
        'meeting-3': booked('2027-08-17'),
        'meeting-4': booked('2027-11-16', { invited: 2 }),
      },
      closed: { 'meeting-1': { at: since, state: 'done' } },
      entryNumbers: { 'meeting-2': 2, 'meeting-3': 2 },
    });
    take(one, { change: 7, consultant: 'konsult-2', replacement: 3, until: '2027-08-17' });
    expect(
      Object.entries(one.state.meetings).map(([id, { organizer, booked }]) => [
        ...[id, organizer, booked?.revision, booked?.since],
      ]),
    ).toEqual([
      ['meeting-1', 'konsult-1', 2, since],
      ['meeting-2', 'konsult-2', 4, now],
      ['meeting-3', 'konsult-2', 3, now],
      ['meeting-4', 'konsult-1', 2, since],
    ]);
    expect(one.state.heldMails.map(({ mail }) => [mail.template, mail.obligation, mail.to])).toEqual([
      ['consultant-changed', 'agreement', 'customer'],
      ['meeting-blocks', 'meeting-2', 'consultant'],
    ]);
  });

  it('leaves what the new consultant invites to already', () => {
    const one = year({ meetings: { 'meeting-2': booked('2027-05-18', { organizer: 'konsult-2' }) } });
    const before = structuredClone(one.state.meetings);
    take(one, { change: 7, consultant: 'konsult-2', replacement: 3 });
    expect(one.state.meetings).toEqual(before);
  });
});

describe('termsChanged', () => {
  const { take } = messageTo('termsChanged', judgeTermsChange);

  it.each([
    [{ ruleset: '77e1cc87' }, '77e1cc87'],
    [{}, 'unnamed'],
  ])('has the year planned again: %j', async (input, ruleset) => {
    const one = year();
    expect(take(one, input)).toEqual({ ruleset });
    expect(await replansAskedFor()).toEqual([`the rules changed (${ruleset})`]);
    expect(one.state.steps).toEqual([]);
  });

  it('asks for the new phases of upgrades under way, where it says so', async () => {
    expect(take(year(), { ruleset: 'a', moveUpgrades: true })).toEqual({ ruleset: 'a', moveUpgrades: true });
    expect(await askedFor()).toMatchObject([{ input: { upgrades: { upgrade: { move: true } } } }]);
    take(year(), { ruleset: 'a' });
    expect(await askedFor()).not.toMatchObject([{ input: { upgrades: {} } }]);
  });
});
