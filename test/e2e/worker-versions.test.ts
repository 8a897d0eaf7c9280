/**
 * Versions of the worker, each a process, run at once while messages arrive: runs are moved to the newer one, back is gone,
 * the older one is killed. Nothing is lost, nothing is repeated, nothing is stuck.
 */
import type { ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { listSick } from '../../activities/health/health';
import { addMonths } from '../../rules/engine/calendar/dates';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Contract } from '../../rules/engine/contract/contract';
import { goBack } from '../../worker/deploy/go-back';
import { cohortOf, groupsOf, moveRuns, withVersions } from '../../worker/deploy/move';
import { readStandingOf } from '../../worker/deploy/standing';
import { carryOutCure } from '../../worker/health/cure';
import { createHealthLook } from '../../worker/health/look';
import { planCure } from '../../worker/health/plan-cure';
import { describe as describeRun } from '../../worker/health/workflows';
import { workflowBundle } from '../../worker/temporal/workflow-bundle';
import { bundleWith } from '../helpers/bundle-with';
import {
  listRuns,
  makeCurrent,
  makeRamping,
  readRouting,
  showServed,
} from '../../worker/temporal/deployment';
import { monitoringIdOf, workflowIdOf } from '../../worker/temporal/start-agreement';
import { tellMonitoring } from '../../worker/temporal/start-monitoring';
import { eventually } from '../activities/signed-agreement';
import type { LiveAgreements } from '../helpers/live-agreements';
import { startLiveAgreements } from '../helpers/live-agreements';
import { testStack } from '../helpers/stack';
import { ended, startedScript } from '../helpers/worker-process';

const today = localDateOf(new Date().toISOString());
/** An agreement in the first month of its year. */
const begun = { signedOn: addMonths(today, -1), startsOn: `${today.slice(0, 7)}-01` };

let live: LiveAgreements;
const processes: ChildProcess[] = [];
const contracts: Contract[] = [];

const planned = (agreement: string): Promise<void> =>
  eventually(`${agreement} is planned`, async () => {
    const plans = await live.db.query('select 1 from plans where agreement = $1', [agreement]);
    return plans.length > 0;
  });

async function startVersion(build: string): Promise<ChildProcess> {
  const { temporalAddress, namespace, cacheDir } = testStack();
  const { taskQueue, databaseUrl, mailbox } = live;
  const options = { temporalAddress, namespace, cacheDir, taskQueue, databaseUrl, build };
  const child = await startedScript(require.resolve('../helpers/run-version.ts'), {
    ...options,
    smtpUrl: mailbox.smtpUrl,
  });
  processes.push(child);
  return child;
}

const ids = (): string[] =>
  contracts.flatMap(({ agreement }) => [workflowIdOf(agreement), monitoringIdOf(agreement)]);

/** The version of each workflow; agreements without a number, as they are named at random. */
async function versions(): Promise<Record<string, string | undefined>> {
  const runs = await Promise.all(ids().map(async (id) => [id, (await describeRun(live.client, id))?.build]));
  return Object.fromEntries(runs) as Record<string, string | undefined>;
}

const on = async (build: string): Promise<string[]> =>
  Object.entries(await versions()).flatMap(([id, version]) => (version === build ? [id] : []));

/** Everything rests on a version. */
const allOn = (build: string): Promise<void> =>
  eventually(`all is on ${build}`, async () => (await on(build)).length === ids().length);

let sent = 0;
let sending = true;
/** Books a minute on each agreement in turn, on and on. */
async function sendHours(): Promise<void> {
  while (sending) {
    for (const { agreement } of contracts)
      await live.client.workflow
        .getHandle(workflowIdOf(agreement))
        .signal('hoursUsed', { hours: '0:01', kind: 'support', ref: `entry-${sent}` });
    sent += 1;
    await pause(400);
  }
}

const deployed = () => ({ client: live.client, taskQueue: live.taskQueue, db: live.db });

beforeAll(async () => {
  live = await startLiveAgreements({ holdMinutes: 0 });
  for (let count = 0; count < 4; count += 1) contracts.push(await live.sign(begun));
  for (const { agreement } of contracts) await planned(agreement);
});

afterAll(async () => {
  sending = false;
  for (const { agreement } of contracts)
    await live.client.workflow.getHandle(monitoringIdOf(agreement)).terminate('the test is over');
  for (const child of processes) if (child.exitCode === null && !child.killed) await ended(child, 'SIGKILL');
  await live.close();
});

