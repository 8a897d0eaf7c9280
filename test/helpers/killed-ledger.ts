/**
 * Hours are booked, corrected, given and taken back, rolled hours lapse and a year is closed, while our process, Temporal and
 * PostgreSQL are killed at moments made up from a seed. Afterwards each ledger must be the one of an undisturbed life.
 * Problems come back as sentences.
 */
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { storeSignedContract } from '../../activities/agreements/agreements';
import { termsAtSigning } from '../../activities/agreements/rulesets';
import type { Db } from '../../activities/db';
import { openDb } from '../../activities/db';
import { hoursOfYear, readHours } from '../../activities/hours/facts';
import { readTransactions } from '../../activities/hours/postings';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Contract, Instant } from '../../rules/engine/contract/contract';
import type { YearHours } from '../../rules/engine/hours/year-hours';
import type { AgreedTakeOver } from '../../rules/engine/plan/take-over';
import { startAgreement, workflowIdOf } from '../../worker/temporal/start-agreement';
import type { BreakableStack } from './breakable-stack';
import { breakableParts, startBreakableStack } from './breakable-stack';
import { rule, writeSleeplessRules } from './changed-rules';
import { exampleContract } from './example';
import type { Mailbox } from './mailbox';
import { openMailbox } from './mailbox';
import { random } from './random-year';

export interface KilledLedgers {
  seed: number;
  /** How many agreements close a year; as many have hours that lapse. */
  agreements: number;
  /** Number of kills of each part. */
  kills: number;
  /** Folder in which the stack's own folder is made. */
  folder: string;
  onProgress?: (text: string) => void;
}

/** Milliseconds between two kills, at most. */
const longest = 6_000;
/** Milliseconds from an agreement's start to the instant that it is about. */
const before = 15_000;
/** Milliseconds for everything to be done after the last message. */
const settledWithin = 240_000;

const hour = 3600;
const said = { by: 'anna', confirm: true };

/** What is lived through: on a clock on which the instant comes a few seconds after the start. */
interface Life {
  contract: Partial<Contract>;
  takeOver?: AgreedTakeOver;
  at: Instant;
  /** What people report, in this order. */
  messages: { name: string; input: object }[];
  /** Name of what the journal then holds once. */
  journal: string;
  /** What it comes to, in seconds. */
  year: { number: number } & Partial<YearHours>;
  /** Seconds on accounts of the ledger. */
  accounts: Record<string, number>;
}

const lives: Record<string, Life> = {
  // Of 120 hours 93 are used, 24 roll over, and 3 expire.
  closing: {
    contract: { signedOn: '2027-12-31', startsOn: '2027-01-01' },
    at: '2027-12-31T23:00:00.000Z',
    messages: [
      { name: 'hoursUsed', input: { ...said, hours: 100, on: '2027-12-28', ref: 'a' } },
      { name: 'hoursUsed', input: { ...said, hours: '3:20', on: '2027-12-30', ref: 'b' } },
      { name: 'hoursCorrected', input: { ...said, ref: 'a', hours: 90, reason: 'fel kund' } },
      { name: 'hoursUsed', input: { ...said, hours: 2, on: '2027-12-30', ref: 'c' } },
      { name: 'hoursCorrected', input: { ...said, ref: 'b', hours: 3, reason: 'fel tid' } },
      { name: 'hoursCorrected', input: { ...said, ref: 'c', hours: 0, reason: 'annat avtal' } },
    ],
    journal: 'year-closed',
    year: { number: 1, contracted: 120 * hour, used: 93 * hour, rolledOut: 24 * hour, expired: 3 * hour },
    accounts: { used: 93 * hour, expired: 3 * hour, 'grant:rolled-2': 24 * hour },
  },
  // Of 24 hours that were rolled over 8 are used, and 16 lapse.
  lapsing: {
    contract: { signedOn: '2028-01-31', startsOn: '2027-01-01' },
    takeOver: { year: 2, hoursRolledIn: 24 },
    at: '2028-01-31T23:00:00.000Z',
    messages: [
      { name: 'hoursUsed', input: { ...said, hours: 10, on: '2028-01-31', ref: 'a' } },
      { name: 'hoursCorrected', input: { ...said, ref: 'a', hours: 12, reason: 'fel tid' } },
      { name: 'hoursCorrected', input: { ...said, ref: 'a', hours: 8, reason: 'fel kund' } },
    ],
    journal: 'rolled-hours-lapsed',
    year: { number: 2, rolledIn: 8 * hour, lapsed: 16 * hour, used: 8 * hour },
    accounts: { bank: -144 * hour, used: 8 * hour, expired: 16 * hour },
  },
};

