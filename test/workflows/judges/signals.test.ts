import { answer, askedFor, fail, goOnTo, guldPlan, handlers, yearAt } from '../year-at';
import type { StoredPlan } from '../../../rules/engine/plan/plan';
import type { Overview } from '../../../templates/ui/overview';
import type { MessageName } from '../../../workflows/messages/messages';
import { exampleOf, messageNames, messages } from '../../../workflows/messages/messages';
import { listenToPeople, takeInbox } from '../../../workflows/judges/signals';
import { Undecodable } from '../../../workflows/basics/payload-converter';
import { examplesNow } from '../../../workflows/year/message-examples';
import type { HoursOutcome, Year } from '../../../workflows/year/year';
import type { YearState } from '../../../workflows/year/year-state';

const now = '2027-01-13T09:00:00.000Z';
const since = '2027-01-12T09:00:00.000Z';

let plan: StoredPlan;
beforeAll(async () => {
  const planned = await guldPlan();
  plan = { ...planned, upgrade: { ...planned.upgrade!, partners: ['payroll-vouchers'] } };
});

interface Situation {
  state?: Partial<YearState>;
  at?: string;
  language?: 'sv' | 'en';
  planned?: boolean;
}

/** A year that listens. */
function listening({ state, at = now, language = 'en', planned = true }: Situation = {}): Year {
  const year = yearAt(at, { plan: planned ? plan : null, language, ...(state && { state }) });
  listenToPeople(year);
  return year;
}

const signal = (name: string, input?: unknown): unknown => {
  const known = handlers().signalHandlers.get(name);
  return known ? known.handler(input) : handlers().defaultSignalHandler?.(name, input);
};
const update = (name: MessageName, input?: unknown): Promise<Overview> =>
  handlers().updateHandlers.get(name)!.handler(input) as Promise<Overview>;
const validate = (name: MessageName, input?: unknown): void =>
  handlers().updateHandlers.get(name)!.validator!(input);

/** Sends a signal, and answers that the consultant has nothing elsewhere, if that is asked. */
async function signalWhileFree(name: string, input?: unknown): Promise<void> {
  signal(name, input);
  if ((await askedFor()).some((asked) => asked.name === 'findClash')) await answer(null);
}

const refs = ({ state }: Year, kind: string): string[] =>
  state.journal.filter((entry) => entry.kind === kind).map(({ ref }) => ref);
const reasons = ({ state }: Year): string[] => state.rejected.map(({ reason }) => reason);

/** The phases before this one are done. */
const doneUpTo = (phase: string): YearState['closed'] => {
  const phases = ['plan', 'precheck', 'technical', 'integrations', 'test'];
  const before = phases.slice(0, phases.indexOf(phase));
  return Object.fromEntries(before.map((one) => [`upgrade/${one}`, { at: since, state: 'done' } as const]));
};

/** What has to be there for a message's own example to be taken. */
const needed: Partial<Record<MessageName, Partial<YearState>>> = {
  meetingCancelled: {
    meetings: { 'meeting-2': { booked: { on: '2027-05-18', time: '10:00', since, revision: 2 } } },
  },
  actionDone: {
    actions: { 3: { meeting: 'meeting-1', what: 'x', owner: 'consultant', dueOn: '2027-03-01' } },
  },
  improvementDecided: { improvements: { 1: { title: 'x', state: 'proposed' } } },
  improvementDone: { improvements: { 1: { title: 'x', state: 'accepted' } } },
  upgradePhaseCompleted: { closed: doneUpTo('precheck') },
  upgradePhaseFailed: { closed: doneUpTo('technical') },
  upgradePartChecked: { closed: doneUpTo('precheck') },
  customerTested: { closed: doneUpTo('test') },
  testAnswered: {
    closed: doneUpTo('test'),
    checks: { 'module/order-to-invoice.1': { ok: false, at: since, by: 'contact-2' } },
  },
  overageDecided: { ordering: { seconds: 18_000, days: { remind: 1, decide: 2 } } },
  stepUndone: { steps: [{ number: 12, name: 'monitoringPaused', at: since, before: [] }] },
  attentionCleared: { attention: [{ code: 'hours-low', subject: '75', detail: 'x', at: since }] },
};

