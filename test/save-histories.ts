/**
 * Saves the histories that replay tests hold against the workflow code: `npm run save-histories`. Played by today's
 * code; a history once saved stays, so that agreements which began under older code are known to go on under newer.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { openDb } from '../activities/db';
import { projectRoot } from '../worker/configuration';
import { cloneDatabase } from '../worker/databases';
import { createProgressReporter } from '../worker/local/progress';
import { startStack } from '../worker/local/stack';
import { readText } from '../worker/read-contract-file';
import type { Scenario } from '../worker/scenario';
import { diligent, readScenario, scripted, silent } from '../worker/scenario';
import type { SimulationOptions } from '../worker/simulate';
import { runsOf, simulate } from '../worker/simulate';
import { changedLevel, from, rule } from './helpers/changed-rules';
import { exampleContract, workingRules } from './helpers/example';
import { startLiveMonitoring } from './helpers/live-monitoring';
import type { TestStack } from './helpers/stack';

const dataDir = path.join(projectRoot, '.data/test');
const contract = exampleContract();
const scenarioFile = path.join(projectRoot, 'examples/scenarios/testbolaget-year.json');

const stories: Record<string, SimulationOptions['scenario']> = {
  diligent: (db): Scenario => diligent(db, contract.agreement),
  silent: () => silent,
  'example-scenario': () => scripted(readScenario(readText(scenarioFile), scenarioFile).steps ?? []),
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
      { on: '2027-03-10', signal: 'hoursUsed', input: { hours: 100, ref: 'a' } },
      { on: '2027-03-11', signal: 'hoursCorrected', input: { ref: 'a', hours: 10 } },
      { on: '2027-04-01', signal: 'extraMeetingRequested', input: { on: '2027-04-20', at: '09:00' } },
      { on: '2027-04-14', signal: 'meetingBooked', input: { meeting: 2 } },
      { on: '2027-04-16', signal: 'meetingCancelled', input: { meeting: 2 } },
      { on: '2027-04-20', signal: 'meetingHeld', input: { meeting: 'extra-1' } },
      { on: '2027-04-21', signal: 'meetingBooked', input: { on: '2027-12-25' } },
      { on: '2027-05-10', signal: 'upgradePhaseCompleted', input: {} },
      { on: '2027-05-20', signal: 'integrationChecked', input: { ok: false } },
      { on: '2027-07-14', signal: 'meetingDeclined', input: { meeting: 3 } },
      { on: '2027-10-14', signal: 'meetingBooked', input: { meeting: 4 } },
    ]),
  terminated: () =>
    scripted([
      { on: '2027-02-16', signal: 'meetingHeld', input: {} },
      { on: '2027-02-17', signal: 'meetingHeld', input: { meeting: 9 } },
      { on: '2027-03-10', signal: 'hoursUsed', input: { hours: 100, ref: 'a' } },
      { on: '2027-05-31', signal: 'upgradePhaseCompleted', input: {} },
      { on: '2027-06-14', signal: 'agreementTerminated', input: { on: '2027-06-30' } },
    ]),
};

/** A year whose terms change by their date, whose price is raised and whose people read digests. */
const eventful = changedLevel(({ rules }) => {
  rules.push(rule('meetings', { perYear: 6 }, [from('2027-04-01')]));
  rules.push(rule('hourBank', { indexPercent: 3 }));
  rules.push(rule('notices', { digests: { consultant: 'monthly', manager: 'weekly' } }));
});
const rulesOf: Record<string, SimulationOptions['rules']> = {
  'dated-terms': { ruleset: eventful, texts: eventful.texts },
};

const save = (name: string, history: Parameters<typeof historyToJSON>[0]): void => {
  const day = new Date().toISOString().slice(0, 10);
  const file = path.join(__dirname, 'histories', `${day}-${name}.json`);
  writeFileSync(file, `${JSON.stringify(JSON.parse(historyToJSON(history)))}\n`);
};

/** Waits until something holds, for as long as a minute's grouping of mails and slow machines take. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 180_000; !(await holds());) {
    if (Date.now() > deadline) throw new Error('monitoring did not get where its history is to be saved');
    await sleep(250);
  }
}

/** Monitoring on the wall clock: a shop breaks, the desk is told and answers, a pause, and all is well again. */
async function saveMonitoring(stack: TestStack): Promise<void> {
  const clone = await cloneDatabase(stack.databaseUrl, `histories_${process.pid}`);
  const db = openDb(clone.databaseUrl);
  const live = await startLiveMonitoring(stack, db);
  try {
    const monitoring = live.client.workflow.getHandle(live.workflows.monitoring);
    await until(async () => (await live.page().catch(() => undefined))?.checks.ok === 3);
    await live.breakShop(true);
    await until(() => live.toDesk().length > 0);
    const incident = (await live.page()).incidents.find(({ monitor }) => monitor === 'shop')?.id;
    await monitoring.signal('incidentTaken', { incident });
    await monitoring.signal('monitorPaused', { monitor: 'orders', until: '2099-01-01' });
    await monitoring.signal('monitorPaused', {
      monitor: 'orders',
      until: new Date(Date.now() + 3.6e6).toISOString(),
    });
    await until(async () => (await live.page()).pauses.length > 0);
    await live.breakShop(false);
    await monitoring.signal('monitorResumed', { monitor: 'orders' });
    await until(() => live.toDesk().length > 1);
    for (const name of ['monitoring', 'central', 'site'] as const)
      save(
        name === 'monitoring' ? name : `watching-${name}`,
        await live.client.workflow.getHandle(live.workflows[name]).fetchHistory(),
      );
  } finally {
    await live.close();
    await db.close();
    await clone.drop();
  }
}

/** The stories to save; all without arguments. */
const asked = process.argv.slice(2);
const isAsked = (name: string): boolean => asked.length === 0 || asked.includes(name);

async function main(): Promise<void> {
  const log = createProgressReporter();
  const stack = await startStack({
    dataDir,
    environment: {},
    log,
    fsync: false,
  });
  try {
    for (const [name, scenario] of Object.entries(stories).filter(([each]) => isAsked(each))) {
      const step = log.step(name);
      await simulate({
        contract,
        rules: rulesOf[name] ?? workingRules(),
        years: 1,
        scenario,
        stack,
        cacheDir: path.join(dataDir, 'cache'),
        staffLanguage: 'sv',
        onPlayed: async ({ client, workflowId }) => {
          const [first] = await runsOf(client, workflowId);
          if (!first) throw new Error(`${workflowId} has no run`);
          const history = await client.workflow.getHandle(workflowId, first.runId).fetchHistory();
          save(name, history);
        },
      });
      step.done();
    }
    if (isAsked('monitoring')) {
      const step = log.step('monitoring');
      await saveMonitoring({ ...stack, cacheDir: path.join(dataDir, 'cache') });
      step.done();
    }
  } finally {
    await stack.stop();
  }
}

void main();
