/**
 * Has the code of an earlier version work on a database of its own: contracts are signed, a year is lived through to its
 * close, something that is monitored breaks. Notes the statements that it makes. A process of its own; `EarlierData` is its
 * first argument.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Db, Queryable } from '../../activities/db';
import type { Contract } from '../../rules/engine/contract/contract';
import type { Scenario, ScenarioStep } from '../../worker/simulation/scenario';
import type { TestStack } from './stack';

export interface EarlierData {
  folder: string;
  /** An empty database. */
  databaseUrl: string;
  stack: TestStack;
  /** File to write the statements to. */
  statements: string;
}

/** What is called of the earlier version; its types are those of its time. */
interface Earlier {
  db: { openDb(url: string): Db; migrate(db: Db): Promise<unknown> };
  agreements: {
    findAgreement(db: Queryable, number: string): Promise<{ contract: Contract }>;
    storeContractChange(
      db: Db,
      number: string,
      changed: Contract,
      from: string,
      at: string,
    ): Promise<unknown>;
  };
  cases: { importSupportCases(db: Db, cases: object[]): Promise<unknown> };
  status: { readStatus(db: Queryable, now: Date): Promise<unknown> };
  simulation: { simulate(options: object): Promise<unknown> };
  scenario: { scripted(steps: ScenarioStep[]): Scenario };
  example: { exampleContract(): object; workingRules(): object };
  signings: {
    fieldsOf(number: string): Record<string, string>;
    ownForm(fields: object, options: object): object;
    startLiveSignings(): Promise<{
      number(name: string): string;
      deliver(form: object): Promise<{ status: number }>;
      close(): Promise<void>;
    }>;
  };
  monitoring: {
    startLiveMonitoring(
      stack: TestStack,
      db: Db,
    ): Promise<{
      breakShop(broken: boolean): Promise<void>;
      toDesk(): unknown[];
      close(): Promise<void>;
    }>;
  };
}

const asked = JSON.parse(process.argv[2] ?? '{}') as EarlierData;
const { folder, databaseUrl, stack } = asked;
const requireIn = createRequire(path.join(folder, 'package.json'));
const load = (file: string): unknown => requireIn(path.join(folder, file));

/** Has a file of the earlier version be what a test says instead. */
function standIn(file: string, exports: object): void {
  const name = path.join(folder, file);
  requireIn.cache[name] = { id: name, filename: name, loaded: true, children: [], exports } as never;
}

/** The last values that each statement was given, in the order in which they were first made. */
const statements = new Map<string, unknown[]>();

/** Notes what is asked of the database. */
function noteStatements(): void {
  const database = new URL(databaseUrl).pathname.slice(1);
  const original = pg.Client.prototype.query as (...args: unknown[]) => unknown;
  pg.Client.prototype.query = function noted(this: pg.Client, ...args: unknown[]) {
    const [text, values] = args;
    if (this.database === database && typeof text === 'string' && isKept(text))
      statements.set(text, Array.isArray(values) ? values : []);
    return original.apply(this, args);
  } as never;
}

/** Whether a statement reads or writes rows, and is not what tests and migrations do. */
const isKept = (text: string): boolean =>
  /^\s*(select|insert|update|delete|with)\b/i.test(text) && !/advisory|\bmigrations\b|pg_notify/.test(text);

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 100_000; !(await holds()); await pause(200))
    if (Date.now() > deadline) throw new Error(`expected: ${what}`);
}

const has = async (db: Queryable, sql: string, least = 1): Promise<boolean> =>
  (await db.query(sql)).length >= least;

/** A year with meetings, steps taken back, hours, corrections and an overage; the next one has begun. */
const year: ScenarioStep[] = [
  { on: '2027-01-13', signal: 'meetingBooked', input: { meeting: 1, on: '2027-02-17', at: '13:00' } },
  { on: '2027-02-07', signal: 'hoursUsed', input: { hours: 40.3, ref: 'a', note: 'layout' } },
  { on: '2027-02-08', signal: 'stepUndone', input: {} },
  { on: '2027-02-17', signal: 'meetingHeld', input: { minutes: 75, decisions: ['a'], actions: ['b', 'c'] } },
  { on: '2027-02-18', signal: 'noteAdded', input: { kind: 'training', text: 'x' } },
  { on: '2027-02-19', signal: 'improvementAdded', input: { title: 'y', hours: 3 } },
  { on: '2027-03-02', signal: 'actionDone', input: { action: 1 } },
  { on: '2027-03-08', signal: 'hoursUsed', input: { hours: 30, ref: 'b' } },
  { on: '2027-03-09', signal: 'hoursCorrected', input: { ref: 'b', hours: 20.25 } },
  { on: '2027-03-15', signal: 'hoursUsed', input: { hours: 'twelve' } },
  { on: '2027-05-10', signal: 'upgradePhaseCompleted', input: {} },
  { on: '2027-08-20', signal: 'priceApproved', input: { pricePerHour: 1480, by: 'erik' } },
  { on: '2027-12-30', signal: 'hoursUsed', input: { hours: 8, ref: 'd', kind: 'development' } },
];