/** What is written down of each message's own example. */
const writtenDown: Record<MessageName, Record<string, unknown>> = {
  meetingBooked: { obligation: 'meeting-2', on: '2027-05-18', at: '10:00' },
  meetingHeld: { obligation: 'meeting-1', on: '2027-01-13', actions: ['1'] },
  meetingCancelled: { obligation: 'meeting-2', reason: 'illness' },
  meetingDeclined: { obligation: 'meeting-2', reason: 'nothing to discuss this quarter' },
  extraMeetingRequested: { obligation: 'meeting-extra-1', on: '2027-04-20', at: '13:00' },
  actionDone: { action: '3' },
  noteAdded: { kind: 'training', text: 'Two new people in accounting' },
  improvementAdded: { improvement: '1', title: 'Invoices by e-mail' },
  improvementDecided: { improvement: '1', state: 'accepted' },
  improvementDone: { improvement: '1', state: 'done' },
  upgradePhaseCompleted: { obligation: 'upgrade/precheck' },
  upgradePhaseFailed: { obligation: 'upgrade/technical', reason: 'the database could not be converted' },
  upgradePartChecked: { part: '1', ok: true },
  upgradePostponed: { until: '2027-10-01', contact: 'contact-1' },
  upgradeDeclined: { contact: 'contact-1' },
  upgradeNotNeeded: { reason: 'the next main version comes in March' },
  integrationSupported: { integration: 'payroll-vouchers' },
  integrationChecked: { integration: 'webshop-orders', ok: true },
  customerTested: { case: 'order-to-invoice.1', ok: true },
  testAnswered: { case: 'order-to-invoice.1', retest: true },
  testerInvited: { tester: 'tester-1' },
  testSessionBooked: { obligation: 'upgrade/test', on: '2027-06-15', at: '09:00' },
  startStepCompleted: { obligation: 'start/kickoff' },
  hoursUsed: { hours: 2.5 },
  hoursCorrected: { ref: 'anna-2027-03-10-1', hours: 2 },
  hoursGiven: { kind: 'purchased', hours: 20 },
  hoursOrdered: { kind: 'order', hours: 10, contact: 'contact-1' },
  overageDecided: { decision: 'waive', hours: 5 },
  callRequested: { contact: 'contact-1', about: 'hours beyond the hour bank' },
  customerAsks: { kind: 'time', contact: 'contact-1', meeting: 'meeting-2', on: '2027-05-20' },
  lineQuestioned: { entry: 12, contact: 'contact-2' },
  questionSettled: { entry: 12 },
  monitoringPaused: { monitor: 'order-import', until: '2027-06-04' },
  priceApproved: { pricePerHour: 1490, by: 'erik' },
  agreementTerminated: { on: '2027-09-30', reason: 'customer gave notice' },
  stepUndone: { step: 12, undone: 'monitoringPaused' },
  failuresRetried: { mails: 0, hours: 0, journal: 0 },
  attentionCleared: { code: 'hours-low', cleared: 1 },
  contractChanged: { change: 7 },
  termsChanged: { ruleset: '77e1cc87' },
  upgradedTogether: {
    of: 'testbolaget-2027',
    state: 'upgraded',
    closed: ['upgrade/plan', 'upgrade/precheck', 'upgrade/technical'],
    told: 'upgraded',
  },
  integrationMonitored: { integration: 'webshop-orders', repeat: true },
};

