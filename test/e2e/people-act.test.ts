import { completedPhase } from '../helpers/completed-phase';
import { scripted } from '../../worker/simulation/scenario';
import type { ScenarioStep } from '../../worker/simulation/scenario';
import type { YearStory } from '../../worker/simulation/timeline';
import { exampleContract } from '../helpers/example';
import { openMailbox } from '../helpers/mailbox';
import { play } from '../helpers/play';

const step = (on: string, signal: string, input: Record<string, unknown> = {}): ScenarioStep => ({
  on,
  signal,
  input,
});

const signals = (story: YearStory) =>
  story.timeline
    .filter(({ kind }) => kind === 'signal')
    .map(({ at, id, detail }) => `${at.slice(0, 10)} ${id}: ${detail}`);

describe('what people send', () => {
  it('takes an empty message as the step that is open, and says why it takes others not', async () => {
    const { years } = await play({
      until: '2027-02-27T12:00:00Z',
      scenario: () =>
        scripted([
          step('2027-02-16', 'meetingHeld'),
          step('2027-02-17', 'meetingHeld', { meeting: 1 }),
          step('2027-02-18', 'meetingHeld', { meeting: 9 }),
          step('2027-02-19', 'upgradePhaseCompleted', { phase: 'technical' }),
          step('2027-02-22', 'hoursUsed', { hours: 'many' }),
          step('2027-02-23', 'hoursUsed', { hours: 1.0001 }),
          step('2027-02-24', 'hoursUsed', { houres: 2 }),
          step('2027-02-25', 'hoursUsed', { hours: 2, agreement: 'another' }),
          step('2027-02-26', 'unheardOf', { x: 1 }),
        ]),
    });
    const [, , nine, technical, many, thousandths, misspelled, other, unheard] = signals(years[0]!);
    expect(signals(years[0]!).slice(0, 2)).toEqual([
      '2027-02-16 meetingHeld: by consultant (assumed), on 2027-02-16, obligation meeting-1',
      '2027-02-17 meetingHeld: by consultant (assumed), repeat true, obligation meeting-1',
    ]);
    expect(nine).toContain('rejected: meeting: förväntade ett av 1, 2, 3, 4, hittade 9');
    expect(technical).toMatch(/rejected: .*förkontroll måste vara klar före .*teknisk uppgradering/);
    expect(many).toContain('rejected: hours: förväntade timmar som 1,5 eller 1:30, hittade "many"');
    expect(thousandths).toContain(
      'rejected: hours: förväntade högst två decimaler, eller som 0:20, hittade 1.0001',
    );
    expect(misspelled).toContain('hittade houres');
    expect(other).toContain('det här är avtalet testbolaget-2027, meddelandet gäller "another"');
    expect(unheard).toContain('det finns ingen signal "unheardOf"; namnen står i listan');
    expect(years[0]!.hours.used).toBe(0);
  });

  it('understands names: of steps, and of people, who stand by their ids in what is kept', async () => {
    const { years } = await play({
      until: '2027-02-20T12:00:00Z',
      scenario: () =>
        scripted([
          step('2027-01-20', 'startStepCompleted', { step: 'Uppstartsmöte' }),
          step('2027-02-16', 'meetingHeld', {
            meeting: 'Förvaltningsmöte 1',
            participants: ['Karin Ek', 'konsulten'],
            actions: [{ what: 'a', owner: 'Johan' }],
          }),
          step('2027-02-17', 'noteAdded', { kind: 'utbildning', text: 'x' }),
          step('2027-02-18', 'meetingHeld', { meeting: 2, participants: ['Eva Ström'] }),
        ]),
    });
    const told = signals(years[0]!);
    expect(told[0]).toContain('obligation start/kickoff');
    expect(told[1]).toContain('obligation meeting-1');
    expect(told[2]).toContain('kind training');
    expect(told[3]).toContain('rejected: participants: förväntade ett av contact-1');
    expect(told.join()).not.toMatch(/Karin|Johan/);
  });

  it('books hours once when the same reference comes again', async () => {
    const hours = step('2027-03-10', 'hoursUsed', { hours: 2, ref: 'anna-1', by: 'anna' });
    const { years } = await play({
      until: '2027-03-12T12:00:00Z',
      scenario: () => scripted([hours, hours, step('2027-03-11', 'hoursUsed', { hours: 2 })]),
    });
    expect(years[0]!.hours.used).toBe(4);
    expect(signals(years[0]!).filter((line) => line.includes('samma ref'))).toHaveLength(1);
  });

  it('moves the rest of the upgrade when a phase is completed late', async () => {
    const { years } = await play({
      until: '2027-07-02T12:00:00Z',
      scenario: () =>
        scripted([
          step('2027-05-10', 'upgradePhaseCompleted', completedPhase('plan')),
          step('2027-06-30', 'upgradePhaseCompleted', completedPhase('precheck')),
        ]),
    });
    const mails = years[0]!.timeline.filter(
      ({ kind, id }) => kind === 'mail' && id.startsWith('upgrade/technical'),
    );
    expect(mails[0]).toMatchObject({
      id: 'upgrade/technical/start',
      at: expect.stringMatching(/^2027-07-01T08:30/) as string,
    });
    expect(years[0]!.timeline.filter(({ kind, id }) => kind === 'decision' && id === 'plan-2')).toHaveLength(
      1,
    );
  });

  it('ends early in order: nothing rolls over, the final statement goes out, the workflow comes to its end', async () => {
    const { years } = await play({
      years: 2,
      scenario: () =>
        scripted([
          step('2027-03-10', 'hoursUsed', { hours: 20 }),
          step('2027-04-12', 'agreementTerminated', { on: '2027-04-30', reason: 'sold' }),
        ]),
    });
    expect(years).toHaveLength(1);
    const [story] = years;
    expect(story).toMatchObject({ outcome: 'terminated', hours: { used: 20, rolledOut: 0, expired: 100 } });
    expect(story!.timeline.find(({ id }) => id === 'terminated')?.at).toMatch(/^2027-05-01T00:00/);
    const after = story!.mails.filter(({ at }) => at > '2027-05-01');
    expect(new Set(after.map(({ at, template }) => `${at.slice(0, 16)} ${template}`))).toEqual(
      new Set(['2027-05-07T08:30 hour-statement', '2027-05-07T08:30 year-summary']),
    );
  });
});