async function work(): Promise<void> {
  noteStatements();
  const given = { databaseUrl, leave: () => Promise.resolve(), drop: () => Promise.resolve() };
  standIn('test/helpers/spare-databases.ts', { takeDatabase: () => Promise.resolve(given) });
  standIn('worker/simulation/databases.ts', { cloneDatabase: () => Promise.resolve(given) });
  process.env.SERVICEAVTAL_TEST_STACK = JSON.stringify(stack);
  const earlier: Earlier = {
    db: load('activities/db.ts') as Earlier['db'],
    agreements: load('activities/agreements/agreements.ts') as Earlier['agreements'],
    cases: load('activities/agreements/support-cases.ts') as Earlier['cases'],
    status: load('activities/health/read-status.ts') as Earlier['status'],
    simulation: load('worker/simulation/simulate.ts') as Earlier['simulation'],
    scenario: load('worker/simulation/scenario.ts') as Earlier['scenario'],
    example: load('test/helpers/example.ts') as Earlier['example'],
    signings: load('test/helpers/live-signings.ts') as Earlier['signings'],
    monitoring: load('test/helpers/live-monitoring.ts') as Earlier['monitoring'],
  };
  const db = earlier.db.openDb(databaseUrl);
  await earlier.db.migrate(db);

  const signings = await earlier.signings.startLiveSignings();
  const fields = earlier.signings.fieldsOf(signings.number('signed'));
  const deliver = async (id: string, changed: object): Promise<void> => {
    const form = earlier.signings.ownForm({ ...fields, ...changed }, { id });
    const { status } = await signings.deliver(form);
    if (status >= 300) throw new Error(`expected a delivery to be taken, found ${status}`);
  };
  await deliver('own-1', {});
  // Its welcome waits for the morning.
  await until('the contract is taken and its year planned', () =>
    has(db, 'select from plans join deliveries using (agreement)'),
  );
  await deliver('own-2', { 'Timmar per år': '150' });
  await until('more hours wait to be approved', () => has(db, 'select from amendments'));
  await signings.close();

  const monitoring = await earlier.monitoring.startLiveMonitoring(stack, db);
  await until('the shop is well', () => has(db, `select from monitor_states where status = 'ok'`, 3));
  await monitoring.breakShop(true);
  await until('it is known to be broken', () => has(db, 'select from incidents'));
  await monitoring.breakShop(false);
  await until('it is known to be mended', () => has(db, 'select from incidents where closed_at is not null'));
  await monitoring.close();

  await earlier.simulation.simulate({
    contract: earlier.example.exampleContract(),
    rules: earlier.example.workingRules(),
    years: 1,
    scenario: () => earlier.scenario.scripted(year),
    stack,
    cacheDir: stack.cacheDir,
    staffLanguage: 'sv',
  });
  const number = 'testbolaget-2027';
  const { contract } = await earlier.agreements.findAgreement(db, number);
  const { contacts } = contract;
  const [first, ...others] = contacts.customer;
  // A role alone, and a whole contact who leaves.
  const changed = { ...contacts, customer: [{ ...first!, role: 'system-owner' }, ...others.slice(0, 1)] };
  const from = '2028-02-01';
  await earlier.agreements.storeContractChange(
    ...([db, number, { ...contract, contacts: changed }, from, `${from}T00:00:00.000Z`] as const),
  );
  const opened = { openedOn: '2027-12-01', closedOn: null, hours: 150, resolution: null };
  await earlier.cases.importSupportCases(db, [
    { ...opened, agreements: [number], reference: 'A1', title: 'z', category: 'question', state: 'open' },
  ]);
  await earlier.status.readStatus(db, new Date('2028-01-20T08:00:00.000Z'));
  await db.close();
  const kept = [...statements].map(([sql, values]) => ({ sql, values }));
  writeFileSync(asked.statements, JSON.stringify(kept));
}

work().then(
  () => process.exit(0),
  (error: Error) => {
    process.stderr.write(`${error.stack ?? error.message}\n`);
    process.exit(1);
  },
);