describe('a message', () => {
  it.each(messageNames)('is taken as its example shows it, and written down: %s', async (name) => {
    const { example } = messages[name];
    const year = listening({ state: needed[name] ?? {} });
    await signalWhileFree(name, example);
    expect(reasons(year)).toEqual([]);
    const [entry] = year.state.journal.filter(({ kind }) => kind === 'signal');
    const by = 'by' in example ? example.by : 'consultant (assumed)';
    const input = expect.stringContaining(JSON.stringify(example).slice(0, 150)) as unknown;
    expect(entry).toMatchObject({ ref: name, detail: { by, ...writtenDown[name], input } });
  });

  it('takes names for what they plainly mean', () => {
    const year = listening({ state: { closed: doneUpTo('precheck') } });
    signal('startStepCompleted', { step: 'Uppstartsmöte' });
    signal('upgradePhaseCompleted', { phase: 'Förkontroll', passed: 'alla' });
    signal('hoursUsed', { hours: 1, kind: 'utbildning' });
    expect(refs(year, 'signal')).toEqual(['startStepCompleted', 'upgradePhaseCompleted', 'hoursUsed']);
    expect(Object.keys(year.state.closed)).toEqual(['upgrade/plan', 'start/kickoff', 'upgrade/precheck']);
    expect(year.state.hoursToBook).toMatchObject([{ service: 'training' }]);
  });

  it('looks up who is meant by a name, and writes down the id', async () => {
    const year = listening();
    const held = {
      meeting: 1,
      participants: ['Eva Ström', 'consultant'],
      actions: [{ what: 'a', owner: 'Eva Ström' }],
    };
    signal('meetingHeld', held);
    expect(year.state.closed).toEqual({});
    expect(await askedFor()).toEqual([
      { name: 'findPeople', input: { agreement: 'testbolaget-2027', asOf: now, names: ['Eva Ström'] } },
    ]);
    await answer([['contact-2']]);
    expect(JSON.stringify(year.state.journal)).toContain('"participants":["contact-2","consultant"]');
    expect(year.state.actions['1']).toMatchObject({ owner: 'contact-2' });
    expect(JSON.stringify(year.state)).not.toContain('Eva');
  });

  it.each<[string, string[], string]>([
    ['nobody', [], 'participants: expected one of contact-1, contact-2, contact-3, consultant'],
    ['two', ['contact-1', 'contact-2'], 'participants: "Eva" may be contact-1 or contact-2; write the one'],
  ])('is not taken where a name is that of %s', async (_who, found, reason) => {
    const year = listening();
    signal('meetingHeld', { participants: ['Eva'] });
    await answer([found]);
    expect(reasons(year)[0]).toContain(reason);
    expect(year.state.closed).toEqual({});
  });

  describe('that books a meeting', () => {
    const elsewhere = {
      agreement: 'annat-2027',
      customer: 'Annat AB',
      id: 'meeting-2',
      at: '2027-02-17 09:00',
    };
    const booking = { meeting: 1, on: '2027-02-17', at: '10:00' };
    const asking = { agreement: 'testbolaget-2027', begins: '2027-02-17T09:00:00.000Z' };
    const sv =
      'konsulten har då förvaltningsmöte 2 med Annat AB (avtal annat-2027), det börjar 2027-02-17 09:00; ' +
      'stämmer det, skicka samma sak med "confirmed": true';
    const en =
      'the consultant then has management meeting 2 with Annat AB (agreement annat-2027), it begins 2027-02-17 09:00; ' +
      'if that is right, send the same with "confirmed": true';

    it.each<[MessageName, Record<string, unknown>, string]>([
      ['meetingBooked', booking, '2027-02-17T10:30:00.000Z'],
      ['meetingBooked', { ...booking, meeting: 'Förvaltningsmöte 1' }, '2027-02-17T10:30:00.000Z'],
      ['extraMeetingRequested', { on: '2027-02-17', at: '10:00', minutes: 30 }, '2027-02-17T09:30:00.000Z'],
    ])('is taken once the consultant has nothing elsewhere then: %s %o', async (name, input, ends) => {
      const year = listening();
      signal(name, input);
      expect(await askedFor()).toEqual([{ name: 'findClash', input: { ...asking, ends } }]);
      expect(year.state.meetings).toEqual({});
      await answer(null);
      expect(Object.values(year.state.meetings)).toMatchObject([{ booked: { on: '2027-02-17' } }]);
    });

    it.each([
      ['sv', sv],
      ['en', en],
    ] as const)(
      'is refused while the consultant has a meeting elsewhere, and told: %s',
      async (language, reason) => {
        const year = listening({ language });
        signal('meetingBooked', booking);
        await answer(elsewhere);
        expect(reasons(year)).toEqual([reason]);
        expect(year.state).toMatchObject({ meetings: {}, steps: [], heldMails: [] });
        const failing = expect(update('meetingBooked', booking)).rejects.toThrow(reason);
        await answer(elsewhere);
        await failing;
        expect(year.state.meetings).toEqual({});
      },
    );

    it.each<[string, MessageName, Record<string, unknown>]>([
      ['that is confirmed', 'meetingBooked', { ...booking, confirmed: true }],
      ['of which the place alone is new', 'meetingBooked', { meeting: 2, place: 'Teams' }],
      ['without a day', 'extraMeetingRequested', {}],
    ])('is taken at once %s', async (_what, name, input) => {
      const year = listening({ state: needed.meetingCancelled! });
      signal(name, input);
      expect(refs(year, 'signal')).toEqual([name]);
      expect((await askedFor()).map((asked) => asked.name)).not.toContain('findClash');
    });

    it('holds up what comes after it, so that it is undone and not the step before', async () => {
      const year = listening();
      signal('noteAdded', { text: 'x' });
      signal('meetingBooked', booking);
      signal('stepUndone');
      signal('improvementAdded', { title: 'y' });
      expect(refs(year, 'signal')).toEqual(['noteAdded']);
      await answer(null);
      expect(refs(year, 'signal')).toEqual(['noteAdded', 'meetingBooked', 'stepUndone', 'improvementAdded']);
      expect(year.state.meetings['meeting-1']?.booked).toBeUndefined();
      signal('noteAdded', { text: 'z' });
      expect(year.state.steps.map(({ name }) => name)).toEqual([
        'noteAdded',
        'improvementAdded',
        'noteAdded',
      ]);
    });

    it('is taken where its agreement cannot be asked about for good', async () => {
      const year = listening();
      signal('meetingBooked', booking);
      await fail('42P01');
      expect(refs(year, 'signal')).toEqual(['meetingBooked']);
    });
  });

  it('as an update waits for who is meant, and is answered with the truth', async () => {
    const year = listening({ at: '2027-02-16T12:00:00.000Z' });
    const held = { participants: ['Eva'] };
    validate('meetingHeld', held);
    const [taken, refused] = [update('meetingHeld', held), update('meetingHeld', { participants: ['Bo'] })];
    const failed = expect(refused).rejects.toThrow('participants: expected one of');
    await answer([['contact-1']]);
    // Written down, and its time booked.
    year.state.journal = [];
    year.state.hoursToBook = [];
    await answer([[]]);
    expect((await taken).last[0]?.text).toContain('meetingHeld');
    await failed;
    expect(year.state.closed).toHaveProperty('meeting-1');
    // The dialog said so: it stands nowhere else, and nobody is mailed.
    expect([reasons(year), refs(year, 'rejected'), year.state.rejectedToTell]).toEqual([[], [], []]);
    expect(year.state.attention).toEqual([]);
  });

  it('as an update is kept as rejected where nobody waited for the answer any more', async () => {
    const year = listening({ at: '2027-02-16T12:00:00.000Z' });
    const late = expect(update('meetingHeld', { participants: ['Bo'] })).rejects.toThrow(/not known yet/);
    await goOnTo(year, '2027-02-16T12:00:10.000Z');
    await late;
    await answer([[]]);
    expect(reasons(year)).toEqual([expect.stringMatching(/^participants: expected one of/)]);
    expect(year.state.rejectedToTell).toHaveLength(1);
  });

  it.each(messageNames)('names its example in the Web UI for this agreement: %s', (name) => {
    listening({ language: 'sv' });
    const { sv } = messages[name].description;
    const shown = `${sv} ${JSON.stringify({ agreement: 'testbolaget-2027', ...exampleOf(name, 'sv') })}`;
    expect(handlers().signalHandlers.get(name)?.description).toBe(shown);
    expect(handlers().updateHandlers.get(name)?.description).toBe(shown);
  });

  it.each<[string, string, Partial<YearState>]>([
    ['at first', now, {}],
    [
      'with a booked meeting, actions and improvements',
      '2027-05-11T08:00:00.000Z',
      {
        closed: { 'meeting-1': { at: since, state: 'done' } },
        meetings: { 'meeting-2': { booked: { on: '2027-05-18', time: '10:00', since, revision: 2 } } },
        actions: { 3: { meeting: 'meeting-1', what: 'x', owner: 'consultant', dueOn: '2027-03-01' } },
        improvements: { 1: { title: 'x', state: 'proposed' }, 2: { title: 'y', state: 'accepted' } },
        attention: [{ code: 'hours-low', subject: '75', detail: 'x', at: since }],
      },
    ],
    [
      'in the middle of the upgrade',
      '2027-06-01T08:00:00.000Z',
      {
        closed: Object.fromEntries(
          ['meeting-1', 'meeting-2', 'upgrade/precheck', 'upgrade/integrations', 'upgrade/technical'].map(
            (id) => [id, { at: since, state: 'done' as const }],
          ),
        ),
      },
    ],
    ['when a meeting was not booked in time', '2027-03-10T09:00:00.000Z', {}],
  ])('that the page offers is taken: %s', async (_what, at, state) => {
    const year = listening({ state, at });
    year.phase = 'running';
    const offered = examplesNow(year);
    expect(offered.length).toBeGreaterThan(3);
    for (const { name, example } of offered) {
      const one = listening({ state, at });
      // The page offers the meeting that is to be reported from the day it is booked for.
      if (name === 'meetingHeld') one.input.clockOffset = Date.parse('2027-11-30T09:00:00.000Z');
      await signalWhileFree(name, example);
      expect([name, reasons(one), refs(one, 'signal')]).toEqual([name, [], [name]]);
    }
  });

  it('names days that are still to come, and books nothing when no day of the year is left', () => {
    const offered = (at: string): unknown[] => {
      const year = listening({ at });
      year.phase = 'running';
      return examplesNow(year).flatMap(({ name, example }) => (name === 'meetingBooked' ? [example] : []));
    };
    expect(offered('2027-02-16T08:00:00.000Z')).toMatchObject([{ meeting: 1, on: '2027-02-16' }]);
    expect(offered('2027-03-12T09:00:00.000Z')).toMatchObject([{ meeting: 1, on: '2027-03-15' }]);
    expect(offered('2027-12-30T09:00:00.000Z')).toEqual([]);
    const booked = plan.obligations.map((one) =>
      one.id === 'meeting-1' ? { ...one, booked: true as const } : one,
    );
    const late = yearAt('2027-06-01T08:00:00.000Z', { plan: { ...plan, obligations: booked } });
    expect(examplesNow(late)).toContainEqual({
      name: 'meetingHeld',
      example: expect.objectContaining({
        actions: [expect.objectContaining({ due: '2027-06-15' })],
      }) as unknown,
    });
  });

  it('is written down with who sent it and what was sent', () => {
    const year = listening();
    signal('noteAdded', { text: 'x', by: 'anna' });
    signal('noteAdded', { text: 'y' });
    expect(year.state.journal.filter(({ kind }) => kind === 'signal').map(({ detail }) => detail)).toEqual([
      { by: 'anna', kind: 'other', text: 'x', input: '{"text":"x","by":"anna"}' },
      { by: 'consultant (assumed)', kind: 'other', text: 'y', input: '{"text":"y"}' },
    ]);
  });

  it('that is taken takes back that the one before was not', () => {
    const year = listening();
    signal('noteAdded', {});
    signal('hoursUsed', {});
    expect(year.state.attention.map(({ subject }) => subject)).toEqual(['noteAdded', 'hoursUsed']);
    signal('noteAdded', { text: 'x' });
    expect(year.state.attention.map(({ subject }) => subject)).toEqual(['hoursUsed']);
  });
});