describe('notice given for a day', () => {
  it('is refused for a day that has passed, and waits for its year when that is the next', async () => {
    const { years } = await play({
      years: 2,
      scenario: () =>
        scripted([
          step('2027-06-01', 'agreementTerminated', { on: '2027-05-01' }),
          step('2027-06-02', 'agreementTerminated', { on: '2028-02-29' }),
        ]),
    });
    expect(signals(years[0]!)[0]).toContain(
      'rejected: on: förväntade i dag eller en senare dag, hittade 2027-05-01',
    );
    expect(years.map(({ outcome, hours }) => [outcome, hours.rolledIn, hours.rolledOut])).toEqual([
      ['unfulfilled', 0, 24],
      ['terminated', 24, 0],
    ]);
    expect(years[1]!.timeline.find(({ id }) => id === 'terminated')?.at).toMatch(/^2028-03-01T00:00/);
  });
});

describe('an agreement that starts in the past', () => {
  it('mails nothing overdue and spreads what is left', async () => {
    const contract = exampleContract({ signedOn: '2027-07-01', startsOn: '2027-01-01' });
    const { years } = await play({ contract });
    const [story] = years;
    expect(story!.mails.every(({ at }) => at >= '2027-07-01')).toBe(true);
    const first = story!.timeline
      .filter(({ kind, at }) => kind === 'mail' && at < '2027-07-09')
      .map(({ id }) => id);
    expect(first.filter((id) => /overdue|escalate/.test(id))).toEqual([]);
    const called = new Set(story!.timeline.filter(({ id }) => id.endsWith('/call')).map(({ id }) => id));
    expect(called.size).toBe(2 + 1);
  });
});

describe('an address that refuses', () => {
  it('leaves the others served, raises attention and is told to the consultant once', async () => {
    const mailbox = await openMailbox();
    const contract = exampleContract();
    const gone = contract.contacts.customer[0]!.email;
    mailbox.refuses.add(gone);
    const booked = ['2027-01-18', '2027-04-19', '2027-08-02', '2027-10-18'];
    const { years } = await play({
      contract,
      smtpUrl: mailbox.smtpUrl,
      scenario: () => scripted(booked.map((on) => step(on, 'meetingBooked'))),
    });
    await mailbox.close();
    const mails = years[0]!.timeline.filter(({ kind }) => kind === 'mail');
    expect(
      mails
        .filter(({ detail }) => detail.startsWith(gone))
        .every(({ detail }) => detail.endsWith('(refused)')),
    ).toBe(true);
    expect(mails.filter(({ id }) => id.startsWith('contact/'))).toHaveLength(1);
    expect(
      mailbox.mails.filter(({ subject }) => subject?.includes('Inbjudan')).length,
    ).toBeGreaterThanOrEqual(4);
    expect(years[0]!.timeline.filter(({ id }) => id === 'address-refused')).toHaveLength(1);
    expect(years[0]!.outcome).toBe('unfulfilled');
  });
});