it('moves live agreements between versions, and away from one that was killed, while hours are reported', async () => {
  const hoursSent = sendHours();
  // What ran before there were versions is taken over, beside the worker that it began with.
  const first = await startVersion('1.0-a');
  await live.worker.stop();
  for (const contract of contracts)
    await tellMonitoring(live.client, contract, {}, { taskQueue: live.taskQueue, language: 'sv' });
  await allOn('1.0-a');

  await startVersion('1.1-b');
  expect(await on('1.1-b')).toEqual([]);
  await withVersions(live.db, () => makeRamping(deployed(), '1.1-b'));
  const groups = groupsOf(await listRuns(deployed()));
  const [some, ...rest] = cohortOf(groups, 20);
  expect(rest).toEqual([]);
  expect(await moveRuns(deployed(), [some!], { to: '1.1-b', ramping: true })).toMatchObject({ moved: 2 });
  expect((await on('1.1-b')).sort()).toEqual([workflowIdOf(some!.name), monitoringIdOf(some!.name)].sort());

  // The promotion is called off after its first agreement: the others stay, and so does what was moved.
  await withVersions(live.db, () => makeCurrent(deployed(), '1.1-b'));
  let calledOff: Promise<void> | undefined;
  const left = groups.filter(({ name }) => name !== some!.name);
  const promotion = await moveRuns(
    {
      ...deployed(),
      atATime: 1,
      onProgress: () => {
        calledOff ??= withVersions(live.db, () => makeCurrent(deployed(), '1.0-a'));
      },
    },
    left,
    { to: '1.1-b', ramping: false },
  );
  await calledOff;
  expect(promotion).toMatchObject({ moved: 2, overtaken: true });
  expect(await on('1.1-b')).toHaveLength(4);

  // Called off in the middle of a batch: what had not moved of an agreement follows what had.
  await withVersions(live.db, () => makeCurrent(deployed(), '1.1-b'));
  const half = left[1]!.runs.filter(({ type }) => type === 'agreementYear');
  const offer = { to: '1.1-b', ramping: false };
  expect(await moveRuns(deployed(), [{ ...left[1]!, runs: half }], offer)).toMatchObject({ moved: 1 });
  expect(await on('1.1-b')).toHaveLength(5);
  expect(await goBack(deployed(), '1.1-b', '1.0-a')).toEqual([]);
  expect(await on('1.1-b')).toHaveLength(6);
  expect(await readRouting(deployed())).toMatchObject({ current: '1.0-a', ramping: undefined });

  // The first version's process dies: what is left of it goes on with the other one, which becomes current.
  await ended(first, 'SIGKILL');
  await allOn('1.1-b');
  expect((await readStandingOf(deployed()))?.current).toBe('1.1-b');

  // And on to a third, all the way.
  await startVersion('1.2-c');
  await withVersions(live.db, () => makeCurrent(deployed(), '1.2-c'));
  const all = groupsOf(await listRuns(deployed()));
  expect(await moveRuns(deployed(), all, { to: '1.2-c', ramping: false })).toMatchObject({
    moved: 8,
    late: [],
    failing: [],
  });
  expect(await on('1.2-c')).toHaveLength(8);

  sending = false;
  await hoursSent;
  const expected = Array.from({ length: sent }, (_none, index) => `entry-${index}`).sort();
  for (const { agreement } of contracts) {
    const booked = async (): Promise<string[]> =>
      (
        await live.db.query<{ ref: string }>(
          'select ref from hour_entries join hour_entry_refs on entry = id where agreement = $1 order by ref',
          [agreement],
        )
      ).map(({ ref }) => ref);
    await eventually(`${agreement} booked the last`, async () => (await booked()).length >= sent);
    expect(await booked()).toEqual(expected);
  }
  const mails = await live.db.query<{ key: string; state: string }>('select key, state from mails');
  expect(mails.length).toBeGreaterThan(contracts.length);
  const standing = await readStandingOf(deployed());
  expect(standing?.versions.flatMap(({ unwell, raised }) => [...unwell, ...raised])).toEqual([]);
  const messageIds = live.mailbox.mails.map(({ messageId }) => messageId);
  expect(new Set(messageIds).size).toBe(messageIds.length);
});

it('leaves alone what cannot go on, says so for as long as it waits, and has it cured', async () => {
  const odd = '2.0-odd';
  const release = await showServed(live.db, live.taskQueue, odd);
  await live.worker.start(await bundleWith('another-command'), odd);
  await eventually(`${odd} is known`, async () =>
    Boolean((await readStandingOf(deployed()))?.versions.some(({ build }) => build === odd)),
  );
  await makeCurrent(deployed(), odd);
  const { agreement } = await live.sign(begun);
  await planned(agreement);
  const id = workflowIdOf(agreement);
  await live.worker.stop();
  await release();

  const options = {
    ...deployed(),
    language: 'sv' as const,
    workflowBundle: await workflowBundle(testStack().cacheDir),
    log: () => undefined,
  };
  const findings = async () => (await listSick(live.db)).filter(({ workflowId }) => workflowId === id);
  await eventually(`${agreement} is told of`, async () => (await findings()).length > 0);
  await createHealthLook(options).look();
  expect(await findings()).toMatchObject([{ kind: 'failing', code: 'leftBehind', agreement }]);
  expect((await describeRun(live.client, id))?.build).toBe(odd);
  expect(await on('1.2-c')).toHaveLength(8);

  expect(await carryOutCure(options, await planCure(options, id))).toMatchObject({ cured: true });
  expect((await describeRun(live.client, id))?.build).toBe('1.2-c');
});