describe('a message that is not taken', () => {
  it.each<[string, string, unknown, 'sv' | 'en', string]>([
    [
      'nothing that can be read',
      'noteAdded',
      new Undecodable('no codec'),
      'sv',
      'förväntade JSON, hittade något som inte kan läsas: no codec',
    ],
    [
      'another agreement',
      'noteAdded',
      { agreement: 'x', text: 'y' },
      'sv',
      'det här är avtalet testbolaget-2027, meddelandet gäller "x"',
    ],
    [
      'more than 60 kB',
      'noteAdded',
      { text: 'x'.repeat(60_000) },
      'sv',
      'förväntade högst 60 kB, hittade mer',
    ],
    [
      'a name near another',
      'noteAded',
      {},
      'sv',
      'det finns ingen signal "noteAded"; menade du "noteAdded"?',
    ],
    ['a name near another', 'noteAded', {}, 'en', 'there is no signal "noteAded"; did you mean "noteAdded"?'],
    ['a name near none', 'xyz', {}, 'sv', 'det finns ingen signal "xyz"; namnen står i listan'],
    [
      'a name of all objects',
      'toString',
      {},
      'en',
      'there is no signal "toString"; the names are in the list',
    ],
  ])('is answered on the page: %s, %s', (_what, name, input, language, reason) => {
    const year = listening({ language });
    signal(name, input);
    expect(reasons(year)).toEqual([reason]);
    expect(refs(year, 'rejected')).toEqual([name]);
    expect(refs(year, 'signal')).toEqual([]);
  });

  it('may have just 60 kB', () => {
    const year = listening();
    signal('noteAdded', { text: 'x'.repeat(60_000 - '{"text":""}'.length) });
    expect(reasons(year)).toEqual([]);
  });

  it.each<[string, Partial<YearState>, MessageName, Record<string, unknown>, string[]]>([
    ['a note, which the next year takes along', {}, 'noteAdded', { text: 'x' }, []],
    [
      'an extra meeting of the year',
      {},
      'extraMeetingRequested',
      {},
      ['the agreement year is being closed just now; try again in a while'],
    ],
    [
      'a step back',
      {},
      'stepUndone',
      {},
      ['the agreement year is being closed just now; try again in a while'],
    ],
    [
      'a note to an agreement that has ended',
      { termination: { at: now, reason: 'x' } },
      'noteAdded',
      { text: 'x' },
      ['the agreement has ended; nothing about it changes any more'],
    ],
    [
      'a note to one that ends in a later year',
      { termination: { at: '2028-06-30T22:00:00.000Z', reason: 'x' } },
      'noteAdded',
      { text: 'x' },
      [],
    ],
  ])('may come while the year is closed: %s', (_what, state, name, input, expected) => {
    const year = listening({ state });
    year.phase = 'closing';
    signal(name, input);
    expect(reasons(year)).toEqual(expected);
  });
});

