/**
 * `npm run save-histories`: plays histories with today's code, and saves them for the replay tests. A saved history is
 * never replaced: it proves that agreements that began under older code go on under newer code.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { openDb } from '../activities/db';
import { projectRoot } from '../worker/settings/configuration';
import { cloneDatabase } from '../worker/simulation/databases';
import { createProgressReporter } from '../worker/local/progress';
import { startStack } from '../worker/local/stack';
import { runsOf, simulate } from '../worker/simulation/simulate';
import { exampleContract } from './helpers/example';
import type { LiveMonitoring } from './helpers/live-monitoring';
import { startLiveMonitoring } from './helpers/live-monitoring';
import type { TestStack } from './helpers/stack';
import { rulesOf, stories, updatesOf, yearsOf } from './helpers/stories';

const dataDir = path.join(projectRoot, '.data/test');
const withoutTraces = (name: string, value: unknown): unknown => (name === 'stackTrace' ? undefined : value);
/** Saves a history without stack traces: they name folders of the machine, and no replay reads them. */
const save = (name: string, history: Parameters<typeof historyToJSON>[0]): void => {
  const day = new Date().toISOString().slice(0, 10);
  const file = path.join(__dirname, 'histories', `${day}-${name}.json`);
  writeFileSync(file, `${JSON.stringify(JSON.parse(historyToJSON(history), withoutTraces))}\n`);
};

/** A story may hold an update that is refused. @throws whatever else went wrong */
function unlessRefused(error: unknown): void {
  if (!(error instanceof WorkflowUpdateFailedError)) throw error;
}

/** Waits until a condition is true, long enough for mails grouped by the minute and for slow machines. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 180_000; !(await holds());) {
    if (Date.now() > deadline) throw new Error('monitoring did not get where its history is to be saved');
    await sleep(250);
  }
}

/** Plays monitoring in real time, from when all is well. */
async function playMonitoring(
  stack: TestStack,
  play: (live: LiveMonitoring, monitoring: WorkflowHandle) => Promise<void>,
): Promise<void> {
  const clone = await cloneDatabase(stack.databaseUrl, `histories_${process.pid}`);
  const db = openDb(clone.databaseUrl);
  const live = await startLiveMonitoring(stack, db);
  try {
    await until(async () => (await live.page().catch(() => undefined))?.checks.ok === 3);
    await play(live, live.client.workflow.getHandle(live.workflows.monitoring));
  } finally {
    await live.close();
    await db.close();
    await clone.drop();
  }
}

/** A shop breaks, the desk is mailed and answers, a pause, and all is well again. */
const saveMonitoring = (stack: TestStack): Promise<void> =>
  playMonitoring(stack, async (live, monitoring) => {
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
  });

/** Messages whose check or incident is given blank: they were taken as all, or as the only one, and are asked about now. */
const saveBlanks = (stack: TestStack): Promise<void> =>
  playMonitoring(stack, async (_, monitoring) => {
    for (const [name, input] of [
      ['monitorPaused', { monitor: '', until: '2099-01-01 08:30' }],
      ['monitorResumed', { monitor: ' ' }],
      ['incidentTaken', { incident: '' }],
    ] as const)
      await monitoring.signal(name, input);
    await until(async () => {
      const { raw } = await monitoring.describe();
      return raw.pendingActivities?.length === 0 && !raw.pendingWorkflowTask;
    });
    save('monitoring-blanks', await monitoring.fetchHistory());
  });

/** The stories to save; without arguments all. */
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
        contract: exampleContract(),
        rules: rulesOf(name),
        years: yearsOf(name),
        scenario,
        stack,
        cacheDir: path.join(dataDir, 'cache'),
        staffLanguage: 'sv',
        onStarted: async ({ client, workflowId, time }) => {
          await time.untilIdle();
          for (const [update, input] of updatesOf(name))
            await client.workflow
              .getHandle(workflowId)
              .executeUpdate(update, { args: [input] })
              .catch(unlessRefused);
        },
        onPlayed: async ({ client, workflowId, clocks }) => {
          const saveRun = async (as: string, id: string, number = 1): Promise<void> => {
            const run = (await runsOf(client, id))[number - 1];
            if (!run) throw new Error(`${id} has no run ${number}`);
            save(as, await client.workflow.getHandle(id, run.runId).fetchHistory());
          };
          await saveRun(name, workflowId);
          if (name === 'silent') for (const clock of clocks) await saveRun('digest-clock', clock);
          if (yearsOf(name) > 1) await saveRun(`${name}-carried`, workflowId, 2);
        },
      });
      step.done();
    }
    const monitored = { monitoring: saveMonitoring, 'monitoring-blanks': saveBlanks };
    for (const [name, saveIt] of Object.entries(monitored).filter(([each]) => isAsked(each))) {
      const step = log.step(name);
      await saveIt({ ...stack, cacheDir: path.join(dataDir, 'cache') });
      step.done();
    }
  } finally {
    await stack.stop();
  }
}

void main();