/** Plays it. @returns the problems; empty if there are none */
export async function playKilledLedgers(options: KilledLedgers): Promise<string[]> {
  const { seed, agreements, folder } = options;
  const mailbox = await openMailbox();
  const rules = writeSleeplessRules(
    path.join(folder, `ledger-rules-${seed}`),
    rule('hourBank', { rollover: { expiresAfterMonths: 1 } }),
  );
  const stack = await startBreakableStack(folder, {
    SMTP_URL: mailbox.smtpUrl,
    SERVICEAVTAL_RULES: rules,
    SERVICEAVTAL_MAIL_FROM: 'avtal@serviceavtal.example',
  });
  const db = openDb(stack.databaseUrl, { maxConnections: 4 });
  const all = Array.from({ length: agreements }, (_, index) =>
    Object.entries(lives).map(([name, life]) => ({ agreement: `${name}-${index}`, life })),
  ).flat();
  try {
    await Promise.all([
      killParts(stack, options),
      ...all.map(({ agreement, life }) => live(stack, db, agreement, life, options.onProgress)),
    ]);
    const wrong = await Promise.all(all.map(({ agreement, life }) => problemsOf(db, agreement, life)));
    return [...wrong.flat(), ...mailProblems(mailbox)];
  } finally {
    await db.close();
    await stack.stop();
    await mailbox.close();
  }
}

/** Kills each part so often, in a random order at random moments. */
async function killParts(stack: BreakableStack, { seed, kills, onProgress }: KilledLedgers): Promise<void> {
  const next = random(seed);
  const victims = Array.from({ length: kills }, () => [...breakableParts])
    .flat()
    .map((part) => ({ part, order: next() }))
    .sort((a, b) => a.order - b.order);
  for (const { part } of victims) {
    await pause(next() * longest);
    onProgress?.(`${part} is killed`);
    await stack.kill(part);
  }
}

/** Tries until it succeeds: a part may be away. */
async function untilDone<T>(work: () => Promise<T>, what: string): Promise<T> {
  for (const giveUpAt = Date.now() + settledWithin; ; await pause(200)) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > giveUpAt) throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
    }
  }
}

/** Starts an agreement, reports everything about it until each report is answered, and waits until its instant is dealt with. */
async function live(
  stack: BreakableStack,
  db: Db,
  agreement: string,
  { at, messages, journal, takeOver, ...life }: Life,
  say: KilledLedgers['onProgress'],
): Promise<void> {
  const contract = exampleContract({ agreement, monitors: [], ...life.contract });
  const connected = async <T>(work: (client: Client) => Promise<T>): Promise<T> => {
    const connection = await Connection.connect({ address: stack.temporalAddress });
    try {
      return await connection.withDeadline(Date.now() + 15_000, () =>
        work(new Client({ connection, namespace: stack.namespace })),
      );
    } finally {
      await connection.close();
    }
  };
  await untilDone(async () => {
    const terms = await termsAtSigning(db, contract);
    await storeSignedContract(db, contract, { ...terms, takeOver, start: false });
  }, `${agreement} is signed`);
  const clockOffset = Date.parse(at) - before - Date.now();
  const options = { taskQueue: 'serviceavtal', language: 'sv', clockOffset } as const;
  await untilDone(
    () => connected((client) => startAgreement(client, contract, options)),
    `${agreement} starts`,
  );
  for (const { name, input } of messages) {
    await untilDone(
      () =>
        connected(({ workflow }) =>
          workflow.getHandle(workflowIdOf(agreement)).executeUpdate(name, { args: [input] }),
        ),
      `${agreement}: ${name} ${JSON.stringify(input)}`,
    );
    say?.(`${agreement}: ${name}`);
  }
  await untilDone(async () => {
    const [done] = await db.query('select 1 from events where agreement = $1 and ref = $2', [
      agreement,
      journal,
    ]);
    if (!done) throw new Error(`expected ${journal} in the journal`);
  }, agreement);
}

async function problemsOf(db: Db, agreement: string, life: Life): Promise<string[]> {
  const problems: string[] = [];
  const expect = (what: string, wanted: unknown, found: unknown): void => {
    if (!isDeepStrictEqual(found, wanted))
      problems.push(
        `${agreement}, ${what}: expected ${JSON.stringify(wanted)}, found ${JSON.stringify(found)}`,
      );
  };
  const { number, ...wanted } = life.year;
  const facts = await readHours(db, agreement);
  const found: Partial<YearHours> = hoursOfYear(facts, number, localDateOf(life.at)) ?? {};
  for (const name of Object.keys(wanted) as (keyof YearHours)[]) expect(name, wanted[name], found[name]);
  const journal = await db.query('select 1 from events where agreement = $1 and ref = $2', [
    agreement,
    life.journal,
  ]);
  expect(life.journal, 1, journal.length);
  const sums: Record<string, number> = {};
  for (const { postings, subject } of await readTransactions(db, agreement)) {
    const sumOf = (unit: 'seconds' | 'minor'): number => postings.reduce((sum, one) => sum + one[unit], 0);
    expect(`sum of ${subject}`, [0, 0], [sumOf('seconds'), sumOf('minor')]);
    for (const { account, seconds } of postings) sums[account] = (sums[account] ?? 0) + seconds;
  }
  for (const [account, seconds] of Object.entries(life.accounts)) expect(account, seconds, sums[account]);
  expect(
    'numbers',
    facts.entries.map((_, index) => index + 1),
    facts.entries.map((entry) => entry.number),
  );
  return problems;
}

/** No mail may come twice, and each agreement's closed year is told to each reader once at most in each version. */
function mailProblems({ mails }: Mailbox): string[] {
  const times = new Map<string, number>();
  for (const { messageId = '' } of mails) times.set(messageId, (times.get(messageId) ?? 0) + 1);
  return [...times].filter(([, often]) => often > 1).map(([id]) => `${id} came twice`);
}