describe('a message before there is a plan', () => {
  it('waits, and is taken in order once there is one', () => {
    const year = listening({ planned: false });
    signal('noteAdded', { text: 'a' });
    signal('hoursUsed', {});
    signal('noteAdded', { text: 'b' });
    expect(year.state.inbox.map(({ name }) => name)).toEqual(['noteAdded', 'hoursUsed', 'noteAdded']);
    expect(year.state.journal).toEqual([]);
    year.state.plan = plan;
    takeInbox(year);
    expect(year.state.inbox).toEqual([]);
    expect(refs(year, 'signal')).toEqual(['noteAdded', 'noteAdded']);
    expect(refs(year, 'rejected')).toEqual(['hoursUsed']);
  });

  it('is refused beyond what the next run can be handed', () => {
    const year = listening({ planned: false, language: 'sv' });
    signal('noteAdded', { text: 'x'.repeat(15_000) });
    signal('noteAdded', { text: 'x'.repeat(15_000) });
    expect(year.state.inbox).toHaveLength(1);
    expect(reasons(year)).toEqual(['året är inte planerat än; försök igen om en stund']);
  });

  it('has the plan tried again where that is what it asks', () => {
    const attention = [{ code: 'plan-failed', subject: 'plan', detail: 'x', at: since }];
    const year = listening({ planned: false, state: { attention } });
    signal('noteAdded', { text: 'x' });
    expect(year.state.attention).toEqual(attention);
    signal('failuresRetried');
    expect(year.state.attention).toEqual([]);
  });

  it('is refused as an update', () => {
    listening({ planned: false });
    expect(() => validate('noteAdded', { text: 'x' })).toThrow(
      'the year is not planned yet; try again in a while',
    );
  });
});

