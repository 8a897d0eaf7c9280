/**
 * Plays an agreement's years on the real server in virtual time, apart from live agreements: a namespace, database,
 * task queue, worker and mail sink of its own.
 */
import { retryWhileOpen } from '../basics/retry-while-open';
import { BilingualError } from '../../rules/engine/basics/bilingual-error';
import { joined } from '../../rules/engine/basics/text';
import type { Wording } from '../../rules/engine/basics/text';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { storeSignedContract } from '../../activities/agreements/agreements';
import type { Db } from '../../activities/db';
import { openDb } from '../../activities/db';
import { publishRuleset, termsAtSigning } from '../../activities/agreements/rulesets';
import { createSendMessage } from '../../activities/mail/smtp';
import type { PageLinks } from '../../activities/pages/links';
import { findPlan } from '../../activities/agreements/plans';
import { firstPlannedYear, listAttention } from '../../activities/years/year-story';
import { instantAt, localDateOf } from '../../rules/engine/calendar/calendar';
import type { Contract, Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { AgreedTakeOver } from '../../rules/engine/plan/take-over';
import type { RunningWorker } from '../temporal/temporal-runtime';
import { startAgreementWorker } from '../processes/agreement-worker';
import type { ClonedDatabase } from './databases';
import { cloneDatabase } from './databases';
import { openMailSink } from './mail-sink';
import type { RulesOnDisk } from '../files/rule-files';
import type { Scenario } from './scenario';
import { signalledAt } from './scenario';
import { startAgreement, workflowIdOf } from '../temporal/start-agreement';
import { tellReaders } from './readers';
import type { YearStory } from './timeline';
import { yearStory } from './timeline';
import type { TellCompanions } from './virtual-time';
import { VirtualTime } from './virtual-time';
import { addSeconds } from '../../rules/engine/calendar/dates';

/** Namespace of simulated agreements: the only one where tests and simulations skip time. */
export const simulationNamespace = 'simulations';

/** Time of day of the signing. */
const signedAt = '09:00';

const OPTIONS_UPDATED = 55;
const TIME_SKIPPING_TRANSITIONED = 60;
/** Event types that time skipping adds to a history. */
const timeEvents = new Set<number>([OPTIONS_UPDATED, TIME_SKIPPING_TRANSITIONED]);

export interface SimulationStack {
  databaseUrl: string;
  temporalAddress: string;
  webUiUrl?: string;
}

export interface SimulationOptions {
  contract: Contract;
  /** For an agreement that is taken over in the middle of its year, on the day that it is signed. */
  takeOver?: AgreedTakeOver;
  rules: RulesOnDisk;
  /** Years to play; 0 ends the play where `onStarted` leaves it. */
  years: number;
  /** When to leave the first year, after the scenario's last step, instead of playing it to its end. */
  until?: Instant;
  /** Makes the scenario, given the simulation's own database. */
  scenario: (db: Db) => Scenario;
  stack: SimulationStack;
  /** Where its own empty database comes from, unless it is a new one. */
  database?: () => Promise<ClonedDatabase>;
  cacheDir: string;
  staffLanguage: 'sv' | 'en';
  /** Whether to leave the played workflow in Temporal for a look. */
  keep?: boolean;
  /** Whether the clocks of the readers of digests run beside it, and checks that are asked are answered; by default so. */
  digests?: boolean;
  /** Called with the share that is done, from 0 to 1, and the day that is being played. */
  onProgress?: (fraction: number, day: string) => void;
  /** An empty or new folder to write every mail to, as it was sent. */
  mailsTo?: string;
  /** A mail server to use instead of the sink, to look at the mails there. */
  smtpUrl?: string;
  /** Starts the worker elsewhere than in this process. */
  startWorker?: (options: SimulationWorkerOptions) => Promise<Pick<RunningWorker, 'stop'>>;
  /** Called once the simulation runs. */
  onStarted?: (running: RunningSimulation) => Promise<void> | void;
  /** Called when everything is played, before it is removed. */
  onPlayed?: (running: RunningSimulation) => Promise<void> | void;
}

/** Options of a simulation's worker: plain data, so that they can be passed to another process. */
export interface SimulationWorkerOptions {
  temporalAddress: string;
  taskQueue: string;
  databaseUrl: string;
  smtpUrl: string;
  cacheDir: string;
  staffLanguage: 'sv' | 'en';
  /** Link to the simulated agreement's page. */
  link: string;
  /** Mails have the links to pages that they would have; nobody serves them. */
  pages?: boolean;
  /** A bundle to run instead of the one built from today's sources. */
  bundle?: { codePath: string };
}

/** Links that look as they would, and that nothing answers. */
const unservedPages: PageLinks = {
  key: 'simulated',
  url: (token) => `https://simulation.invalid/pages/${token}`,
};

/** Starts a simulation's worker in this process. */
export async function startSimulationWorker(
  options: SimulationWorkerOptions,
): Promise<Pick<RunningWorker, 'stop'>> {
  const db = openDb(options.databaseUrl);
  const worker = await startAgreementWorker({
    connection: { address: options.temporalAddress },
    namespace: simulationNamespace,
    taskQueue: options.taskQueue,
    cacheDir: options.cacheDir,
    ...(options.bundle && { bundle: options.bundle }),
    // Nobody else waits for this worker, and the machine may be busy.
    isolateExecutionTimeout: '1 minute',
    deps: {
      db,
      sendMessage: createSendMessage(options.smtpUrl),
      mailFrom: 'serviceavtal@simulation.invalid',
      agreementLink: () => options.link,
      staffLanguage: options.staffLanguage,
      ...(options.pages && { pageLinks: unservedPages }),
    },
  });
  return {
    stop: async () => {
      await worker.stop();
      await db.close();
    },
  };
}

export interface RunningSimulation {
  client: Client;
  db: Db;
  workflowId: string;
  /** Workflow ids of the digest readers' clocks. */
  clocks: ReadonlySet<string>;
  time: VirtualTime;
}

export interface Simulation {
  agreement: string;
  years: YearStory[];
  /** Hash of the ruleset that was played. */
  ruleset: string;
  /** Events in the histories of the played years, without those that time skipping adds. */
  historyEvents: number;
  wallSeconds: number;
  /** Only with `mailsTo`. */
  mails?: { folder: string; written: number };
  /** Only with `keep`: address of the played workflow. */
  link?: string;
}

/** Plays an agreement's years. @returns their stories */
export async function simulate(options: SimulationOptions): Promise<Simulation> {
  const begun = performance.now();
  const { contract, rules, stack } = options;
  const id = `${process.pid.toString(36)}${randomBytes(4).toString('hex')}`;
  const cleanUp: (() => Promise<unknown>)[] = [];
  try {
    const database = await (options.database?.() ?? cloneDatabase(stack.databaseUrl, `simulation_${id}`));
    cleanUp.push(database.drop);
    const db = openDb(database.databaseUrl);
    cleanUp.push(db.close);
    await publishRuleset(db, rules.ruleset, { author: '', message: 'simulated' });
    await storeSignedContract(db, contract, {
      ...(await termsAtSigning(db, contract)),
      takeOver: options.takeOver,
      start: false,
    });
    const sink = await openMailSink(options.mailsTo);
    cleanUp.push(sink.close);
    const taskQueue = `simulation-${id}`;
    const worker = await (options.startWorker ?? startSimulationWorker)({
      temporalAddress: stack.temporalAddress,
      taskQueue,
      databaseUrl: database.databaseUrl,
      smtpUrl: options.smtpUrl ?? sink.smtpUrl,
      cacheDir: options.cacheDir,
      staffLanguage: options.staffLanguage,
      link: link(stack, contract.agreement, id),
      ...(options.mailsTo !== undefined && { pages: true }),
    });
    cleanUp.push(worker.stop);
    // A page of history can exceed gRPC's default limit of 4 MB, and the SDK would retry for ever.
    const connection = await Connection.connect({
      address: stack.temporalAddress,
      channelArgs: { 'grpc.max_receive_message_length': -1 },
      interceptors: [retryWhileOpen],
    });
    cleanUp.push(() => connection.close());
    const client = new Client({ connection, namespace: simulationNamespace });
    const workflowId = simulatedId(contract.agreement, id);
    const clockOffset = Date.parse(instantAt(contract.signedOn, signedAt)) - Date.now();
    await startAgreement(client, contract, {
      taskQueue,
      language: options.staffLanguage,
      workflowId,
      clockOffset,
    });
    const clocks = new Set<string>();
    const readers = {
      client,
      db,
      workflowId,
      taskQueue,
      language: options.staffLanguage,
      suffix: id,
      clocks,
    };
    const tell: TellCompanions | undefined =
      options.digests === false ? undefined : (played) => tellReaders(readers, played);
    const time = new VirtualTime(client, workflowId, clockOffset, tell);
    const running = { client, db, workflowId, clocks, time };
    cleanUp.push(async () => {
      for (const clock of clocks) await removeWorkflow(client, clock, options.keep ?? false);
    });
    cleanUp.push(() => removeWorkflow(client, workflowId, options.keep ?? false));
    await options.onStarted?.(running);
    const years = await playYears(running, options);
    await options.onPlayed?.(running);
    const mailsWritten = await sink.write(db);
    const historyEvents = await countEvents(client, workflowId, years.length);
    return {
      agreement: contract.agreement,
      years,
      ruleset: rules.ruleset.hash,
      historyEvents,
      wallSeconds: Math.round(performance.now() - begun) / 1000,
      ...(options.mailsTo === undefined ? {} : { mails: { folder: options.mailsTo, written: mailsWritten } }),
      ...(options.keep ? { link: link(stack, contract.agreement, id) } : {}),
    };
  } finally {
    for (const clean of cleanUp.reverse()) await clean();
  }
}

const simulatedId = (agreement: string, id: string): string => `${workflowIdOf(agreement)}-simulation-${id}`;

/** The simulated agreement's page in the Web UI. */
function link({ webUiUrl }: SimulationStack, agreement: string, id: string): string {
  return `${webUiUrl ?? 'http://127.0.0.1'}/namespaces/${simulationNamespace}/workflows/${simulatedId(agreement, id)}`;
}

/** Plays year after year: each step on its date, then on to where the year is summed up. */
async function playYears(running: RunningSimulation, options: SimulationOptions): Promise<YearStory[]> {
  const { db, time } = running;
  const { contract, onProgress } = options;
  const scenario = options.scenario(db);
  const started = await time.now();
  await time.untilIdle();
  const first = await firstPlannedYear(db, contract.agreement);
  const stories: number[] = [];
  for (let year = first; year < first + options.years && (await time.running()); year += 1) {
    const planned = await plannedYear(db, contract.agreement, year);
    if (!planned)
      throw new BilingualError(
        joined(
          {
            sv: `år ${year} av ${contract.agreement} planerades inte; `,
            en: `year ${year} of ${contract.agreement} was not planned; `,
          },
          await attention(db),
        ),
      );
    const { plan } = planned;
    if (plan.plannedFrom >= plan.endsAt)
      throw new BilingualError({
        sv:
          `förväntade att år ${year} av ${contract.agreement} planeras innan det slutar (${plan.endsAt}), ` +
          `hittade det planerat ${plan.plannedFrom}: inget av det går att spela`,
        en:
          `expected year ${year} of ${contract.agreement} to be planned before it ends (${plan.endsAt}), ` +
          `found it planned at ${plan.plannedFrom}: nothing of it can be played`,
      });
    stories.push(year);
    const total = Date.parse(plan.announceAt) - Date.parse(year === first ? started : plan.startsAt);
    const report = async (): Promise<void> => {
      const now = await time.now();
      const left = Math.max(0, Date.parse(plan.announceAt) - Date.parse(now));
      onProgress?.((year - first + 1 - left / total) / options.years, now.slice(0, 10));
    };
    const playSteps = async (to: LocalDate): Promise<void> => {
      for (let step = await scenario(year, to); step; step = await scenario(year, to)) {
        await time.advanceTo(signalledAt(step));
        if (!(await time.running())) break;
        await running.client.workflow.getHandle(running.workflowId).signal(step.signal, step.input);
        await time.untilIdle();
        await report();
      }
    };
    await playSteps(plan.to);
    if (options.until !== undefined) {
      await time.advanceTo(options.until);
      break;
    }
    // Stop just inside the next year: its run has to plan it before time goes on.
    await time.advanceTo(addSeconds(plan.endsAt, 1));
    // People report before the year is summed up, too.
    await playSteps(localDateOf(plan.announceAt));
    await time.advanceTo(addSeconds(plan.announceAt, 60));
    await report();
  }
  return Promise.all(stories.map((year) => yearStory(db, contract.agreement, year)));
}

/** Longest wait for a worker that is started again, in milliseconds. */
const longestRestart = 30_000;

/** The plan of a year. A worker that was killed plans it once it is back; what failed for good is not waited for. */
async function plannedYear(db: Db, agreement: string, year: number): ReturnType<typeof findPlan> {
  const deadline = Date.now() + longestRestart;
  for (;;) {
    const planned = await findPlan(db, agreement, year);
    const hasFailed = (await listAttention(db)).some(({ code }) => code === 'plan-failed');
    if (planned || hasFailed || Date.now() > deadline) return planned;
    await sleep(100);
  }
}

async function attention(db: Db): Promise<Wording> {
  const rows = await listAttention(db);
  return rows.map(({ code, detail }) => `${code}: ${detail}`).join('; ') || nobodySaysWhy;
}

const nobodySaysWhy = { sv: 'inget säger varför', en: 'nothing says why' };

interface Run {
  runId: string;
  next: string | undefined;
  events: number;
}

async function readRun(client: Client, workflowId: string, runId: string): Promise<Run> {
  const { events = [] } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const last = events?.at(-1);
  return {
    runId,
    next: last?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? undefined,
    events: (events ?? []).filter(({ eventType }) => !timeEvents.has(eventType as number)).length,
  };
}

/** The runs of a workflow that continued as new, first to last. */
export async function runsOf(client: Client, workflowId: string): Promise<Run[]> {
  const { workflowExecutionInfo } = await client.workflowService.describeWorkflowExecution({
    namespace: client.options.namespace,
    execution: { workflowId },
  });
  const runs: Run[] = [];
  for (let runId = workflowExecutionInfo?.firstRunId ?? undefined; runId !== undefined && runId !== '';) {
    const run = await readRun(client, workflowId, runId);
    runs.push(run);
    runId = run.next;
  }
  return runs;
}

async function countEvents(client: Client, workflowId: string, years: number): Promise<number> {
  const runs = await runsOf(client, workflowId);
  return runs.slice(0, Math.max(years, runs.length - 1)).reduce((sum, { events }) => sum + events, 0);
}

/** Ends a simulated agreement and, unless it is to be kept, deletes it from Temporal. */
async function removeWorkflow(client: Client, workflowId: string, keep: boolean): Promise<void> {
  const handle = client.workflow.getHandle(workflowId);
  const runs = keep ? [] : await runsOf(client, workflowId);
  const { status } = await handle.describe();
  if (status.name === 'RUNNING') await handle.terminate('the simulation is over');
  for (const { runId } of runs)
    await client.workflowService.deleteWorkflowExecution({
      namespace: client.options.namespace,
      workflowExecution: { workflowId, runId },
    });
}
