/** Scripts of whole years for tests: who does what, under which rules. */
import path from 'node:path';
import { inviteTester } from '../../activities/agreements/testers';
import type { Db } from '../../activities/db';
import { projectRoot } from '../../worker/settings/configuration';
import { readText } from '../../worker/files/read-contract-file';
import type { Scenario, ScenarioStep } from '../../worker/simulation/scenario';
import { diligent, readScenario, scripted, silent } from '../../worker/simulation/scenario';
import type { SimulationOptions } from '../../worker/simulation/simulate';
import { changedLevel, from, rule } from './changed-rules';
import { completedPhase } from './completed-phase';
import { exampleContract, workingRules } from './example';

const contract = exampleContract();
const scenarioFile = path.join(projectRoot, 'examples/scenarios/testbolaget-year.json');

/** A phase of the upgrade with all it owes, or with what is said instead. */
const phaseDone = (on: string, phase: string, said?: Record<string, unknown>): ScenarioStep => ({
  on,
  signal: 'upgradePhaseCompleted',
  input: said ? { phase, ...said } : completedPhase(phase, on),
});

/** A test case that somebody reported. */
const tested = (on: string, input: Record<string, unknown>): ScenarioStep => ({
  on,
  signal: 'customerTested',
  input,
});

/** Whom the system owner invites to test, and the hash of a picture. */
const testers = ['tester-1', 'tester-2'];
const picture = 'a'.repeat(64);

/** Puts the testers where the test page does, and then plays the steps. */
function afterInviting(db: Db, steps: ScenarioStep[]): Scenario {
  const play = scripted(steps);
  let invited = false;
  return async (year, to) => {
    if (!invited)
      for (const name of testers)
        await inviteTester(db, contract.agreement, 1, {
          ...{ name, email: `${name}@testbolaget.example.com`, language: 'sv', processes: [] },
          ...{ invitedBy: 'contact-2', at: '2027-11-26T11:00:00.000Z' },
        });
    invited = true;
    return play(year, to);
  };
}