describe('a step that is undone', () => {
  it('is written down with the reason', () => {
    const year = listening();
    signal('noteAdded', { text: 'x' });
    signal('stepUndone', { reason: 'the wrong agreement' });
    expect(year.state.journal.find(({ ref }) => ref === 'stepUndone')?.detail).toMatchObject({
      undone: 'noteAdded',
      reason: 'the wrong agreement',
    });
  });
});

describe('an update', () => {
  it.each([
    ['sv', 'text: förväntade en text eller ett tal, hittade ingenting'],
    ['en', 'text: expected a text or a number, found nothing'],
  ] as const)('is refused with the reason alone, and leaves no trace: %s', (language, reason) => {
    const year = listening({ language });
    const before = structuredClone(year.state);
    const failure = ((): unknown => {
      try {
        return validate('noteAdded', {});
      } catch (error) {
        return error;
      }
    })();
    expect(failure).toMatchObject({ message: reason, type: 'Rejected', nonRetryable: true, stack: '' });
    expect(year.state).toEqual(before);
  });

  it('is answered with the agreement as it is once that is stored', async () => {
    const year = listening();
    validate('startStepCompleted', { step: 'kickoff' });
    let answered = false;
    const answering = update('startStepCompleted', { step: 'kickoff' }).finally(() => (answered = true));
    await askedFor();
    expect(answered).toBe(false);
    year.state.journal = [];
    await askedFor();
    expect(answered).toBe(true);
    expect((await answering).strands[0]).toEqual({ strand: 'start', done: 1, total: 3 });
  });

  describe('that is not stored within ten seconds', () => {
    const later = (seconds: number): string => new Date(Date.parse(now) + seconds * 1000).toISOString();
    const booked = { on: '2027-02-16' };

    /** A year in which a note was sent as an update, and nobody knows what came of it. */
    async function unknown(): Promise<Year> {
      const year = listening();
      const failing = expect(update('noteAdded', { text: 'x' })).rejects.toThrow(
        'not known yet, see the page; sending the same again is safe',
      );
      await goOnTo(year, later(10));
      await failing;
      return year;
    }
    const notes = ({ state }: Year): number => state.journal.filter(({ note }) => note).length;

    it('is taken once, however often the same is sent until it is stored', async () => {
      const year = await unknown();
      validate('noteAdded', { text: 'x' });
      const again = update('noteAdded', { text: 'x' });
      await askedFor();
      expect(notes(year)).toBe(1);
      year.state.journal = [];
      await askedFor();
      await again;
      expect(year.state.steps).toHaveLength(1);
    });

    it('is another message once the first was answered, or an hour after it was stored', async () => {
      const year = await unknown();
      year.state.journal = [];
      await goOnTo(year, later(60));
      await update('noteAdded', { text: 'x' });
      expect(year.state.steps).toHaveLength(1);
      void update('noteAdded', { text: 'x' }).catch(() => undefined);
      await askedFor();
      expect(year.state.steps).toHaveLength(2);
      year.state.journal = [];
      await goOnTo(year, later(70));
      void update('noteAdded', { text: 'y' }).catch(() => undefined);
      await goOnTo(year, later(80));
      year.state.journal = [];
      await goOnTo(year, later(80 + 3601));
      void update('noteAdded', { text: 'y' }).catch(() => undefined);
      await askedFor();
      expect(year.state.steps).toHaveLength(4);
    });

    it('is not judged again: what it has changed does not refuse it', async () => {
      const year = listening();
      validate('extraMeetingRequested', booked);
      const failing = expect(update('extraMeetingRequested', booked)).rejects.toThrow('not known yet');
      await answer(null);
      await goOnTo(year, later(10));
      await failing;
      expect(() => validate('extraMeetingRequested', booked)).not.toThrow();
      expect(() => validate('extraMeetingRequested', { ...booked, by: 'bo' })).toThrow('already booked');
    });
  });

  it('that was taken meanwhile by another is refused when it is carried out', async () => {
    listening({ state: needed.improvementDone! });
    validate('improvementDone', { improvement: 1 });
    signal('stepUndone');
    await expect(update('improvementDone', { improvement: 2 })).rejects.toThrow(
      'improvement: expected one of 1, found 2',
    );
  });

  describe('about hours', () => {
    /** Sends it, and has it be in the ledger with what came of it. */
    const told = async (
      outcome: HoursOutcome,
      name: MessageName = 'hoursUsed',
      input: object = { hours: 2, ref: 'a' },
    ): Promise<unknown> => {
      const year = listening();
      const answering = update(name, input);
      await askedFor();
      const [entry] = year.state.hoursToBook;
      year.outcomes.set(entry!, outcome);
      year.state.hoursToBook = [];
      year.state.journal = [];
      // The answer may fail before somebody waits for it.
      answering.catch(() => undefined);
      await askedFor();
      return answering;
    };

    it.each<[string, HoursOutcome, object]>([
      ['the number of what was booked', { number: 7 }, { number: 7 }],
      ['the number of what it repeats', { number: 3, repeats: true }, { number: 3, repeats: true }],
    ])('answers with %s', async (_what, outcome, entry) => {
      expect(await told(outcome)).toMatchObject({ entry });
    });

    it.each<[string, MessageName, object]>([
      ['a conflict', 'hoursUsed', { hours: 2, ref: 'a' }],
      ['an entry that is not there', 'hoursCorrected', { hours: 2, ref: 'a' }],
      ['an undone entry that is not there', 'stepUndone', { entry: 7 }],
    ])('fails with the reason: %s', async (_what, name, input) => {
      const why = { sv: 'därför', en: 'because' };
      await expect(told({ why }, name, input)).rejects.toThrow('because');
    });

    it('fails after ten seconds without an answer: it is not known yet', async () => {
      const year = listening();
      const answering = update('hoursUsed', { hours: 2 });
      const failing = expect(answering).rejects.toThrow('sending the same again is safe');
      await goOnTo(year, '2027-01-13T09:00:10.000Z');
      await failing;
      expect(year.state.hoursToBook).toHaveLength(1);
    });
  });

  describe('with a blank field that would mean all, or the next', () => {
    it.each<[MessageName, object, string]>([
      [
        'monitoringPaused',
        { monitor: '', until: '2027-06-05' },
        'monitor: expected a value; left out it means all, found a blank one',
      ],
      ['monitoringPaused', { monitor: '  ', until: '2027-06-05' }, 'monitor: '],
      ['monitoringPaused', { monitor: null, until: '2027-06-05' }, 'monitor: '],
      ['customerTested', { module: '' }, 'module: expected a value; left out it means all'],
      ['integrationChecked', { integration: ' ' }, 'integration: '],
      [
        'upgradePhaseCompleted',
        { phase: '' },
        'phase: expected a value; left out it means the one that is next',
      ],
      ['meetingBooked', { meeting: null, on: '2027-02-16', at: '10:00' }, 'meeting: '],
      ['startStepCompleted', { step: '' }, 'step: '],
      ['agreementTerminated', { on: '', reason: 'moves' }, 'on: expected a value; left out it means at once'],
      [
        'priceApproved',
        { pricePerHour: '' },
        'pricePerHour: expected a value; left out it means the proposed price',
      ],
      ['stepUndone', { step: '' }, 'step: expected a value; left out it means the last one'],
      ['attentionCleared', { code: 'hours-low', subject: '' }, 'subject: '],
    ])('%s %j is asked about', (name, input, expected) => {
      const year = listening();
      const before = JSON.stringify(year.state);
      expect(() => validate(name, input)).toThrow(expected);
      expect(JSON.stringify(year.state)).toBe(before);
    });

    it('names the same in a signal that is refused', () => {
      const year = listening();
      signal('monitoringPaused', { monitor: '', until: '2027-06-05' });
      expect(year.state.pauses).toEqual({});
      expect(JSON.stringify(year.state.rejected)).toContain('monitor: ');
    });

    it('takes a field that is left out as before', () => {
      const year = listening();
      signal('monitoringPaused', { until: '2027-06-05' });
      expect(year.state.pauses).toEqual({ all: { until: '2027-06-05' } });
    });
  });

  it('of a name that nobody declared is refused', () => {
    listening();
    expect(() => handlers().defaultUpdateHandler?.('noteAded')).toThrow(
      'there is no signal "noteAded"; did you mean "noteAdded"?',
    );
  });
});