/** The scenario of each story, played with the example's contract. */
export const stories: Record<string, SimulationOptions['scenario']> = {
  diligent: (db): Scenario => diligent(db, contract.agreement),
  silent: () => silent,
  'example-scenario': () => scripted(readScenario(readText(scenarioFile), scenarioFile).steps ?? []),
  /** Fails in the technical phase and in the test of December, is taken up in January and approved in February. */
  upgrade: () =>
    scripted([
      phaseDone('2027-05-10', 'plan'),
      phaseDone('2027-05-20', 'precheck'),
      {
        on: '2027-05-25',
        signal: 'upgradePhaseFailed',
        input: { phase: 'technical', reason: 'the database could not be converted', by: 'anna' },
      },
      phaseDone('2027-11-03', 'plan'),
      phaseDone('2027-11-05', 'precheck'),
      phaseDone('2027-11-09', 'technical'),
      {
        on: '2027-11-15',
        signal: 'integrationChecked',
        input: { integration: 'payroll-vouchers', ok: false, note: 'refuses the file' },
      },
      phaseDone('2027-11-16', 'integrations', { passed: 'all', except: ['payroll-vouchers'] }),
      phaseDone('2027-11-17', 'integrations', {
        ...{ passed: 'all', except: ['payroll-vouchers'], acceptedBy: 'manager' },
        reason: 'loaded by hand until the partner has mended it',
      }),
      {
        on: '2027-12-14',
        signal: 'customerTested',
        input: { module: 'pector-import', ok: false, note: 'x' },
      },
      {
        on: '2027-12-15',
        signal: 'upgradePhaseFailed',
        input: { phase: 'test', then: 'again', reason: 'the import stops at the first row' },
      },
      { on: '2028-01-12', signal: 'customerTested', input: { module: 'pector-import', ok: true } },
      phaseDone('2028-01-13', 'test', { session: '2028-01-12', passed: 'all' }),
      phaseDone('2028-02-03', 'approval'),
    ]),
  /**
   * Testers are invited; a session is booked and moved past the New Year; one case is answered and tested again, another still is to be in
   * January.
   */
  'guided-test': (db) =>
    afterInviting(db, [
      phaseDone('2027-05-10', 'plan', { on: '2027-11-22', passed: 'all' }),
      phaseDone('2027-05-20', 'precheck'),
      phaseDone('2027-11-22', 'technical'),
      phaseDone('2027-11-24', 'integrations'),
      {
        on: '2027-11-25',
        signal: 'testSessionBooked',
        input: { on: '2027-12-14', at: '09:00', place: 'Teams' },
      },
      ...testers.map((tester) => ({
        on: '2027-11-26',
        signal: 'testerInvited',
        input: { tester, by: 'contact-2' },
      })),
      tested('2027-12-03', { case: 'order-to-invoice.1', by: 'tester-1' }),
      tested('2027-12-06', {
        case: 'bank-files.1',
        ok: false,
        note: 'x',
        by: 'tester-2',
        pictures: [picture],
      }),
      { on: '2027-12-07', signal: 'testAnswered', input: { note: 'y', retest: true } },
      tested('2027-12-08', { case: 'bank-files.1', by: 'tester-2' }),
      tested('2027-12-09', { case: 'stock.1', notApplicable: true, by: 'contact-3' }),
      { on: '2027-12-13', signal: 'testSessionBooked', input: { on: '2028-01-11' } },
      tested('2027-12-20', { case: 'vat.1', ok: false, note: 'z', by: 'contact-2' }),
      { on: '2027-12-21', signal: 'testAnswered', input: { case: 'vat.1', retest: true } },
      tested('2028-01-10', { case: 'vat.1', by: 'tester-1' }),
      {
        on: '2028-01-12',
        signal: 'upgradePartChecked',
        input: { phase: 'test', part: 'session', on: '2028-01-11' },
      },
      tested('2028-01-13', {}),
      phaseDone('2028-01-14', 'approval'),
      { on: '2028-01-20', signal: 'agreementTerminated', input: { on: '2028-01-31' } },
    ]),
  'dated-terms': () =>
    scripted([
      { on: '2027-02-16', signal: 'meetingHeld', input: {} },
      { on: '2027-08-20', signal: 'priceApproved', input: { by: 'erik' } },
      { on: '2027-10-01', signal: 'priceApproved', input: { pricePerHour: 1480, by: 'erik' } },
    ]),
  meetings: () =>
    scripted([
      { on: '2027-01-13', signal: 'meetingBooked', input: { meeting: 1, on: '2027-02-17', at: '13:00' } },
      { on: '2027-01-20', signal: 'meetingBooked', input: { meeting: 1, on: '2027-03-30', place: 'Teams' } },
      { on: '2027-01-21', signal: 'stepUndone', input: {} },
      {
        on: '2027-02-17',
        signal: 'meetingHeld',
        input: { minutes: 75, decisions: ['a'], actions: ['b', 'c'] },
      },
      { on: '2027-02-18', signal: 'noteAdded', input: { kind: 'training', text: 'x' } },
      { on: '2027-02-19', signal: 'improvementAdded', input: { title: 'y', hours: 3 } },
      { on: '2027-03-02', signal: 'actionDone', input: { action: 1 } },
      { on: '2027-03-10', signal: 'hoursUsed', input: { hours: 100, confirm: true, ref: 'a' } },
      { on: '2027-03-11', signal: 'hoursCorrected', input: { ref: 'a', hours: 10 } },
      { on: '2027-04-01', signal: 'extraMeetingRequested', input: { on: '2027-04-20', at: '09:00' } },
      { on: '2027-04-14', signal: 'meetingBooked', input: { meeting: 2 } },
      { on: '2027-04-16', signal: 'meetingCancelled', input: { meeting: 2 } },
      { on: '2027-04-20', signal: 'meetingHeld', input: { meeting: 'extra-1' } },
      { on: '2027-04-21', signal: 'meetingBooked', input: { on: '2027-12-25' } },
      { on: '2027-05-10', signal: 'upgradePhaseCompleted', input: completedPhase('plan') },
      { on: '2027-05-20', signal: 'integrationChecked', input: { ok: false } },
      { on: '2027-07-14', signal: 'meetingDeclined', input: { meeting: 3 } },
      { on: '2027-10-14', signal: 'meetingBooked', input: { meeting: 4 } },
    ]),
  /** Hours passed on a Sunday, undone, corrected, passed again; a wrong mail's step; a price approved late. */
  hours: () =>
    scripted([
      { on: '2027-02-07', signal: 'hoursUsed', input: { hours: 97, confirm: true, ref: 'a' } },
      { on: '2027-02-07', signal: 'stepUndone', input: {} },
      { on: '2027-02-08', signal: 'hoursUsed', input: { hours: 97, confirm: true, ref: 'b' } },
      { on: '2027-02-08', signal: 'hoursCorrected', input: { ref: 'b', hours: 50, confirm: true } },
      { on: '2027-03-14', signal: 'hoursUsed', input: { hours: 71, confirm: true, ref: 'c' } },
      { on: '2027-03-15', signal: 'hoursUsed', input: { hours: 'twelve' } },
      { on: '2027-03-16', signal: 'noteAdded', input: { kind: 'training', text: 'x' } },
      { on: '2027-04-14', signal: 'meetingBooked', input: { meeting: 2, on: '2027-05-18' } },
      { on: '2027-04-14', signal: 'stepUndone', input: {} },
      { on: '2027-04-15', signal: 'meetingBooked', input: { meeting: 2, on: '2027-05-19' } },
      { on: '2027-05-12', signal: 'meetingCancelled', input: { meeting: 2 } },
      { on: '2027-06-01', signal: 'meetingDeclined', input: { meeting: 2 } },
      { on: '2027-12-30', signal: 'hoursUsed', input: { hours: 8, ref: 'd' } },
      { on: '2027-12-31', signal: 'hoursUsed', input: { hours: 2.25, ref: 'e', service: 'development' } },
    ]),
  /** Numbers as people wrote them while `Number` read them: some were taken for another number, some refused. */
  numbers: () =>
    scripted([
      { on: '2027-03-08', signal: 'hoursUsed', input: { hours: '0x10', ref: 'a' } },
      { on: '2027-03-09', signal: 'hoursUsed', input: { hours: '1e1', ref: 'b' } },
      { on: '2027-03-10', signal: 'hoursUsed', input: { hours: '1 000,5', ref: 'c' } },
      { on: '2027-03-11', signal: 'hoursUsed', input: { hours: '2,5', ref: 'd' } },
      { on: '2027-03-12', signal: 'hoursCorrected', input: { ref: 'a', hours: '.5' } },
      { on: '2027-06-01', signal: 'agreementTerminated', input: { on: '2027-06-30' } },
    ]),
  /** Lengths of meetings as people write them: refused while minutes were a number. */
  minutes: () =>
    scripted([
      { on: '2027-01-13', signal: 'meetingBooked', input: { meeting: 1, on: '2027-02-17', minutes: '1:30' } },
      { on: '2027-02-18', signal: 'meetingHeld', input: { meeting: 1, minutes: '1 tim 15 min' } },
      { on: '2027-06-01', signal: 'agreementTerminated', input: { on: '2027-06-30' } },
    ]),
  /** Changes of contacts, rules and consultant while somebody is invited, and while the customer tests. */
  contacts: () =>
    scripted([
      { on: '2027-01-13', signal: 'meetingBooked', input: { meeting: 1, on: '2027-02-17' } },
      { on: '2027-01-20', signal: 'contractChanged', input: { change: 1 } },
      { on: '2027-01-21', signal: 'contractChanged', input: { change: 2, consultant: 'konsult-9' } },
      { on: '2027-01-22', signal: 'termsChanged', input: { ruleset: 'a' } },
      { on: '2027-01-25', signal: 'meetingCancelled', input: { meeting: 1 } },
      { on: '2027-05-10', signal: 'upgradePhaseCompleted', input: completedPhase('plan') },
      { on: '2027-05-24', signal: 'upgradePhaseCompleted', input: completedPhase('precheck') },
      { on: '2027-06-07', signal: 'upgradePhaseCompleted', input: completedPhase('technical', '2027-06-07') },
      { on: '2027-06-16', signal: 'contractChanged', input: { change: 3 } },
      { on: '2027-06-21', signal: 'agreementTerminated', input: { on: '2027-06-30' } },
    ]),
  /** Slips of a consultant that were taken before they were asked about: overlaps, a night, a day of another year. */
  slips: () =>
    scripted([
      { on: '2027-01-13', signal: 'meetingBooked', input: { meeting: 1, on: '2027-02-17', at: '10:00' } },
      { on: '2027-01-14', signal: 'meetingBooked', input: { meeting: 2, on: '2027-02-17', at: '10:30' } },
      {
        on: '2027-01-15',
        signal: 'extraMeetingRequested',
        input: { on: '2027-03-02', at: '23:45', minutes: 480 },
      },
      { on: '2027-02-18', signal: 'meetingHeld', input: { meeting: 1, on: '2026-02-17' } },
      { on: '2027-03-03', signal: 'meetingHeld', input: { meeting: 'extra-1' } },
      { on: '2027-03-04', signal: 'agreementTerminated', input: { on: '2027-03-10' } },
    ]),
  /** Bookings that the consultant's other agreements are asked about, and some that need no asking. */
  bookings: () =>
    scripted([
      { on: '2027-01-13', signal: 'meetingBooked', input: { meeting: 1, on: '2027-02-17' } },
      { on: '2027-01-14', signal: 'meetingBooked', input: { meeting: 1, place: 'Teams' } },
      { on: '2027-01-15', signal: 'meetingBooked', input: { meeting: 'möte 2', on: '2027-03-17' } },
      { on: '2027-01-15', signal: 'stepUndone', input: {} },
      { on: '2027-01-18', signal: 'extraMeetingRequested', input: { on: '2027-03-02', confirmed: true } },
      { on: '2027-01-19', signal: 'extraMeetingRequested', input: { on: '2027-03-03', at: '13:00' } },
      { on: '2027-03-04', signal: 'agreementTerminated', input: { on: '2027-03-10' } },
    ]),
  /** What `updatesOf` sends on the first day, then an early end. */
  updates: () => scripted([{ on: '2027-01-20', signal: 'agreementTerminated', input: { on: '2027-01-31' } }]),
  /** What `updatesOf` sends on the first day, hours corrected and taken back, and slips that were booked once. */
  'late-hours': () =>
    scripted([
      { on: '2027-01-18', signal: 'hoursUsed', input: { hours: 2, ref: 'a' } },
      { on: '2027-01-19', signal: 'hoursCorrected', input: { ref: 'a', hours: 1 } },
      { on: '2027-01-20', signal: 'stepUndone', input: {} },
      { on: '2027-01-21', signal: 'hoursUsed', input: { hours: 30, ref: 'b' } },
      { on: '2027-01-22', signal: 'hoursUsed', input: { hours: 1, kind: 'fika', ref: 'c' } },
      { on: '2027-01-25', signal: 'hoursUsed', input: { hours: 3, ref: 'a' } },
      { on: '2027-01-26', signal: 'agreementTerminated', input: { on: '2027-01-31' } },
    ]),
  /** A threshold of the hour bank that a slip had passed is taken back. */
  'taken-back': () =>
    scripted([
      { on: '2027-01-18', signal: 'hoursUsed', input: { hours: 110, confirm: true, ref: 'a' } },
      { on: '2027-01-20', signal: 'hoursCorrected', input: { ref: 'a', hours: 11 } },
      { on: '2027-01-26', signal: 'agreementTerminated', input: { on: '2027-01-31' } },
    ]),
  /** Two thresholds of the hour bank on a Sunday, and a correction by which only the lower one is reached. */
  'two-alerts': () =>
    scripted([
      { on: '2027-01-17', signal: 'hoursUsed', input: { hours: 92, confirm: true, ref: 'a' } },
      { on: '2027-01-17', signal: 'hoursUsed', input: { hours: 20, ref: 'b' } },
      { on: '2027-01-23', signal: 'hoursUsed', input: { hours: 10, ref: 'c' } },
      { on: '2027-01-23', signal: 'hoursCorrected', input: { ref: 'c', hours: 1 } },
      { on: '2027-01-24', signal: 'hoursCorrected', input: { ref: 'a', hours: 5, confirm: true } },
      { on: '2027-01-26', signal: 'hoursUsed', input: { hours: 110, confirm: true, ref: 'd' } },
      { on: '2027-01-26', signal: 'hoursCorrected', input: { ref: 'd', hours: 80, confirm: true } },
      { on: '2027-01-27', signal: 'agreementTerminated', input: { on: '2027-01-31' } },
    ]),
  /** An update that is refused once somebody was looked up, and then the same as a signal. */
  refused: () =>
    scripted([
      { on: '2027-01-18', signal: 'meetingHeld', input: { participants: ['Eva Ström'] } },
      { on: '2027-01-20', signal: 'agreementTerminated', input: { on: '2027-01-31' } },
    ]),
  /** Names as people write them where the code of the time took ids alone: most were refused. */
  names: () =>
    scripted([
      { on: '2027-01-20', signal: 'startStepCompleted', input: { step: 'Uppstartsmöte' } },
      { on: '2027-02-16', signal: 'meetingHeld', input: { meeting: 'Förvaltningsmöte 1' } },
      { on: '2027-02-17', signal: 'meetingHeld', input: { meeting: 1, participants: ['Eva Ström'] } },
      { on: '2027-02-18', signal: 'meetingHeld', input: { actions: [{ what: 'a', owner: 'Kunden' }] } },
      { on: '2027-02-19', signal: 'noteAdded', input: { kind: 'utbildning', text: 'x' } },
      { on: '2027-02-22', signal: 'improvementAdded', input: { title: 'Fakturor som e-post' } },
      { on: '2027-02-23', signal: 'improvementDecided', input: { decision: 'ja' } },
      { on: '2027-02-24', signal: 'monitoringPaused', input: { monitor: 'alla', until: '2027-03-01' } },
      { on: '2027-02-25', signal: 'hoursUsed', input: { hours: 2, kind: 'Utbildning', ref: 'a' } },
      {
        on: '2027-05-10',
        signal: 'upgradePhaseCompleted',
        input: { ...completedPhase('plan'), phase: 'planering' },
      },
      { on: '2027-05-20', signal: 'integrationChecked', input: { integration: 'webshop orders' } },
      { on: '2027-05-21', signal: 'customerTested', input: { module: 'Visma Business', ok: false } },
      { on: '2027-06-01', signal: 'agreementTerminated', input: { on: '2027-06-30' } },
    ]),
  /** An end that is taken back, and one that is said twice: what it struck of the renewal stayed struck. */
  reopened: () =>
    scripted([
      { on: '2027-07-05', signal: 'agreementTerminated', input: { on: '2027-09-30', reason: 'a' } },
      { on: '2027-07-06', signal: 'stepUndone', input: {} },
      { on: '2027-08-20', signal: 'priceApproved', input: { pricePerHour: 1480, by: 'erik' } },
      { on: '2027-08-23', signal: 'agreementTerminated', input: { on: '2027-09-30', reason: 'b' } },
      { on: '2027-08-24', signal: 'agreementTerminated', input: { on: '2028-06-30', reason: 'c' } },
      { on: '2027-10-01', signal: 'agreementTerminated', input: { on: '2027-10-08', reason: 'd' } },
    ]),
  terminated: () =>
    scripted([
      { on: '2027-02-16', signal: 'meetingHeld', input: {} },
      { on: '2027-02-17', signal: 'meetingHeld', input: { meeting: 9 } },
      { on: '2027-03-10', signal: 'hoursUsed', input: { hours: 100, confirm: true, ref: 'a' } },
      { on: '2027-05-31', signal: 'upgradePhaseCompleted', input: completedPhase('plan') },
      { on: '2027-06-14', signal: 'agreementTerminated', input: { on: '2027-06-30' } },
    ]),
};

/** How many years of a story are played. */
export const yearsOf = (story: string): number => (story === 'guided-test' ? 2 : 1);

/** The updates that a story sends as soon as it is played. */
export const updatesOf = (story: string): [name: string, input: object][] => {
  if (story === 'refused') return [['meetingHeld', { participants: ['Eva Ström'] }]];
  if (story === 'late-hours')
    return [
      ['hoursUsed', { hours: 1, ref: 'u' }],
      ['hoursUsed', { hours: 1, ref: 'u' }],
    ];
  return story === 'updates'
    ? [
        ['noteAdded', { text: 'x' }],
        ['meetingBooked', { meeting: 1, on: '2027-02-17' }],
        ['meetingBooked', { meeting: 1, on: '2027-02-17' }],
        ['priceApproved', { pricePerHour: 1480, by: 'erik' }],
        ['startStepCompleted', {}],
        ['stepUndone', {}],
        ['meetingCancelled', { meeting: 1 }],
      ]
    : [];
};

/** Rules for a year with terms that change on a date, a raised price, and readers of digests. */
const eventful = changedLevel(({ rules }) => {
  rules.push(rule('meetings', { perYear: 6 }, [from('2027-04-01')]));
  rules.push(rule('hourBank', { indexPercent: 3 }));
  rules.push(rule('notices', { digests: { consultant: 'monthly', manager: 'weekly' } }));
});

/** The rules of a story. */
export const rulesOf = (story: string): SimulationOptions['rules'] =>
  ['dated-terms', 'reopened'].includes(story) ? { ruleset: eventful, texts: eventful.texts } : workingRules();
